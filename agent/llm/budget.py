"""How much of a model's context is left, estimated from characters."""

from langchain_core.language_models import BaseChatModel

CHARACTERS_PER_TOKEN = 3
"""On the safe side: English has about four, JSON and chemical structures about three."""


def context_tokens(model: BaseChatModel) -> int | None:
    """Returns the tokens that a prompt may have; None where the server does not tell."""
    return (model.profile or {}).get("max_input_tokens")


def room(model: BaseChatModel, prompt: str) -> int:
    """Returns how many characters may be added to a prompt; at least 0."""
    tokens = context_tokens(model)
    if tokens is None:
        return 10**9
    return max(0, tokens * CHARACTERS_PER_TOKEN - len(prompt))

"""Dialogues as tokens: the prompt as a server makes it, then the reply, which alone is learnt."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agent.llm.tuning.dialogues.dialogue import Dialogue
from models.errors import PrerequisiteError

if TYPE_CHECKING:
    import torch

IGNORED = -100
"""Label of tokens that are not learnt, as torch's cross entropy has it."""
LENGTHS_ALIKE = 0.1
"""Share of its length by which a dialogue may be out of the order of lengths, for variety."""


@dataclass(frozen=True)
class Example:
    """A dialogue in tokens; those from `learnt` on are the reply."""

    tokens: list[int]
    learnt: int


@dataclass(frozen=True)
class Batch:
    """Dialogues of about one length, padded on the left so that their replies end together.

    Attributes:
        tokens: int64 (n, length).
        mask: int64 (n, length), 0 where padded.
        labels: int64 (n, longest reply): the replies' tokens, IGNORED before the shorter ones.
    """

    tokens: "torch.Tensor"
    mask: "torch.Tensor"
    labels: "torch.Tensor"


class DialogueEncoder:
    """Writes dialogues in a model's chat template and cuts them into its tokens.

    Args:
        tokenizer: The model's.
        template: The chat template that the server will use; None for the tokenizer's own.
    """

    def __init__(self, tokenizer: Any, template: str | None = None) -> None:
        self.tokenizer = tokenizer
        self._template = template

    def texts(self, dialogue: Dialogue) -> tuple[str, str]:
        """Returns prompt and reply as the model reads and writes them.

        Raises:
            PrerequisiteError: The chat template cannot show such dialogues.
        """
        from jinja2 import TemplateError

        try:
            prompt = self.prompt(dialogue.messages[:-1], dialogue.tools)
            whole: str = self._render(dialogue.messages, dialogue.tools)
        except TemplateError as error:
            message = f"The model's chat template cannot show dialogues with tools: {error}"
            raise PrerequisiteError(message, "theriac llm tune ANOTHER-MODEL …") from error
        if not whole.startswith(prompt):
            message = "The model's chat template writes replies otherwise than it prompts for them."
            raise PrerequisiteError(message, "theriac llm tune ANOTHER-MODEL …")
        return prompt, whole[len(prompt) :].rstrip()

    def prompt(self, messages: Sequence[Any], tools: Sequence[Any]) -> str:
        """Returns what the model reads before it replies."""
        return str(self._render(messages, tools, add_generation_prompt=True))

    def encode(self, dialogue: Dialogue) -> Example:
        """Returns a dialogue's tokens."""
        prompt, reply = self.texts(dialogue)
        before = self.tokenizer.encode(prompt, add_special_tokens=False)
        after = self.tokenizer.encode(reply, add_special_tokens=False)
        return Example(before + after, len(before))

    def _render(self, messages: Sequence[Any], tools: Sequence[Any], **options: Any) -> Any:
        return self.tokenizer.apply_chat_template(
            list(messages), tools=list(tools) or None, tokenize=False,
            chat_template=self._template, **options,
        )  # fmt: skip


def batches(
    examples: Sequence[Example], tokens: int, padding: int, random_: random.Random
) -> Iterator[Batch]:
    """Yields all examples once, in batches of about one length and in random order.

    Args:
        examples: All of them.
        tokens: Tokens of a batch at most, padding included; a longer example is a batch alone.
        padding: The token to pad with.
        random_: Decides the order.
    """
    order = sorted(examples, key=lambda e: len(e.tokens) * (1 + random_.uniform(0, LENGTHS_ALIKE)))
    groups: list[list[Example]] = [[]]
    for example in order:
        longest = max(len(e.tokens) for e in [*groups[-1], example])
        if groups[-1] and longest * (len(groups[-1]) + 1) > tokens:
            groups.append([])
        groups[-1].append(example)
    random_.shuffle(groups)
    for group in groups:
        yield _batch(group, padding)


def _batch(group: list[Example], padding: int) -> Batch:
    import torch

    length = max(len(e.tokens) for e in group)
    reply = max(len(e.tokens) - e.learnt for e in group)
    rows = [[padding] * (length - len(e.tokens)) + e.tokens for e in group]
    masks = [[0] * (length - len(e.tokens)) + [1] * len(e.tokens) for e in group]
    labels = [
        [IGNORED] * (reply - (len(e.tokens) - e.learnt)) + e.tokens[e.learnt :] for e in group
    ]
    return Batch(torch.tensor(rows), torch.tensor(masks), torch.tensor(labels))

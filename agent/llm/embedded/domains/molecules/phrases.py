"""Phrases of a request as the language of objectives has them."""

import re


def plain(phrase: str) -> str:
    """Writes a phrase as the language of objectives has it."""
    phrase = re.sub(
        r"\b(?:better|improv\w+|good|great)\b|[:=](?=\s*(?:between|from|[<>]))",
        " ",
        phrase,
        flags=re.I,
    )
    return " ".join(phrase.split()).strip(" .,;")

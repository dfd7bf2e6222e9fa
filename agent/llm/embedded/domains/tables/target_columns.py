"""Several columns that one model is to learn: for NR-AR, NR-ER and SR-p53; targets y1, y2."""

import re

from agent.llm.embedded.slots.names import NOT_COLUMNS
from agent.llm.embedded.slots.quoted import release

NAME = r"[\"'`“]?[A-Za-z_][\w.+-]*[\w+][\"'`”]?"
LIST = rf"(?P<list>{NAME}(?:\s*,\s*{NAME})*\s*(?:,\s*and\b|,|\band\b|&|\+)\s*{NAME})"
HEADS = r"(?:columns?|targets?|tasks?|assays?|labels?|endpoints?|properties|outcomes)"
CALLED = re.compile(rf"\b{HEADS}(?:\s*[=:]\s*|\s+(?:are\s+|named\s+|called\s+)?){LIST}", re.I)
"""A list that is called columns, targets or assays."""

LOOSE = re.compile(
    rf"\b(?:for|of|predict(?:s|ing)?|learn(?:s|ing)?|model(?:l?ing)?|on)\s+(?:both\s+)?{LIST}", re.I
)
"""A list that stands where a target would; each name must look like a column's."""

SPELT = re.compile(r"[\d_]|.-|[a-z][A-Z]|^[A-Z]{2}")
"""How columns are spelt and words are not."""

SEPARATOR = re.compile(r"\s*(?:,\s*and\b|,|\band\b|&|\+(?=\s))\s*", re.I)


def find_target_columns(text: str) -> tuple[list[str], int, int] | None:
    """Returns two or more columns that a request names as targets, and the span of the list.

    Args:
        text: The request, mentions and the columns already taken blanked.
    """
    for pattern in (CALLED, LOOSE):
        for match in pattern.finditer(text):
            names = [name.strip(" \"'`“”") for name in SEPARATOR.split(match["list"])]
            names = list(filter(None, names))
            if any(name.casefold() in NOT_COLUMNS for name in names):
                continue
            if pattern is CALLED or all(map(SPELT.search, names)):
                return list(map(release, names)), *match.span()
    return None

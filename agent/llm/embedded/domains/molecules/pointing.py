"""Which of several molecules is meant: the second one, the first two, molecules 2 to 4."""

import re
from collections.abc import Sequence

from agent.llm.embedded.slots.numbers import ORDINALS

ALL = re.compile(
    r"\b(?:them|these|those|they|their|theirs|molecules|compounds|structures|ligands|all|both|"
    r"each|every)\b", re.I,
)  # fmt: skip
"""Means all of them."""

_ORDINAL = "|".join([*ORDINALS, *(f"{n}(?:st|nd|rd|th)" for n in range(1, 11)), "last"])
_THING = (
    r"(?:molecules?|compounds?|structures?|ligands?|hits?|candidates?|ones?|analog(?:ue)?s?|"
    r"designs?|results?)"
)
SLICE = re.compile(rf"\bthe\s+(first|top|best|last)\s+(\d+)(?:\s+{_THING})?\b", re.I)
NUMBERED = re.compile(
    rf"\b{_THING}\s*(?:numbers?\s*|nos?\.?\s*|#\s*)?(?P<list>\d+(?:\s*(?:,|and|to|-|–)\s*\d+)*)"
    r"(?![\w.%]|-\d)|(?:^|\s)#(?P<one>\d+)\b", re.I,
)  # fmt: skip
ORDINAL = re.compile(
    rf"\bthe\s+(?P<list>(?:{_ORDINAL}|best|top)(?:\s*(?:,|and|or)\s*(?:the\s+)?(?:{_ORDINAL}))*)"
    rf"(?:\s+{_THING}\b|(?=\s*(?:$|[?.!,;]|(?:to|in|into|for|on|against|at|with|of|by|"
    r"from|is|and)\b)))",
    re.I,
)


def pointed_at(text: str, items: Sequence[str]) -> list[str] | None:
    """Returns the items that a text points at by their place; None where it does not.

    Args:
        text: The words, numbers in digits.
        items: In the order in which they were shown.
    """
    if not items:
        return None
    if match := SLICE.search(text):
        count = int(match[2])
        return list(items[-count:] if match[1].casefold() == "last" else items[:count])
    places: list[int] = []
    if match := NUMBERED.search(text):
        places = _numbers(match["list"] or match["one"])
    elif match := ORDINAL.search(text):
        words = re.findall(rf"{_ORDINAL}|best|top", match["list"], re.I)
        places = [_place(word.casefold(), len(items)) for word in words]
    found = [items[place - 1] for place in places if 0 < place <= len(items)]
    return found if found and len(found) == len(places) else None


def _numbers(text: str) -> list[int]:
    """Reads 2, 3 and 5 to 7."""
    places: list[int] = []
    for part in re.split(r"\s*(?:,|\band\b)\s*", text):
        first, *last = map(int, re.findall(r"\d+", part))
        places += range(first, last[0] + 1) if last else [first]
    return places


def _place(word: str, count: int) -> int:
    if word in ("best", "top"):
        return 1
    if word == "last":
        return count
    return ORDINALS.get(word) or int(re.sub(r"\D", "", word))

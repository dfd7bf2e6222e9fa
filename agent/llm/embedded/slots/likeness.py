"""How like a known molecule others should be."""

import re

from agent.llm.embedded.mentions.molecules import is_smiles
from agent.llm.embedded.slots.phrases import plain
from models.molecules.names import find_compound

HALFWAY = re.compile(
    r"\b(?:halfway|midway|in between|between)\s+(?:between\s+)?(?P<first>[A-Za-z]\S+)\s+and\s+"
    r"(?P<second>[A-Za-z][^\s,;:]+)",
    re.I,
)
LIKENESS = re.compile(
    r"\b(?:(?:similar(?:ity)?|close|different|dissimilar)\s+(?:to|from)|unlike|re-?discover(?:s|ing)?)"
    r"\s+(?P<what>[^\s,;]+)",
    re.I,
)
RELATIVES = re.compile(
    r"\b(?:analog(?:ue)?s?|derivatives?|variants?|relatives?|cousins?|versions?)\s+(?:of|to)\s+|"
    r"\b(?:molecules?|compounds?|drugs?|structures?|ones?|something)\s+"
    r"(?:like|resembling|based on|related to)\s+", re.I,
)  # fmt: skip
"""Before the molecule that others are to be like."""

RELATED = 0.4
"""Least similarity of an analogue where nobody says how similar it should be."""

LONGEST_NAME = 3
SHARE = r"(?:0?\.\d+|1\.0|\d{1,3}\s*%)"
SPAN = (
    rf"(?:(?:is|be|should|stays?|of|between|from|within|in|the|range)\s+)*"
    rf"(?P<low>{SHARE})\s*(?:to|and|-|–)\s*(?P<high>{SHARE})"
)
SPANS = tuple(
    re.compile(pattern.format(span=SPAN), re.I)
    for pattern in (
        r"\bsimilar(?:ity)?\s+(?:to|with)\s+(?P<what>[^\s,;]+)\s+{span}",
        r"\bsimilar(?:ity)?\s+{span}\s+(?:to|with)\s+(?P<what>[^\s,;]+)",
        r"{span}\s+similar(?:ity)?\s+(?:to|with)\s+(?P<what>[^\s,;]+)",
    )
)  # fmt: skip
"""From where to where a likeness should be."""

ALONE = re.compile(rf"\bsimilarit(?:y|ies)\s+{SPAN}", re.I)
"""From where to where, of a molecule that is named elsewhere."""

SIMILARITY = re.compile(
    r"\b(?:similarity|tanimoto|min_similarity|similar)\b[^.;\d]{0,45}?(0?\.\d+|1\.0|\d{1,3}\s*%)|"
    r"(0?\.\d+|\d{1,3}\s*%)\s+(?:similar|tanimoto)",
    re.I,
)


def find_likeness(text: str, *, bounded: bool) -> list[tuple[int, str]]:
    """Returns the phrases on likeness and where they are, in the language of objectives.

    Args:
        text: The request.
        bounded: The least similarity belongs to them, and is no argument of its own.
    """
    found = []
    spans = [match for pattern in SPANS for match in pattern.finditer(text)]
    for match in spans:
        low, high = (_as_share(match[end]) for end in ("low", "high"))
        found.append((match.start(), f"similarity to {match['what']} between {low} and {high}"))
    for match in LIKENESS.finditer(text):
        if any(span.start() <= match.start() < span.end() for span in spans):
            continue
        least = SIMILARITY.match(text, match.start())
        if not least:
            found.append((match.start(), plain(match[0])))
        elif bounded:
            found.append((match.start(), f"{plain(match[0])} above {_share(least)}"))
    if bounded and not found and (related := _relative(text)):
        found.append(related)
    for match in HALFWAY.finditer(text):
        ends = (match["first"], match["second"])
        if all(map(find_compound, ends)):
            found += [(match.start(), f"similar to {end}") for end in ends]
    return found


def _relative(text: str) -> tuple[int, str] | None:
    """Returns the phrase on a molecule that analogues are wanted of, and where it is."""
    for match in RELATIVES.finditer(text):
        if molecule := _molecule_at(text[match.end() :]):
            if span := ALONE.search(text):
                bound = f"between {_as_share(span['low'])} and {_as_share(span['high'])}"
            else:
                least = find_similarity(text)
                bound = f"above {RELATED if least is None else least}"
            return match.start(), f"similar to {molecule} {bound}"
    return None


def _molecule_at(text: str) -> str | None:
    """Returns the known compound (the longest name) or the SMILES that a text begins with."""
    words = text.split()[:LONGEST_NAME]
    for size in range(len(words), 0, -1):
        name = " ".join(words[:size]).strip(".,;:?!")
        if find_compound(name):
            return name
    first = words[0].strip(".,;:?!") if words else ""
    return first if len(first) > 2 and is_smiles(first) else None


def find_similarity(text: str) -> float | None:
    """Returns the least similarity that is asked for, 0-1."""
    match = SIMILARITY.search(text)
    if not match:
        return None
    return _share(match)


def _share(match: re.Match[str]) -> float:
    """Reads a share that may be written in per cent."""
    return _as_share(match[1] or match[2])


def _as_share(text: str) -> float:
    said = text.replace(" ", "")
    return float(said[:-1]) / 100 if said.endswith("%") else float(said)

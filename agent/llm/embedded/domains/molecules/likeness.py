"""How like a known molecule others should be."""

import re

from agent.llm.embedded.domains.molecules.phrases import plain
from agent.llm.embedded.mentions.molecules import is_smiles
from models.molecules.chemistry.names import find_compound

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
    r"\b(?:analog(?:ue)?s?|derivatives?|variants?|relatives?|cousins?|congeners?|versions?)\s+"
    r"(?:of|to)\s+|\b(?:bio)?isosteres?\s+(?:of|for)\s+(?:[a-z]+\s+){1,4}?(?:in|of|on)\s+|"
    r"\b(?:molecules?|compounds?|drugs?|structures?|ones?|something)\s+"
    r"(?:like|resembling|based on|related to)\s+", re.I,
)  # fmt: skip
"""Before the molecule that others are to be like."""

LIKE_IT = re.compile(
    r"\b(?P<what>[A-Za-z]\w+)-like\s+(?:\w+\s+)?(?:molecules?|compounds?|drugs?|structures?|"
    r"(?:ant)?agonists?|inhibitors?|ligands?|analog(?:ue)?s?|ones)\b", re.I,
)  # fmt: skip
"""Naloxone-like antagonists."""

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

ALONE = re.compile(
    rf"\b(?:similarit(?:y|ies)|tanimoto)\s+{SPAN}|"
    rf"{SPAN.replace('<low', '<from').replace('<high', '<upto')}\s+(?:tanimoto|similar(?:ity)?)\b",
    re.I,
)
"""From where to where, of a molecule that is named elsewhere."""

AT_MOST = r"(?:at most|no more than|not more than|less than|below|under|lower than|up to|<=?|≤)"
UPPER = re.compile(
    rf"\b(?:similar(?:ity|ities)?|tanimoto)\s+(?:(?:is|be|of|to|it|coefficient)\s+)*{AT_MOST}\s*"
    rf"(?P<after>{SHARE})|{AT_MOST}\s*(?P<before>{SHARE})\s+(?:similar|tanimoto)", re.I,
)  # fmt: skip
"""How like the molecule they may be at most."""

STAYS = re.compile(
    r"\b(?:stay(?:s|ing)?|remain(?:s|ing)?|keep(?:ing)? (?:it|them)|but|still|be)\s+"
    r"(?P<very>(?:very|highly|closely)\s+)?(?:similar|close|like it)\b", re.I,
)  # fmt: skip
"""Wants likeness, and does not say how much."""

VERY_RELATED = 0.6

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
    if not found and (related := _relative(text, bounded=bounded)):
        found.append(related)
    for match in HALFWAY.finditer(text):
        ends = (match["first"], match["second"])
        if all(map(find_compound, ends)):
            found += [(match.start(), f"similar to {end}") for end in ends]
    return found


def _relative(text: str, *, bounded: bool) -> tuple[int, str] | None:
    """Returns the phrase on a molecule that analogues are wanted of, and where it is.

    Where a least similarity is an argument of its own, only a range or a highest one is a phrase.
    """
    for match in (*RELATIVES.finditer(text), *LIKE_IT.finditer(text)):
        named = match["what"] if match.re is LIKE_IT else text[match.end() :]
        molecule = _molecule_at(named)
        if not molecule:
            continue
        if span := ALONE.search(text):
            low, high = (_as_share(end) for end in filter(None, span.groups()))
            return match.start(), f"similar to {molecule} between {low} and {high}"
        if upper := UPPER.search(text):
            most = _as_share(upper["after"] or upper["before"])
            return match.start(), f"similar to {molecule} at most {most}"
        if bounded:
            said = find_similarity(text)
            least = RELATED if said is None else said
            return match.start(), f"similar to {molecule} above {least}"
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
    if ALONE.search(text) or UPPER.search(text):
        return None
    if match := SIMILARITY.search(text):
        return _share(match)
    if stays := STAYS.search(text):
        return VERY_RELATED if stays["very"] else RELATED
    return None


def _share(match: re.Match[str]) -> float:
    """Reads a share that may be written in per cent."""
    return _as_share(match[1] or match[2])


def _as_share(text: str) -> float:
    said = text.replace(" ", "")
    return float(said[:-1]) / 100 if said.endswith("%") else float(said)

"""Lists of features: using age, bmi and stage; only horTh and pnodes; covariates: a + b."""

import re
from collections.abc import Callable, Sequence

from agent.llm.embedded.mentions.mention import FILLER
from agent.llm.embedded.slots.names import NOT_COLUMNS
from agent.llm.embedded.slots.quoted import release

EXPLICIT = re.compile(
    r"\b(?:features?|covariates?|predictors?|inputs?|independent variables?|explanatory "
    r"variables?|regressors|variables|x)\s*(?:(?:=|:)|\s(?:are|being|should be|to be|will be|"
    r"of))\s*(?:only\s+|just\s+)?[\[{(]?\s*",
    re.I,
)
NAMED = re.compile(
    r"\b(?:features?|covariates?|predictors?|inputs?)\s+(?:like\s+|such as\s+|:\s*)?", re.I
)
LIMITED = re.compile(
    r"\b(?:(?:using|with|from|on|by|use|uses|given|and)\s+(?:only|just|nothing but)|"
    r"only\s+(?:with|use|using|from|on)|just\s+(?:with|use|using|from|on)|(?:limited|"
    r"restricted)\s+to|restrict\s+(?:it\s+)?to|solely\s+(?:on|from)|based (?:only|solely) on|"
    r"only|just)\s+(?:the\s+)?(?:features?\s+|variables?\s+|columns?\s+|covariates?\s+|"
    r"predictors?\s+)?",
    re.I,
)
LOOSE = re.compile(
    r"(?:\b(?:using|with|from|on|for|use|given|by|based on|of|adjusting for|adjusted for|"
    r"including|include|in terms of|as a function of)\s+|\bw/\s*)(?:the\s+)?(?:features?\s+|"
    r"variables?\s+|columns?\s+|covariates?\s+|predictors?\s+|inputs?\s+)?",
    re.I,
)
ENDED_AS = re.compile(
    r"^\s*(?:as\s+(?:the\s+|its\s+)?(?:only\s+)?(?:features?|covariates?|predictors?|inputs?|"
    r"variables?)|only\b|alone\b)",
    re.I,
)
LISTED_AS = re.compile(
    r"(?P<list>[A-Za-z_][\w.]*(?:\s*,\s*[A-Za-z_][\w.]*)*\s*,?\s*(?:and|&|,)\s*[A-Za-z_][\w.]*)"
    r"\s+as\s+(?:the\s+|its\s+|my\s+)?(?:only\s+)?(?:features|predictors|covariates|inputs)\b",
    re.I,
)
SUM = re.compile(r"(?<![\w+-])(?P<list>[A-Za-z_][\w.]*(?:\s*\+\s*[A-Za-z_][\w.]*)+)")
END = re.compile(
    rf"[.;:?!()\n]\s|[.;:?!()\n]$|[;()\[\]{{}}\n?!]|{FILLER}|\s(?:in|on|from|to|as|only|alone|"
    r"for|using|with|without|is|are|of|at|via|split|seed|predict\w*|alone)\b|\s--|\s-\s|$",
    re.I,
)
SEPARATOR = re.compile(r"\s*(?:,\s*and\b|,\s*&|,|\band\b|&|\+|\bplus\b)\s*", re.I)
ITEM = re.compile(r"[A-Za-zµμ_][\w.%/-]*(?:\s[\w.%/-]+){0,2}")
PROSE = NOT_COLUMNS - {"group", "groups", "response", "time", "event", "status", "number"}


def find_features(
    text: str, is_known: Callable[[str], bool], stated_only: bool = False
) -> tuple[list[str], int, int] | None:
    """Returns the features that a request lists, and the span of the list.

    Args:
        text: The request, mentions and the columns already taken blanked.
        is_known: Tells whether a name is a column of the dataset; always False when unknown.
        stated_only: Only lists that are called features: covariates = age, sex.
    """
    if not stated_only and (before := LISTED_AS.search(text)):
        items = [item.strip() for item in SEPARATOR.split(before["list"]) if item.strip()]
        if all(item.casefold() not in PROSE for item in items):
            return items, *before.span()
    cues = ((EXPLICIT, 1), (NAMED, 2), (LIMITED, 1), (LOOSE, 2))
    for cue, least in cues[:1] if stated_only else cues:
        for match in cue.finditer(text):
            items, end = _items(text, match.end())
            least_here = 1 if cue is LOOSE and ENDED_AS.match(text[end:]) else least
            if len(items) >= least_here and (
                len(items) > 1 or cue is not LIMITED or _plausible(items, is_known)
            ):
                return items, match.start(), end
    if stated_only:
        return None
    if added := SUM.search(text):
        items = [item.strip() for item in added["list"].split("+")]
        if all(item.casefold() not in PROSE for item in items):
            return items, *added.span()
    return None


def _plausible(items: Sequence[str], is_known: Callable[[str], bool]) -> bool:
    """Tells whether a single word after 'only' is a column and no other word."""
    return all(is_known(item) or "_" in item for item in items)


def _items(text: str, start: int) -> tuple[list[str], int]:
    """Reads names separated by commas and 'and' until something that is none."""
    stop = END.search(text, start)
    end = stop.start() if stop else len(text)
    items: list[str] = []
    position = start
    for part in _parts(text, start, end):
        word = part[0].strip().strip("\"'`“”‘’")
        word = re.sub(r"^(?:the|a|an)\s+", "", word, flags=re.I)
        words = word.casefold().split()
        if (
            not ITEM.fullmatch(word)
            or any(item in PROSE for item in words)
            or any(item.replace(".", "").isdigit() for item in words)
        ):
            break
        items.append(release(word))
        position = part[1]
    return items, position


def _parts(text: str, start: int, end: int) -> list[tuple[str, int]]:
    parts: list[tuple[str, int]] = []
    position = start
    for match in SEPARATOR.finditer(text, start, end):
        parts.append((text[position : match.start()], match.start()))
        position = match.end()
    parts.append((text[position:end], end))
    return [part for part in parts if part[0].strip()]

"""Patients described in prose become records: {age: 60, grade: II, positive nodes: 3}."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from agent.llm.embedded.domains.tables.record_patterns import (
    ADVERBS,
    AFFIRMED,
    AGE,
    ALONE,
    ANSWERED,
    ASSIGNED,
    ATTACHED_UNIT,
    BREAK,
    CODE_ITEM,
    CODED,
    HORIZON,
    LISTED_ITEM,
    NEGATED,
    NOT_COUNTED,
    NUMBER,
    PERSONS,
    STOPS,
    UNITS,
)
from agent.llm.embedded.mentions.mention import FILLER

Value = int | float | str
Record = dict[str, Value]

LONGEST_KEY = 4
"""Words of a measurement's name."""
SIZED = re.compile(r"\s*(tumou?r|lesion|mass|nodule)\b", re.I)
LINKS = (
    re.compile(r"\s*(?:=|:|->|~|≈|<|>)\s*$"),
    re.compile(
        r"\s+(?:is|was|of|at|equals|about|around|level|levels|value|count of|being)\s*$", re.I
    ),
)


class Finding(NamedTuple):
    """A measurement and where it stands."""

    start: int
    end: int
    key: str
    value: Value


def find_records(text: str) -> list[Record]:
    """Returns the described patients; a name that comes again begins the next one.

    Args:
        text: The request, numbers in digits, mentions blanked.
    """
    records: list[Record] = []
    current: Record = {}
    for finding in _findings(text):
        if finding.key.casefold() in {key.casefold() for key in current}:
            records.append(current)
            current = {}
        current[finding.key] = finding.value
    return [*records, current] if current else records


def _findings(text: str) -> list[Finding]:
    """Returns the measurements by position; of overlapping ones the surer form."""
    for match in (*HORIZON.finditer(text), *ATTACHED_UNIT.finditer(text)):
        text = text[: match.start()] + FILLER * len(match[0]) + text[match.end() :]
    found: list[Finding] = []
    for read in (_ages, _codes, _numbers, _statements, _single_words, _answers):
        for finding in read(text):
            if not any(f.start < finding.end and finding.start < f.end for f in found):
                found.append(finding)
    return sorted(found, key=lambda finding: finding.start)


def _ages(text: str) -> Iterator[Finding]:
    for match in AGE.finditer(text):
        yield Finding(*match.span(), "age", int(next(filter(None, match.groups()))))


def _codes(text: str) -> Iterator[Finding]:
    for match in CODED.finditer(text):
        yield Finding(*match.span(), match["key"], _number(match["code"]))


def _numbers(text: str) -> Iterator[Finding]:
    """Yields numbers with the name before them, else after them."""
    for match in NUMBER.finditer(text):
        value = _number((match["sign"] or "") + match["number"])
        start, key = _name_before(text, match.start())
        if key:
            yield Finding(start, match.end(), key, value)
        elif isinstance(value, int) and _is_age(text, match.start()):
            yield Finding(*match.span(), "age", value)
        elif named := _name_after(text, match.end()):
            yield Finding(match.start(), named[0], named[1], value)


def _statements(text: str) -> Iterator[Finding]:
    for pattern in (ASSIGNED, ANSWERED):
        for match in pattern.finditer(text):
            start, key = _name_before(text, match.end("key"))
            if key:
                yield Finding(start, match.end(), key, match["value"].strip("\"'"))
    for match in (*CODE_ITEM.finditer(text), *LISTED_ITEM.finditer(text)):
        if not {match["key"].casefold(), match["value"]} & (STOPS | NOT_COUNTED | ADVERBS):
            yield Finding(match.start("key"), match.end(), match["key"], match["value"])


def _single_words(text: str) -> Iterator[Finding]:
    for pattern, key, value in ALONE:
        for match in pattern.finditer(text):
            yield Finding(*match.span(), key, value or match["value"].casefold())


def _answers(text: str) -> Iterator[Finding]:
    for pattern, answer in ((NEGATED, "no"), (AFFIRMED, "yes")):
        for match in pattern.finditer(text):
            yield Finding(*match.span("key"), match["key"], answer)


def _number(text: str) -> Value:
    """Reads 1.4 and 1,4 as a number, and leaves codes such as IIB alone."""
    if not re.fullmatch(r"-?\d+(?:[.,]\d+)?", text):
        return text
    number = float(text.replace(",", "."))
    return number if "." in text or "," in text else int(number)


def _is_age(text: str, position: int) -> bool:
    """Tells whether a number is somebody's age: she is 52, a man of 66."""
    head = text[max(0, position - 40) : position]
    linked = re.search(r"(\w+)\s+(?:is|of|aged|am)\s+$", head, re.I)
    return linked is not None and linked[1].casefold() in PERSONS


def _name_after(text: str, position: int) -> tuple[int, str] | None:
    """Returns the end and the name of what is counted after a number: 3 positive nodes."""
    rest = text[position:]
    if unit := UNITS.match(rest):
        sized = SIZED.match(rest, unit.end())
        return (position + sized.end(), f"{sized[1].casefold()} size") if sized else None
    words = re.match(r"\s+((?:[A-Za-z][\w-]*\s?){1,3})", rest)
    kept: list[str] = []
    for word in words[1].split() if words else ():
        if word.casefold() in STOPS | NOT_COUNTED:
            break
        kept.append(word)
    if not kept:
        return None
    phrase = " ".join(kept)
    return position + rest.index(kept[0]) + len(phrase), phrase


def _name_before(text: str, position: int) -> tuple[int, str | None]:
    """Returns the start and the name of what is measured before a position: heart rate is …"""
    head = text[:position]
    for link in LINKS:
        head = link.sub("", head)
    head = head.rstrip()
    begin = max([0, head.rfind(FILLER) + 1, *(match.end() for match in BREAK.finditer(head))])
    words = list(re.finditer(r"[A-Za-zµ_][\w.%/-]*", head[begin:]))
    if not words or words[-1].end() != len(head) - begin:
        return position, None
    kept: list[re.Match[str]] = []
    for word in reversed(words):
        is_apart = bool(kept) and word.end() + 1 != kept[-1].start()
        if (
            (word[0].casefold() in STOPS and not _is_score(head, begin, word, kept))
            or len(kept) == LONGEST_KEY
            or is_apart
        ):
            break
        kept.append(word)
    if not kept:
        return position, None
    return begin + kept[-1].start(), " ".join(word[0] for word in reversed(kept))


def _is_score(head: str, begin: int, word: re.Match[str], kept: list[re.Match[str]]) -> bool:
    """Tells whether 'score' is the last word of a measurement's name: sofa score."""
    if kept or word[0].casefold() not in ("score", "risk"):
        return False
    before = re.search(r"([A-Za-z][\w-]*)\s+$", head[begin : begin + word.start()])
    return before is not None and before[1].casefold() not in STOPS

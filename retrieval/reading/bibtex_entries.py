"""Entries of BibTeX files, read with their macros and concatenations."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from retrieval.documents.document import RowFault
from retrieval.reading.lines import Lines, LongLineError, decode

LONGEST_ENTRY = 2_000_000
START = re.compile(r"\s*@\s*(\w+)\s*([{(])")
NAME = re.compile(r"\s*([^\s,={}()\"#]+)\s*=\s*")
KEY = re.compile(r"\s*([^\s,={}\"#]*)\s*(?:,|(?=[})]\s*$))")
BARE = re.compile(r"[^\s,#{}()\"=]+")
JOINT = re.compile(r"\s*(#|,|[})])\s*")
PASSED_OVER = frozenset({"comment", "preamble"})
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"


@dataclass
class Entry:
    """An entry as it is written: values with their braces and commands, names in lower case.

    Attributes:
        line: Where it begins, from 1.
    """

    line: int
    kind: str
    key: str = ""
    values: dict[str, str] = field(default_factory=dict)


def read_entries(stream: BinaryIO) -> Iterator[Entry | RowFault]:
    """Yields the entries of a file; what is between them is comment."""
    macros = {month: month.capitalize() for month in MONTHS.split()}
    for line, text in _blocks(stream):
        if text is None:
            yield RowFault(line, f"the entry is longer than {LONGEST_ENTRY // 1_000_000} MB")
            continue
        try:
            entry = _entry(line, text, macros)
        except ValueError as error:
            yield RowFault(line, f"{text.splitlines()[0].strip()[:60]!r}: {error}")
            continue
        if entry.kind == "string":
            macros |= entry.values
        elif entry.kind not in PASSED_OVER:
            yield entry


def _blocks(stream: BinaryIO) -> Iterator[tuple[int, str | None]]:
    """Yields what begins with an @ at a line's beginning, up to the next such, with its line.

    An entry that is not closed thereby costs no other.
    """
    lines = Lines(stream)
    block: list[str] = []
    begun = length = 0
    while True:
        try:
            line = decode(next(lines))
        except StopIteration:
            break
        except LongLineError:
            if begun:
                yield begun, "".join(block) if length <= LONGEST_ENTRY else None
            yield lines.number, None
            begun = 0
            continue
        if START.match(line):
            if begun:
                yield begun, "".join(block) if length <= LONGEST_ENTRY else None
            block, begun, length = [], lines.number, 0
        length += len(line)
        if begun and length <= LONGEST_ENTRY:
            block.append(line)
    if begun:
        yield begun, "".join(block) if length <= LONGEST_ENTRY else None


def _entry(line: int, text: str, macros: dict[str, str]) -> Entry:
    start = START.match(text)
    if start is None:
        message = "it is no entry"
        raise ValueError(message)
    entry, position = Entry(line, start[1].lower()), start.end()
    if entry.kind in PASSED_OVER:
        return entry
    if entry.kind != "string":
        key = KEY.match(text, position)
        if key is None:
            message = "its key is missing"
            raise ValueError(message)
        entry.key, position = key[1], key.end()
    while found := NAME.match(text, position):
        value, position, end = _value(text, found.end(), macros)
        entry.values[found[1].lower()] = value
        if end != ",":
            return entry
    if not re.match(r"[\s,]*[})]", text[position:]):
        message = "it is not closed, or a value lacks its braces"
        raise ValueError(message)
    return entry


def _value(text: str, position: int, macros: dict[str, str]) -> tuple[str, int, str]:
    """Reads a value, whose pieces are joined by #, with the mark after it."""
    pieces: list[str] = []
    while True:
        opening = text[position : position + 1]
        if opening in {"{", '"'}:
            end = _closing(text, position)
            pieces.append(text[position + 1 : end])
            position = end + 1
        elif bare := BARE.match(text, position):
            pieces.append(macros.get(bare[0].lower(), bare[0]))
            position = bare.end()
        joint = JOINT.match(text, position)
        if joint is None or not pieces:
            message = f"a value is not closed: {text[position : position + 40].strip()!r}"
            raise ValueError(message)
        position = joint.end()
        if joint[1] != "#":
            return "".join(pieces), position, joint[1]


def _closing(text: str, start: int) -> int:
    """Returns the place of the brace or quotation mark that ends a value."""
    quoted, depth = text[start] == '"', 0
    for found in re.compile(r'\\.|[{}"]', re.DOTALL).finditer(text, start + 1):
        mark = found[0]
        if mark == "{":
            depth += 1
        elif mark == "}" and depth:
            depth -= 1
        elif (mark == "}" and not quoted) or (mark == '"' and quoted and not depth):
            return found.start()
    message = "a value is not closed"
    raise ValueError(message)

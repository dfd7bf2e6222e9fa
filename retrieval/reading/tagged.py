"""Records of tagged lines (`TI  - A title`), as MEDLINE and RIS files have them."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from retrieval.documents.document import RowFault
from retrieval.reading.lines import Lines, LongLineError, decode

MOST_VALUES = 20_000


@dataclass
class TaggedRecord:
    """A record: the values of each tag, in order.

    Attributes:
        line: Where it begins, from 1.
    """

    line: int
    values: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def first(self, *tags: str) -> str:
        """Returns the first value of the first tag that has one; empty without any."""
        return next((value for tag in tags for value in self.values.get(tag, ()) if value), "")

    def all(self, *tags: str) -> list[str]:
        """Returns the values of the first of the tags that has any."""
        found = ([v for v in self.values.get(tag, ()) if v] for tag in tags)
        return next(filter(None, found), [])


def tagged_records(
    stream: BinaryIO, tag: re.Pattern[str], first: str, last: str | None = None
) -> Iterator[TaggedRecord | RowFault]:
    """Yields the records of a file.

    Args:
        stream: The file's bytes.
        tag: Matches a line with a tag (group 1) and its value (group 2); other lines go on with
            the value before.
        first: The tag that begins a record.
        last: The tag that ends one; None where an empty line does.
    """
    lines = Lines(stream)
    record: TaggedRecord | None = None
    latest, stray = "", False
    while True:
        try:
            line = decode(next(lines)).rstrip("\r\n")
        except StopIteration:
            break
        except LongLineError as error:
            yield RowFault(lines.number, str(error))
            continue
        found = tag.match(line)
        if found and found[1] == first:
            if record:
                yield record
            record, latest, stray = TaggedRecord(lines.number), first, False
            record.values[first].append((found[2] or "").strip())
        elif not line.strip():
            if record and last is None:
                yield record
                record = None
        elif record is None:
            if not stray:
                yield RowFault(lines.number, f"this is before any {first}: {line.strip()[:60]!r}")
            stray = True
        elif found and found[1] == last:
            yield record
            record = None
        else:
            latest = found[1] if found else latest
            _keep(record.values[latest], found[2] if found else line, new=bool(found))
    if record:
        yield record


def _keep(values: list[str], value: str | None, *, new: bool) -> None:
    text = (value or "").strip()
    if (new or not values) and len(values) < MOST_VALUES:
        values.append(text)
    elif values:
        values[-1] = f"{values[-1]} {text}".strip()

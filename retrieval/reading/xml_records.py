"""Records of XML files, found and parsed one by one.

Each record is cut out of the byte stream by its tags and parsed on its own, so that a huge file is
never in memory, one that is not well-formed costs only itself, and no document type can declare
entities: inside a record a declaration is an error, so there is nothing to expand.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple
from xml.etree.ElementTree import Element, ParseError, XMLParser

CHUNK = 1_000_000
LONGEST_RECORD = 64_000_000
ENCODING = re.compile(rb"""<\?xml[^>]*\bencoding\s*=\s*["']([\w.-]+)""")
NAMESPACES = "".join(
    f' xmlns:{prefix}="{address}"'
    for prefix, address in {
        "xlink": "http://www.w3.org/1999/xlink",
        "mml": "http://www.w3.org/1998/Math/MathML",
        "xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "ali": "http://www.niso.org/schemas/ali/1.0/",
        "oasis": "http://www.niso.org/standards/z39-96/ns/oasis-exchange/table",
    }.items()
)
"""Prefixes that a record may use and that its file's root declares."""


class XmlRecord(NamedTuple):
    """A piece of a file that begins with a record's tag; `fault` says why it cannot be one."""

    content: bytes
    encoding: str
    fault: str | None = None


def split_records(
    stream: BinaryIO, names: tuple[str, ...], longest: int = LONGEST_RECORD
) -> Iterator[XmlRecord]:
    """Yields the elements of the given names, none of which is within another, as bytes."""
    tags = "|".join(names).encode()
    start = re.compile(rb"<(" + tags + rb")(?=[\s/>])")
    border = re.compile(rb"</(?:" + tags + rb")\s*>|<(?:" + tags + rb")(?=[\s/>])")
    buffer = bytearray(stream.read(CHUNK))
    declared = ENCODING.search(buffer[:200])
    encoding = declared[1].decode().lower() if declared else "utf-8"
    encoding = "utf-8" if encoding.startswith("utf-16") else encoding  # recoded on the way here
    overlap = max(map(len, names)) + 16
    while True:
        found = start.search(buffer)
        if not found:
            del buffer[:-overlap]
            if not _extend(buffer, stream):
                return
            continue
        opened = found.end() - found.start()
        del buffer[: found.start()]
        closing, scanned = None, opened
        while closing is None and len(buffer) <= longest:
            closing = _closed_at_once(buffer) or border.search(buffer, scanned)
            scanned = max(opened, len(buffer) - overlap)
            if closing is None and not _extend(buffer, stream):
                yield XmlRecord(bytes(buffer), encoding, "the file breaks off here")
                return
        if closing is None:
            yield XmlRecord(b"", encoding, f"it is longer than {longest // 1_000_000} MB")
            del buffer[:opened]
            _skip_to(start, buffer, stream, overlap)
            continue
        ends = closing[0].endswith(b">")
        end = closing.end() if ends else closing.start()
        yield XmlRecord(bytes(buffer[:end]), encoding, None if ends else "it is not closed")
        del buffer[:end]


def parse_record(record: XmlRecord) -> Element:
    """Returns the element of a record, names without their namespaces.

    Raises:
        ValueError: It is not well-formed, with the reason.
    """
    if record.fault:
        raise ValueError(record.fault)
    try:
        text = record.content.decode(record.encoding)
    except (UnicodeDecodeError, LookupError) as error:
        message = f"it is not {record.encoding}: {error}"
        raise ValueError(message) from None
    parser = XMLParser()  # noqa: S314  # a record has no document type, hence no entities
    try:
        parser.feed(f"<file{NAMESPACES}>")
        parser.feed(text)
        parser.feed("</file>")
        element: Element = parser.close()[0]
    except (ParseError, ValueError) as error:
        message = f"it is not well-formed: {error}"
        raise ValueError(message) from None
    if "xmlns" in text:
        for inner in element.iter():
            inner.tag = str(inner.tag).rpartition("}")[2]
    return element


def words(element: Element | None, without: frozenset[str] = frozenset()) -> str:
    """Returns an element's text without its inner marks (italics, superscripts).

    Args:
        element: Where it is; None gives nothing.
        without: Names of inner elements whose text is left out.
    """
    if element is None:
        return ""
    if without and any(inner.tag in without for inner in element.iter()):
        return " ".join("".join(_pieces(element, without)).split())
    return " ".join("".join(element.itertext()).split())


def all_words(element: Element, path: str) -> list[str]:
    """Returns the text of each element on a path that has any."""
    return [text for found in element.iterfind(path) if (text := words(found))]


def _pieces(element: Element, without: frozenset[str]) -> Iterator[str]:
    yield element.text or ""
    for inner in element:
        if inner.tag not in without:
            yield from _pieces(inner, without)
        yield inner.tail or ""


def _closed_at_once(buffer: bytearray) -> re.Match[bytes] | None:
    return re.match(rb"<[\w-]+[^<>]*/>", buffer)


def _extend(buffer: bytearray, stream: BinaryIO) -> bool:
    chunk = stream.read(CHUNK)
    buffer += chunk
    return bool(chunk)


def _skip_to(start: re.Pattern[bytes], buffer: bytearray, stream: BinaryIO, overlap: int) -> None:
    """Drops what is before the next record."""
    while not start.search(buffer):
        del buffer[:-overlap]
        if not _extend(buffer, stream):
            return

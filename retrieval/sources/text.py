"""Plain text and Markdown: a file is one document, its text as it is written."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from models.data.readers.encoding import decode
from models.errors import ToolError
from retrieval.documents.document import Document, Page, RowFault, Section
from retrieval.documents.records import read_record
from retrieval.sources import Source

LONGEST = 100_000_000
LONGEST_TITLE = 250
FRONT = re.compile(r"---[ \t]*\r?\n(.*?\r?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.DOTALL)
SETTING = re.compile(r"^([A-Za-z_]+)[ \t]*:[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)
HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*\r?$", re.MULTILINE)
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
FIRST_LINE = re.compile(r"\s*(\S[^\n]*?)[ \t]*\r?\n[ \t]*\r?\n")
PAGE_END = "\f"
KNOWN = frozenset({"title", "doi", "pmid", "year", "date", "journal", "author", "authors", "id"})


def read(stream: BinaryIO) -> Iterator[Document | RowFault]:
    """Yields the file's document, or why there is none."""
    content = stream.read(LONGEST + 1)
    try:
        if len(content) > LONGEST:
            message = f"the text is longer than {LONGEST // 1_000_000} MB"
            raise ValueError(message)
        text, _ = decode(content, "the file")
        yield _document(text)
    except ToolError as error:
        yield RowFault(1, error.message, "file")
    except ValueError as error:
        yield RowFault(1, str(error), "file")


def _document(text: str) -> Document:
    front = FRONT.match(text)
    settings = {
        name.lower(): value.strip("\"'[] ").replace('", "', "; ")
        for name, value in SETTING.findall(front[1] if front else "")
        if name.lower() in KNOWN
    }
    if "date" in settings:
        settings.setdefault("year", settings["date"])
    document = read_record(settings | {"text": text})
    headings = _headings(text, front.end() if front else 0)
    return document.model_copy(
        update={
            "title": document.title or _title(text, headings),
            "sections": _sections(text, headings),
            "pages": _pages(text),
        }
    )


def _headings(text: str, start: int) -> list[re.Match[str]]:
    fences = [fence.span() for fence in FENCE.finditer(text)]
    return [
        heading
        for heading in HEADING.finditer(text, start)
        if not any(first <= heading.start() < last for first, last in fences)
    ]


def _title(text: str, headings: list[re.Match[str]]) -> str:
    """Returns the heading of the first rank, or a short line that stands alone at the top."""
    top = next((heading[2] for heading in headings if heading[1] == "#"), "")
    first = FIRST_LINE.match(text)
    if top or first is None or len(first[1]) > LONGEST_TITLE or first[1].startswith("---"):
        return top
    return first[1].lstrip("# ")


def _sections(text: str, headings: list[re.Match[str]]) -> list[Section]:
    """Returns what stands under each heading but the title's."""
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    return [
        Section(label=heading[2], start=heading.end(), end=end, field="text")
        for heading, end in zip(headings, ends, strict=False)
        if not (heading[1] == "#" and heading is headings[0]) and text[heading.end() : end].strip()
    ]


def _pages(text: str) -> list[Page]:
    """Returns the pages of a text that has form feeds, as printed from a PDF."""
    if PAGE_END not in text:
        return []
    starts = [0] + [place.end() for place in re.finditer(PAGE_END, text)]
    return [Page(number=n, start=start) for n, start in enumerate(starts, start=1)]


SOURCE = Source("Text", (".txt", ".md", ".markdown", ".text"), read, whole=True)

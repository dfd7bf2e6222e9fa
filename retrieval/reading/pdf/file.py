"""A whole PDF file read page by page."""

from collections.abc import Sequence

import pypdfium2

from retrieval.documents.document import Document, RowFault
from retrieval.reading.pdf.furniture import PageLines, without_furniture
from retrieval.reading.pdf.layout import Line, make_segments, reading_order
from retrieval.reading.pdf.metadata import find_doi, find_pmid, find_title, find_year
from retrieval.reading.pdf.prose import join_pages
from retrieval.reading.pdf.words import PageWords, page_words
from retrieval.reading.validation import make_document

SCANNED = "it is a picture without text: have its text recognised first, for instance by ocrmypdf"
GARBLED = "its fonts do not say which characters they show"


def read_pages(file: pypdfium2.PdfDocument) -> Sequence[Document | RowFault]:
    """Returns the document, if any page has text, and a fault for each page without."""
    faults: list[RowFault] = []
    numbers: list[int] = []
    pages: list[PageLines] = []
    turned: list[str] = []
    for number in range(1, len(file) + 1):
        try:
            words = _read_page(file, number)
            why = _fault(words)
        except pypdfium2.PdfiumError as error:
            why = f"it cannot be read: {error}"
        if why:
            faults.append(RowFault(number, why, "page"))
            continue
        numbers.append(number)
        pages.append(PageLines(make_segments(words.words), words.bottom, words.top))
        turned.append(words.turned)
    lines = [
        [*reading_order(page), *_margin(stamp)]
        for page, stamp in zip(without_furniture(pages), turned, strict=True)
    ]
    if not any(lines):
        return faults or [RowFault(1, "the file has no text", "file")]
    try:
        return [_document(file.get_metadata_dict(), numbers, lines), *faults]
    except ValueError as error:
        return [*faults, RowFault(1, str(error), "file")]


def _read_page(file: pypdfium2.PdfDocument, number: int) -> PageWords:
    page = file[number - 1]
    try:
        return page_words(page)
    finally:
        page.close()


def _fault(words: PageWords) -> str | None:
    if words.drawn:
        return SCANNED
    return None if words.readable else GARBLED


def _margin(text: str) -> list[Line]:
    return [Line(text, 0, 0, 0, 0)] if text else []


def _document(info: dict[str, str], numbers: list[int], lines: list[list[Line]]) -> Document:
    text, pages = join_pages(list(zip(numbers, lines, strict=True)))
    first = text[: pages[1].start] if len(pages) > 1 else text
    return make_document(
        title=find_title(info, next(filter(None, lines)), first),
        pmid=find_pmid(first),
        doi=find_doi(info, first),
        year=find_year(info, first),
        text=text,
        pages=pages,
    )

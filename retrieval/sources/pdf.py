"""PDF: the text of each page, in reading order, without headers and footers."""

import threading
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from retrieval.documents.document import Document, RowFault
from retrieval.sources import Source

LONGEST = 1_000_000_000
PASSWORD_NEEDED = 4
MAGIC = b"%PDF-"
ONE_AT_A_TIME = threading.RLock()
"""PDFium is not made for several threads."""


def read(stream: BinaryIO) -> Iterator[Document | RowFault]:
    """Yields the file's document, and each page without text that can be read."""
    content = stream.read(LONGEST + 1)
    if len(content) > LONGEST:
        yield RowFault(1, f"the file is larger than {LONGEST // 1_000_000} MB", "file")
        return
    with ONE_AT_A_TIME:
        items = _items(content)
    yield from items


def _items(content: bytes) -> Sequence[Document | RowFault]:
    import pypdfium2

    from retrieval.reading.pdf.file import read_pages

    try:
        with pypdfium2.PdfDocument(content) as file:
            return read_pages(file)
    except pypdfium2.PdfiumError as error:
        if error.err_code == PASSWORD_NEEDED:
            why = "the file is encrypted: save it without its password first"
        else:
            why = f"the file is no PDF that can be read: {error}"
        return [RowFault(1, why, "file")]


def _recognises(head: bytes) -> bool:
    return MAGIC in head[:1024]


SOURCE = Source("PDF", (".pdf",), read, _recognises, whole=True)

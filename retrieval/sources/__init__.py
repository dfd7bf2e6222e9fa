"""Kinds of files that documents come from: a module in this package with a `SOURCE`."""

import importlib
import pkgutil
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO

from models.errors import FieldFault, ToolError
from retrieval.documents.document import Document, Notice, RowFault
from retrieval.reading.streams import COMPRESSED, open_content

HEAD_BYTES = 4096

Item = Document | RowFault | Notice


@dataclass(frozen=True)
class Source:
    """A kind of file.

    Attributes:
        name: As shown to people.
        suffixes: Of its file names, before `.gz` where it is compressed.
        read: Turns the file's bytes into documents, faults where a record cannot be read, and
            notices on articles elsewhere.
        recognises: Tells it by the first bytes from others with the same suffix.
        whole: A file is one document, which may go by the file's name.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[BinaryIO], Iterator[Item]]
    recognises: Callable[[bytes], bool] = lambda _: True
    whole: bool = False


@cache
def all_sources() -> list[Source]:
    """Returns every kind of file that can be read; those that take any content come last."""
    names = sorted(item.name for item in pkgutil.iter_modules(__path__))
    sources = [importlib.import_module(f"{__name__}.{name}").SOURCE for name in names]
    return sorted(sources, key=lambda source: source.whole)


def find_source(path: Path) -> Source | None:
    """Returns the kind of a file; None when it is none of those known."""
    suffixes = path.suffixes[:-1] if path.suffix.lower() == COMPRESSED else path.suffixes
    suffix = suffixes[-1].lower() if suffixes else ""
    fitting = [source for source in all_sources() if suffix in source.suffixes]
    if not fitting:
        return None
    try:
        with path.open("rb") as raw:
            head = open_content(raw, path).read(HEAD_BYTES)
    except (EOFError, OSError, zlib.error, UnicodeError):
        return fitting[0]  # reading it says what is wrong
    return next((source for source in fitting if source.recognises(head)), None)


def read_file(path: Path) -> Iterator[tuple[Item, int]]:
    """Yields what a file holds, each with the position in the file after it.

    A file that cannot be opened, breaks off, or has no record at all, ends with a fault that says
    so; only one without any bytes gives nothing.
    """
    source = find_source(path)
    if source is None:  # changed since it was listed
        yield RowFault(1, "the file is of no known kind", "file"), 0
        return
    position, empty = 0, True
    try:
        with path.open("rb") as raw:
            for item in source.read(open_content(raw, path)):
                position, empty = raw.tell(), False
                named = source.whole and isinstance(item, Document)
                yield (_named(item, path) if named else item), position  # type: ignore[arg-type]
    except (EOFError, OSError, zlib.error, UnicodeError) as error:
        yield RowFault(1, f"the file breaks off: {error}", "file"), position
        return
    if empty and path.stat().st_size:
        yield RowFault(1, f"it has no record of {source.name}", "file"), position


def readable_files(paths: list[Path]) -> list[Path]:
    """Returns the files named, and those of known kinds in the folders named.

    Raises:
        ToolError: Names every path that is missing or of no known kind.
    """
    known = ", ".join(sorted({suffix for source in all_sources() for suffix in source.suffixes}))
    faults: list[FieldFault] = []
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file())
            found = [file for file in inside if find_source(file)]
        else:
            found = [path] if path.is_file() and find_source(path) else []
        if not found:
            expected = f"a file or folder with {known} (or .gz)"
            faults.append(FieldFault(field="path", got=repr(str(path)), expected=expected))
        files += found
    if faults:
        raise ToolError("There is nothing to add.", *faults)
    return list(dict.fromkeys(files))


def _named(document: Document, path: Path) -> Document:
    """Gives a document without ids or title those of its file."""
    name = path.name.removesuffix(path.suffix) if path.suffix.lower() == COMPRESSED else path.name
    ids = document.pmid or document.doi or document.pmcid or document.source_id
    return document.model_copy(
        update={
            "source_id": document.source_id if ids else name,
            "title": document.title or Path(name).stem,
        }
    )

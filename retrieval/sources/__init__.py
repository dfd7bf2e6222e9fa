"""Kinds of files that documents come from: a module in this package with a `SOURCE`."""

import gzip
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO

from models.errors import FieldFault, ToolError
from retrieval.documents import Document, RowFault

COMPRESSED = ".gz"
HEAD_BYTES = 4096


@dataclass(frozen=True)
class Source:
    """A kind of file.

    Attributes:
        name: As shown to people.
        suffixes: Of its file names, before `.gz` where it is compressed.
        read: Turns the file's bytes into documents, and faults where a record cannot be read.
        recognises: Tells it by the first bytes from others with the same suffix.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[BinaryIO], Iterator[Document | RowFault]]
    recognises: Callable[[bytes], bool] = lambda _: True


@cache
def all_sources() -> list[Source]:
    """Returns every kind of file that can be read."""
    names = sorted(item.name for item in pkgutil.iter_modules(__path__))
    return [importlib.import_module(f"{__name__}.{name}").SOURCE for name in names]


def find_source(path: Path) -> Source | None:
    """Returns the kind of a file; None when it is none of those known."""
    suffixes = path.suffixes[:-1] if path.suffix.lower() == COMPRESSED else path.suffixes
    suffix = suffixes[-1].lower() if suffixes else ""
    fitting = [source for source in all_sources() if suffix in source.suffixes]
    if not fitting:
        return None
    try:
        with path.open("rb") as raw, decompressed(raw, path) as stream:
            head = stream.read(HEAD_BYTES)
    except (EOFError, OSError):
        return fitting[0]  # reading it says what is wrong
    return next((source for source in fitting if source.recognises(head)), None)


def decompressed(raw: BinaryIO, path: Path) -> BinaryIO:
    """Returns the stream that a file's content is read from."""
    if path.suffix.lower() != COMPRESSED:
        return raw
    return gzip.GzipFile(fileobj=raw, mode="rb")  # type: ignore[return-value]


def readable_files(paths: list[Path]) -> list[Path]:
    """Returns the files named, and those of known kinds in the folders named.

    Raises:
        ToolError: Names every path that is missing or of no known kind.
    """
    known = ", ".join(sorted(suffix for source in all_sources() for suffix in source.suffixes))
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

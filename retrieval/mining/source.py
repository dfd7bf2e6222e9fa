"""The documents that are mined, of the library or of files, in an order that never changes."""

import glob
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from models.errors import FieldFault, ToolError
from models.store.files import sha256_file
from retrieval.documents.document import Document, Notice, RowFault
from retrieval.indexing.store import MANIFEST, open_store
from retrieval.sources import read_file, readable_files
from retrieval.starter import starter_notes

LIBRARY = "library"
PAGE = 256


@dataclass(frozen=True)
class Read:
    """A document of a source.

    Attributes:
        document: As it was read.
        share: How much of the source has been read with it, 0–1.
    """

    document: Document
    share: float


@dataclass(frozen=True)
class Unread:
    """A record that could not be read: number `record` of a file, and why."""

    source: str
    record: int
    why: str


class Source(Protocol):
    """Where documents come from."""

    @property
    def identity(self) -> str:
        """Names the source: another identity, another job."""

    def documents(self) -> Iterator[Read | Unread]:
        """Yields everything in the source, in the same order every time."""


@dataclass(frozen=True)
class LibrarySource:
    """The documents of a library; an empty one has the starter notes."""

    folder: Path

    @property
    def identity(self) -> str:
        """The library's folder."""
        return f"library {self.folder.resolve()}"

    def documents(self) -> Iterator[Read | Unread]:
        """Yields the documents in the order of their hashes."""
        manifest = open_store(self.folder).manifest if (self.folder / MANIFEST).exists() else None
        if manifest is None or manifest.empty():
            notes = list(starter_notes())
            yield from (Read(note, n / len(notes)) for n, note in enumerate(notes, start=1))
            return
        total, done, after = manifest.count("documents"), 0, ""
        while page := manifest.documents_after(after, PAGE):
            for after, document in page.items():  # noqa: B007  # the last one begins the next page
                done += 1
                yield Read(document, min(1.0, done / total))


@dataclass(frozen=True)
class FileSource:
    """The documents of files, file by file; the same one twice counts once."""

    files: tuple[Path, ...]

    @property
    def identity(self) -> str:
        """The files with their content."""
        return "\n".join(f"{file} {sha256_file(file)}" for file in self.files)

    def documents(self) -> Iterator[Read | Unread]:
        """Yields the documents of each file in turn."""
        total, before = sum(file.stat().st_size for file in self.files) or 1, 0
        seen: set[bytes] = set()
        for file in self.files:
            for item, position in read_file(file):
                if isinstance(item, Notice):
                    continue
                if isinstance(item, RowFault):
                    yield Unread(str(file), item.line, item.why)
                    continue
                key = f"{item.article_id}\0{item.hash}".encode()
                if key not in seen:
                    seen.add(key)
                    yield Read(item, min(1.0, (before + position) / total))
            before += file.stat().st_size


def find_mining_source(
    name: str, library: Path, readable: Callable[[str], Path] = lambda name: Path(name).resolve()
) -> Source:
    """Returns what a name stands for: `library`, a file, a folder, or a pattern such as *.jsonl.

    Args:
        name: As it was given.
        library: The library's folder.
        readable: Checks a path and returns its real one.

    Raises:
        ToolError: There is nothing to read under that name.
    """
    if name.strip().casefold() == LIBRARY:
        return LibrarySource(library)
    if glob.has_magic(name) and not Path(name).exists():
        found = sorted(glob.glob(str(Path(name).expanduser()), recursive=True))  # noqa: PTH207  # patterns may be absolute
        if not found:
            wrong = FieldFault(field="source", got=repr(name), expected="a pattern of some files")
            raise ToolError(f"No file is named like {name}.", wrong, kind="not_found")
        paths = [readable(path) for path in found]
    else:
        paths = [readable(name)]
    if missing := [str(path) for path in paths if not path.exists()]:
        expected = f"{LIBRARY!r}, a file, a folder or a pattern such as 'abstracts/*.jsonl'"
        wrong = FieldFault(field="source", got=", ".join(missing), expected=expected)
        raise ToolError(f"There is no file {missing[0]}.", wrong, kind="not_found")
    # What a folder holds may be links that lead out of it.
    return FileSource(tuple(readable(str(file)) for file in readable_files(paths)))

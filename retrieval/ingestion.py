"""Files read, cut, embedded and written, batch by batch."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from models.files import sha256_file
from retrieval.documents import Document, RowFault
from retrieval.embedder import Embedder
from retrieval.filelog import FileStatus
from retrieval.passages import cut_passages
from retrieval.sources import decompressed, find_source, readable_files
from retrieval.store import Store

BATCH_DOCUMENTS = 256
"""Written at once: what a kill can cost, and for how long searches see the same state."""


@dataclass(frozen=True)
class Progress:
    """How far an ingestion is.

    Attributes:
        file: The file that is read.
        done, total: Bytes of all files.
        documents: Read so far.
        rate: Documents per second.
    """

    file: Path
    done: int
    total: int
    documents: int
    rate: float


@dataclass
class Report:
    """What an ingestion did.

    Attributes:
        added: Documents that are new.
        known: Documents that were there already.
        updated: Documents of which bibliographic data changed, such as a retraction.
        replaced: Older versions of added documents, which were removed.
        unchanged_files: Files that had been added before as they are.
        faults: Records that could not be read, by file.
    """

    added: int = 0
    known: int = 0
    updated: int = 0
    replaced: int = 0
    files: int = 0
    unchanged_files: int = 0
    seconds: float = 0.0
    faults: dict[Path, list[RowFault]] = field(default_factory=dict)

    @property
    def documents(self) -> int:
        """Documents read."""
        return self.added + self.known


Observer = Callable[[Progress], None]
Item = TypeVar("Item")


class Ingestion:
    """One run over some files.

    Reading and embedding go on without the library's lease, which is taken for a moment per batch:
    searches and other ingestions go on beside it. What was written before a kill is found in the
    manifest and passed over when the same files are added again.
    """

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        observer: Observer = lambda _: None,
        batch: int = BATCH_DOCUMENTS,
    ) -> None:
        self._size = batch
        self._store = store
        self._embedder = embedder
        self._observer = observer
        self._report = Report()
        self._started = time.monotonic()

    def run(self, paths: Sequence[Path]) -> Report:
        """Adds files and folders; see `Library.add`."""
        files = [path.resolve() for path in readable_files(list(paths))]
        total, before = sum(file.stat().st_size for file in files), 0
        for file in files:
            self._file(file, before, total)
            before += file.stat().st_size
        self._report.seconds = time.monotonic() - self._started
        return self._report

    def add(self, documents: Iterable[Document], origin: str) -> Report:
        """Adds documents that come from no file."""
        for batch in _batches(documents, self._size):
            self._batch(batch, origin)
        self._report.seconds = time.monotonic() - self._started
        return self._report

    def _file(self, path: Path, before: int, total: int) -> None:
        files, origin = self._store.files, str(path)
        sha256 = sha256_file(path)
        known = files.find(origin)
        self._report.files += 1
        if known and known.sha256 == sha256 and known.status == "done":
            self._report.unchanged_files += 1
            return
        files.begin(origin, sha256)
        faults: list[RowFault] = []
        count = 0
        with path.open("rb") as raw:
            for batch in _batches(_documents(path, decompressed(raw, path), faults), self._size):
                self._batch(batch, origin)
                count += len(batch)
                self._tell(path, before + raw.tell(), total)
        if faults:
            self._report.faults[path] = faults
        files.end(FileStatus(origin, sha256, "done", count, len(faults)), faults)

    def _batch(self, documents: Sequence[Document], origin: str) -> None:
        distinct: dict[str, Document] = {}
        for document in documents:
            earlier = distinct.get(document.hash)
            distinct[document.hash] = earlier.completed_by(document) if earlier else document
        known = self._store.manifest.documents(list(distinct))
        fresh = [document for key, document in distinct.items() if key not in known]
        changed = [
            completed
            for key, old in known.items()
            if (completed := old.completed_by(distinct[key])) != old
        ]
        if changed:
            self._store.describe(changed, origin)
        if fresh:
            passages = [p for document in fresh for p in cut_passages(document)]
            vectors = self._embedder.encode([passage.context for passage in passages])
            self._report.replaced += self._store.put(fresh, passages, vectors, origin)
        self._report.added += len(fresh)
        self._report.known += len(documents) - len(fresh)
        self._report.updated += len(changed)

    def _tell(self, file: Path, done: int, total: int) -> None:
        seconds = time.monotonic() - self._started
        count = self._report.documents
        self._observer(Progress(file, done, total, count, count / max(seconds, 1e-9)))


def _documents(path: Path, stream: object, faults: list[RowFault]) -> Iterator[Document]:
    source = find_source(path)
    if source is None:  # changed since it was listed
        faults.append(RowFault(1, "the file is of no known kind"))
        return
    for item in source.read(stream):  # type: ignore[arg-type]
        if isinstance(item, RowFault):
            faults.append(item)
        else:
            yield item


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch

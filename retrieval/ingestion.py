"""Files read, cut, embedded and written, batch by batch."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from models.store.files import sha256_file
from retrieval.documents.document import DOI_PREFIX, RETRACTED_TYPE, Document, Notice, RowFault
from retrieval.documents.passages import cut_passages
from retrieval.documents.versions import complete_by_older, fold_versions
from retrieval.embedding.embedder import Embedder
from retrieval.indexing.filelog import MOST_FAULTS, FileStatus
from retrieval.indexing.store import Store
from retrieval.sources import find_source, read_file, readable_files

BATCH_DOCUMENTS = 256
"""Written at once: what a kill can cost, and for how long searches see the same state."""

BATCH_CHARACTERS = 1_000_000
"""A batch of full texts ends sooner."""


@dataclass(frozen=True)
class Progress:
    """How far an ingestion is.

    Attributes:
        file: The file that is read.
        done, total: Bytes of all files.
        documents: Read so far.
        rate: Documents per second.
        seconds: Since the beginning.
        remaining: Seconds left, from the bytes that are; None before anything was read.
    """

    file: Path
    done: int
    total: int
    documents: int
    rate: float
    seconds: float
    remaining: float | None


@dataclass
class Report:
    """What an ingestion did.

    Attributes:
        documents: Read from the files.
        added: Documents that are new.
        known: Documents that were there already.
        updated: Documents of which bibliographic data changed, such as a retraction.
        replaced: Older versions of added documents, which were removed.
        removed: Documents that a file says are deleted.
        unchanged_files: Files that had been added before as they are.
        faults: Records and pages that could not be read, by file; the first thousand of each.
    """

    documents: int = 0
    added: int = 0
    known: int = 0
    updated: int = 0
    replaced: int = 0
    removed: int = 0
    files: int = 0
    unchanged_files: int = 0
    seconds: float = 0.0
    faults: dict[Path, list[RowFault]] = field(default_factory=dict)


@dataclass
class _Tally:
    """What one file has given so far."""

    documents: int = 0
    pages: int = 0
    faults: int = 0
    kept: list[RowFault] = field(default_factory=list)

    def add(self, fault: RowFault) -> None:
        self.faults += 1
        if len(self.kept) < MOST_FAULTS:
            self.kept.append(fault)


Observer = Callable[[Progress], None]


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
        self._passed_over = 0

    def run(self, paths: Sequence[Path]) -> Report:
        """Adds files and folders; see `Library.add`."""
        files = [path.resolve() for path in readable_files(list(paths))]
        sizes = [file.stat().st_size for file in files]
        total, before = sum(sizes), 0
        for file, size in zip(files, sizes, strict=True):
            self._file(file, size, before, total)
            before += size
        self._report.seconds = time.monotonic() - self._started
        return self._report

    def add(self, documents: Iterable[Document], origin: str) -> Report:
        """Adds documents that come from no file."""
        for batch, _ in _batches(((document, 0) for document in documents), self._size):
            self._batch(batch, origin)
        self._report.seconds = time.monotonic() - self._started
        return self._report

    def _file(self, path: Path, size: int, before: int, total: int) -> None:
        files, origin = self._store.files, str(path)
        sha256 = sha256_file(path)
        known = files.find(origin)
        self._report.files += 1
        if known and known.sha256 == sha256 and known.status == "done":
            self._report.unchanged_files += 1
            self._passed_over += size
            return
        files.begin(origin, sha256)
        source, tally = find_source(path), _Tally()
        notices: list[Notice] = []
        for batch, position in _batches(_documents(path, tally, notices), self._size):
            tally.documents += len(batch)
            tally.pages += sum(len(document.pages) for document in batch)
            self._batch(batch, origin)
            self._heed(notices, origin)
            self._tell(path, before + position, total)
        self._heed(notices, origin)
        if tally.kept:
            self._report.faults[path] = tally.kept
        status = FileStatus(
            origin, sha256, "failed" if tally.faults and not tally.documents else "done",
            tally.documents, tally.faults, source.name if source else "", tally.pages, size,
        )  # fmt: skip
        files.end(status, tally.kept)
        self._tell(path, before + size, total)

    def _batch(self, given: Sequence[Document], origin: str) -> None:
        folded = fold_versions(given)
        listed = self._store.manifest
        older = listed.documents(listed.replaced_by(list(folded.documents.values()), origin))
        documents, successors = complete_by_older(folded.documents.values(), list(older.values()))
        for document in self._store.files.retracted(list(documents.values())):
            documents[document.hash] = _retracted(document)
        known = listed.documents(list(documents))
        fresh = [document for key, document in documents.items() if key not in known]
        changed = [
            completed
            for key, old in known.items()
            if (completed := old.completed_by(documents[key])) != old
        ]
        if changed:
            self._store.describe(changed, origin)
        if known:
            listed.note(list(known), origin)
        if successors:
            listed.inherit(successors)
        if fresh:
            passages = [p for document in fresh for p in cut_passages(document)]
            vectors = self._embedder.encode([passage.context for passage in passages])
            self._report.replaced += self._store.put(fresh, passages, vectors, origin)
        if successors:  # a version of what is known already, or what a killed process left
            self._report.replaced += self._store.remove(list(successors))
        self._report.documents += len(given)
        self._report.added += len(fresh)
        self._report.known += len(given) - len(fresh) - folded.older
        self._report.updated += len(changed)
        self._report.replaced += folded.older

    def _heed(self, notices: list[Notice], origin: str) -> None:
        """Does what notices say of articles that are listed; retractions are kept for later too."""
        if not notices:
            return
        names = {kind: [_bare(n.identifier) for n in notices if n.kind == kind] for kind in
                 ("retracted", "deleted")}  # fmt: skip
        notices.clear()
        self._store.files.note_retractions(names["retracted"])
        found = {kind: self._found(identifiers) for kind, identifiers in names.items()}
        flagged = [_retracted(d) for d in found["retracted"] if not d.retracted]
        if flagged:
            self._store.describe(flagged, origin)
            self._report.updated += len(flagged)
        if found["deleted"]:
            self._report.removed += self._store.remove([d.hash for d in found["deleted"]])

    def _found(self, identifiers: Sequence[str]) -> list[Document]:
        """Returns the listed documents that have one of the ids as their PMID or DOI."""
        found = (self._store.manifest.find(identifier) for identifier in identifiers)
        pairs = zip(found, identifiers, strict=True)
        return [
            document
            for document, name in pairs
            if document and name in (document.pmid, document.doi)
        ]

    def _tell(self, file: Path, done: int, total: int) -> None:
        seconds = time.monotonic() - self._started
        count, read = self._report.documents, done - self._passed_over
        left = (total - done) * seconds / read if read > 0 else None
        rate = count / max(seconds, 1e-9)
        self._observer(Progress(file, done, total, count, rate, seconds, left))


def _documents(path: Path, tally: _Tally, notices: list[Notice]) -> Iterator[tuple[Document, int]]:
    for item, position in read_file(path):
        if isinstance(item, RowFault):
            tally.add(item)
        elif isinstance(item, Notice):
            notices.append(item)
        else:
            yield item, position


def _batches(
    items: Iterable[tuple[Document, int]], size: int
) -> Iterator[tuple[list[Document], int]]:
    """Yields documents in batches, each with the position after it."""
    batch: list[Document] = []
    characters = position = 0
    for document, position in items:
        batch.append(document)
        characters += len(document.abstract) + len(document.text)
        if len(batch) >= size or characters >= BATCH_CHARACTERS:
            yield batch, position
            batch, characters = [], 0
    if batch:
        yield batch, position


def _retracted(document: Document) -> Document:
    types = list(dict.fromkeys([*document.publication_types, RETRACTED_TYPE]))
    return document.model_copy(update={"retracted": True, "publication_types": types})


def _bare(identifier: str) -> str:
    return DOI_PREFIX.sub("", identifier.strip()).casefold()

"""Manifest and indexes of one library folder, kept in step."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.documents import Document
from retrieval.filelog import FileLog
from retrieval.indexes import Handles, Indexes
from retrieval.keywords import Entry
from retrieval.manifest import Manifest
from retrieval.passages import Passage
from retrieval.storage import require_space, storage_errors
from retrieval.years import Years

Encode = Callable[[list[str]], NDArray[np.float32]]

MANIFEST = "manifest.sqlite"
RESERVE_BYTES = 100_000_000
"""Left free on the disk: Chroma writes its graph in place and cannot be stopped half-way."""


class Candidates(NamedTuple):
    """Passage ids with their scores, best first: cosines, and BM25 scores."""

    dense: dict[str, float]
    sparse: dict[str, float]


class Store:
    """Documents with their passages, vectors and words.

    An index may know more passages than the manifest, never fewer: new ones are written to the
    indexes first and listed last, old ones the other way round. What a killed process leaves in
    between is unlisted, hence never shown, and written again under the same ids.
    """

    def __init__(self, folder: Path, reserve: int = RESERVE_BYTES) -> None:
        self.folder = folder
        self._reserve = reserve
        with storage_errors(folder, "manifest", f"mv {folder} {folder}.damaged"):
            folder.mkdir(parents=True, exist_ok=True)
            self.manifest = Manifest(folder / MANIFEST)
            self.files = FileLog(folder / MANIFEST)
        self.inode = (folder / MANIFEST).stat().st_ino
        self._indexes = Indexes(folder, lambda: self.manifest.count("passages"))

    def close(self) -> None:
        """Frees all files."""
        self._indexes.close()
        self.manifest.close()
        self.files.close()

    def put(
        self,
        documents: Sequence[Document],
        passages: Sequence[Passage],
        vectors: NDArray[np.float32],
        origin: str,
    ) -> int:
        """Writes documents with their passages and vectors (passages, dimensions).

        Returns:
            How many documents were replaced: other versions of the same articles.

        Raises:
            PrerequisiteError: The disk is full or an index is damaged; nothing is listed then.
        """
        require_space(self.folder, self._reserve)
        with self._indexes.writing() as handles, storage_errors(self.folder, "index"):
            _index(handles, documents, passages, vectors)
            old = self.manifest.replaced_by(documents, origin)
            self.manifest.put(documents, passages, origin)
            if old:
                gone = self.manifest.passages_of(old)
                self.manifest.forget(old)
                handles.vectors.delete(gone)
                handles.keywords.delete(gone)
        return len(old)

    def describe(self, documents: Sequence[Document], origin: str) -> None:
        """Writes changed bibliographic data of listed documents, whose vectors stay.

        Raises:
            PrerequisiteError: The disk is full or an index is damaged.
        """
        require_space(self.folder, self._reserve)
        with self._indexes.writing() as handles, storage_errors(self.folder, "index"):
            known = self.manifest.documents([document.hash for document in documents])
            moved = [d.hash for d in documents if known[d.hash].year != d.year]
            listed = self.manifest.listed(self.manifest.passages_of(moved))
            if listed:
                _index(handles, documents, [item.passage for item in listed.values()])
            self.manifest.put(documents, [], origin)

    def candidates(
        self, query: str, vector: NDArray[np.float32], limit: int, years: Years
    ) -> Candidates:
        """Returns the passages that each index finds for a query, best first.

        Raises:
            PrerequisiteError: An index is damaged.
        """
        with self._indexes.reading() as handles, storage_errors(self.folder, "index"):
            return Candidates(
                handles.vectors.nearest(vector, limit, years),
                handles.keywords.best(query, limit, years),
            )

    def rebuild(self, encode: Encode, progress: Callable[[int, int], None]) -> None:
        """Makes both indexes anew from the texts in the manifest.

        Args:
            encode: Turns texts into vectors.
            progress: Told the documents done and their number.

        Raises:
            PrerequisiteError: The disk is full, or the manifest is damaged.
        """
        require_space(self.folder, self._reserve)
        with self._indexes.rebuilding() as handles, storage_errors(self.folder, "manifest"):
            total, done = self.manifest.count("documents"), 0
            after = ""
            while documents := self.manifest.all_documents(after):
                listed = self.manifest.listed(
                    self.manifest.passages_of([d.hash for d in documents])
                )
                passages = [item.passage for item in listed.values()]
                _index(handles, documents, passages, encode([p.context for p in passages]))
                after = documents[-1].hash
                done += len(documents)
                progress(done, total)


def _index(
    handles: Handles,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    vectors: NDArray[np.float32] | None = None,
) -> None:
    """Writes passages to both indexes; without vectors, those that are there stay."""
    years = {document.hash: document.year for document in documents}
    ids = [passage.id for passage in passages]
    metadata = [_metadata(p.document, years[p.document]) for p in passages]
    if vectors is None:
        handles.vectors.describe(ids, metadata)
    else:
        handles.vectors.put(ids, vectors, metadata)
    handles.keywords.put([Entry(p.id, p.context, years[p.document]) for p in passages])


def _metadata(document: str, year: int | None) -> dict[str, str | int]:
    return {"document": document} | ({"year": year} if year else {})


_stores: dict[Path, Store] = {}
_stores_lock = threading.Lock()


def open_store(folder: Path) -> Store:
    """Returns the process's one store of a folder, made when missing.

    Two Chroma clients of one process share their state, so a second handle would keep the first
    one from being opened again.

    Raises:
        PrerequisiteError: The manifest is damaged or the disk full.
    """
    folder = folder.resolve()
    with _stores_lock:
        store = _stores.get(folder)
        manifest = folder / MANIFEST
        if store and not (manifest.exists() and manifest.stat().st_ino == store.inode):
            store.close()  # the folder was removed, and perhaps made anew
            store = None
        _stores[folder] = store or Store(folder)
        return _stores[folder]


def close_store(folder: Path) -> None:
    """Frees the files of a folder's store, if this process has one."""
    with _stores_lock:
        store = _stores.pop(folder.resolve(), None)
        if store:
            store.close()

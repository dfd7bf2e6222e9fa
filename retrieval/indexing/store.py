"""Manifest and indexes of one library folder, kept in step."""

import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.documents.document import Document
from retrieval.documents.passages import Passage
from retrieval.indexing.chroma import Folder, Place, Server
from retrieval.indexing.filelog import FileLog
from retrieval.indexing.indexes import VECTORS, Handles, Indexes
from retrieval.indexing.keywords import Entry
from retrieval.indexing.manifest import Manifest
from retrieval.indexing.storage import require_space, storage_errors
from retrieval.search.filters import EVERYTHING, YEAR, Filters, facets_of

Encode = Callable[[list[str]], NDArray[np.float32]]

MANIFEST = "manifest.sqlite"
CHROMA_URL, COLLECTION = "chroma_url", "collection"
"""What the manifest keeps of where the vectors are."""

RESERVE_BYTES = 100_000_000
"""Left free on the disk: Chroma writes its graph in place and cannot be stopped half-way."""


FEW = 8000
"""Passages that are handed to Chroma one by one."""


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

    def __init__(self, folder: Path, reserve: int = RESERVE_BYTES, few: int = FEW) -> None:
        self.folder = folder
        self._reserve = reserve
        self._few = few
        with storage_errors(folder, "manifest", f"mv {folder} {folder}.damaged"):
            folder.mkdir(parents=True, exist_ok=True)
            self.manifest = Manifest(folder / MANIFEST)
            self.files = FileLog(folder / MANIFEST)
        self.inode = (folder / MANIFEST).stat().st_ino
        self._indexes = Indexes(folder, self._place, lambda: self.manifest.count("passages"))

    def _place(self) -> Place:
        """Returns where the vectors are: as the manifest says, on a server or in the folder."""
        url = self.manifest.setting(CHROMA_URL)
        if not url:
            return Folder(self.folder / VECTORS)
        name = self.manifest.setting(COLLECTION)
        if not name:
            name = f"theriac-{uuid.uuid4().hex}"
            self.manifest.set(COLLECTION, name)
        return Server(url, name)

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
            _index(handles, {d.hash: d for d in documents}, passages, vectors)
            old = self.manifest.replaced_by(documents, origin)
            self.manifest.put(documents, passages, origin)
            if old:
                self._forget(handles, old)
        return len(old)

    def describe(self, documents: Sequence[Document], origin: str) -> None:
        """Writes changed bibliographic data of listed documents, whose vectors stay.

        Raises:
            PrerequisiteError: The disk is full or an index is damaged.
        """
        require_space(self.folder, self._reserve)
        with self._indexes.writing() as handles, storage_errors(self.folder, "index"):
            known = self.manifest.documents([document.hash for document in documents])
            moved = {
                d.hash: d for d in documents if set(facets_of(known[d.hash])) != set(facets_of(d))
            }
            listed = self.manifest.listed(self.manifest.passages_of(list(moved)))
            if listed:
                handles.keywords.put(_entries(moved, [item.passage for item in listed.values()]))
            self.manifest.put(documents, [], origin)

    def remove(self, hashes: Sequence[str]) -> int:
        """Removes documents with their passages.

        What a killed process leaves of them in the indexes is unlisted, hence never shown.

        Returns:
            How many there were.

        Raises:
            PrerequisiteError: An index is damaged; nothing more is listed then all the same.
        """
        with self._indexes.writing() as handles, storage_errors(self.folder, "index"):
            there = list(self.manifest.documents(hashes))
            self._forget(handles, there)
        return len(there)

    def _forget(self, handles: Handles, hashes: Sequence[str]) -> None:
        gone = self.manifest.passages_of(hashes)
        self.manifest.forget(hashes)
        if gone:
            handles.vectors.delete(gone)
            handles.keywords.delete(gone)

    def candidates(
        self, query: str, vector: NDArray[np.float32], limit: int, filters: Filters = EVERYTHING
    ) -> Candidates:
        """Returns the passages that each index finds for a query, best first.

        Raises:
            PrerequisiteError: An index is damaged.
        """
        with self._indexes.reading() as handles, storage_errors(self.folder, "index"):
            return Candidates(
                self._nearest(handles, vector, limit, filters),
                handles.keywords.best(query, limit, filters),
            )

    def _nearest(
        self, handles: Handles, vector: NDArray[np.float32], limit: int, filters: Filters
    ) -> dict[str, float]:
        """Returns the nearest passages that pass the filters.

        Chroma's own filters take time in proportion to what passes, half a second at 200,000. So
        few passages are handed to it by id; of many, some are sure to be near, and it is asked
        deeper and deeper until enough of them are.
        """
        if not filters:
            return handles.vectors.nearest(vector, limit)
        few = self.manifest.matching(filters, self._few + 1)
        if len(few) <= self._few:
            return handles.vectors.nearest(vector, limit, few)
        for depth in (4 * limit, 16 * limit):
            found = handles.vectors.nearest(vector, depth)
            passing = self.manifest.passing(list(found), filters)
            if len(passing) >= limit:
                near = [key for key in found if key in passing][:limit]
                return {key: found[key] for key in near}
        return handles.vectors.nearest(vector, limit, self.manifest.matching(filters))

    def similar(self, passage: str, limit: int) -> dict[str, float]:
        """Returns the passages nearest to one of them, itself left out, with their cosines.

        Raises:
            PrerequisiteError: An index is damaged.
        """
        with self._indexes.reading() as handles, storage_errors(self.folder, "index"):
            own = handles.vectors.vectors([passage]).get(passage)
            found = {} if own is None else handles.vectors.nearest(own, limit + 1)
        found.pop(passage, None)
        return dict(list(found.items())[:limit])

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
            while documents := self.manifest.documents_after(after):
                listed = self.manifest.listed(self.manifest.passages_of(list(documents)))
                passages = [item.passage for item in listed.values()]
                _index(handles, documents, passages, encode([p.context for p in passages]))
                self.manifest.classify(documents)
                after = max(documents)
                done += len(documents)
                progress(done, total)


def _index(
    handles: Handles,
    documents: Mapping[str, Document],
    passages: Sequence[Passage],
    vectors: NDArray[np.float32],
) -> None:
    """Writes passages of documents, by hash, to both indexes."""
    ids = [passage.id for passage in passages]
    handles.vectors.put(ids, vectors, [passage.document for passage in passages])
    handles.keywords.put(_entries(documents, passages))


def _entries(documents: Mapping[str, Document], passages: Sequence[Passage]) -> list[Entry]:
    terms = {
        key: [facet.term for facet in facets_of(document) if facet.kind != YEAR]
        for key, document in documents.items()
    }
    return [Entry(p.id, p.context, documents[p.document].year, terms[p.document]) for p in passages]


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

"""The literature library of a workspace: documents in, ranked passages out."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from models.errors import PrerequisiteError, ToolError, fault
from models.store.workspace import Workspace
from models.text.weights import PACKAGE
from retrieval.documents.document import DOI_PREFIX, Document, RowFault
from retrieval.documents.export import export
from retrieval.embedding.embedder import Embedder, load_embedder
from retrieval.indexing.choices import RERANKER, keep, move
from retrieval.indexing.filelog import FileStatus
from retrieval.indexing.keywords import stems
from retrieval.indexing.manifest import Listed
from retrieval.indexing.storage import REPAIR
from retrieval.indexing.store import MANIFEST, Candidates, Store, close_store, open_store
from retrieval.ingestion import Ingestion, Observer, Report
from retrieval.removal import Removal
from retrieval.search.cite import Cited, Quote, best_sentences
from retrieval.search.filters import EVERYTHING, Filters
from retrieval.search.highlights import highlights
from retrieval.search.hybrid import (
    CANDIDATES,
    LEAST_SIMILARITY,
    SearchHit,
    best_passages,
    min_max_fusion,
)
from retrieval.search.known_names import require_known
from retrieval.search.reranker import load_reranker
from retrieval.settings import LibrarySettings
from retrieval.starter import STARTER_ORIGIN, starter_notes

RERANKED = 50
"""Passages that a cross-encoder reads at least."""

EMBEDDER, FINGERPRINT = "embedder", "fingerprint"
PMID_PREFIX = re.compile(r"^\W*(?:pmid|pubmed(?: id)?|article|id)\W*", re.IGNORECASE)


@dataclass(frozen=True)
class LibraryStats:
    """What a library holds."""

    documents: int
    passages: int
    starter_notes: int
    retracted: int
    files: list[FileStatus]


class Neighbours(NamedTuple):
    """What is around a passage.

    Attributes:
        of: The passage itself.
        before, after: In its document, in reading order.
        alike: The most similar passages of other articles, with the cosine as score.
    """

    of: Listed
    before: list[Listed]
    after: list[Listed]
    alike: list[SearchHit]


class Library:
    """The library of a workspace; opening one is cheap, and files stay open for the next.

    A library that holds nothing yet is given the starter notes when it is first asked something.

    Args:
        workspace: Where it lies.
        embedder: A local folder of a sentence embedder, for a library that is still to be made;
            None for all-MiniLM-L6-v2. A library keeps to the embedder it was made with.
        settings: Where the vectors go and what ranks again; what is not given stays as it was.
    """

    def __init__(
        self,
        workspace: Workspace,
        embedder: Path | None = None,
        settings: LibrarySettings | None = None,
    ) -> None:
        self._folder = workspace.library
        self._chosen = embedder
        self._settings = settings or LibrarySettings()

    def __enter__(self) -> "Library":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Frees the files; the next use opens them again."""
        close_store(self._folder)

    def add(self, paths: Sequence[Path], observer: Observer = lambda _: None) -> Report:
        """Adds files, and those in folders; what is there already is not embedded again.

        Args:
            paths: Files of any kind in `retrieval.sources`, also compressed, or folders of them.
            observer: Told the progress after each batch.

        Raises:
            ToolError: A path does not exist or is of no known kind.
            PrerequisiteError: The disk is full or the library damaged.
        """
        return Ingestion(self._store(), self._embedder(), observer).run(paths)

    def search(self, query: str, top_k: int = 8, filters: Filters = EVERYTHING) -> list[SearchHit]:
        """Returns the articles that answer a query best, each with its best passage.

        Raises:
            ToolError: A name in the filters is none of the library's.
            PrerequisiteError: An index is damaged.
        """
        dense, sparse = self.candidates(query, max(CANDIDATES, 2 * top_k), filters)
        fused = {
            key: score
            for key, score in min_max_fusion(dense, sparse).items()
            if key in sparse or dense[key] >= LEAST_SIMILARITY
        }
        wanted = stems(query)
        return [
            replace(hit, highlights=highlights(wanted, hit.text, hit.start))
            for hit in best_passages(self._reranked(query, fused, top_k), dense, self.listed, top_k)
        ]

    def candidates(self, query: str, depth: int, filters: Filters = EVERYTHING) -> Candidates:
        """Returns the ids of the passages that each index finds for a query, best first."""
        store = self._filled()
        if filters:
            require_known(filters, store.manifest)
        return store.candidates(query, self._embedder().encode([query])[0], depth, filters)

    def neighbours(self, passage: str, count: int = 2) -> Neighbours:
        """Returns what stands around a passage, and what other documents say most like it.

        Args:
            passage: Its id, or an article's, whose first passage it is then.
            count: At most so many before it, after it and like it.

        Raises:
            ToolError: There is none of that id.
            PrerequisiteError: An index is damaged.
        """
        store = self._filled()
        known = store.manifest.listed([passage])
        if not known:
            own = store.manifest.in_order(self.article(passage).hash)
            known, passage = {own[0]: store.manifest.listed(own[:1])[own[0]]}, own[0]
        own = store.manifest.in_order(known[passage].passage.document)
        place = own.index(passage)
        listed = store.manifest.listed(own[max(0, place - count) : place + count + 1])
        near = store.similar(passage, count + len(own))
        alike = {key: score for key, score in near.items() if key not in own}
        return Neighbours(
            of=known[passage],
            before=[listed[key] for key in own[max(0, place - count) : place]],
            after=[listed[key] for key in own[place + 1 : place + count + 1]],
            alike=best_passages(alike, alike, self.listed, count),
        )

    def listed(self, passages: Sequence[str]) -> dict[str, Listed]:
        """Returns passages and their documents by passage id."""
        return self._store().manifest.listed(passages)

    def quote(self, query: str, hits: Sequence[SearchHit], count: int = 1) -> list[list[Quote]]:
        """Returns for each hit the sentences of its passage that answer the query best."""
        cited = [Cited(hit.text, hit.start) for hit in hits]
        return best_sentences(query, cited, self._embedder(), count)

    def article(self, article_id: str) -> Document:
        """Returns a document by PMID, the source's own id, DOI or content hash.

        Raises:
            ToolError: There is none; names the nearest id.
        """
        manifest = self._filled().manifest
        given = article_id.strip()
        for name in dict.fromkeys((given, _bare(given))):
            document = manifest.find(name)
            if document:
                return document
        wrong = fault("article_id", given, "an id from the library", manifest.identifiers())
        raise ToolError(f"The library has no article {given}.", wrong, kind="not_found")

    def removal(
        self, ids: Sequence[str] = (), files: Sequence[Path] = (), *, retracted: bool = False
    ) -> Removal:
        """Returns the removal of articles, which is done when it is run.

        Args:
            ids: Of articles, with or without the prefix that says what they are.
            files: What came from these and from no other file.
            retracted: All retracted articles, too.

        Raises:
            ToolError: Names every id and file that the library does not know.
        """
        manifest = self._store().manifest
        plain = [name if manifest.find(name) else _bare(name) for name in ids]
        return Removal(self._store(), plain, files, retracted=retracted)

    def export(self, path: Path, filters: Filters = EVERYTHING) -> int:
        """Writes the articles that pass to a JSONL, CSV or RIS file; returns how many.

        Raises:
            ToolError: The file's name ends otherwise, it cannot be written, or a name in the
                filters is none of the library's.
        """
        return export(self.documents(filters), path)

    def documents(self, filters: Filters = EVERYTHING) -> Iterator[Document]:
        """Yields the articles that pass, without the starter notes, in the order of hashes."""
        manifest = self._store().manifest
        if filters:
            require_known(filters, manifest)
        passing = manifest.documents_matching(filters) if filters else None
        after = ""
        while batch := manifest.documents_after(after):
            after = max(batch)
            for key, document in batch.items():
                if not document.is_starter_note and (passing is None or key in passing):
                    yield document

    def faults(self, path: Path, limit: int) -> list[RowFault]:
        """Returns what could not be read of a file."""
        return self._store().files.faults(str(path), limit)

    def held(self, path: Path) -> int:
        """Returns how many of a file's documents the library still has."""
        return self._store().manifest.count_from(str(path))

    def stats(self) -> LibraryStats:
        """Returns what the library holds; an empty one stays empty."""
        if not (self._folder / MANIFEST).exists():
            return LibraryStats(0, 0, 0, 0, [])
        manifest = self._store().manifest
        notes, retracted = manifest.count_kinds()
        return LibraryStats(
            documents=manifest.count("documents"),
            passages=manifest.count("passages"),
            starter_notes=notes,
            retracted=retracted,
            files=self._store().files.all(),
        )

    def repair(self, progress: Callable[[int, int], None] = lambda *_: None) -> LibraryStats:
        """Makes both indexes anew from the texts that the library keeps.

        Args:
            progress: Told the documents done and their number.

        Raises:
            PrerequisiteError: The disk is full, or the manifest itself is damaged.
        """
        if (self._folder / MANIFEST).exists():
            store = open_store(self._folder)
            move(self._settings, store.manifest)
            kept = store.manifest.setting(EMBEDDER)
            embedder = load_embedder(Path(kept) if kept else None)
            store.rebuild(embedder.encode, progress)
            store.manifest.set(FINGERPRINT, embedder.fingerprint)
        return self.stats()

    def _reranked(self, query: str, fused: dict[str, float], top_k: int) -> dict[str, float]:
        """Returns the best passages in the cross-encoder's order, where the library has one."""
        folder = self._store().manifest.setting(RERANKER)
        if not folder:
            return fused
        best = list(fused)[: max(RERANKED, 2 * top_k)]
        listed = self.listed(best)
        known = [key for key in best if key in listed]
        texts = [listed[key].passage.context for key in known]
        scores = load_reranker(Path(folder)).scores(query, texts)
        order = sorted(zip(known, map(float, scores), strict=True), key=lambda item: -item[1])
        return dict(order)

    def _store(self) -> Store:
        store = open_store(self._folder)
        keep(self._settings, store.manifest)
        return store

    def _filled(self) -> Store:
        """Returns the store, with the starter notes where it would be empty."""
        store = self._store()
        if store.manifest.empty():
            Ingestion(store, self._embedder()).add(starter_notes(), STARTER_ORIGIN)
        return store

    def _embedder(self) -> Embedder:
        """Returns the embedder that the library was made with; a new one is made with the chosen.

        Raises:
            ToolError: Another one was chosen.
            PrerequisiteError: Its weights are no longer those of the vectors.
        """
        manifest = self._store().manifest
        fingerprint = manifest.setting(FINGERPRINT)
        if fingerprint is None:
            embedder = load_embedder(self._chosen)
            manifest.set(EMBEDDER, str(self._chosen or ""))
            manifest.set(FINGERPRINT, embedder.fingerprint)
            return embedder
        kept = manifest.setting(EMBEDDER)
        if self._chosen and str(self._chosen) != kept:
            wrong = fault("embedder", str(self._chosen), kept or PACKAGE)
            raise ToolError("The library was made with another embedder.", wrong)
        embedder = load_embedder(Path(kept) if kept else None)
        if embedder.fingerprint != fingerprint:
            message = f"The embedder {kept or PACKAGE} is not the one the library was made with."
            raise PrerequisiteError(message, REPAIR)
        return embedder


def _bare(article_id: str) -> str:
    """Returns an id without the prefix that says what it is."""
    return DOI_PREFIX.sub("", PMID_PREFIX.sub("", article_id)).strip("[]() .")

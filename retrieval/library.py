"""The literature library of a workspace: documents in, ranked passages out."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from models.errors import PrerequisiteError, ToolError, fault
from models.workspace import Workspace
from retrieval.cite import Cited, Quote, best_sentences
from retrieval.documents import DOI_PREFIX, Document
from retrieval.embedder import Embedder, load_embedder
from retrieval.filelog import FileStatus
from retrieval.ingestion import Ingestion, Observer, Report
from retrieval.manifest import Listed
from retrieval.search import CANDIDATES, LEAST_SIMILARITY, SearchHit, best_passages, min_max_fusion
from retrieval.starter import STARTER_ORIGIN, starter_notes
from retrieval.storage import REPAIR
from retrieval.store import MANIFEST, Candidates, Store, close_store, open_store
from retrieval.weights import PACKAGE
from retrieval.years import ALL_YEARS, Years

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


class Library:
    """The library of a workspace; opening one is cheap, and files stay open for the next.

    A library that holds nothing yet is given the starter notes when it is first asked something.

    Args:
        workspace: Where it lies.
        embedder: A local folder of a sentence embedder, for a library that is still to be made;
            None for all-MiniLM-L6-v2. A library keeps to the embedder it was made with.
    """

    def __init__(self, workspace: Workspace, embedder: Path | None = None) -> None:
        self._folder = workspace.library
        self._chosen = embedder

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
            paths: JSONL, CSV or PubMed XML, also compressed (.gz), or folders of them.
            observer: Told the progress after each batch.

        Raises:
            ToolError: A path does not exist or is of no known kind.
            PrerequisiteError: The disk is full or the library damaged.
        """
        return Ingestion(self._store(), self._embedder(), observer).run(paths)

    def search(
        self,
        query: str,
        top_k: int = 8,
        year_from: int | None = None,
        year_to: int | None = None,
    ) -> list[SearchHit]:
        """Returns the documents that answer a query best, each with its best passage.

        Raises:
            ToolError: The range of years is empty.
            PrerequisiteError: An index is damaged.
        """
        dense, sparse = self.candidates(
            query, max(CANDIDATES, 2 * top_k), Years(year_from, year_to)
        )
        fused = {
            key: score
            for key, score in min_max_fusion(dense, sparse).items()
            if key in sparse or dense[key] >= LEAST_SIMILARITY
        }
        return best_passages(fused, dense, self.listed, top_k)

    def candidates(self, query: str, depth: int, years: Years = ALL_YEARS) -> Candidates:
        """Returns the ids of the passages that each index finds for a query, best first."""
        store = self._filled()
        return store.candidates(query, self._embedder().encode([query])[0], depth, years)

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
            store = self._store()
            kept = store.manifest.setting(EMBEDDER)
            embedder = load_embedder(Path(kept) if kept else None)
            store.rebuild(embedder.encode, progress)
            store.manifest.set(FINGERPRINT, embedder.fingerprint)
        return self.stats()

    def _store(self) -> Store:
        return open_store(self._folder)

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

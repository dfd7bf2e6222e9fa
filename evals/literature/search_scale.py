"""Search in 200,000 passages: how long a query takes, and what the approximate index misses.

Vectors and library are kept in the user's cache (`THERIAC_CACHE`), as making them takes long.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.llm.embedded.routing.weights import cache_folder
from evals.literature.scifact import CLAIMS, read_claims
from evals.registry import EvalOptions, Report, ReportTable, eval_task
from evals.scorers.sentence_windows import embedded, sentence_windows
from models.store.workspace import Workspace

PASSAGES = 200_000
QUERIES = 200
TOP = 10
BATCH = 5000
FIRST_YEAR, YEARS = 1990, 30
P95_BAR, RECALL_BAR = 60, 0.98


@eval_task("search_scale", "query p95 and recall@10 at 200,000 passages, beside exact search")
def run(options: EvalOptions) -> Report:
    """Searches for SciFact's training claims among real sentences, some with their titles."""
    from retrieval.embedding.embedder import load_embedder
    from retrieval.indexing.vectors import HNSW
    from retrieval.library import Library
    from retrieval.search.filters import Filters
    from retrieval.search.years import Years

    folder = options.folder("scifact")
    embedder = load_embedder()
    texts = sentence_windows(folder.parent, options.limit or PASSAGES)
    cache = cache_folder() / "search_scale"
    fingerprint = f"{embedder.fingerprint}-{embedder.precision}"
    matrix = embedded(texts, embedder.encode, fingerprint, cache)
    claims = [claim.text for claim in read_claims(folder / CLAIMS)]
    queries = claims[options.seed :: max(1, len(claims) // QUERIES)][:QUERIES]
    with Library(_filled(cache, texts, matrix)) as library:
        library.search(queries[0])  # opens what stays open
        vectors = np.concatenate([embedder.encode([query]) for query in queries])
        dense = [list(library.candidates(query, 100).dense)[:TOP] for query in queries]
        recent, one = Filters(Years(FIRST_YEAR + YEARS // 2)), Filters(Years(2001, 2001))
        seconds = {
            "library search": _timed(queries, lambda query: library.search(query, TOP)),
            "of some years (half pass)": _timed(
                queries, lambda query: library.search(query, TOP, recent)
            ),
            "of one year (1 in 30 passes)": _timed(
                queries, lambda query: library.search(query, TOP, one)
            ),
            "embedding the query": _timed(queries, lambda query: embedder.encode([query])),
            "exact search, NumPy": _timed(vectors, lambda vector: _exact(matrix, vector)),
        }
        hashes = _hashes(texts)
    found = [
        len(set(_exact(matrix, vector)) & {hashes[key.split("-")[0]] for key in keys}) / TOP
        for vector, keys in zip(vectors, dense, strict=True)
    ]
    p95 = {name: float(np.quantile(values, 0.95)) * 1000 for name, values in seconds.items()}
    return Report(
        title=f"Search in {len(texts):,} passages",
        tables=[_table(seconds)],
        figures={
            f"query p95, ms (bar {P95_BAR})": round(p95["library search"], 1),
            "p95 over that of exact search": p95["library search"] / p95["exact search, NumPy"],
            f"recall@10 against exact search (bar {RECALL_BAR})": float(np.mean(found)),
        },
        notes=[
            f"{len(queries)} of SciFact's training claims; nothing was tuned on them.",
            f"HNSW: {', '.join(f'{name} {value}' for name, value in HNSW.items())}.",
            "A library search embeds the query, asks both indexes, fuses and looks the texts up; "
            "exact search is one product of the ready vector with a matrix in memory. "
            "Years are made up.",
        ],
    )


def _filled(cache: Path, texts: Sequence[str], matrix: NDArray[np.float32]) -> Workspace:
    """Returns a workspace whose library has the passages; goes on where it was stopped."""
    from retrieval.documents.document import Document
    from retrieval.documents.passages import cut_passages
    from retrieval.indexing.store import close_store, open_store
    from retrieval.indexing.vectors import HNSW

    key = hashlib.sha256("\x1f".join([repr(HNSW), *texts]).encode()).hexdigest()[:16]
    workspace = Workspace(cache / f"library-{key}")
    store = open_store(workspace.library)
    done = store.manifest.count("documents")
    for start in range(done - done % BATCH, len(texts), BATCH):
        documents = [
            Document(source_id=str(n), abstract=texts[n], year=FIRST_YEAR + n % YEARS)
            for n in range(start, min(start + BATCH, len(texts)))
        ]
        passages = [passage for document in documents for passage in cut_passages(document)]
        store.put(documents, passages, matrix[start : start + BATCH], "passages")
    close_store(workspace.library)
    return workspace


def _hashes(texts: Sequence[str]) -> dict[str, int]:
    """Returns which passage each document is."""
    from retrieval.documents.document import Document

    return {Document(abstract=text).hash: n for n, text in enumerate(texts)}


def _exact(matrix: NDArray[np.float32], vector: NDArray[np.float32]) -> list[int]:
    scores = matrix @ vector
    best = np.argpartition(scores, -TOP)[-TOP:]
    return [int(n) for n in best[np.argsort(-scores[best])]]


def _timed(items: Iterable[Any], work: Callable[[Any], object]) -> list[float]:
    seconds = []
    for item in items:
        started = time.perf_counter()
        work(item)
        seconds.append(time.perf_counter() - started)
    return seconds


def _table(seconds: dict[str, list[float]]) -> ReportTable:
    return ReportTable(
        title="Milliseconds a query",
        columns=["what", "p50", "p95"],
        rows=[
            [name, *(round(float(np.quantile(values, q)) * 1000, 1) for q in (0.5, 0.95))]
            for name, values in seconds.items()
        ],
    )

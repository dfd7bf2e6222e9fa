"""Leads on real articles, sliced by time: links that were new after a year, ranked from before it.

The articles are those of PubMedQA that have a year. A concept is a MeSH heading, or a chemical or
disease that the tagger finds. For every concept as a start, the candidates are the concepts that it
shared no article with up to the cut-off but linking terms; those that it shares one with later are
to be ranked first (Yetisgen-Yildiz and Pratt 2009, doi:10.1016/j.jbi.2008.12.001).
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.registry import EvalOptions, Report, ReportTable, eval_task
from models.metrics.intervals import Interval, bootstrap
from retrieval.documents.document import Document
from retrieval.documents.records import read_record
from retrieval.leads.network import FEW_DOCUMENTS, LEAST_DOCUMENTS, MOST_SHARE
from retrieval.leads.ranking import Candidates, Floats, Occurrences, rank_candidates

ARTICLES = "articles*.jsonl"
SLICES = ((2007, 2010), (2010, 2017))
"""First the year of the cut-off, then the last one whose links count as new."""

GENERAL = {
    "Humans", "Female", "Male", "Animals", "Pregnancy", "Infant, Newborn", "Infant",
    "Child, Preschool", "Child", "Adolescent", "Young Adult", "Adult", "Middle Aged", "Aged",
    "Aged, 80 and over", "Mice", "Rats", "Dogs", "Cats", "Rabbits",
}  # fmt: skip
"""MeSH check tags: of whom an article is, not of what."""

TOP = (10, 50)
OURS = "leads (the product)"

Rank = Callable[[Candidates], Floats]


@dataclass(frozen=True)
class Slice:
    """Articles up to a year, and the links that later ones add.

    Attributes:
        occurrences: Concepts in the earlier articles.
        usable: Which concepts are neither rare nor in very many articles (concepts,).
        linked: Which pairs occur together later (concepts, concepts).
    """

    occurrences: Occurrences
    usable: NDArray[np.bool_]
    linked: NDArray[np.bool_]


@eval_task(
    "leads", "links that were new after a year, ranked from before it (bar: beats frequency)"
)
def run(options: EvalOptions) -> Report:
    """Ranks candidates for every concept of the earlier articles."""
    from retrieval.embedding.embedder import load_embedder

    documents = _read(options.folder("pubmedqa"), options.limit)
    vectors = load_embedder().encode([document.title for document in documents])
    sources = {
        "MeSH headings": [set(document.mesh) - GENERAL for document in documents],
        "chemicals and diseases": _tagged(documents),
    }
    methods = _methods(options.seed)
    tables, figures = [], {}
    for source, concepts in sources.items():
        for cut, last in SLICES:
            part = _slice(documents, concepts, vectors, cut, last)
            scores = _scores(part, methods)
            table = _table(f"{source}, new in {cut + 1}–{last}", scores, options.seed)
            tables.append(table)
            gain = _gain(scores[OURS], scores["frequency"], options.seed)
            figures[f"AUROC over frequency, {source}, from {cut + 1}"] = gain
    return Report(
        title="Leads, sliced by time",
        tables=tables,
        figures=figures,
        notes=[
            f"{len(documents)} articles with a year: a small library, in which most new links are "
            "of concepts that occur often; intervals are 95%, by bootstrap over the starts.",
            "The weights of the ranking were chosen with these articles in view: on others it may "
            "do less well.",
            "P and R are precision and recall at a depth; linking terms and average minimum weight "
            "are the rankings of Yetisgen-Yildiz and Pratt.",
        ],
    )


def _read(folder: Path, limit: int | None) -> list[Document]:
    found = [
        read_record(json.loads(line))
        for path in sorted(folder.glob(ARTICLES))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [document for document in found if document.year][:limit]


def _tagged(documents: Sequence[Document]) -> list[set[str]]:
    from retrieval.mining.text_models import EntityExtractor

    outcomes = EntityExtractor().extract(documents)
    return [{f.details["normalised_id"] for f in outcome.findings} for outcome in outcomes]


def _slice(
    documents: Sequence[Document],
    concepts: Sequence[set[str]],
    vectors: NDArray[np.float32],
    cut: int,
    last: int,
) -> Slice:
    years = np.array([document.year for document in documents])
    before = np.flatnonzero(years <= cut).tolist()
    after = np.flatnonzero((years > cut) & (years <= last)).tolist()
    counts = Counter(name for row in before for name in concepts[row])
    names = sorted(name for name, count in counts.items() if count >= LEAST_DOCUMENTS)
    columns = {name: column for column, name in enumerate(names)}
    earlier = _matrix([concepts[row] for row in before], columns)
    later = _matrix([concepts[row] for row in after], columns)
    occurrences = Occurrences(earlier, vectors[before])
    most = max(FEW_DOCUMENTS, MOST_SHARE * len(before))
    linked = (later.T @ later).toarray() > 0
    return Slice(occurrences, occurrences.frequency <= most, linked)


def _matrix(rows: Sequence[set[str]], columns: Mapping[str, int]) -> Any:
    from scipy.sparse import csr_matrix

    at = [
        (row, columns[n]) for row, names in enumerate(rows) for n in sorted(names & columns.keys())
    ]
    places = np.array(at, np.int64).reshape(-1, 2)
    shape = len(rows), len(columns)
    return csr_matrix((np.ones(len(places)), (places[:, 0], places[:, 1])), shape=shape)


def _methods(seed: int) -> dict[str, Rank]:
    chance = np.random.default_rng(seed)
    return {
        OURS: lambda c: c.score,
        "frequency": lambda c: c.frequency,
        "linking terms": lambda c: c.terms,
        "average minimum weight": lambda c: c.strength / c.terms,
        "likeness of titles": lambda c: c.context,
        "random": lambda c: chance.random(c.concepts.size),
    }


def _scores(part: Slice, methods: Mapping[str, Rank]) -> dict[str, NDArray[np.float64]]:
    """Returns by method precision and recall at each depth and AUROC, a row a start (starts, 5)."""
    rows: dict[str, list[list[float]]] = {name: [] for name in methods}
    for start in np.flatnonzero(part.usable):
        column = part.occurrences.matrix[:, [start]]
        holding = np.asarray(column.todense()).ravel() > 0
        found = rank_candidates(part.occurrences, holding, part.usable, part.usable)
        new = part.linked[start][found.concepts]
        if new.any() and not new.all():
            for name, rank in methods.items():
                rows[name].append(_metrics(rank(found), new))
    return {name: np.array(found).reshape(-1, 1 + 2 * len(TOP)) for name, found in rows.items()}


def _metrics(score: Floats, new: NDArray[np.bool_]) -> list[float]:
    from scipy.stats import rankdata

    ranks = rankdata(score)
    hits, misses = int(new.sum()), int((~new).sum())
    auroc = (ranks[new].sum() - hits * (hits + 1) / 2) / (hits * misses)
    # Ties are broken by column, which is alphabetical, for all methods alike.
    ordered = new[np.argsort(-score, kind="stable")]
    values = [value for k in TOP for value in (ordered[:k].mean(), ordered[:k].sum() / hits)]
    return [float(value) for value in (*values, auroc)]


def _table(title: str, scores: Mapping[str, NDArray[np.float64]], seed: int) -> ReportTable:
    names = [name for k in TOP for name in (f"P@{k}", f"R@{k}")]
    starts = len(next(iter(scores.values())))
    rows: list[list[Any]] = []
    for method, values in scores.items():
        found = _interval(values[:, -1], seed)
        means = [round(float(value), 4) for value in values.mean(axis=0)]
        rows.append([method, *means, f"{found['low']:.3f}–{found['high']:.3f}"])
    columns = ["ranking", *names, "AUROC", "95% interval"]
    return ReportTable(title=f"{title}; {starts} starts", columns=columns, rows=rows)


def _gain(ours: NDArray[np.float64], other: NDArray[np.float64], seed: int) -> str:
    """Returns how much higher our AUROC is, with the interval of the paired differences."""
    found = _interval(ours[:, -1] - other[:, -1], seed)
    return f"{found['value']:+.3f} ({found['low']:+.3f} to {found['high']:+.3f})"


def _interval(values: NDArray[np.float64], seed: int) -> Interval:
    return bootstrap(lambda rows: float(values[rows].mean()), len(values), seed)

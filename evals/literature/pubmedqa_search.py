"""From a question to its article: PubMedQA's questions among their articles and SciFact's.

Questions and articles are those of Jin et al. 2019 (arXiv:1909.06146).
"""

import json
from collections import defaultdict
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

from evals.literature.scifact import CORPUS
from evals.registry import EvalOptions, Report, ReportTable, eval_task
from evals.scorers.ranking import ndcg, recall

if TYPE_CHECKING:
    from retrieval.library import Library

ARTICLES, QUESTIONS = "articles.jsonl", "questions.jsonl"
TEST_ARTICLES, TEST_QUESTIONS = "test_articles.jsonl", "test_questions.jsonl"
DEEP, TOP = 100, 10
BAR = 0.97
PRODUCT = "hybrid (the product)"


@eval_task("pubmedqa_search", f"question to its article among 5,683, recall@10 (bar: {BAR})")
def run(options: EvalOptions) -> Report:
    """Searches for every question, before and after the articles have their titles."""
    from retrieval.library import Library

    corpus = options.folder("scifact") / CORPUS
    questions, articles, part = _part(options.folder("pubmedqa"), options.limit)
    with Library(options.workspace) as library:
        library.add([_without_titles(articles, options.workspace.root), corpus])
        harder = _ranked(library, questions)
        library.add([articles])  # takes the place of the articles without titles
        easier = _ranked(library, questions)
        held = library.stats().documents
    title = f"{len(questions)} questions of PubMedQA ({part}), {held} articles"
    tables = [
        _table(f"{title}: abstracts alone", questions, harder),
        _table(f"{title}: abstracts with titles", questions, easier),
    ]
    alone, titled = ({row[0]: row[2] for row in table.rows} for table in tables)
    return Report(
        title="From a question to its article",
        tables=tables,
        figures={
            f"recall@10, abstracts alone (bar {BAR})": alone[PRODUCT],
            f"recall@10, with titles (bar {BAR})": titled[PRODUCT],
            "abstracts alone, over BM25": alone[PRODUCT] - alone["BM25"],
            "abstracts alone, over dense": alone[PRODUCT] - alone["dense"],
            "by chance": TOP / held,
        },
        notes=[
            "PubMedQA's questions are the titles of their articles, hence the figures without. "
            "Nothing was tuned on them.",
        ],
    )


def _ranked(library: "Library", questions: list[dict[str, Any]]) -> dict[str, list[list[str]]]:
    """Returns the articles that each ranking puts first, question by question."""
    from retrieval.search.hybrid import best_passages

    ranked: dict[str, list[list[str]]] = defaultdict(list)
    for question in questions:
        asked = question["question"]
        dense, sparse = library.candidates(asked, DEEP)
        for name, ranking in (("dense", dense), ("BM25", sparse)):
            hits = best_passages(ranking, {}, library.listed, TOP)
            ranked[name].append([hit.article_id for hit in hits])
        ranked[PRODUCT].append([hit.article_id for hit in library.search(asked, TOP)])
    return ranked


def _table(
    title: str, questions: list[dict[str, Any]], ranked: dict[str, list[list[str]]]
) -> ReportTable:
    wanted = [{str(question["pmid"])} for question in questions]
    rows: list[list[Any]] = []
    for name, found in ranked.items():
        pairs = list(zip(found, wanted, strict=True))
        first, ten = (fmean(recall(f, w, depth) for f, w in pairs) for depth in (1, TOP))
        rows.append([name, first, ten, fmean(ndcg(f, w, TOP) for f, w in pairs)])
    return ReportTable(
        title=title, columns=["ranking", "recall@1", "recall@10", "nDCG@10"], rows=rows
    )


def _without_titles(articles: Path, folder: Path) -> Path:
    """Writes the articles without their titles."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "untitled.jsonl"
    with articles.open(encoding="utf-8") as stream, path.open("w", encoding="utf-8") as out:
        for line in stream:
            out.write(json.dumps(json.loads(line) | {"title": ""}) + "\n")
    return path


def _part(folder: Path, limit: int | None) -> tuple[list[dict[str, Any]], Path, str]:
    """Returns questions and articles of the test part where it is there, else of the other."""
    tested = (folder / TEST_QUESTIONS).exists()
    name = TEST_QUESTIONS if tested else QUESTIONS
    with (folder / name).open(encoding="utf-8") as stream:
        questions = [json.loads(line) for line in stream][:limit]
    articles = folder / (TEST_ARTICLES if tested else ARTICLES)
    return questions, articles, "test part" if tested else "the shared half"

"""The evals of search, on data of their own."""

import json
from pathlib import Path
from typing import Any

import pytest

from evals.literature import pubmedqa_search, search_scale
from evals.registry import EvalOptions
from evals.scorers.sentence_windows import sentence_windows
from models.store.workspace import Workspace

TOPICS = ["zinc", "statins", "asthma", "migraine", "bees", "sleep", "gout", "malaria"]


def sentences(topic: str, n: int) -> list[str]:
    return [
        f"Patients with {topic} of kind {n} were followed for {n + 2} years, in two centres.",
        f"The outcome of {topic} was better in group {n} than in all others: a clear result.",
    ]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"

    def write(name: str, text: str) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)

    def lines(rows: list[dict[str, Any]]) -> str:
        return "".join(json.dumps(row) + "\n" for row in rows)

    corpus = [
        {"_id": str(n), "title": f"On {topic}", "text": " ".join(sentences(topic, n))}
        for n, topic in enumerate(TOPICS[:4])
    ]
    write("scifact/corpus.jsonl", lines(corpus))
    header = "claim,evidence_doc_id,label,cited_doc_ids\n"
    claims = "".join(
        f"{t} had a better outcome,{n},SUPPORT,[{n}]\n" for n, t in enumerate(TOPICS[:4])
    )
    write("scifact/claims_train.csv", header + claims)
    articles = [
        {"pmid": str(n), "title": f"Does {t} end well?", "abstract": " ".join(sentences(t, n))}
        for n, t in enumerate(TOPICS[4:], start=100)
    ]
    questions = [{"pmid": row["pmid"], "question": row["title"]} for row in articles]
    for part in ("", "test_"):
        write(f"pubmedqa/{part}articles.jsonl", lines(articles))
        write(f"pubmedqa/{part}questions.jsonl", lines(questions[: 2 if part else 4]))
    write("nicta_piboso/train.txt", "###1\nbackground\tFever is common .\noutcome\tIt fell .\n")
    for name in ("train", "devel"):
        write(f"bc5cdr/{name}.tsv", "Aspirin\tB-Chemical\nhelps\tO\n\nIt\tO\nworks\tO\n")
    for name in ("train", "dev"):
        write(f"chemprot/{name}.txt", lines([{"text": "<< Zinc >> binds [[ zip ]]."}]))
    return folder


def test_passages_are_whole_sentences_then_pairs_then_clauses(data: Path) -> None:
    everything = sentence_windows(data, 1000)
    assert len(set(everything)) == len(everything)
    first = sentences("zinc", 0)
    assert everything[:2] == first
    assert {"Aspirin helps", "Zinc binds zip .", "Fever is common ."} < {*everything}
    assert f"On zinc {first[0]}" in everything
    assert " ".join(first) in everything
    assert everything[-1] == "The outcome of malaria was better in group 103 than in all others:"
    assert sentence_windows(data, 12)[:9] == everything[:9]


def test_scale_is_measured_beside_exact_search(
    data: Path, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THERIAC_CACHE", str(tmp_path / "cache"))
    options = EvalOptions(workspace, data=data, limit=40)
    report = search_scale.run(options)
    assert report.figures["recall@10 against exact search (bar 0.98)"] == 1
    assert report.figures["query p95, ms (bar 60)"] > 0
    kept = sorted((tmp_path / "cache" / "search_scale").rglob("vectors-*"))
    assert search_scale.run(options).figures.keys() == report.figures.keys()
    assert sorted((tmp_path / "cache" / "search_scale").rglob("vectors-*")) == kept


def test_questions_of_the_test_part_find_their_articles(data: Path, workspace: Workspace) -> None:
    report = pubmedqa_search.run(EvalOptions(workspace, data=data))
    assert report.figures["recall@10, abstracts alone (bar 0.97)"] == 1
    assert [table.title for table in report.tables] == [
        f"2 questions of PubMedQA (test part), 8 articles: {what}"
        for what in ("abstracts alone", "abstracts with titles")
    ]

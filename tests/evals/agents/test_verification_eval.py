from pathlib import Path

import pytest

from evals.agents.verification import CAUGHT_BAR, FLAGGED_BAR, measure, read_articles, read_notes
from evals.registry import EvalOptions, find_eval
from evals.scorers.corruptions import Article, make
from models.store.workspace import Workspace


def test_starter_notes_pass_the_bars() -> None:
    _, shares = measure("notes", make(read_notes()[:40], 0))
    assert shares["corrupted caught"] >= CAUGHT_BAR
    assert shares["sound flagged"] <= FLAGGED_BAR
    assert shares["corrupted caught by plain look-up"] < shares["corrupted caught"]


@pytest.mark.shared_data
def test_articles_that_were_not_looked_at_pass_the_bars(shared_data: Path) -> None:
    articles = read_articles(shared_data / "scifact" / "corpus.jsonl")[-40:]
    _, shares = measure("SciFact", make(articles, 1))
    assert shares["corrupted caught"] >= CAUGHT_BAR
    assert shares["sound flagged"] <= FLAGGED_BAR


def test_answers_are_the_same_each_time() -> None:
    article = Article(
        "1", "Zinc", "Zinc reduced the duration of colds by 2.35 days (33% vs 16%).", 1
    )
    other = Article("2", "Tea", "Tea did not reduce the duration of colds in 47 adults at all.", 2)
    first, second = (list(make([article, other], 3)) for _ in range(2))
    assert first == second
    assert {made.sound for made in first} == {True, False}


def test_eval_is_registered() -> None:
    assert find_eval("verification").run is not None
    assert find_eval("pubmedqa").run is not None


def test_without_public_data_the_notes_are_measured(workspace: Workspace, tmp_path: Path) -> None:
    report = find_eval("verification").run(EvalOptions(workspace, data=tmp_path, limit=10))
    assert [table.title for table in report.tables] == ["starter notes"]
    assert any("Only the sets above" in note for note in report.notes)

"""The evals of sentence roles and of relations."""

import json
from pathlib import Path

import pytest

from evals.registry import EvalOptions, find_eval
from evals.scorers.labels import label_tables
from models.store.workspace import Workspace
from models.text.roles.abstracts import ROLES

ABSTRACT = """###1
background\tStroke is a leading cause of death .
population\tWe studied 120 patients with acute stroke .
outcome\tMortality fell from 20% to 12% ( p = 0.03 ) .
"""
PAIR = {"text": "<< Sildenafil >> is an inhibitor of [[ PDE5 ]].", "label": "INHIBITOR"}


def test_micro_f1_is_the_share_that_is_right() -> None:
    gold, found = ["a", "a", "b", "c"], ["a", "b", "b", "d"]
    (_, each), figures = label_tables("t", gold, found, gold, dict.fromkeys("ac", "x"), "l", "i")
    assert figures["micro-F1"] == pytest.approx(0.5)
    assert [row[2] for row in each.rows] == pytest.approx([2 / 3, 0])


def test_the_test_part_is_read_by_the_shipped_model_where_it_is_there(
    tmp_path: Path, workspace: Workspace
) -> None:
    for folder, content in (("nicta_piboso", ABSTRACT), ("chemprot", json.dumps(PAIR))):
        (tmp_path / folder).mkdir()
        for part in ("train", "test"):
            (tmp_path / folder / f"{part}.txt").write_text(content)
    options = EvalOptions(workspace, data=tmp_path)
    roles, relations = (find_eval(name).run(options) for name in ("nicta", "chemprot"))
    for report in (roles, relations):
        assert "shipped model" in report.notes[0]
        assert report.tables[0].title.startswith("test")
        assert 0 <= report.figures["micro-F1"] <= 1
    shown = [row[0] for row in roles.tables[1].rows]
    assert shown == [role for role in ROLES if f"\n{role}\t" in ABSTRACT]
    assert relations.tables[1].rows[0][:2] == ["inhibitor", 1]


@pytest.mark.timeout(1800)
@pytest.mark.slow
@pytest.mark.shared_data
def test_roles_reach_the_bar_on_dev(workspace: Workspace, shared_data: Path) -> None:
    figures = find_eval("nicta").run(EvalOptions(workspace, data=shared_data)).figures
    assert figures["micro-F1"] > 0.78 > figures["micro-F1 of the commonest role"]

"""The eval of docking: published pairs are there, and a run of one pair holds what it promises."""

import pytest

from evals.molecules.docking import _pairs
from evals.registry import EvalOptions, find_eval
from models.molecules.docking.proteins.targets import find_target
from models.store.workspace import Workspace


def test_ten_or_more_published_scores_are_known() -> None:
    pairs = _pairs()
    assert len(pairs) >= 12
    assert pairs[0] == ("DRD2", "CC1=C(C(=O)N2CCCCC2=N1)CCN3CCC(CC3)C4=NOC5=C4C=CC(=C5)F", -11.9)
    assert all(find_target(pair.target).name == pair.target for pair in pairs)
    assert all(-15 < pair.published < -4 for pair in pairs)


@pytest.mark.slow
def test_risperidone_scores_as_published(workspace: Workspace) -> None:
    report = find_eval("docking").run(EvalOptions(workspace=workspace, limit=1))
    assert report.figures["within"] == report.figures["of"] == 1
    assert report.figures["speed_ratio"] > 0.5  # other work may run beside it
    scores, agreement, speed = report.tables
    assert scores.rows[0][:2] == ["DRD2", _pairs()[0].smiles]
    assert [row[0] for row in agreement.rows] == ["Theriac", "mean of the others"]
    assert [row[0] for row in speed.rows] == ["Theriac", "Vina 1.2 engine", "Vina 1.1.2 binary"]

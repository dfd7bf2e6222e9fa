import pytest

from evals.registry import EvalOptions, find_eval
from evals.scorers.survival_peers import score_ours, score_peer
from evals.tables.survival import ALGORITHMS, split_parts
from models.store.workspace import Workspace


def test_both_sides_are_scored_alike(workspace: Workspace) -> None:
    part = next(split_parts("veterans", EvalOptions(workspace)))
    ours, peer = score_ours("cox", part, 0), score_peer("cox", part, 0)
    assert ours.concordance == pytest.approx(peer.concordance, abs=0.05)
    assert ours.brier == pytest.approx(peer.brier, abs=0.03)
    assert 0.5 < ours.uno < 1


@pytest.mark.slow
def test_not_behind_scikit_survival(workspace: Workspace) -> None:
    report = find_eval("survival").run(EvalOptions(workspace, limit=2))
    assert len(report.tables[0].rows) == 2 * len(ALGORITHMS)
    assert report.figures["below_peer"] == []
    assert report.figures["deepsurv_below_linear"] == []

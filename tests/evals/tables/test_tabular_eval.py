"""The eval of classifiers and regressors."""

import pytest

from evals.registry import EvalOptions, find_eval
from models.store.workspace import Workspace


@pytest.mark.slow
def test_ours_stand_beside_bare_scikit_learn_and_the_baseline(workspace: Workspace) -> None:
    report = find_eval("tabular").run(EvalOptions(workspace, limit=1))
    figures = report.figures
    assert figures["breast_cancer/baseline: class shares/auroc"] == 0.5
    bare = figures["breast_cancer/bare LogisticRegression/auroc"]
    assert figures["breast_cancer/theriac logistic_regression/auroc"] > bare - 0.005
    assert len(report.tables) == 1

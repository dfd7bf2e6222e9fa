"""The evals of image classifiers: their figures stand, and any folder can be measured."""

from pathlib import Path

import pytest

from evals.images.image_pretraining import Sizes, measure
from evals.registry import EvalOptions, find_eval
from models.images.phantoms.bodies import write_classes
from models.store.workspace import Workspace


@pytest.mark.timeout(900)
@pytest.mark.slow
def test_heat_lies_in_the_lesion_and_random_weights_destroy_it(workspace: Workspace) -> None:
    report = find_eval("image_explanation").run(EvalOptions(workspace, limit=12))
    assert report.figures["inside the lesion"] > 0.8
    assert report.figures["inside the lesion, random weights"] < 0.4
    assert len(report.tables[0].rows) == 5


@pytest.mark.slow
def test_a_folder_that_is_given_is_measured_as_the_tool_does(workspace: Workspace) -> None:
    folder = write_classes(Path("films"), 10, side=32)
    options = EvalOptions(workspace, data=folder, limit=1)
    report = find_eval("image_classification").run(options)
    models = [row[0] for row in report.tables[0].rows]
    assert {"network", "logistic_regression", "gradient_boosting"} < set(models)
    assert models[-1] == "baseline: class shares"
    assert report.tables[0].title.startswith("films: 20 held-out images (5-fold")
    assert 0 <= report.figures["auroc, mean of folds"] <= 1


@pytest.mark.slow
def test_pretraining_is_tried_and_judged_on_both_sides(workspace: Workspace) -> None:
    sizes = Sizes(known=10, unknown=200, test=10, side=32, seconds=8)
    report = measure(EvalOptions(workspace, limit=1), sizes)
    first, mean = report.tables[0].rows
    assert first[0] == 0
    assert [mean[1], mean[2]] == [first[1], first[2]]
    assert all(0 <= auroc <= 1 for auroc in first[1:3])
    assert first[5] == ("yes" if report.figures["seeds in which it was used"] else "no")
    assert first[3] - first[4] > 0 or first[5] == "no"

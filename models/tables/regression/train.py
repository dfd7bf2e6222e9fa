"""Training a regressor, from the request to the kept model."""

import numpy as np
from numpy.typing import NDArray

from models.data.requests import TrainingRequest
from models.data.splits import strata_of_number
from models.fitting.effort import Effort
from models.metrics.plots import regressor_plot
from models.store.runs import Run
from models.store.workspace import Workspace
from models.tables.keeping import Kept, Trained, keep_model
from models.tables.learners.algorithms import REGRESSORS, save_pipeline
from models.tables.learners.limits import NOT_FOR
from models.tables.learners.selection import Chosen, Data, choose
from models.tables.regression.fitted import FittedRegressor, judge
from models.tables.regression.outcome import NumberOutcome
from models.tables.training import Prepared, prepare

FloatArray = NDArray[np.float64]
COVERAGE = 0.95
ENOUGH_ROWS_PER_VARIABLE = 10
ENOUGH_HELD_OUT = 30


def train_regressor(
    request: TrainingRequest,
    target_column: str | None,
    algorithm: str,
    workspace: Workspace,
    run: Run,
    effort: Effort,
) -> Kept:
    """Trains, judges and keeps a regressor.

    Args:
        request: What to train on.
        target_column: The numbers; None for the column that a built-in dataset knows.
        algorithm: A name in REGRESSORS, or auto.
        workspace: Where data are read and the model is kept.
        run: Gets the split, the plot and the held-out predictions.
        effort: Seed, deadline and progress.

    Raises:
        ToolError: The data are not fit for it.
    """
    prepared = prepare(request, NumberOutcome(target_column), workspace, run)
    target = prepared.columns["target_column"]
    truth = prepared.train_outcome[target].to_numpy(float)
    prepared.warnings.extend(_size_warnings(prepared))
    data = Data(
        "regression",
        prepared.schema,
        prepared.train,
        truth,
        strata_of_number(truth),
        prepared.train_groups,
    )
    chosen = choose(REGRESSORS, algorithm, data, effort.part(0.05, 0.9))
    prepared.notes.extend(chosen.notes)
    half_width = _half_width(chosen)
    model = FittedRegressor(prepared.schema, chosen.pipeline, half_width, target)
    effort.progress(0.92, "judging on held-out rows")
    held_out = prepared.test_outcome[target].to_numpy(float)
    predicted = model.score(prepared.test)
    trained = _judge(model, chosen, prepared, predicted)
    plot = run.artifact("predicted_and_observed.png")
    regressor_plot(held_out, predicted, half_width, target, plot)
    name = keep_model(
        trained, prepared, lambda folder: save_pipeline(chosen.pipeline, folder), workspace, run
    )
    return Kept(name, trained, prepared, [plot], chosen.table())


def conformal_half_width(residuals: FloatArray, coverage: float = COVERAGE) -> float:
    """Returns half the width of a prediction interval from residuals of left-out rows.

    Cross-conformal (Vovk 2015, doi 10.1007/s10472-013-9368-4): the ceil((n + 1) * coverage)-th
    smallest absolute residual; the largest where n is too small for that.
    """
    ordered = np.sort(np.abs(residuals))
    rank = min(len(ordered), int(np.ceil((len(ordered) + 1) * coverage)))
    return float(ordered[rank - 1])


def _half_width(chosen: Chosen) -> float:
    residuals = chosen.selection.target - chosen.best.out_of_fold
    return conformal_half_width(residuals[np.isfinite(residuals)])


def _size_warnings(prepared: Prepared) -> list[str]:
    """Says where the data are too small."""
    warnings = []
    rows, features = len(prepared.train), len(prepared.schema.features)
    if rows < ENOUGH_ROWS_PER_VARIABLE * features:
        warnings.append(
            f"few rows per variable: {rows} training rows for {features} features "
            f"({rows / features:.1f}, {ENOUGH_ROWS_PER_VARIABLE} or more are advised)"
        )
    if len(prepared.test) < ENOUGH_HELD_OUT:
        warnings.append(f"only {len(prepared.test)} held-out rows: the metrics are uncertain")
    return warnings


def _judge(
    model: FittedRegressor, chosen: Chosen, prepared: Prepared, predicted: FloatArray
) -> Trained:
    """Computes metrics on held-out rows beside those of always predicting the training mean."""
    truth = prepared.test_outcome[model.target].to_numpy(float)
    seen = prepared.train_outcome[model.target].to_numpy(float)
    mean = np.full(len(truth), seen.mean())
    spread = conformal_half_width(seen - seen.mean())
    seed, groups = prepared.request.seed, prepared.test_groups
    metrics = judge(truth, predicted, model.half_width, seed, groups)
    return Trained(
        kind="regressor",
        algorithm=chosen.best.algorithm.name,
        target={"target_column": model.target},
        metrics=metrics,
        baseline=judge(truth, mean, spread, seed, groups),
        intended_use=(
            f"Research: estimating {model.target} for people like those in "
            f"{prepared.dataset.name}, and finding which features carry it."
        ),
        not_for=NOT_FOR,
        calibration=(
            f"The 95% prediction interval is the prediction plus or minus {model.half_width:.4g} "
            "(cross-conformal: from residuals of left-out training rows). It covers "
            f"{metrics['coverage_95']['value']:.1%} of the held-out rows."
        ),
        sections={"Candidates": chosen.markdown()},
        details={"half_width": model.half_width, "candidates": chosen.table()},
    )

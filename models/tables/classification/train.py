"""Training a classifier, from the request to the kept model."""

from collections.abc import Sequence

import numpy as np

from models.data.requests import TrainingRequest
from models.fitting.effort import Effort
from models.metrics.intervals import bootstrap_all
from models.metrics.plots import classifier_plot
from models.metrics.tabular import classification_metrics
from models.store.runs import Run
from models.store.workspace import Workspace
from models.tables.classification.fitted import FittedClassifier, class_positions
from models.tables.classification.outcome import ClassOutcome, ordered_classes, positive_class
from models.tables.keeping import Kept, Trained, keep_model
from models.tables.learners.algorithms import CLASSIFIERS, save_pipeline
from models.tables.learners.calibration import Calibration
from models.tables.learners.limits import NOT_FOR
from models.tables.learners.selection import Chosen, Data, choose
from models.tables.training import Prepared, prepare

ENOUGH_EVENTS_PER_VARIABLE = 10
"""Peduzzi et al. 1996, doi 10.1016/S0895-4356(96)00236-3."""
ENOUGH_PER_CLASS = 50
ENOUGH_HELD_OUT = 10


def train_classifier(
    request: TrainingRequest,
    target_column: str | None,
    algorithm: str,
    positive: str | None,
    workspace: Workspace,
    run: Run,
    effort: Effort,
) -> Kept:
    """Trains, judges and keeps a classifier.

    Args:
        request: What to train on.
        target_column: The labels; None for the column that a built-in dataset knows.
        algorithm: A name in CLASSIFIERS, or auto.
        positive: The class that counts as positive; None to let the data decide.
        workspace: Where data are read and the model is kept.
        run: Gets the split, the plot and the held-out predictions.
        effort: Seed, deadline and progress.

    Raises:
        ToolError: The data are not fit for it.
    """
    prepared = prepare(request, ClassOutcome(target_column), workspace, run)
    target = prepared.columns["target_column"]
    built_in = prepared.dataset.built_in
    labels = prepared.train_outcome[target]
    chosen_positive = positive_class(labels, built_in.positive if built_in else None, positive)
    classes = ordered_classes(labels, chosen_positive)
    prepared = _known_classes(prepared, target, classes)
    truth = class_positions(labels, classes)
    prepared.warnings.extend(_size_warnings(prepared, target, classes))
    data = Data(
        "classification", prepared.schema, prepared.train, truth, truth, prepared.train_groups
    )
    chosen = choose(CLASSIFIERS, algorithm, data, effort.part(0.05, 0.9))
    prepared.notes.extend(chosen.notes)
    model = FittedClassifier(prepared.schema, chosen.pipeline, _calibrate(chosen), classes, target)
    effort.progress(0.92, "judging on held-out rows")
    trained = _judge(model, chosen, prepared, truth)
    plot = run.artifact("roc_and_reliability.png")
    held_out_truth = class_positions(prepared.test_outcome[target], classes)
    probability = model.probability(prepared.test)
    classifier_plot(
        held_out_truth, probability, classes, plot, model.raw_probability(prepared.test)
    )
    name = keep_model(
        trained, prepared, lambda folder: save_pipeline(chosen.pipeline, folder), workspace, run
    )
    return Kept(name, trained, prepared, [plot], chosen.table())


def _known_classes(prepared: Prepared, target: str, classes: Sequence[str]) -> Prepared:
    """Leaves out held-out rows of classes that no training row has."""
    known = prepared.test_outcome[target].isin(classes)
    if known.all():
        return prepared
    strange = ", ".join(sorted(prepared.test_outcome[target][~known].unique()))
    prepared.warnings.append(
        f"{int((~known).sum())} held-out rows left out: no training row has the class {strange}"
    )
    return prepared.with_test_rows(known.to_numpy())


def _size_warnings(prepared: Prepared, target: str, classes: Sequence[str]) -> list[str]:
    """Says where the data are too small."""
    counts = prepared.train_outcome[target].value_counts()
    rarest, smallest = counts.idxmin(), int(counts.min())
    warnings = []
    per_variable = smallest / len(prepared.schema.features)
    if per_variable < ENOUGH_EVENTS_PER_VARIABLE:
        warnings.append(
            f"few events per variable: {smallest} training rows of {target} = {rarest} for "
            f"{len(prepared.schema.features)} features ({per_variable:.1f}, "
            f"{ENOUGH_EVENTS_PER_VARIABLE} or more are advised)"
        )
    if smallest < ENOUGH_PER_CLASS:
        warnings.append(f"only {smallest} training rows of {target} = {rarest}")
    held_out = prepared.test_outcome[target].value_counts().reindex(classes, fill_value=0)
    if held_out.min() < ENOUGH_HELD_OUT:
        warnings.append(
            f"only {int(held_out.min())} held-out rows of {target} = {held_out.idxmin()}: the "
            "metrics are uncertain"
        )
    return warnings


def _calibrate(chosen: Chosen) -> Calibration:
    out_of_fold = chosen.best.out_of_fold
    known = np.isfinite(out_of_fold).all(axis=1)
    return Calibration.fit(out_of_fold[known], chosen.selection.target[known])


def _judge(
    model: FittedClassifier, chosen: Chosen, prepared: Prepared, train_truth: np.ndarray
) -> Trained:
    """Computes metrics on held-out rows beside those of always guessing the training shares."""
    truth = class_positions(prepared.test_outcome[model.target], model.classes)
    probability = model.probability(prepared.test)
    share = np.bincount(train_truth, minlength=len(model.classes)) / len(train_truth)
    guessed = np.tile(share, (len(truth), 1))
    metrics, baseline = (
        bootstrap_all(
            lambda rows, made=made: classification_metrics(truth[rows], made[rows]),  # type: ignore[misc]
            len(truth),
            prepared.request.seed,
            groups=prepared.test_groups,
        )
        for made in (probability, guessed)
    )
    positive = model.classes[-1] if len(model.classes) == 2 else None
    slope = model.calibration.slope
    return Trained(
        kind="classifier",
        algorithm=chosen.best.algorithm.name,
        target={
            "target_column": model.target,
            "classes": model.classes,
            "positive_class": positive,
        },
        metrics=metrics,
        baseline=baseline,
        intended_use=(
            f"Research: estimating the probability of {model.target} for people like those in "
            f"{prepared.dataset.name}, and finding which features carry it."
        ),
        not_for=NOT_FOR,
        calibration=(
            f"Probabilities were calibrated on predictions for left-out training rows (slope "
            f"{slope:.2f}). Expected calibration error on held-out rows: "
            f"{metrics['calibration_error']['value']:.3f}."
        ),
        sections={"Candidates": chosen.markdown()},
        details={
            "calibration": model.calibration.model_dump(),
            "candidates": chosen.table(),
        },
    )

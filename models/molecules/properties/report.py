"""The card and the pictures of a property model."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.metrics.intervals import Interval, show_interval
from models.metrics.plots import (
    BLUE,
    GREY,
    classifier_plot,
    new_figure,
    regressor_plot,
    save_figure,
)
from models.molecules.properties.fitted import Predicted
from models.molecules.properties.intake.targets import Targets
from models.molecules.properties.learners.ensemble import Chosen
from models.molecules.properties.learners.members import TITLES

FloatArray = NDArray[np.float64]
SHOWN = {"regression": "r2", "classification": "auroc"}
NOT_FOR = (
    "Doses, safety or treatment of people or animals: a predicted property is no measurement.",
    "Molecules outside its domain (see below), mixtures, polymers, inorganic salts and biologics.",
    "Design towards weapons, toxins or drugs of abuse.",
)


def intended_use(targets: Targets, dataset: str) -> str:
    """Says what a model is for."""
    named = ", ".join(targets.names)
    return (
        f"Research: ranking molecules like those of {dataset} by {named}, choosing which to "
        "measure next, and as a term of an objective in molecule design."
    )


def calibration_words(targets: Targets, metrics: Mapping[str, Interval], inside: float) -> str:
    """Says how far its numbers can be taken at their word."""
    share = f"{inside:.0%} of the held-out molecules are inside the domain."
    if targets.task == "classification":
        return (
            "Probabilities are calibrated on molecules that were left out in training (Platt); "
            f"calibration error on held-out molecules "
            f"{show_interval(metrics['calibration_error'])}. The stated spread says how far the "
            f"members of the ensemble disagree. {share}"
        )
    return (
        "Each prediction has a standard deviation of its own, learnt from molecules that were left "
        "out in training: from the disagreement of the members, the errors of the nearest training "
        "molecules and their likeness. The 95% interval is conformal, scaled by it; it covers "
        f"{metrics['coverage_95']['value']:.1%} of the held-out molecules. {share}"
    )


def candidates_table(chosen: Chosen, targets: Targets) -> str:
    """Returns the algorithms that were compared, best first, in Markdown."""
    table = chosen.table(targets.task)
    lines = [f"| algorithm | inner {table[0]['score']} | members and weights |", "|---|---|---|"]
    for entry in table:
        members = ", ".join(f"{TITLES[name]} {w:.2f}" for name, w in entry["weights"].items())
        lines.append(f"| {entry['algorithm']} | {entry['mean']:.3f} | {members} |")
    return "\n".join(lines)


def target_table(by_target: Mapping[str, Mapping[str, Interval]]) -> str:
    """Returns the metrics of each target, in Markdown."""
    metrics = list(next(iter(by_target.values())))
    lines = [f"| target | {' | '.join(metrics)} |", "|---" * (len(metrics) + 1) + "|"]
    for name, found in by_target.items():
        shown = " | ".join(show_interval(found[metric]) for metric in metrics)
        lines.append(f"| {name} | {shown} |")
    return "\n".join(lines)


def domain_words(border: float, errors: str) -> str:
    """Describes the applicability domain, in Markdown."""
    return (
        "A molecule is outside when its likeness to the nearest training molecule (Tanimoto, "
        f"Morgan fingerprints of radius 2) is below {border:.2f}, as it is for one training "
        f"molecule in twenty. The error on held-out molecules by that likeness:\n\n{errors}"
    )


def draw(
    truth: FloatArray,
    predicted: Predicted,
    targets: Targets,
    by_target: Mapping[str, Mapping[str, Interval]],
    path: Path,
) -> Path:
    """Draws predicted and observed values, ROC and reliability, or the metric of each target."""
    if len(targets.names) > 1:
        return _bars(by_target, SHOWN[targets.task], path)
    observed, value = truth[:, 0], predicted.value[:, 0]
    if targets.task == "regression":
        half_width = float(np.median(predicted.high - predicted.low)) / 2
        return regressor_plot(observed, value, half_width, targets.names[0], path)
    chance = np.stack([1 - value, value], axis=1)
    return classifier_plot(observed.astype(np.intp), chance, targets.classes[0], path)


def _bars(by_target: Mapping[str, Mapping[str, Interval]], metric: str, path: Path) -> Path:
    figure = new_figure(1, size=(6.0, 1.2 + 0.35 * len(by_target)))
    axes = figure.axes[0]
    known: list[tuple[str, Any]] = [
        (name, found[metric])
        for name, found in by_target.items()
        if found[metric]["value"] is not None
    ]
    places = np.arange(len(known))[::-1]
    axes.barh(places, [one["value"] for _, one in known], color=BLUE)
    for place, (_, one) in zip(places, known, strict=True):
        if one["low"] is not None:
            axes.plot([one["low"], one["high"]], [place, place], color=GREY, linewidth=3)
    axes.set_yticks(places, [name for name, _ in known])
    axes.set(title="Held-out molecules, with 95% intervals", xlabel=metric)
    return save_figure(figure, path)

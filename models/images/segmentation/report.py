"""What is kept of a trained segmenter: weights, card, overlays, held-out cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from models.images.finding import CAVEAT
from models.images.segmentation.fitted import FittedSegmenter
from models.images.segmentation.judging import Judgement
from models.images.segmentation.learning.fitting import Fit
from models.images.segmentation.outlining.cases import Cases
from models.images.segmentation.outlining.division import Division
from models.images.segmentation.overlays import Panel, draw_overlays
from models.images.segmentation.request import SegmentationRequest
from models.metrics.intervals import Interval, show_interval
from models.metrics.plots import BLUE, GREY, new_figure, save_figure
from models.store.card import model_card
from models.store.registry import ModelStore
from models.store.runs import Run
from models.store.workspace import Workspace

NOT_FOR = [
    CAVEAT,
    "Other scanners, hospitals, populations or ways of taking images than those of the training "
    "images, until it has been judged there: image models are known to fail across sites.",
    "Planning of radiotherapy or surgery, or any measurement that decides about a patient.",
]
CONVENTION = (
    "Dice and the 95% Hausdorff distance are computed in each image's own pixels and averaged over "
    "cases, then over labels. A label that neither the mask nor the model has in a case is not "
    "counted there; where only one of them has it, Dice is 0 and the distance is the diagonal of "
    "the image."
)
SHOWN_CASES = 3


@dataclass(frozen=True)
class KeptSegmenter:
    """A trained segmenter in the store, and all there is to say of it.

    Attributes:
        model: Its short name.
        segmenter: The model.
        division: Which cases were for what.
        metrics: On held-out cases.
        baseline: Of the best rule that needs no learning.
        rules: The rules' names, one per label.
        unit: Of distances: mm or pixels.
        fit: How it was trained.
        warnings: What the person should look at.
        notes: What was done to the data.
        overlays: Held-out cases, the best, the median and the worst.
        curve: Loss and validation Dice by epoch.
        table: Dice and distance of every held-out case.
    """

    model: str
    segmenter: FittedSegmenter
    division: Division
    metrics: Mapping[str, Interval]
    baseline: Mapping[str, Interval]
    rules: list[str]
    unit: str
    fit: Fit
    warnings: list[str]
    notes: list[str]
    overlays: Path
    curve: Path
    table: Path


def keep(
    model: FittedSegmenter,
    fit: Fit,
    judged: Judgement,
    request: SegmentationRequest,
    cases: Cases,
    division: Division,
    workspace: Workspace,
    run: Run,
) -> KeptSegmenter:
    """Keeps a model with its card; all or nothing.

    Args:
        model: The fitted segmenter.
        fit: How it was trained.
        judged: What it reached on held-out cases.
        request: What was asked for.
        cases: All cases.
        division: Which were for what.
        workspace: Where the store is.
        run: Gets the overlays, the curve and the table.
    """
    names, seed = model.labels.names, request.seed
    metrics, baseline = judged.metrics(names, seed), judged.baseline(names, seed)
    unit = "mm" if judged.in_mm else "pixels"
    strange = int((judged.strangeness > 1).sum())
    notes = [*cases.notes, *division.notes]
    notes.append(f"{strange} of {len(judged.cases)} held-out cases look unlike the training cases")
    if max(model.grid.step) > 1.05:
        step = " × ".join(f"{one:.2f}" for one in model.grid.step)
        notes.append(f"the network works on a coarser grid, {step} pixels a step")
    warnings = [*cases.warnings, *division.warnings]
    manifest: dict[str, Any] = {
        "algorithm": model.architecture,
        "dataset": request.image_folder,
        "test_dataset": request.test_folder,
        "data_sha256": cases.admitted.sha256,
        "target": {"what": "outlines", "labels": ", ".join(names)},
        "features": {"features": []},
        "metrics": metrics,
        "baseline": baseline,
        "split": division.record(),
        "run": run.id,
        "seed": seed,
        "warnings": warnings,
        "notes": notes,
        "segmenter": model.describe(),
        "training": {"epochs": len(fit.history), "best_epoch": fit.best_epoch},
        "distance_unit": unit,
        "weak_labels": cases.from_boxes,
    }
    name = ModelStore(workspace).save(
        "image_segmenter", manifest, model.save, _card(manifest, model, judged, unit)
    )
    return KeptSegmenter(
        name, model, division, metrics, baseline, judged.rules, unit, fit,
        warnings, notes,
        _draw_cases(model, judged, run.artifact("held_out_cases.png")),
        _draw_curve(fit, run.artifact("training.png")),
        _write_table(judged, names, unit, run.artifact("held_out_cases.csv")),
    )  # fmt: skip


def _card(manifest: Mapping[str, Any], model: FittedSegmenter, judged: Judgement, unit: str) -> str:
    grid, dice = model.grid, judged.overall
    known = np.isfinite(dice)
    agreement = np.nanmean(judged.agreement)
    spacing = f", {' × '.join(f'{s:.3g}' for s in grid.spacing)} mm" if grid.spacing else ""
    rules = "; ".join(
        f"{name}: {rule}" for name, rule in zip(model.labels.names, judged.rules, strict=True)
    )
    weak = (
        " The masks it learnt from, and is judged by, are ellipses drawn in boxes: weak labels."
        if manifest["weak_labels"]
        else ""
    )
    return model_card(
        {"kind": "image_segmenter"} | dict(manifest),
        intended_use=(
            f"Research: outlining {', '.join(model.labels.names)} in images like those of "
            f"{manifest['dataset']}, and measuring it.{weak}"
        ),
        not_for=NOT_FOR,
        calibration=(
            "Each image is looked at with its mirror images; how well the outlines agree is said "
            f"beside each size. On held-out cases that agreement is {agreement:.3f} on average "
            f"(Dice), and Dice against the masks ranges from {dice[known].min():.3f} to "
            f"{dice[known].max():.3f}."
            if known.any()
            else "No held-out case has anything outlined."
        ),
        sections={
            "How it is judged": f"{CONVENTION} Distances are in {unit}. The baseline is the best "
            f"on training cases of Otsu's threshold, a fixed threshold and the usual shape at the "
            f"usual place ({rules}).",
            "How it sees": f"{grid.dimensions}-D, {'colour' if grid.channels == 3 else 'grey'}, "
            f"each image standardised, on a grid of {' × '.join(map(str, grid.patch))} points at "
            f"once (sliding window{spacing}); {manifest['training']['best_epoch']} epochs.",
        },
        limits=[*manifest["warnings"], *manifest["notes"]],
    )


def _draw_cases(model: FittedSegmenter, judged: Judgement, path: Path) -> Path:
    """Draws the best, the median and the worst held-out case."""
    overall = np.nan_to_num(judged.overall, nan=1.0)
    order = np.argsort(-overall, kind="stable")
    places = np.unique([0, len(order) // 2, len(order) - 1])
    panels = []
    for word, place in zip(("best", "median", "worst"), places, strict=False):
        case = judged.cases[order[place]]
        picture, truth = case.load(model.labels)
        title = f"{word}: {Path(case.item.name).name}, Dice {overall[order[place]]:.2f}"
        panels.append(Panel(title, picture, model.outline(picture).mask, truth))
    return draw_overlays(panels, path, SHOWN_CASES)


def _draw_curve(fit: Fit, path: Path) -> Path:
    figure = new_figure()
    axes = figure.axes[0]
    epochs = np.arange(1, len(fit.history) + 1)
    axes.plot(epochs, [row["loss"] for row in fit.history], color=GREY, label="training loss")
    looked = [(e, row["validation_dice"]) for e, row in zip(epochs, fit.history, strict=True)
              if "validation_dice" in row]  # fmt: skip
    axes.plot(*zip(*looked, strict=True), color=BLUE, marker="o", markersize=3,
              label="validation Dice")  # fmt: skip
    axes.axvline(fit.best_epoch, color="black", linestyle=":", linewidth=1)
    axes.set(xlabel="epoch", title="Training; dotted: the weights that were kept")
    axes.legend(fontsize=8)
    return save_figure(figure, path)


def _write_table(judged: Judgement, names: list[str], unit: str, path: Path) -> Path:
    rows = [
        {
            "case": case.item.name,
            "group": case.group,
            "label": name,
            "dice": judged.values[index, label, 0],
            f"hausdorff_95_{unit}": judged.values[index, label, 1],
            "baseline_dice": judged.simple[index, label, 0],
            f"baseline_hausdorff_95_{unit}": judged.simple[index, label, 1],
            "agreement_of_mirrored_views": judged.agreement[index, label],
            "strangeness": judged.strangeness[index],
        }
        for index, case in enumerate(judged.cases)
        for label, name in enumerate(names)
    ]
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


def show_metrics(metrics: Mapping[str, Interval], unit: str) -> str:
    """Returns the metrics in words, distances with their unit."""
    return ", ".join(
        f"{name} {show_interval(interval)}{f' {unit}' if name.startswith('hausdorff') else ''}"
        for name, interval in metrics.items()
    )

"""What is kept of a trained image classifier: weights, card, plot, held-out predictions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.images.classification.fitted import FittedImageClassifier
from models.images.classification.judging import comparison, guessed, judge
from models.images.classification.labelled import ImageRequest, Labelled
from models.images.classification.learning.fitting import Fit
from models.images.classification.learning.pretraining import Proof
from models.images.finding import CAVEAT
from models.metrics.intervals import Interval
from models.metrics.plots import classifier_plot
from models.store.card import model_card
from models.store.registry import ModelStore
from models.store.runs import Run
from models.store.workspace import Workspace

FloatArray = NDArray[np.float64]
BLEND = "blend of network and classical models"
NETWORK = "network"
NOT_FOR = [
    CAVEAT,
    "Other scanners, hospitals, populations or ways of taking images than those of the training "
    "images, until it has been judged there: image models are known to fail across sites.",
    "Screening, triage or any decision about a patient.",
]


@dataclass(frozen=True)
class KeptImages:
    """A trained image classifier in the store, and all there is to say of it.

    Attributes:
        model: Its short name.
        classifier: The model.
        data: What it was trained on.
        used: What the probabilities are made from, in words.
        metrics: On held-out images.
        baseline: Of always guessing the class shares.
        rows: The metrics of the network, the classical models and their blend, by name.
        training: Epochs and losses of each network.
        pretraining: What images without a class gained; None where they were too few.
        plot: ROC curve and reliability diagram.
        predictions: Held-out images with their probabilities.
    """

    model: str
    classifier: FittedImageClassifier
    data: Labelled
    used: str
    metrics: Mapping[str, Interval]
    baseline: Mapping[str, Interval]
    rows: Mapping[str, Mapping[str, Interval]]
    training: Sequence[Mapping[str, Any]]
    pretraining: Proof | None
    plot: Path
    predictions: Path


def keep(
    model: FittedImageClassifier,
    fits: Sequence[Fit],
    data: Labelled,
    request: ImageRequest,
    probabilities: Mapping[str, FloatArray],
    pretraining: Proof | None,
    workspace: Workspace,
    run: Run,
) -> KeptImages:
    """Judges a model and keeps it with its card; all or nothing.

    Args:
        model: The fitted classifier.
        fits: How each network was trained.
        data: What it was trained and judged on.
        request: What was asked for.
        probabilities: Of the judged images, shape (n, k), by model.
        pretraining: What images without a class gained.
        workspace: Where the store is.
        run: Gets the plot and the table of predictions.
    """
    judged = data.judged
    truth, groups = data.truth[judged], data.admitted.groups[judged]
    used = BLEND if BLEND in probabilities else NETWORK
    rows = {name: judge(truth, made, groups, request.seed) for name, made in probabilities.items()}
    shares = guessed(data.truth[data.training], len(truth), len(data.classes))
    baseline = judge(truth, shares, groups, request.seed)
    plot = classifier_plot(
        truth, probabilities[used], data.classes, run.artifact("roc_and_reliability.png")
    )
    predictions = _write_predictions(data, probabilities[used], run)
    training = [
        {"epochs": len(fit.history), "best_epoch": fit.best_epoch, "presented": fit.presented}
        | fit.history[-1]
        for fit in fits
    ]
    manifest: dict[str, Any] = {
        "algorithm": model.recipe.architecture if used == NETWORK else
        f"{model.recipe.architecture}, blended with classical models",
        "dataset": request.image_folder,
        "test_dataset": request.test_folder,
        "data_sha256": data.admitted.sha256,
        "target": {
            "what": "class of an image",
            "classes": data.classes,
            "positive_class": data.classes[-1] if len(data.classes) == 2 else None,
        },
        "features": {"features": []},
        "metrics": rows[used],
        "baseline": baseline,
        "split": data.record(),
        "run": run.id,
        "seed": request.seed,
        "warnings": data.warnings,
        "notes": data.notes,
        "rows": rows,
        "training": training,
        "pretraining": pretraining.as_json() if pretraining else None,
    } | model.described()  # fmt: skip
    card = _card(manifest, model, data, used)
    name = ModelStore(workspace).save("image_classifier", manifest, model.save, card)
    return KeptImages(
        name, model, data, used, rows[used], baseline, rows, training, pretraining, plot,
        predictions,
    )  # fmt: skip


def _write_predictions(data: Labelled, probability: FloatArray, run: Run) -> Path:
    judged = data.judged
    columns: dict[str, Any] = {
        "image": [data.items[i].name for i in judged],
        "group": data.admitted.groups[judged],
        "fold": data.fold_of_judged(),
        "class": np.take(data.classes, data.truth[judged]),
    }
    for k, label in enumerate(data.classes):
        columns[f"probability_{label}"] = probability[:, k]
    path = run.artifact("held_out_predictions.csv")
    pd.DataFrame(columns).to_csv(path, index=False)
    return path


def _card(
    manifest: Mapping[str, Any], model: FittedImageClassifier, data: Labelled, used: str
) -> str:
    recipe, metrics = model.recipe, manifest["metrics"]
    pretraining = manifest["pretraining"]
    source = "the images alone"
    if pretraining and pretraining["used"]:
        source = "weights that were learnt from images without a class"
    seen = " × ".join([str(recipe.side)] * recipe.dimensions)
    counts = ", ".join(f"{label} {n}" for label, n in data.admitted.collection.counts.items())
    shown = ["auroc", "f1" if len(data.classes) == 2 else "macro_f1", "brier_score"]
    weights = ", ".join(f"{n.replace('_', ' ')} {w:.2f}" for n, w in model.blend.weights.items())
    epochs = ", ".join(str(row["best_epoch"]) for row in manifest["training"])
    return model_card(
        {"kind": "image classifier", **manifest},
        intended_use=(
            f"Research: telling {', '.join(data.classes)} apart in images like those of "
            f"{data.admitted.collection.root.name}. {CAVEAT}"
        ),
        not_for=NOT_FOR,
        calibration=(
            f"Temperature and offsets were fitted to images that the networks had not seen "
            f"(weights: {weights}). Expected calibration error on held-out images: "
            f"{metrics['calibration_error']['value']:.3f}."
        ),
        limits=[*data.warnings, *data.notes],
        sections={
            "Images": (
                f"{len(data.items)} images ({counts}), seen as {seen} pixels, "
                f"{'colour' if recipe.channels == 3 else 'grey'}; {manifest['split']['groups']} "
                "groups of patients or near copies."
            ),
            "Networks": (
                f"{len(model.networks)} × {recipe.architecture} (MONAI), trained from {source}; "
                f"weights of epoch {epochs} of {recipe.epochs}. Used for the probabilities: {used}."
            ),
            "Beside classical models on the same held-out images": comparison(
                {**manifest["rows"], "class shares": manifest["baseline"]}, shown
            ),
            "Unlike the training images": (
                "An image is flagged where it lies farther from the training images than 95% of "
                "held-out ones did, in the network's features or in simple ones. The flag sees "
                "other kinds of image, not every image that the model is wrong about."
            ),
        },
    )

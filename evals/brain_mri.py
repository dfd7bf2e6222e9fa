"""Image classification: a network beside classical models, cross-validated or on a test part.

By default the brain MRI slices of the public data (tumour or normal; from
github.com/MohamedAliHabib/Brain-Tumor-Detection). Any other folder of classes or table of paths and
labels is measured with `--data FOLDER` in the same way, with the trainer's defaults.
"""

import time
from pathlib import Path
from typing import Any

import pandas as pd

from evals.registry import EvalOptions, Report, ReportTable, eval_task
from models.workspace import Workspace

BRAIN = "brain_mri"
METRICS = ("auroc", "auprc", "accuracy", "f1", "macro_f1", "sensitivity_at_90_specificity",
           "brier_score", "calibration_error")  # fmt: skip


@eval_task(
    "image_classification",
    "brain MRI, grouped 5-fold, or any folder by --data: the network beside classical models "
    "(bar: AUROC 0.95)",
)
def run(options: EvalOptions) -> Report:
    """Trains with the defaults, as the tool does; `limit` bounds the epochs."""
    from models.effort import Effort
    from models.image_classification.labelled import ImageRequest
    from models.image_classification.train import train_image_classifier
    from models.runs import RunStore

    folder = image_folder(options)
    workspace = Workspace(options.workspace.root, (folder.parent,))
    call = RunStore(workspace).start("train_image_classifier", {"image_folder": str(folder)})
    request = ImageRequest(str(folder), seed=options.seed)
    started = time.monotonic()
    kept = train_image_classifier(
        request, "resnet18", options.limit, None, None, workspace, call, Effort(options.seed)
    )
    seconds = time.monotonic() - started
    data = kept.data
    names = [name for name in METRICS if name in kept.metrics]
    by_model = {**kept.rows, "baseline: class shares": kept.baseline}
    split = data.record()
    table = ReportTable(
        title=f"{folder.name}: {split['test']} held-out images ({split['method']})",
        columns=["model", *names],
        rows=[
            [model, *(_shown(found[name]) for name in names)] for model, found in by_model.items()
        ],
    )
    figures: dict[str, Any] = {name: kept.metrics[name]["value"] for name in names}
    figures |= {f"{model} auroc": found["auroc"]["value"] for model, found in kept.rows.items()}
    by_fold = _by_fold(kept.predictions, data.classes)
    if by_fold:
        figures["auroc, mean of folds"] = round(sum(by_fold) / len(by_fold), 4)
    counts = ", ".join(f"{label} {n}" for label, n in data.admitted.collection.counts.items())
    recipe = kept.classifier.recipe
    return Report(
        title=f"Image classification: {folder.name}",
        tables=[table],
        figures=figures | {"seconds": round(seconds)},
        notes=[
            f"{len(data.items)} images ({counts}) in {split['groups']} groups of patients or near "
            f"copies; {'; '.join(data.notes)}.",
            f"Split: {split['method']}, {split['train']} to train, seed {options.seed}."
            + (f" AUROC by fold: {', '.join(f'{a:.3f}' for a in by_fold)}." if by_fold else ""),
            f"{len(kept.classifier.networks)} × {recipe.architecture} from random weights, "
            f"{recipe.side} pixels, {recipe.epochs} epochs; probabilities by the {kept.used}. "
            "Calibration and blend never saw the image that they are judged on.",
            "Reference: ResNet-18 on MedMNIST's 28 × 28 chest films (PneumoniaMNIST), test AUROC "
            "0.944; on its blood cells (BloodMNIST) accuracy 0.958 (Yang et al. 2023, doi "
            "10.1038/s41597-022-01721-8). Brain MRI has no published grouped split.",
        ],
    )


def image_folder(options: EvalOptions) -> Path:
    """Returns what is measured: `--data` itself, or brain_mri within the public data."""
    if options.data is not None and not (options.data / BRAIN).exists():
        return options.data.resolve()
    return options.folder(BRAIN)


def _shown(interval: Any) -> str:
    from models.metrics.intervals import show_interval

    return show_interval(interval)


def _by_fold(predictions: Path, classes: list[str]) -> list[float]:
    """Returns AUROC within each fold; none where there is one test part."""
    from models.metrics.tabular import auroc

    table = pd.read_csv(predictions, dtype={"class": str})
    found = []
    for _, rows in table.groupby("fold"):
        truth = rows["class"].map(classes.index).to_numpy()
        probability = rows[[f"probability_{label}" for label in classes]].to_numpy()
        found.append(auroc(truth, probability))
    return found if len(found) > 1 else []

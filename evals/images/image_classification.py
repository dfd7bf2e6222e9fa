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
from models.store.workspace import Workspace

BRAIN = "brain_mri"
METRICS = ("auroc", "auprc", "accuracy", "f1", "macro_f1", "sensitivity_at_90_specificity",
           "brier_score", "calibration_error")  # fmt: skip


@eval_task(
    "image_classification",
    "brain MRI, grouped 5-fold, or any folder by --data: the network beside classical models "
    "(bar: AUROC 0.95)",
)
def run(options: EvalOptions) -> Report:
    """Calls the tool with its defaults; `limit` bounds the epochs."""
    from tools.execution import execute

    folder = image_folder(options)
    workspace = Workspace(options.workspace.root, (folder.parent,))
    asked = {"image_folder": str(folder), "epochs": options.limit, "seed": options.seed}
    started = time.monotonic()
    result = execute(workspace, "train_image_classifier", asked)
    seconds = time.monotonic() - started
    data = result.data
    names = [name for name in METRICS if name in data["metrics"]]
    by_model = {**data["rows"], "baseline: class shares": data["baseline"]}
    split = data["split"]
    table = ReportTable(
        title=f"{folder.name}: {split['test']} held-out images ({split['method']})",
        columns=["model", *names],
        rows=[
            [model, *(_shown(found[name]) for name in names)] for model, found in by_model.items()
        ],
    )
    figures: dict[str, Any] = {name: data["metrics"][name]["value"] for name in names}
    figures |= {f"{model} auroc": found["auroc"]["value"] for model, found in data["rows"].items()}
    predictions = next(one.path for one in result.artifacts if one.kind == "table")
    by_fold = _by_fold(Path(predictions), data["classes"])
    if by_fold:
        figures["auroc, mean of folds"] = round(sum(by_fold) / len(by_fold), 4)
    counts = ", ".join(f"{label} {n}" for label, n in data["counts"].items())
    epochs = max(fit["epochs"] for fit in data["training"])
    return Report(
        title=f"Image classification: {folder.name}",
        tables=[table],
        figures=figures | {"seconds": round(seconds)},
        notes=[
            f"{counts}, in {split['groups']} groups of patients or near copies; "
            f"{'; '.join(data['notes'])}.",
            f"Split: {split['method']}, {split['train']} to train, seed {options.seed}."
            + (f" AUROC by fold: {', '.join(f'{a:.3f}' for a in by_fold)}." if by_fold else ""),
            f"{len(data['training'])} × {data['algorithm']} from random weights, "
            f"{data['image_size']} pixels, up to {epochs} epochs; probabilities by the "
            f"{data['used']}. Networks, calibration and the blend's weights never saw the "
            "image that they are judged on; whether to blend was decided once, on all of them.",
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

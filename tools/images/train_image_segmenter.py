"""The tool `train_image_segmenter`."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from models.errors import ToolError
from models.store.workspace import Workspace
from tools.contract import Artifact, Seed, ToolArguments, ToolContext, ToolResult
from tools.registry import tool
from tools.wording import within_limit

if TYPE_CHECKING:
    from models.images.segmentation.report import KeptSegmenter

SECONDS_AT_LEAST = 90.0
SECONDS_PER_MEGABYTE = 1.5
SLOWER = {"unet": 1.0, "dynunet": 8.0}


class Arguments(ToolArguments):
    """What to learn outlines from, and how."""

    image_folder: str = Field(
        description="Folder with images/ and masks/ (PNG, JPEG, TIFF, DICOM or NIfTI), a CSV with "
        "the columns image and mask, or images with bounding boxes (CSV with image, xmin, ymin, "
        "xmax, ymax, label; PASCAL VOC XML; COCO JSON).",
        json_schema_extra={"role": "images"},
    )
    epochs: int | None = Field(
        default=None,
        ge=1,
        le=2000,
        description="How often the training cases are gone through, at most; the number of cases "
        "decides when not given.",
        json_schema_extra={"role": "count"},
    )
    architecture: Literal["unet", "dynunet"] = Field(
        default="unet",
        description="unet, or the stronger and some eight times slower dynunet (as in nnU-Net).",
        json_schema_extra={
            "role": "choice",
            "synonyms": {
                "unet": ["u-net", "u net", "3d unet", "3d u-net"],
                "dynunet": ["nnu-net", "nnunet", "dynamic u-net", "dyn unet", "nn-unet"],
            },
        },
    )
    test_folder: str | None = Field(
        default=None,
        description="A second folder of images and masks to judge on (external validation); then "
        "all of `image_folder` is trained on.",
        json_schema_extra={"role": "images"},
    )
    seed: Seed = 0
    time_limit: float | None = Field(
        default=None,
        gt=0,
        description="Seconds after which no further epoch begins.",
        json_schema_extra={"role": "seconds"},
    )


def training_seconds(arguments: Arguments, workspace: Workspace) -> float:
    """Estimates how long training takes, from the size of the files."""
    try:
        path = workspace.readable(arguments.image_folder, "image_folder")
    except ToolError:  # the call itself will say what is wrong
        return 0.0
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    megabytes = sum(file.stat().st_size for file in files) / 1e6
    fitting = SECONDS_AT_LEAST * SLOWER[arguments.architecture]
    return min(fitting, arguments.time_limit or fitting) + SECONDS_PER_MEGABYTE * megabytes


@tool(heavy=True, computes=True, estimate=training_seconds)
def train_image_segmenter(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Train a network that outlines what masks or boxes mark in medical images, in 2-D or 3-D.

    Reports Dice and the 95% Hausdorff distance (in mm where the spacing is known) on held-out
    cases beside a threshold, with overlays of the best, median and worst case.

    When to use: images or volumes with masks (or bounding boxes) are there, and lesions, organs or
    cells are to be outlined, counted or measured. When not: each image has one class
    (train_image_classifier), or an image is to be outlined with a model that exists
    (analyze_image).
    """
    from models.fitting.effort import Effort
    from models.images.segmentation.request import SegmentationRequest
    from models.images.segmentation.train import train_image_segmenter as train

    kept = train(
        SegmentationRequest(
            arguments.image_folder,
            arguments.test_folder,
            arguments.architecture,
            arguments.epochs,
            arguments.seed,
        ),
        context.workspace,
        context.active_run,
        Effort.within(arguments.seed, arguments.time_limit, context.progress),
    )
    return _result(kept, arguments, context.workspace)


def _result(kept: "KeptSegmenter", arguments: Arguments, workspace: Workspace) -> ToolResult:
    from models.images.segmentation.report import show_metrics
    from models.store.registry import ModelStore

    split, segmenter = kept.division.record(), kept.segmenter
    kind = "volumes" if segmenter.grid.dimensions == 3 else "images"
    rules = " / ".join(dict.fromkeys(kept.rules))
    sentences = [
        f"Trained {kept.model} ({arguments.architecture}) to outline "
        f"{', '.join(segmenter.labels.names)} in {kind} like those of {arguments.image_folder}: "
        f"{split['train']} {kind} to train ({split['validation']} of them only to decide when to "
        f"stop, after epoch {kept.fit.best_epoch}), {split['test']} held out ({split['method']}).",
        f"On held-out {kind}: {show_metrics(kept.metrics, kept.unit)}.",
        f"Without learning ({rules}): {show_metrics(kept.baseline, kept.unit)}.",
    ]
    if kept.warnings:
        sentences.append(f"Warnings: {'; '.join(kept.warnings)}.")
    if kept.notes:
        sentences.append(f"Notes: {'; '.join(kept.notes)}.")
    card = ModelStore(workspace).folder(kept.model) / "card.md"
    return ToolResult(
        summary=within_limit(sentences),
        data={
            "model": kept.model,
            "algorithm": arguments.architecture,
            "metrics": kept.metrics,
            "baseline": kept.baseline,
            "baseline_rules": kept.rules,
            "distance_unit": kept.unit,
            "labels": segmenter.labels.names,
            "dimensions": segmenter.grid.dimensions,
            "split": split,
            "epochs": len(kept.fit.history),
            "best_epoch": kept.fit.best_epoch,
            "warnings": kept.warnings,
            "notes": kept.notes,
        },
        artifacts=[
            Artifact(kind="picture", path=str(kept.overlays)),
            Artifact(kind="plot", path=str(kept.curve)),
            Artifact(kind="table", path=str(kept.table)),
            Artifact(kind="card", path=str(card)),
        ],
    )

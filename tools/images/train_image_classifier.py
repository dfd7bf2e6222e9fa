"""The tool `train_image_classifier`."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from models.errors import ToolError
from models.store.workspace import Workspace
from tools.contract import Artifact, Seed, ToolArguments, ToolContext, ToolResult
from tools.registry import tool
from tools.wording import figures, within_limit

if TYPE_CHECKING:
    from models.images.classification.report import KeptImages

SECONDS_AT_LEAST = 20.0
SECONDS_EACH = 0.04
"""To show an image once in each of five folds, on two cores."""

USUAL_EPOCHS = 60
MOST_SECONDS = 1800.0
"""What the trainer keeps to where nobody asks for epochs."""


class Arguments(ToolArguments):
    """What to classify, and how."""

    image_folder: str = Field(
        description="A folder with one folder of images per class (below train/ and test/ or not), "
        "or a CSV with columns path and label.",
        json_schema_extra={"role": "images"},
    )
    architecture: Literal["resnet18", "resnet50", "densenet121", "efficientnet_b0", "vit"] = Field(
        default="resnet18",
        description="The network; the others take two to three times as long.",
        json_schema_extra={
            "role": "choice",
            "synonyms": {
                "resnet18": ["resnet", "resnet 18", "resnet-18", "residual network", "cnn"],
                "resnet50": ["resnet 50", "resnet-50"],
                "densenet121": ["densenet", "densenet 121", "densenet-121"],
                "efficientnet_b0": ["efficientnet", "efficientnet b0", "efficientnet-b0",
                                    "efficient net"],
                "vit": ["vision transformer", "transformer", "vi t"],
            },
        },
    )  # fmt: skip
    epochs: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description="How often each image is shown at most; the number of images decides when not "
        "given.",
        json_schema_extra={"role": "count"},
    )
    test_folder: str | None = Field(
        default=None,
        description="A second folder or table to judge on (external validation, a published test "
        "set); then all of image_folder is trained on.",
        json_schema_extra={"role": "images"},
    )
    split: Literal["random", "group"] | None = Field(
        default=None,
        description="random draws images (of one patient together) and passes over train/ and "
        "test/; group asks for patients to be known. When not given, train/ and test/ decide.",
        json_schema_extra={
            "role": "choice",
            "synonyms": {
                "random": ["random split", "randomly"],
                "group": ["group split", "by group", "grouped", "by patient", "patient-level"],
            },
        },
    )
    group_column: str | None = Field(
        default=None,
        description="The table's column that says whose each image is; those stay on one side.",
        json_schema_extra={"role": "column"},
    )
    folds: int | None = Field(
        default=None,
        ge=2,
        le=10,
        description="Parts of a cross-validation; when not given, 5 for up to 1,500 images, else "
        "one split.",
        json_schema_extra={"role": "count"},
    )
    positive_class: str | None = Field(
        default=None,
        description="The class that counts as positive; when not given, the one whose name is not "
        "normal, healthy or the like, else the rarer one.",
        json_schema_extra={"role": "text"},
    )
    image_size: int | None = Field(
        default=None,
        ge=32,
        le=224,
        description="Pixels along each side that images are brought to (a multiple of 8).",
        json_schema_extra={"role": "count"},
    )
    pretrained: str | None = Field(
        default=None,
        description="What training starts from: an image classifier such as img-1, or a "
        "safetensors file of the same network.",
        json_schema_extra={"role": "model", "prefixes": ["img"]},
    )
    unlabelled_folder: str | None = Field(
        default=None,
        description="Further images whose classes nobody knows (200 at least): the network learns "
        "from them first where that proves a gain. Rows of a table without a label count too.",
        json_schema_extra={"role": "images"},
    )
    seed: Seed = 0
    time_limit: float | None = Field(
        default=None,
        gt=0,
        description="Seconds in which training comes to its end.",
        json_schema_extra={"role": "seconds"},
    )


def image_training_seconds(arguments: Arguments, workspace: Workspace) -> float:
    """Estimates how long training takes, from the number of files."""
    try:
        path = workspace.readable(arguments.image_folder, "image_folder")
    except ToolError:  # the call itself will say what is wrong
        return 0.0
    folder = path if path.is_dir() else path.parent
    files = sum(1 for file in folder.rglob("*") if file.is_file())
    seconds = SECONDS_AT_LEAST + SECONDS_EACH * files * (arguments.epochs or USUAL_EPOCHS)
    if arguments.epochs is None:
        seconds = min(seconds, MOST_SECONDS)
    if arguments.unlabelled_folder:  # learnt from, and tried, in as much time again
        seconds *= 2
    return min(seconds, arguments.time_limit or seconds)


@tool(heavy=True, computes=True, estimate=image_training_seconds)
def train_image_classifier(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Train a network that tells classes of images apart, from a folder per class or a CSV.

    When to use: each image has a class (tumour or normal, benign or malignant, kinds of cells) and
    a model is to learn it from PNG, JPEG, DICOM or NIfTI files. When not: images have masks to
    learn outlines from (train_image_segmenter), a trained model is to read an image
    (analyze_image), images are only to be counted and checked (describe_dataset), or the data are
    a table (train_classifier).
    """
    from models.fitting.effort import Effort
    from models.images.classification.labelled import ImageRequest
    from models.images.classification.train import train_image_classifier as train

    request = ImageRequest(
        arguments.image_folder,
        arguments.test_folder,
        arguments.split,
        arguments.group_column,
        arguments.folds,
        arguments.positive_class,
        arguments.unlabelled_folder,
        arguments.seed,
    )
    kept = train(
        request,
        arguments.architecture,
        arguments.epochs,
        arguments.image_size,
        arguments.pretrained,
        context.workspace,
        context.active_run,
        Effort.within(arguments.seed, arguments.time_limit, context.progress),
    )
    return _result(kept, context.workspace)


def _result(kept: "KeptImages", workspace: Workspace) -> ToolResult:
    from models.store.registry import ModelStore

    data, recipe = kept.data, kept.classifier.recipe
    positive = f" (positive: {data.classes[-1]})" if len(data.classes) == 2 else ""
    headline = ["auroc", "f1" if positive else "macro_f1", "accuracy",
                "sensitivity_at_90_specificity", "calibration_error"]  # fmt: skip
    split = data.record()
    beside = ", ".join(
        f"{name.replace('_', ' ')} {found['auroc']['value']:.3f}"
        for name, found in kept.rows.items()
    )
    sentences = [
        f"Trained {kept.model} ({recipe.architecture}, {len(kept.classifier.networks)} network(s), "
        f"{recipe.side} pixels) to tell {', '.join(data.classes)}{positive} apart in "
        f"{data.admitted.collection.root.name}: {split['train']} images to train, {split['test']} "
        f"held out ({split['method']}).",
        f"On held-out images, by the {kept.used}: {figures(kept.metrics, headline)}. "
        f"The trivial model: {figures(kept.baseline, headline[:3], intervals=False)}.",
        f"AUROC beside each other: {beside}.",
    ]
    if data.warnings:
        sentences.append(f"Warnings: {'; '.join(data.warnings)}.")
    if data.notes:
        sentences.append(f"Notes: {'; '.join(data.notes)}.")
    card = ModelStore(workspace).folder(kept.model) / "card.md"
    return ToolResult(
        summary=within_limit(sentences),
        data={
            "model": kept.model,
            "algorithm": recipe.architecture,
            "used": kept.used,
            "metrics": dict(kept.metrics),
            "baseline": dict(kept.baseline),
            "rows": dict(kept.rows),
            "split": split,
            "classes": data.classes,
            "counts": data.admitted.collection.counts,
            "image_size": recipe.side,
            "training": list(kept.training),
            "pretraining": kept.pretraining.as_json() if kept.pretraining else None,
            "damaged": data.admitted.damaged,
            "warnings": data.warnings,
            "notes": data.notes,
        },
        artifacts=[
            Artifact(kind="plot", path=str(kept.plot)),
            Artifact(kind="table", path=str(kept.predictions)),
            Artifact(kind="card", path=str(card)),
        ],
    )

"""The tool `analyze_image`."""

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field

from models.errors import PrerequisiteError, ToolError
from models.store.workspace import Workspace
from tools.contract import ToolArguments, ToolContext, ToolResult
from tools.registry import tool
from tools.roles import ON_IMAGES, wrong_model

if TYPE_CHECKING:
    from models.store.registry import ModelStore

READERS = ("image_classifier", "image_segmenter")
"""Kinds of models that read images."""

SECONDS_EACH = 2.0


class Arguments(ToolArguments):
    """What to read, and with which model."""

    image: str = Field(
        description="The image: a PNG, JPEG, TIFF, DICOM or NIfTI file, the folder of a DICOM "
        "series, or a folder or table of many images, which are all read.",
        json_schema_extra={"role": "images"},
    )
    model: str | None = Field(
        default=None,
        description="An image model, such as img-1 (classes) or seg-1 (outlines); the newest when "
        "not given.",
        json_schema_extra={"role": "model", "prefixes": ["img", "seg"]},
    )


def reading_seconds(arguments: Arguments, workspace: Workspace) -> float:
    """Estimates how long reading takes, from the number of files."""
    try:
        path = workspace.readable(arguments.image, "image")
    except ToolError:  # the call itself will say what is wrong
        return 0.0
    files = sum(1 for file in path.rglob("*") if file.is_file()) if path.is_dir() else 1
    return SECONDS_EACH * files


@tool(heavy=True, computes=True, estimate=reading_seconds)
def analyze_image(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Read medical images with a trained image model: their class, or an outline with its size.

    When to use: the person wants to know what an image shows, where the model looks (heat map), how
    sure it is, or wants a lesion outlined and measured in a PNG, JPEG, DICOM or NIfTI, one or a
    folder of them. When not: to train on images (train_image_classifier, train_image_segmenter), to
    count or check the images of a folder (describe_dataset), or for rows of a table (predict).
    """
    from models.images.finding import ImageReader
    from models.images.intake.collection import find_images
    from models.store.registry import ModelStore
    from tools.images.output.reading import Reading, read_all, read_one

    collection = find_images(arguments.image, context.workspace, "image")
    store = ModelStore(context.workspace)
    name = arguments.model or _newest(store)
    manifest = store.manifest(name)
    kind = str(manifest["kind"])
    model: object = store.load(name)
    if not isinstance(model, ImageReader):
        raise wrong_model(name, kind, ON_IMAGES)
    dataset = Path(str(manifest["dataset"])).resolve()
    reading = Reading(model, name, kind, arguments.model is None, dataset)
    read = read_one if len(collection.items) == 1 else read_all
    return read(collection, reading, context)


def _newest(store: "ModelStore") -> str:
    """Returns the newest model that reads images.

    Raises:
        PrerequisiteError: There is none yet.
    """
    known = [str(manifest["name"]) for manifest in store.all() if manifest["kind"] in READERS]
    if not known:
        raise PrerequisiteError(
            "No image model is trained in this workspace yet. One is trained on a folder with one "
            "folder of images per class, or with images/ and masks/. What a file holds (size, "
            "spacing, damage) can be asked without one: describe FILE.",
            'theriac ask "train an image classifier on FOLDER"',
        )
    return known[0]

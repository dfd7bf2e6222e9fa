"""Which images of a folder are outlined, and by what: masks or boxes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from models.errors import FieldFault, ToolError
from models.images.formats.listing import listed
from models.images.formats.reading import looks_like_image
from models.images.intake.collection import (
    IMAGE_FOLDERS,
    MASK_ENDING,
    MASK_FOLDERS,
    PARTS,
    Collection,
    Item,
    Part,
    find_images,
    patient_of,
)
from models.images.segmentation.outlining.boxes import Box, find_boxes
from models.store.workspace import Workspace

LAYOUTS = (
    "images/ and masks/ with like-named files, files beside their _mask files, a CSV with columns "
    "image and mask, or images with boxes (CSV with image, xmin, ymin, xmax, ymax, label; PASCAL "
    "VOC XML; COCO JSON)"
)


@dataclass(frozen=True)
class OutlinedImages:
    """Images and what outlines them.

    Attributes:
        collection: The images, with their masks where they have one.
        boxes: Those in each image, where boxes outline them instead.
        names: What the boxes are around.
    """

    collection: Collection
    boxes: Mapping[Path, tuple[Box, ...]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)


def find_outlined(reference: str, workspace: Workspace, name: str) -> OutlinedImages:
    """Finds images that masks or boxes outline.

    Args:
        reference: Path of a folder or table.
        workspace: Decides what may be read.
        name: The argument that named it, for errors.

    Raises:
        ToolError: There are images, but nothing that outlines them.
    """
    found = find_with_outlines(reference, workspace, name)
    if found.collection.layout != "masks":
        got = f"{len(found.collection.items)} images without masks"
        wrong = FieldFault(field=name, got=got, expected=LAYOUTS)
        raise ToolError(f"{found.collection.root.name} has no masks to learn outlines from.", wrong)
    return found


def find_with_outlines(reference: str, workspace: Workspace, name: str) -> OutlinedImages:
    """Finds images, and what outlines them where something does.

    Args:
        reference: Path of a folder, a table or one image.
        workspace: Decides what may be read.
        name: The argument that named it, for errors.

    Raises:
        ToolError: There are no images.
    """
    root = workspace.readable(reference, name)
    if root.is_file() and looks_like_image(root):
        return OutlinedImages(find_images(reference, workspace, name))
    if parts := _parts(root):
        folders = [(part, find_images(str(folder), workspace, name)) for part, folder in parts]
        items = [
            replace(item, part=part, name=f"{one.root.name}/{item.name}")
            for part, one in folders
            for item in one.items
        ]
        return OutlinedImages(
            Collection(root, "masks", items, [n for _, f in folders for n in f.notes])
        )
    if _has_masks(root):
        return OutlinedImages(find_images(reference, workspace, name))
    if root.is_dir() and (pairs := _pairs(root)):
        return OutlinedImages(pairs)
    if boxed := find_boxes(root, workspace, name):
        folder = root if root.is_dir() else root.parent
        items = [
            Item(path, str(path.relative_to(folder)), patient=patient_of(path.name),
                 part=boxed.parts.get(path))
            for path in boxed.boxes
        ]  # fmt: skip
        return OutlinedImages(
            Collection(root, "masks", items, boxed.notes), boxed.boxes, boxed.labels
        )
    return OutlinedImages(find_images(reference, workspace, name))


def joined(training: OutlinedImages, test: OutlinedImages) -> OutlinedImages:
    """Returns both folders as one, the second as its test part.

    Raises:
        ToolError: One has boxes and the other masks.
    """
    if bool(training.boxes) != bool(test.boxes):
        got = "boxes" if test.boxes else "masks"
        wrong = FieldFault(field="test_folder", got=got, expected="the same as in image_folder")
        raise ToolError("One folder has masks and the other has boxes.", wrong)
    sides: list[tuple[Part, OutlinedImages]] = [("train", training), ("test", test)]
    items = [
        replace(item, part=part, name=f"{found.collection.root.name}/{item.name}")
        for part, found in sides
        for item in found.collection.items
    ]
    notes = [*training.collection.notes, *test.collection.notes]
    names = sorted({*training.names, *test.names})
    collection = replace(training.collection, items=items, notes=notes)
    return OutlinedImages(collection, {**training.boxes, **test.boxes}, names)


def _subfolder(root: Path, names: tuple[str, ...]) -> Path | None:
    if not root.is_dir():
        return None
    folders = {item.name.casefold(): item for item in sorted(root.iterdir()) if item.is_dir()}
    return next((folders[name] for name in names if name in folders), None)


def _has_masks(root: Path) -> bool:
    masks = _subfolder(root, MASK_FOLDERS)
    return (
        masks is not None
        and _subfolder(root, IMAGE_FOLDERS) is not None
        and any(looks_like_image(path) for path in masks.rglob("*") if path.is_file())
    )


def _parts(root: Path) -> list[tuple[Part, Path]]:
    """Returns the parts of a folder whose train/ and test/ have images and masks each."""
    if not root.is_dir():
        return []
    stated = [
        (PARTS[folder.name.casefold()], folder)
        for folder in sorted(root.iterdir())
        if folder.is_dir() and folder.name.casefold() in PARTS and _has_masks(folder)
    ]
    return stated if {part for part, _ in stated} == {"train", "test"} else []


def _pairs(root: Path) -> Collection | None:
    """Returns images whose mask lies beside them (scan_1.png, scan_1_mask.png), if any.

    Where they lie in several folders, those are their classes.
    """
    paths = [path for path in sorted(root.rglob("*")) if path.is_file() and looks_like_image(path)]
    stems = {(path.parent, path.name.split(".")[0]): path for path in paths}
    masks: dict[Path, Path] = {}
    for (parent, stem), path in stems.items():
        image = stems.get((parent, MASK_ENDING.sub("", stem)))
        if image is not None and image != path:
            masks[image] = path
    if not masks:
        return None
    names = {path: str(path.relative_to(root)) for path in paths}
    folders = {image: image.relative_to(root).parts[0] for image in masks if image.parent != root}
    are_classes = len(set(folders.values())) > 1 and not PARTS.keys() & {*folders.values()}
    items = [
        Item(
            image,
            names[image],
            folders.get(image) if are_classes else None,
            masks[image],
            patient_of(image.name),
        )
        for image in sorted(masks)
    ]
    alone = [name for path, name in names.items() if path not in {*masks, *masks.values()}]
    notes = [f"{len(alone)} images have no mask beside them: {listed(alone)}"] if alone else []
    return Collection(root, "masks", items, notes)


def stated_names(collection: Collection) -> dict[int, str]:
    """Returns the label names of a dataset.json (as of the Medical Segmentation Decathlon)."""
    folder = collection.root if collection.root.is_dir() else collection.root.parent
    try:
        stated = json.loads((folder / "dataset.json").read_bytes())["labels"]
        pairs = [(str(key), str(value)) for key, value in stated.items()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    by_number = {int(key): value for key, value in pairs if key.isdigit()}
    return by_number or {int(value): key for key, value in pairs if value.isdigit()}

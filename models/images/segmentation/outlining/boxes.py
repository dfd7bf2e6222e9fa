"""Bounding boxes beside images, as weak outlines: CSV tables, PASCAL VOC XML, COCO JSON."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from numpy.typing import NDArray

from models.data.tables import load_dataset
from models.errors import FieldFault, ToolError
from models.images.formats.listing import listed
from models.images.formats.reading import looks_like_image
from models.images.intake.collection import IMAGE_FOLDERS, LABEL_COLUMNS, PARTS, PATH_COLUMNS, Part
from models.store.workspace import Workspace

EDGES = (("xmin", "ymin", "xmax", "ymax"), ("x1", "y1", "x2", "y2"),
         ("x_min", "y_min", "x_max", "y_max"), ("left", "top", "right", "bottom"))  # fmt: skip
IMAGE_COLUMNS = (*PATH_COLUMNS, "image_id", "image_name", "img_name")
CLASS_COLUMNS = (*LABEL_COLUMNS, "cell_type", "name", "type", "class_name")
PICTURE_FOLDERS = (*IMAGE_FOLDERS, "jpegimages")
HEAD = 2000
"""Bytes of a table within which its column names stand."""

WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class Box:
    """A box around one thing, in pixels from the image's top left corner.

    Attributes:
        label: What it is around.
        left, top, right, bottom: Its edges.
    """

    label: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class BoxedImages:
    """Images of a folder with the boxes in them.

    Attributes:
        boxes: By image; an image that is named without a box has none in it.
        parts: Where the folder or tables state one.
        notes: What was passed over.
    """

    boxes: Mapping[Path, tuple[Box, ...]]
    parts: Mapping[Path, Part]
    notes: list[str]

    @property
    def labels(self) -> list[str]:
        """What boxes are around, sorted."""
        return sorted({box.label for boxes in self.boxes.values() for box in boxes})


def find_boxes(root: Path, workspace: Workspace, field: str) -> BoxedImages | None:
    """Finds boxes in the tables, XML and JSON files of a folder; None where there are none.

    Only images below the folder are taken, whatever paths the files name.

    Args:
        root: The folder, or a table of boxes (then the folder around it is searched for images).
        workspace: Reads the tables.
        field: The argument that named it, for errors.

    Raises:
        ToolError: There are boxes, but of no image that exists.
    """
    folder = root if root.is_dir() else root.parent
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    images = _Images([path for path in files if looks_like_image(path)], folder)
    placed: dict[Path, list[Box]] = {}
    parts: dict[Path, Part] = {}
    missing: list[str] = []
    for path in [root] if root.is_file() else files:
        read = _READERS.get(path.suffix.lower())
        named = read(path, workspace) if read else None
        for name, boxes in (named or {}).items():
            image = images.named(name, path.parent)
            if image is None:
                missing.append(name)
                continue
            placed.setdefault(image, []).extend(boxes)
            part = _part_of(path.relative_to(folder)) or _part_of(image.relative_to(folder))
            if part:
                parts[image] = part
    if missing and not placed:
        got, expected = missing[0], f"an image of that name in {root.name}"
        wrong = FieldFault(field=field, got=got, expected=expected)
        raise ToolError(f"There are boxes in {root.name}, but not the images they are of.", wrong)
    if not placed:
        return None
    for name, part in _voc_parts(files):
        image = images.named(name, folder)
        if image in placed:
            parts[image] = part
    notes = []
    if missing:
        notes.append(
            f"boxes of {len(missing)} images that do not exist passed over: {listed(missing)}"
        )
    if alone := [str(path.relative_to(folder)) for path in images.paths if path not in placed]:
        notes.append(
            f"{len(alone)} images that no table of boxes names were passed over: {listed(alone)}"
        )
    ordered = {path: tuple(placed[path]) for path in sorted(placed)}
    return BoxedImages(ordered, parts if set(parts.values()) == {"train", "test"} else {}, notes)


def ellipses(
    boxes: Iterable[Box], labels: Mapping[str, int], spatial: tuple[int, int]
) -> NDArray[np.uint8]:
    """Draws the ellipse inside each box; where they overlap, the smaller one lies on top.

    Args:
        boxes: Of one image.
        labels: Number of each label, from 1; boxes around anything else are left out.
        spatial: Height and width of the image.

    Returns:
        Shape `spatial`, 0 outside of all boxes.
    """
    mask = np.zeros(spatial, np.uint8)
    rows, columns = np.ogrid[: spatial[0], : spatial[1]]
    known = [box for box in boxes if box.label in labels]
    for box in sorted(known, key=lambda box: -(box.right - box.left) * (box.bottom - box.top)):
        half_height = max((box.bottom - box.top) / 2, 0.5)
        half_width = max((box.right - box.left) / 2, 0.5)
        down = (rows + 0.5 - (box.top + box.bottom) / 2) / half_height
        across = (columns + 0.5 - (box.left + box.right) / 2) / half_width
        mask[down**2 + across**2 <= 1] = labels[box.label]
    return mask


def lists_boxes(frame: pd.DataFrame) -> bool:
    """Tells by its columns whether a table's rows are boxes in images."""
    known = _known(frame)
    edges = any(all(name in known for name in names) for names in EDGES)
    return edges and any(name in known for name in IMAGE_COLUMNS)


def _known(frame: pd.DataFrame) -> dict[str, Any]:
    return {str(column).strip().casefold(): column for column in frame.columns}


def _from_table(path: Path, workspace: Workspace) -> dict[str, list[Box]] | None:
    with path.open("rb") as file:
        head = file.read(HEAD).decode(errors="replace").casefold()
    if not any(all(edge in head for edge in edges) for edges in EDGES):
        return None
    frame = load_dataset(str(path), workspace, "image_folder").frame
    if not lists_boxes(frame):
        return None
    known = _known(frame)
    edges = next(names for names in EDGES if all(name in known for name in names))
    image = next(known[name] for name in IMAGE_COLUMNS if name in known)
    label = next((known[name] for name in CLASS_COLUMNS if name in known), None)
    sides = frame[[known[name] for name in edges]].apply(pd.to_numeric, errors="coerce")
    boxes: dict[str, list[Box]] = {}
    for row, (left, top, right, bottom) in enumerate(sides.to_numpy(float)):
        of_image = boxes.setdefault(str(frame[image].iloc[row]), [])
        if right > left and bottom > top:  # a row without numbers names an image without boxes
            named = str(frame[label].iloc[row]).strip() if label else "object"
            of_image.append(Box(named, left, top, right, bottom))
    return boxes


def _from_voc(path: Path, workspace: Workspace) -> dict[str, list[Box]] | None:
    try:
        tree = ElementTree.parse(path).getroot()
    except (ElementTree.ParseError, DefusedXmlException, UnicodeDecodeError):
        return None
    if tree.tag != "annotation":
        return None
    boxes = []
    for item in tree.iter("object"):
        texts = [item.findtext(f"bndbox/{edge}") for edge in EDGES[0]]
        try:
            left, top, right, bottom = (float(text or "nan") for text in texts)
        except ValueError:
            continue
        if right > left and bottom > top:
            boxes.append(Box(item.findtext("name") or "object", left, top, right, bottom))
    # The stem of the file is surer than <filename>, which often keeps the name of an older copy.
    return {path.stem: boxes}


def _from_coco(path: Path, workspace: Workspace) -> dict[str, list[Box]] | None:
    try:
        content: Any = json.loads(path.read_bytes())
        names = {item["id"]: str(item["file_name"]) for item in content["images"]}
        labels = {item["id"]: str(item["name"]) for item in content.get("categories", [])}
        boxes: dict[str, list[Box]] = {name: [] for name in names.values()}
        for item in content["annotations"]:
            left, top, width, height = map(float, item["bbox"])
            label = labels.get(item.get("category_id"), "object")
            boxes[names[item["image_id"]]].append(Box(label, left, top, left + width, top + height))
    except (ValueError, KeyError, TypeError):  # some other JSON
        return None
    return boxes


_READERS = {".csv": _from_table, ".xml": _from_voc, ".json": _from_coco}


def _voc_parts(files: list[Path]) -> Iterator[tuple[str, Part]]:
    """Yields the part of each image that a list of an ImageSets folder states."""
    for path in files:
        part = PARTS.get(path.stem.casefold())
        if path.suffix == ".txt" and part and "ImageSets" in path.parts:
            for line in path.read_text(errors="replace").splitlines():
                if line.strip():
                    yield line.split()[0], part


def _part_of(path: Path) -> Part | None:
    """Returns the part that the folders or the name of a file state ("test_labels.csv")."""
    words = [word for name in path.parts for word in WORD.findall(name.casefold())]
    return next((PARTS[word] for word in words if word in PARTS), None)


class _Images:
    """Images below a folder, by what tables call them."""

    def __init__(self, paths: list[Path], folder: Path) -> None:
        self.paths = paths
        self._folder = folder
        self._paths = set(paths)
        self._by_name: dict[str, list[Path]] = {}
        for path in paths:
            for name in {path.name, path.name.split(".")[0]}:
                self._by_name.setdefault(name, []).append(path)

    def named(self, name: str, beside: Path) -> Path | None:
        """Returns the image of a path, file name or stem.

        Where several bear the name, the one beside the table, else the one in a folder of images.

        Args:
            name: As the table has it.
            beside: The table's folder.
        """
        for folder in (beside, self._folder):
            if folder / name in self._paths:
                return folder / name
        last = name.replace("\\", "/").rsplit("/", 1)[-1]
        found = self._by_name.get(last) or self._by_name.get(last.rsplit(".", 1)[0]) or []
        near = [path for path in found if path.is_relative_to(beside)] or found
        among = [path for path in near if path.parent.name.casefold() in PICTURE_FOLDERS] or near
        return among[0] if len(among) == 1 else None

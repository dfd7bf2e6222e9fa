"""Which images lie in a folder or table, with their classes, masks, patients and parts."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from models.data.tables import load_dataset
from models.errors import FieldFault, ToolError, fault
from models.images.formats.listing import listed
from models.images.formats.reading import looks_like_image
from models.store.workspace import Workspace

Layout = Literal["classes", "masks", "table", "unlabelled"]
Part = Literal["train", "test"]

IMAGE_FOLDERS = ("images", "image", "imgs", "imagestr", "scans")
MASK_FOLDERS = ("masks", "mask", "labels", "labelstr", "segmentations", "annotations")
PARTS: dict[str, Part] = {
    "train": "train", "training": "train", "val": "train", "valid": "train", "validation": "train",
    "test": "test", "testing": "test",
}  # fmt: skip
PATH_COLUMNS = ("path", "image", "file", "filename", "file_name", "image_path", "filepath", "img")
LABEL_COLUMNS = ("label", "class", "target", "diagnosis", "category", "finding")
PATIENT_COLUMNS = ("patient", "patient_id", "subject", "subject_id", "case", "case_id", "group")
MASK_COLUMNS = ("mask", "mask_path", "segmentation", "label_path")
FEWEST_PATIENTS = 4
"""Folders from which on they may be patients, with the classes below them."""

MASK_ENDING = re.compile(r"[-_ ]?(?:mask|seg|segmentation|label|gt)$", re.IGNORECASE)
PATIENT_IN_NAME = re.compile(r"(?:patient|subject|case|pat|sub)[-_ ]?([0-9a-z]+)", re.IGNORECASE)
SLICES = 3
"""DICOM files from which a folder without others is one volume."""


@dataclass(frozen=True)
class Item:
    """One image of a collection.

    Attributes:
        path: The file, or the folder of a DICOM series.
        name: Its path below the collection, as it is shown.
        label: Its class, where it has one.
        mask: The file that outlines what is looked for, where there is one.
        patient: What the folder, table or file name says whose it is.
        part: Where the folder or table states it.
    """

    path: Path
    name: str
    label: str | None = None
    mask: Path | None = None
    patient: str | None = None
    part: Part | None = None


@dataclass(frozen=True)
class Collection:
    """Images that belong together.

    Attributes:
        root: The folder, or the table's file.
        layout: How classes or masks are told.
        items: In order of their names.
        notes: What was passed over.
    """

    root: Path
    layout: Layout
    items: list[Item]
    notes: list[str]

    @property
    def classes(self) -> list[str]:
        """The labels, sorted."""
        return sorted({item.label for item in self.items if item.label is not None})

    @property
    def counts(self) -> dict[str, int]:
        """Images by label."""
        return dict(sorted(Counter(i.label for i in self.items if i.label is not None).items()))


def find_images(
    reference: str,
    workspace: Workspace,
    field: str = "image_folder",
    group_column: str | None = None,
) -> Collection:
    """Finds the images of a folder or table.

    Layouts: `images/` + `masks/` with like-named files; one folder per class, below `train/` and
    `test/` or not, with one folder per patient inside or around them or not; a CSV (or other table)
    with a column of paths and one of labels or masks, given itself or lying in the folder; else
    images only.

    Args:
        reference: Path of a folder, a table or one image.
        workspace: Decides what may be read.
        field: The argument that named it, for errors.
        group_column: The table's column that says whose each image is; None lets its name tell.

    Raises:
        ToolError: It does not exist, holds no image, or its table lacks a column.
    """
    root = workspace.readable(reference, field)
    if root.is_file() and looks_like_image(root):
        return Collection(root, "unlabelled", [Item(root, root.name)], [])
    if root.is_file():
        return _from_table(root, workspace, field, group_column)
    folders = {item.name.casefold(): item for item in sorted(root.iterdir()) if item.is_dir()}
    images = next((folders[name] for name in IMAGE_FOLDERS if name in folders), None)
    masks = next((folders[name] for name in MASK_FOLDERS if name in folders), None)
    if images and masks:
        return _with_masks(root, images, masks)
    items = [
        item for part, folder in _parts(root, folders) for item in _classes(folder, root, part)
    ]
    tables = sorted(root.glob("*.csv"))
    if len(tables) == 1:
        has_classes = len({item.label for item in items} - {None}) > 1
        if not has_classes or _names_paths(tables[0], workspace, field):
            return _from_table(tables[0], workspace, field, group_column)
    if not items:
        wrong = FieldFault(field=field, got=reference, expected="a folder or table of images")
        raise ToolError(f"{root.name} holds no images.", wrong)
    labelled = [item for item in items if item.label is not None]
    if not labelled:
        return Collection(root, "unlabelled", items, [])
    loose = len(items) - len(labelled)
    notes = [f"{loose} images lie in no class folder and were passed over"] if loose else []
    if tables:
        names = listed([table.name for table in tables])
        notes.append(f"folders are the classes; tables beside them were passed over: {names}")
    return Collection(root, "classes", labelled, notes)


def _parts(root: Path, folders: dict[str, Path]) -> list[tuple[Part | None, Path]]:
    """Returns the folders that classes lie in; train/ and validation/ alone state no test part."""
    stated = [(PARTS[name], folder) for name, folder in folders.items() if name in PARTS]
    if {part for part, _ in stated} == {"train", "test"}:
        return [*stated]
    if len(stated) > 1:
        return [(None, folder) for _, folder in stated]
    return [(None, root)]


def _classes(folder: Path, root: Path, part: Part | None) -> list[Item]:
    """Returns the images below a folder.

    The first folder below it is the class and what follows the patient, who may be in several
    classes; or, where many folders hold the same few, the first is the patient.
    """
    paths = list(_images(folder))
    inside = [path.relative_to(folder).parts[:-1] for path in paths]
    if _begin_with_patients(inside):
        inside = [(parts[1], parts[0]) for parts in inside]
    named = len({parts[1:] for parts in inside}) > 1  # one name for all is nobody's
    items = []
    for path, parts in zip(paths, inside, strict=True):
        label = parts[0] if parts else None
        below = "/".join(parts[1:]) if named else ""
        patient = below or patient_of(path.name)
        items.append(Item(path, str(path.relative_to(root)), label, None, patient, part))
    return items


def _begin_with_patients(inside: Sequence[tuple[str, ...]]) -> bool:
    """Tells whether folders are patients, each with some of the same few folders of classes."""
    first, second = ({parts[i] for parts in inside if len(parts) > i} for i in (0, 1))
    return (
        all(len(parts) == 2 for parts in inside)
        and 2 <= len(second) < len(first)
        and len(first) >= FEWEST_PATIENTS
    )


def patient_of(name: str) -> str | None:
    """Returns the patient that a file's name states ("patient12_slice3.png"), else None."""
    found = PATIENT_IN_NAME.search(name)
    return found[0].casefold() if found else None


def _images(folder: Path) -> Iterable[Path]:
    """Yields image files and series folders below a folder, in order of their names."""
    entries = sorted(folder.iterdir())
    files = [entry for entry in entries if entry.is_file() and looks_like_image(entry)]
    slices = [file for file in files if file.suffix.lower() in (".dcm", ".ima")]
    if len(slices) >= SLICES and len(slices) == len(files) and _one_series(slices):
        yield folder
        return
    yield from files
    for entry in entries:
        if entry.is_dir() and not entry.name.startswith("."):
            yield from _images(entry)


def _one_series(files: list[Path]) -> bool:
    from models.images.formats.dicom import read_dataset

    try:
        ends = [read_dataset(file).get("SeriesInstanceUID") for file in (files[0], files[-1])]
    except ToolError:
        return False
    return ends[0] is not None and ends[0] == ends[1]


def _with_masks(root: Path, images: Path, masks: Path) -> Collection:
    outlines = {_stem(path): path for path in _images(masks)}
    items, alone = [], []
    used = set()
    for path in _images(images):
        name, mask = str(path.relative_to(root)), outlines.get(_stem(path))
        if mask is None:
            alone.append(name)
            continue
        used.add(mask)
        items.append(Item(path, name, mask=mask, patient=patient_of(path.name)))
    if not items:
        wrong = FieldFault(
            field="image_folder", got=f"{images.name}/ and {masks.name}/",
            expected="files of the same name in both, a mask's perhaps ending in _mask",
        )  # fmt: skip
        raise ToolError(f"No image of {root.name} has a mask.", wrong)
    idle = [str(path.relative_to(root)) for path in outlines.values() if path not in used]
    notes = []
    if alone:
        notes.append(f"{len(alone)} images have no mask and were passed over: {listed(alone)}")
    if idle:
        notes.append(f"{len(idle)} masks are of no image: {listed(idle)}")
    return Collection(root, "masks", items, notes)


def _stem(path: Path) -> str:
    stem = path.name.lower().removesuffix(".gz").rsplit(".", 1)[0]
    return MASK_ENDING.sub("", stem)


def _from_table(
    path: Path, workspace: Workspace, field: str, group_column: str | None
) -> Collection:
    frame = load_dataset(str(path), workspace, field).frame
    paths = _column(frame, PATH_COLUMNS)
    labels, masks = _column(frame, LABEL_COLUMNS), _column(frame, MASK_COLUMNS)
    names = list(map(str, frame.columns))
    faults = []
    if paths is None:
        faults.append(fault(field, ", ".join(names), "a column path with the images", names))
    if labels is None and masks is None:
        faults.append(fault(field, ", ".join(names), "a column label or a column mask", names))
    if group_column is not None and _column(frame, (group_column.casefold(),)) is None:
        faults.append(fault("group_column", group_column, f"a column of {path.name}", names))
    if faults:
        raise ToolError(f"{path.name} does not say which images it is about.", *faults)
    known = PATIENT_COLUMNS if group_column is None else (group_column.casefold(),)
    patients, parts = _column(frame, known), _column(frame, ("split",))
    items, missing, alone = [], [], []
    for index in range(len(frame)):
        row = frame.iloc[index]
        found = _beside(path, str(row[paths]), workspace, field)
        mask = _beside(path, str(row[masks]), workspace, field) if masks else None
        if found is None:
            missing.append(str(row[paths]))
            continue
        if masks and mask is None:
            alone.append(str(row[paths]))
            continue
        label = str(row[labels]) if labels and pd.notna(row[labels]) else None
        patient = str(row[patients]) if patients and pd.notna(row[patients]) else None
        part = PARTS.get(str(row[parts]).strip().casefold()) if parts else None
        items.append(Item(found, str(row[paths]), label, mask, patient, part))
    if not items:
        what, of = ("masks", alone) if alone else ("images", missing)
        wrong = FieldFault(field=field, got=f"{of[0]!r}, …", expected="paths beside the table")
        raise ToolError(f"None of the {what} that {path.name} names exists.", wrong)
    notes = []
    if missing:
        notes.append(f"{len(missing)} images named in {path.name} do not exist: {listed(missing)}")
    if alone:
        notes.append(f"{len(alone)} images of {path.name} have no mask: {listed(alone)}")
    return Collection(path, "masks" if masks else "table", items, notes)


def lists_images(frame: pd.DataFrame, path: Path) -> bool:
    """Tells whether a table's rows are images, with a class or outline each, of which some exist.

    Args:
        frame: The table.
        path: Its file, beside which the images lie.
    """
    paths = _column(frame, PATH_COLUMNS)
    said = _column(frame, (*LABEL_COLUMNS, *MASK_COLUMNS))
    if paths is None or said is None:
        return False
    named = frame[paths].dropna().astype(str)
    return any(looks_like_image(Path(name)) and _placed(path, name) for name in named)


def _names_paths(table: Path, workspace: Workspace, field: str) -> bool:
    return _column(load_dataset(str(table), workspace, field).frame, PATH_COLUMNS) is not None


def _column(frame: pd.DataFrame, names: tuple[str, ...]) -> str | None:
    known = {str(column).strip().casefold(): str(column) for column in frame.columns}
    return next((known[name] for name in names if name in known), None)


def _beside(table: Path, name: str, workspace: Workspace, field: str) -> Path | None:
    """Returns the file that a table names, if it exists and may be read."""
    path = _placed(table, name)
    return workspace.readable(path, field) if path else None


def _placed(table: Path, name: str) -> Path | None:
    """Returns where a file lies that a table names: beside it, or in a folder of images there."""
    for folder in (table.parent, *_image_folders(table.parent)):
        path = folder / name  # an absolute name stays as it is
        if path.is_file() or (path.is_dir() and folder == table.parent):
            return path
    return None


def _image_folders(folder: Path) -> list[Path]:
    return [item for item in sorted(folder.iterdir())
            if item.is_dir() and item.name.casefold() in (*IMAGE_FOLDERS, *PARTS)]  # fmt: skip

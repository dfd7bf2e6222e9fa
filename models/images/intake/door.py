"""Images at the door: every file read once, duplicates and patients grouped, the rest reported."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.errors import FieldFault, ToolError
from models.images.formats.digest import image_sha256
from models.images.formats.reading import read_picture
from models.images.intake.collection import Collection, Item
from models.images.intake.likeness import grouped, near_duplicates, thumbnail
from models.images.intake.surroundings import Surroundings, shortcuts, surroundings

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Admitted:
    """The images that can be worked with.

    Attributes:
        collection: What they are of, without what was left out.
        groups: Group of each item, shape (n,): images of one patient, and nearly the same images,
            share one and must stay on one side of a split.
        sha256: Of the hashes of all files, in order.
        sizes: How often each size occurs, the commonest first.
        spacing: Median spacing in mm, where any is known.
        modalities: How often each occurs, where any is known (DICOM), the commonest first.
        are_volumes: The images have planes.
        damaged: Why each file that could not be read could not be.
        notes: What was left out and grouped.
        warnings: What makes the images unfit for judging a model, or tells who the patients are.
    """

    collection: Collection
    groups: NDArray[np.intp]
    sha256: str
    sizes: dict[str, int]
    spacing: tuple[float, ...] | None
    modalities: dict[str, int]
    are_volumes: bool
    damaged: dict[str, str]
    notes: list[str]
    warnings: list[str]

    @property
    def items(self) -> list[Item]:
        """The admitted images."""
        return self.collection.items


@dataclass(frozen=True)
class _Seen:
    item: Item
    sha256: str
    thumbnail: NDArray[np.float32]
    surroundings: Surroundings
    size: str
    spacing: tuple[float, ...] | None
    modality: str | None
    is_volume: bool
    identifiers: tuple[str, ...]


def admit(collection: Collection, progress: Progress = lambda fraction, message: None) -> Admitted:
    """Reads every image of a collection once.

    Files that cannot be read are listed and left out; of byte-identical images one is kept, and
    none where their classes differ; where planes and volumes are mixed, the more frequent stay.

    Raises:
        ToolError: No image can be read.
    """
    seen, damaged = _look(collection, progress)
    if not seen:
        name, why = next(iter(damaged.items()))
        wrong = FieldFault(field="image_folder", got=name, expected="images that can be read")
        raise ToolError(f"None of the {len(damaged)} images can be read; the first: {why}", wrong)
    notes = list(collection.notes)
    if damaged:
        notes.append(f"{len(damaged)} files could not be read and were left out")
    kept = _one_kind(_unique(seen, notes), notes)
    spacings = [one.spacing for one in kept if one.spacing]
    return Admitted(
        replace(collection, items=[one.item for one in kept], notes=[]),
        _groups(kept, notes),
        hashlib.sha256("".join(one.sha256 for one in kept).encode()).hexdigest(),
        dict(Counter(one.size for one in kept).most_common()),
        tuple(np.median(spacings, axis=0).tolist()) if spacings else None,
        dict(Counter(one.modality for one in kept if one.modality).most_common()),
        kept[0].is_volume,
        damaged,
        notes,
        _warnings(kept),
    )


def _look(collection: Collection, progress: Progress) -> tuple[list[_Seen], dict[str, str]]:
    seen: list[_Seen] = []
    damaged: dict[str, str] = {}
    for index, item in enumerate(collection.items):
        progress(index / len(collection.items), "looking at the images")
        try:
            picture = read_picture(item.path)
        except ToolError as error:
            damaged[item.name] = error.message
            continue
        grey = picture.grey()
        files = sorted(item.path.iterdir()) if item.path.is_dir() else [item.path]
        seen.append(
            _Seen(
                item if item.patient else replace(item, patient=picture.patient),
                image_sha256(item.path),
                thumbnail(grey),
                surroundings(grey, sum(f.stat().st_size for f in files), colour=picture.colour),
                " × ".join(map(str, picture.spatial)),
                picture.spacing,
                picture.modality,
                picture.is_volume,
                picture.identifiers,
            )
        )
    return seen, damaged


def _unique(seen: list[_Seen], notes: list[str]) -> list[_Seen]:
    by_content: dict[str, list[_Seen]] = {}
    for one in seen:
        by_content.setdefault(one.sha256, []).append(one)
    kept, copies, contradicting = [], 0, 0
    for same in by_content.values():
        if len({one.item.label for one in same} - {None}) > 1:
            contradicting += len(same)
            continue
        # A copy in the test part would be judged on what was trained on, so the test's copy goes;
        # one whose class nobody says tells nothing that the other does not.
        kept.append(min(same, key=lambda one: (one.item.label is None, one.item.part == "test")))
        copies += len(same) - 1
    if copies:
        notes.append(f"{copies} byte-identical copies were left out")
    if contradicting:
        notes.append(f"{contradicting} identical images lie in several classes and were left out")
    return kept


def _one_kind(seen: list[_Seen], notes: list[str]) -> list[_Seen]:
    volumes = [one for one in seen if one.is_volume]
    planes = [one for one in seen if not one.is_volume]
    fewer, more = sorted((volumes, planes), key=len)
    if fewer:
        kind = "volumes" if fewer is volumes else "planes"
        notes.append(f"{len(fewer)} {kind} among other images were left out")
    return more


def _groups(kept: list[_Seen], notes: list[str]) -> NDArray[np.intp]:
    """Joins patients and nearly the same images; patients keep their own numbering."""
    by_patient: dict[str, list[int]] = {}
    for index, one in enumerate(kept):
        if one.item.patient:
            by_patient.setdefault(one.item.patient, []).append(index)
    pairs = [(same[0], other) for same in by_patient.values() for other in same[1:]]
    alike, correlation = near_duplicates(np.stack([one.thumbnail for one in kept]))
    groups = grouped(len(kept), pairs + alike)
    if by_patient:
        notes.append(f"{len(by_patient)} patients are known: each stays on one side of the split")
    if alike:
        involved = len({index for pair in alike for index in pair})
        notes.append(
            f"{involved} images are nearly the same as another (thumbnails correlate by "
            f"{correlation} or more): they stay on one side of the split"
        )
    return groups


def _warnings(kept: list[_Seen]) -> list[str]:
    labelled = [(one, one.item.label) for one in kept if one.item.label is not None]
    warnings = []
    if labelled:
        warnings += shortcuts(
            [one.surroundings for one, _ in labelled], [name for _, name in labelled]
        )
    named = Counter(name for one in kept for name in one.identifiers)
    if named:
        listed = ", ".join(name for name, _ in named.most_common(4))
        warnings.append(f"headers tell who the patients are ({listed}): take care whom they reach")
    letters = sum(one.surroundings.letters > 0 for one in kept)
    if letters:
        warnings.append(f"{letters} images seem to have letters burnt in; they may name patients")
    return warnings

"""Images to learn from, in two parts that share no patient, as tensors of one side."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from models.data.splits import folds
from models.errors import FieldFault, ToolError
from models.fitting.effort import Effort
from models.images.intake.collection import Item, find_images
from models.images.intake.door import Admitted, admit
from models.images.networks.tensors import load_tensors
from models.images.synthesis.pictures import is_marked
from models.images.synthesis.quality import Real
from models.store.workspace import Workspace

LEAST_IMAGES = 20
ENOUGH_IMAGES = 500
ENOUGH_HELD_OUT = 50
MOST_IMAGES = 20_000
PARTS = 4
"""One of which is held out."""

FAINT = 3.0
"""Mean difference between the channels (of 255) up to which the usual image is grey."""

AT_ONCE = 256


@dataclass(frozen=True)
class Intake:
    """What a generator learns from and is judged by.

    Attributes:
        name: Of the folder.
        admitted: What the door let in.
        real: Both sides of the split.
        held_out_groups: Group of each held-out image, shape (m,).
        classes: Names of the classes; "image" alone without classes.
        split: Sizes and method.
        positions: Of training and held-out images among the admitted ones.
        notes: What was done to the data.
        warnings: What makes the data or figures doubtful.
    """

    name: str
    admitted: Admitted
    real: Real
    held_out_groups: NDArray[np.intp]
    classes: list[str]
    split: dict[str, object]
    positions: dict[str, list[int]]
    notes: list[str]
    warnings: list[str]

    @property
    def counts(self) -> list[int]:
        """Training images of each class."""
        counts = np.bincount(self.real.training_classes, minlength=len(self.classes))
        return [int(count) for count in counts]


def take_in(image_folder: str, side: int, workspace: Workspace, effort: Effort) -> Intake:
    """Takes a folder through the door and splits it by patients.

    Raises:
        ToolError: There are too few images, too few groups, or they are volumes.
    """
    collection = find_images(image_folder, workspace)
    admitted = admit(collection, effort.part(0, 0.5).progress)
    refuse_unfit(admitted)
    items, groups = admitted.items, admitted.groups
    notes, warnings = list(admitted.notes), list(admitted.warnings)
    if len(items) > MOST_IMAGES:
        chosen = np.sort(np.random.default_rng(effort.seed).permutation(len(items))[:MOST_IMAGES])
        items, groups = [items[k] for k in chosen], groups[chosen]
        notes.append(f"{MOST_IMAGES} images were drawn at random, the others left out")
    classes, kinds = _classes(items, notes)
    training, held_out, method = _sides(items, groups, kinds, effort.seed)
    images = _loaded(items, side, notes, effort.part(0.5, 1))
    split = {"train": len(training), "test": len(held_out), "method": method}
    warnings += _warnings(items, kinds[training], kinds[held_out], classes)
    return Intake(
        collection.root.name, admitted,
        Real(images[training], kinds[training], images[held_out], kinds[held_out]),
        groups[held_out], classes, split,
        {"train_images": training.tolist(), "test_images": held_out.tolist()}, notes, warnings,
    )  # fmt: skip


def refuse_unfit(admitted: Admitted) -> None:
    """Refuses volumes and small collections.

    Raises:
        ToolError: The images are volumes or fewer than 20.
    """
    if admitted.are_volumes:
        wrong = FieldFault(
            field="image_folder", got="volumes (3-D)",
            expected="planes: PNG or JPEG files, or single DICOM slices",
        )  # fmt: skip
        message = "Images are made up in two dimensions only; cut the volumes into planes first."
        raise ToolError(message, wrong, kind="refused_data")
    if len(admitted.items) < LEAST_IMAGES:
        got = f"{len(admitted.items)} usable images"
        wrong = FieldFault(field="image_folder", got=got, expected=f"at least {LEAST_IMAGES}")
        message = (
            f"{len(admitted.items)} images are too few: a generator could only copy them, and too "
            "few would be left to judge it by."
        )
        raise ToolError(message, wrong, kind="refused_data")


def _classes(items: list[Item], notes: list[str]) -> tuple[list[str], NDArray[np.intp]]:
    """Returns the names of the classes and the class of each image."""
    known = {item.label for item in items}
    if None in known or len(known) < 2:
        notes.append("there are no classes to choose from: all images are of one kind")
        return ["image"], np.zeros(len(items), np.intp)
    names = sorted(str(label) for label in known)
    return names, np.array([names.index(str(item.label)) for item in items], np.intp)


def _sides(
    items: list[Item], groups: NDArray[np.intp], kinds: NDArray[np.intp], seed: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], str]:
    stated = np.array([item.part or "" for item in items])
    if (stated == "test").any() and (stated == "train").any():
        return (
            np.flatnonzero(stated != "test"), np.flatnonzero(stated == "test"),
            "the parts that the folder states",
        )  # fmt: skip
    if len(np.unique(groups)) < PARTS:
        wrong = FieldFault(
            field="image_folder", got=f"{len(np.unique(groups))} patients or groups of like images",
            expected=f"at least {PARTS}",
        )  # fmt: skip
        raise ToolError("There are too few patients to hold some out.", wrong, kind="refused_data")
    training, held_out = folds(len(items), kinds, groups, count=PARTS, seed=seed)[0]
    return training, held_out, "whole groups (patients, near copies), a quarter held out"


def _loaded(items: list[Item], side: int, notes: list[str], effort: Effort) -> torch.Tensor:
    """Returns the images with three channels, or with one where the usual image is grey."""
    images = load_tensors([item.path for item in items], side, 3, effort.progress)
    tints = torch.cat(
        [
            (some.amax(1) - some.amin(1)).flatten(1).float().mean(1)
            for some in torch.split(images, AT_ONCE)
        ]
    )
    if tints.median() > FAINT:
        return images
    if tinged := int((tints > 0).sum()):
        notes.append(f"{tinged} images with a tinge of colour were made grey, like the others")
    grey = [some.float().mean(1, keepdim=True).round() for some in torch.split(images, AT_ONCE)]
    return torch.cat([some.to(torch.uint8) for some in grey])


def _warnings(
    items: list[Item], training: NDArray[np.intp], held_out: NDArray[np.intp], classes: list[str]
) -> list[str]:
    warnings = []
    made_up = sum(is_marked(item.path) for item in items if item.path.suffix.lower() == ".png")
    if made_up:
        warnings.append(
            f"{made_up} of the images are themselves made up by a generator: what is learnt from "
            "them drifts away from real images"
        )
    if len(training) < ENOUGH_IMAGES:
        warnings.append(
            f"only {len(training)} training images: expect little variety and look for copies"
        )
    if len(held_out) < ENOUGH_HELD_OUT:
        warnings.append(f"only {len(held_out)} held-out images: the distances are uncertain")
    counts = np.bincount(training, minlength=len(classes))
    if counts.min() < LEAST_IMAGES and len(classes) > 1:
        rare = classes[int(counts.argmin())]
        warnings.append(f"only {counts.min()} training images of class {rare}")
    return warnings

"""Images with classes, admitted and divided into what is trained on and what is held out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.data.splits import folds
from models.errors import FieldFault, ToolError
from models.images.intake.collection import Collection, Item, find_images
from models.images.intake.door import Admitted, Progress, admit
from models.store.workspace import Workspace
from models.tables.classification.outcome import positive_class

Rows = NDArray[np.intp]
LEAST_PER_CLASS = 8
LEAST_GROUPS = 2
ENOUGH_PER_CLASS = 50
TEST_PARTS = 5
"""One part in so many is held out where neither folder nor table states a test part."""

MANY = 1500
"""Above so many training images one split serves; below, every image is held out once."""

DROPPED_SHARE = 0.1
NEGATIVE = frozenset(
    {"normal", "healthy", "clear", "control", "controls", "negative", "benign", "none", "no",
     "absent", "0", "without", "unaffected"}
)  # fmt: skip


@dataclass(frozen=True)
class ImageRequest:
    """What was asked for.

    Attributes:
        image_folder: Folder or table of images with classes.
        test_folder: A second one to judge on.
        split: "random" or "group" pass over the parts that folder or table state; None honours
            them.
        group_column: The table's column that says which images belong together.
        folds: Parts of a cross-validation; None lets the number of images decide.
        positive_class: The class that counts as positive; None lets the names decide.
        unlabelled_folder: Further images, whose classes nobody knows.
        seed: Decides every random choice.
    """

    image_folder: str
    test_folder: str | None = None
    split: str | None = None
    group_column: str | None = None
    folds: int | None = None
    positive_class: str | None = None
    unlabelled_folder: str | None = None
    seed: int = 0


@dataclass(frozen=True)
class Labelled:
    """Images ready to train on.

    Attributes:
        admitted: What came through the door.
        classes: Class names; with two, the second is the positive one.
        truth: Class of each image, shape (n,).
        training: Positions that are trained on.
        test: Positions that are held out; empty where cross-validation holds out each once.
        folds: Pairs of positions (fitted to, held out) within the training images.
        method: How they were chosen, in words.
        unlabelled: Images without a class; none is of a patient, or nearly the same, as one with.
        notes: What was left out.
        warnings: What the person should look at.
    """

    admitted: Admitted
    classes: list[str]
    truth: Rows
    training: Rows
    test: Rows
    folds: list[tuple[Rows, Rows]]
    method: str
    unlabelled: list[Item] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def items(self) -> list[Item]:
        """The images."""
        return self.admitted.items

    @property
    def judged(self) -> Rows:
        """Positions that the metrics are of."""
        if len(self.test):
            return self.test
        return np.concatenate([held for _, held in self.folds])

    def fold_of_judged(self) -> Rows:
        """Returns the fold that each judged image was held out of, from 1; 0 for a test part."""
        if len(self.test):
            return np.zeros(len(self.test), dtype=np.intp)
        return np.repeat(np.arange(len(self.folds)) + 1, [len(held) for _, held in self.folds])

    def record(self) -> dict[str, Any]:
        """Returns sizes and method, for results and cards."""
        return {
            "method": self.method,
            "train": len(self.training),
            "test": len(self.judged),
            "folds": len(self.folds),
            "groups": len(set(self.admitted.groups.tolist())),
        }


def labelled_images(request: ImageRequest, workspace: Workspace, progress: Progress) -> Labelled:
    """Takes images through the door and divides them.

    Images of one patient, and nearly the same images, stay on one side.

    Raises:
        ToolError: There are no classes, too few images of one, or nothing to hold out.
    """
    collection = _collection(request, workspace)
    admitted = admit(collection, progress)
    _require_patients(admitted, request)
    notes = list(admitted.notes)
    admitted, unlabelled = _with_classes(admitted, notes)
    labels = [str(item.label) for item in admitted.items]
    classes = _ordered(labels, request.positive_class)
    truth = np.array([classes.index(label) for label in labels], dtype=np.intp)
    training, test, method = _sides(admitted, truth, request, notes)
    parts, held = _folds(truth, admitted.groups, training, request, stated=len(test) > 0)
    if held is not None:
        training, test = np.setdiff1d(training, held), held
        method = f"stratified, whole groups, one image in {TEST_PARTS} held out"
    elif not len(test):
        method = f"{len(parts)}-fold cross-validation, stratified, whole groups"
    for fitted, _ in parts:
        _require_all(truth[fitted], classes, request.test_folder)
    warnings = admitted.warnings + _size_warnings(truth, training, classes)
    return Labelled(
        admitted, classes, truth, training, test, parts, method, unlabelled, notes, warnings
    )


def _collection(request: ImageRequest, workspace: Workspace) -> Collection:
    found = find_images(request.image_folder, workspace, "image_folder", request.group_column)
    _require_labels(found, "image_folder")
    if request.unlabelled_folder:
        more = find_images(request.unlabelled_folder, workspace, "unlabelled_folder")
        items = [
            replace(item, name=f"{more.root.name}/{item.name}", label=None, mask=None, part=None)
            for item in more.items
        ]
        found = replace(found, items=[*found.items, *items], notes=[*found.notes, *more.notes])
    if request.test_folder is None:
        return found
    held_out = find_images(request.test_folder, workspace, "test_folder", request.group_column)
    _require_labels(held_out, "test_folder")
    first, second = found.root.name, held_out.root.name
    items = [replace(item, name=f"{first}/{item.name}", part="train") for item in found.items]
    items += [replace(item, name=f"{second}/{item.name}", part="test") for item in held_out.items]
    return replace(found, items=items, notes=[*found.notes, *held_out.notes])


def _require_patients(admitted: Admitted, request: ImageRequest) -> None:
    if request.split != "group" or any(item.patient for item in admitted.items):
        return
    wrong = FieldFault(
        field="split",
        got="group, but no image says whose it is",
        expected="one folder per patient, DICOM files, or group_column of a table",
    )
    raise ToolError("A split by group needs to know whose the images are.", wrong)


def _require_labels(found: Collection, field_name: str) -> None:
    if found.classes:
        return
    expected = "one folder per class, or a table with columns path and label"
    if found.layout == "masks":
        wrong = FieldFault(
            field=field_name, got=f"{found.root.name} with masks", expected=expected,
            suggestion="train_image_segmenter",
        )  # fmt: skip
        message = f"{found.root.name} has masks, not classes: train_image_segmenter learns those."
        raise ToolError(message, wrong, kind="refused_data")
    wrong = FieldFault(
        field=field_name, got=f"{found.root.name} with {len(found.items)} images and no classes",
        expected=expected,
    )  # fmt: skip
    raise ToolError(f"{found.root.name} does not say what each image is.", wrong)


def _with_classes(admitted: Admitted, notes: list[str]) -> tuple[Admitted, list[Item]]:
    """Sets images without a class apart, and leaves out classes too rare to learn."""
    counts = Counter(item.label for item in admitted.items if item.label is not None)
    enough = {label for label, count in counts.items() if count >= LEAST_PER_CLASS}
    if len(enough) < 2:
        got = ", ".join(f"{label}: {count} images" for label, count in sorted(counts.items()))
        wrong = FieldFault(
            field="image_folder", got=got or "no class",
            expected=f"two classes of at least {LEAST_PER_CLASS} images that can be read",
        )  # fmt: skip
        what = "one class only" if len(counts) == 1 else "too few images in its classes"
        name = admitted.collection.root.name
        raise ToolError(f"{name} has {what}; nothing can be learnt.", wrong, kind="refused_data")
    rare = sorted(label for label in counts if label not in enough)
    if rare:
        notes.append(f"classes too rare to learn left out: {', '.join(rare)}")
    kept = [i for i, item in enumerate(admitted.items) if item.label in enough]
    known = set(admitted.groups[kept].tolist())
    unlabelled = [
        item
        for item, group in zip(admitted.items, admitted.groups.tolist(), strict=True)
        if item.label is None and group not in known
    ]
    if left := sum(item.label is None for item in admitted.items) - len(unlabelled):
        notes.append(
            f"{left} images without a class left out: of a patient, or nearly the same, as one with"
        )
    labelled = replace(
        admitted,
        collection=replace(admitted.collection, items=[admitted.items[i] for i in kept]),
        groups=np.unique(admitted.groups[kept], return_inverse=True)[1],
    )
    return labelled, unlabelled


def _ordered(labels: Sequence[str], asked: str | None) -> list[str]:
    """Returns the classes; of two, the positive one last."""
    classes = sorted(set(labels))
    negative = [label for label in classes if NEGATIVE & set(label.casefold().split("_"))]
    if len(classes) == 2 and len(negative) == 1 and asked is None:
        return [*negative, *(label for label in classes if label not in negative)]
    positive = positive_class(pd.Series(labels, dtype=object), None, asked)
    return [label for label in classes if label != positive] + ([positive] if positive else [])


def _sides(
    admitted: Admitted, truth: Rows, request: ImageRequest, notes: list[str]
) -> tuple[Rows, Rows, str]:
    """Returns training and held-out positions as folder or table state them."""
    everything = np.arange(len(truth))
    parts = np.array([item.part or "" for item in admitted.items])
    stated = (parts == "test").any() and (parts != "test").any()
    if not stated or (request.split is not None and request.test_folder is None):
        return everything, everything[:0], ""
    training, test = np.flatnonzero(parts != "test"), np.flatnonzero(parts == "test")
    shared = np.isin(admitted.groups[training], admitted.groups[test])
    if 0 < shared.sum() <= DROPPED_SHARE * len(training):
        training = training[~shared]
        notes.append(
            f"{int(shared.sum())} training images left out: of a patient that is held out, or "
            "nearly the same as a held-out image"
        )
    elif shared.any():
        notes.append(
            f"{int(shared.sum())} training images are of a held-out patient or nearly the same as "
            "a held-out image; there are too many to leave out, so the metrics may flatter"
        )
    method = f"test_folder {request.test_folder}" if request.test_folder else "parts as stated"
    return training, test, method


def _folds(
    truth: Rows, groups: Rows, training: Rows, request: ImageRequest, *, stated: bool
) -> tuple[list[tuple[Rows, Rows]], Rows | None]:
    """Divides the training images.

    Returns:
        Pairs (fitted to, held out), and the positions of a test part where one has to be made.
    """

    def divided(rows: Rows, count: int) -> list[tuple[Rows, Rows]]:
        made = folds(len(rows), truth[rows], groups[rows], count=count, seed=request.seed)
        return [(rows[first], rows[second]) for first, second in made]

    _require_groups(truth[training], groups[training])
    if request.folds or len(training) <= MANY:
        return divided(training, request.folds or TEST_PARTS), None
    held = None
    if not stated:
        training, held = divided(training, TEST_PARTS)[0]
    return divided(training, 2 * TEST_PARTS)[:1], held


def _require_groups(truth: Rows, groups: Rows) -> None:
    fewest = min(len(np.unique(groups[truth == k])) for k in np.unique(truth))
    if fewest < LEAST_GROUPS:
        wrong = FieldFault(
            field="image_folder", got="a class of one patient (or of copies of one image)",
            expected=f"at least {LEAST_GROUPS} patients in each class",
        )  # fmt: skip
        raise ToolError("A class cannot be held out: all of it is one patient.", wrong)


def _require_all(truth: Rows, classes: Sequence[str], test_folder: str | None) -> None:
    missing = [label for k, label in enumerate(classes) if not (truth == k).any()]
    if missing and test_folder:
        wrong = FieldFault(
            field="test_folder", got=f"{test_folder} with {', '.join(missing)}",
            expected="images of the classes that are learnt",
        )  # fmt: skip
        raise ToolError("The test images are of classes that are not learnt.", wrong)
    if missing:
        wrong = FieldFault(
            field="image_folder", got=f"no training image of {', '.join(missing)} in a part",
            expected="images of every class, of several patients, on the training side",
        )  # fmt: skip
        raise ToolError("The images cannot be divided with every class on both sides.", wrong)


def _size_warnings(truth: Rows, training: Rows, classes: Sequence[str]) -> list[str]:
    counts = np.bincount(truth[training], minlength=len(classes))
    rarest = int(counts.argmin())
    if counts[rarest] >= ENOUGH_PER_CLASS:
        return []
    return [f"only {counts[rarest]} training images of {classes[rarest]}"]

"""Images with what outlines them, from a folder or table, checked."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.errors import FieldFault, ToolError
from models.images.formats.listing import listed
from models.images.formats.picture import Picture
from models.images.formats.reading import read_picture
from models.images.intake.collection import Item, Part
from models.images.intake.door import Admitted, admit
from models.images.segmentation.outlining.folders import (
    OutlinedImages,
    find_outlined,
    joined,
    stated_names,
)
from models.images.segmentation.outlining.outlines import (
    Labels,
    Outline,
    add_counts,
    box_labels,
    labels_of,
    named,
)
from models.store.workspace import Workspace

PACKED_COLOUR = 65535
"""Greater values of a mask are colours."""

Progress = Callable[[float, str], None]
MOST_FAULTS = 8
TOLERATED = 0.1
"""Share of images whose mask may be unusable; more, and the folder is not what it seems."""


@dataclass(frozen=True)
class Case:
    """One image that is outlined.

    Attributes:
        item: The image.
        outline: What outlines it.
        group: Cases of one patient, and nearly the same images, share one.
    """

    item: Item
    outline: Outline
    group: int

    @property
    def part(self) -> Part | None:
        """Train or test, where the folder states it."""
        return self.item.part

    def load(self, labels: Labels) -> tuple[Picture, NDArray[np.uint8]]:
        """Returns the image and its labels, shape `picture.spatial`."""
        picture = read_picture(self.item.path)
        raw = self.outline.read(labels, picture.spatial)
        return picture, raw.astype(np.uint8) if self.outline.boxes else labels.number(raw)


@dataclass(frozen=True)
class Cases:
    """All cases of a folder.

    Attributes:
        admitted: What the door said of the images.
        cases: Whose image and mask are usable.
        labels: What is outlined.
        from_boxes: The masks are ellipses in boxes: weak labels.
        colour: Some images are in colour.
        notes: What was left out.
        warnings: What the person should look at.
    """

    admitted: Admitted
    cases: list[Case]
    labels: Labels
    from_boxes: bool
    colour: bool
    notes: list[str]
    warnings: list[str]


@dataclass
class Review:
    """What images and their outlines show together, whether or not they can be learnt from.

    Attributes:
        admitted: What the door said of the images.
        cases: Whose image and outline are usable.
        counts: Pixels of each value, over all masks.
        faults: Why each of the other outlines is unusable.
        blank: Names of images whose mask is of one value.
        colours: Images in colour.
        turned: Masks that state another position than their image.
        mask_colour: Masks are in colour.
    """

    admitted: Admitted
    cases: list[Case] = field(default_factory=list)
    counts: dict[int, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)
    colours: int = 0
    turned: int = 0
    mask_colour: bool = False

    def add(self, case: Case, labels: Labels | None) -> None:
        """Reads one image and its outline."""
        item, outline = case.item, case.outline
        try:
            picture = read_picture(item.path)
            raw = outline.read(labels, picture.spatial)
        except ToolError as error:
            self.faults.append(error.message)
            return
        self.cases.append(case)
        self.colours += picture.colour
        self.mask_colour |= outline.boxes is None and int(raw.max(initial=0)) > PACKED_COLOUR
        self.turned += _turned(picture, item)
        if outline.boxes is None and raw.min() == raw.max():
            self.blank.append(item.name)
        add_counts(self.counts, raw)

    def warnings(self) -> list[str]:
        """Says what is left out and looks odd."""
        found = []
        if self.faults:
            found.append(f"{len(self.faults)} images left out: {listed(self.faults)}")
        if self.blank:
            found.append(
                f"{len(self.blank)} masks are of one value and outline nothing: "
                f"{listed(self.blank)}"
            )
        if self.turned:
            found.append(
                f"{self.turned} masks state another position or orientation than their image"
            )
        return found


def review(found: OutlinedImages, progress: Progress = lambda fraction, message: None) -> Review:
    """Reads every image and what outlines it once.

    Raises:
        ToolError: No image can be read.
    """
    admitted = admit(found.collection, lambda done, message: progress(done / 2, message))
    labels = box_labels(found.names) if found.boxes else None
    seen = Review(admitted)
    for index, item in enumerate(admitted.items):
        progress(0.5 + index / len(admitted.items) / 2, "looking at the masks")
        outline = Outline(item, found.boxes.get(item.path))
        seen.add(Case(item, outline, int(admitted.groups[index])), labels)
    return seen


def find_cases(
    reference: str,
    workspace: Workspace,
    test_folder: str | None = None,
    progress: Progress = lambda fraction, message: None,
) -> Cases:
    """Reads every image and mask of a folder once.

    Args:
        reference: Path of a folder or table.
        workspace: Decides what may be read.
        test_folder: A second one, whose cases are the test part; the first is all training then.
        progress: Told how far it is.

    Raises:
        ToolError: There are no masks, they have no foreground, or too many differ from their
            images in size; names each.
    """
    found = find_outlined(reference, workspace, "image_folder")
    if test_folder is not None:
        found = joined(found, find_outlined(test_folder, workspace, "test_folder"))
    seen = review(found, progress)
    admitted = seen.admitted
    _refuse_faults(seen.faults, len(admitted.items), reference)
    notes, warnings = list(admitted.notes), [*admitted.warnings, *seen.warnings()]
    if found.boxes:
        labels = box_labels(found.names)
        warnings.append(
            "the outlines are ellipses drawn in boxes (weak labels): Dice and areas are against "
            "these, not against outlines drawn by hand"
        )
    else:
        labels = labels_of(seen.counts, colour=seen.mask_colour, notes=notes)
        labels = named(labels, stated_names(found.collection))
    return Cases(admitted, seen.cases, labels, bool(found.boxes), seen.colours > 0, notes, warnings)


def _turned(picture: Picture, item: Item) -> bool:
    """Tells whether a mask's affine is another than its image's."""
    if picture.affine is None or item.mask is None:
        return False
    affine = read_picture(item.mask).affine
    return affine is not None and not np.allclose(affine, picture.affine, atol=0.01)


def _refuse_faults(faults: list[str], count: int, reference: str) -> None:
    if len(faults) <= TOLERATED * count:
        return
    wrong = [
        FieldFault(field="image_folder", got=line, expected="a mask of the image's own size")
        for line in faults[:MOST_FAULTS]
    ]
    more = f" (the first {MOST_FAULTS} are listed)" if len(faults) > MOST_FAULTS else ""
    message = f"The masks of {len(faults)} of {count} images of {reference} are unusable{more}."
    raise ToolError(message, *wrong, kind="refused_data")

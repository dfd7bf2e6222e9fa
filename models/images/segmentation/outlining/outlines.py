"""What outlines an image, a mask file or boxes, and the numbering of labels that all share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from models.errors import ToolError
from models.images.formats.picture import Picture
from models.images.formats.reading import read_picture
from models.images.intake.collection import Item
from models.images.segmentation.outlining.boxes import Box, ellipses

MOST_LABELS = 16
"""Distinct values above which a mask numbers single objects, or was smoothed."""

EXTREME = 0.9
"""Share of pixels near black or white from which many values are the smoothing of two."""


class Labels(BaseModel):
    """Which values of a mask are which label; the same for all images.

    Attributes:
        names: Of label 1, 2, …; 0 is the background.
        values: The value of each in mask files; empty where a threshold tells.
        threshold: Greater values are label 1, where `values` is empty.
    """

    names: list[str]
    values: list[int] = []
    threshold: float = 0.0

    @property
    def count(self) -> int:
        """Number of labels without the background."""
        return len(self.names)

    def number(self, raw: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Returns the labels of a mask's values, same shape."""
        if not self.values:
            return (raw > self.threshold).astype(np.uint8)
        numbered = np.zeros(raw.shape, np.uint8)
        for index, value in enumerate(self.values, start=1):
            numbered[raw == value] = index
        return numbered


@dataclass(frozen=True)
class Outline:
    """How one image is outlined: by boxes, else by the mask of its item."""

    item: Item
    boxes: tuple[Box, ...] | None = None

    def read(self, labels: Labels | None, spatial: tuple[int, ...]) -> NDArray[np.int64]:
        """Returns the raw values of the mask, or ellipses already numbered.

        Args:
            labels: The numbering, which boxes need.
            spatial: Sizes of the image's axes.

        Raises:
            ToolError: The mask cannot be read or differs from the image in size.
        """
        if self.boxes is not None:
            if len(spatial) != 2:
                raise ToolError(f"{self.item.name} is a volume; boxes are of planes.")
            assert labels is not None  # noqa: S101  # boxes state their labels beforehand
            numbers = {name: index for index, name in enumerate(labels.names, start=1)}
            return ellipses(self.boxes, numbers, (spatial[0], spatial[1])).astype(np.int64)
        assert self.item.mask is not None  # noqa: S101  # the door let only such items in
        mask = read_picture(self.item.mask)
        if mask.spatial != spatial:
            shown = [" × ".join(map(str, size)) for size in (mask.spatial, spatial)]
            raise ToolError(f"{self.item.name}: its mask is {shown[0]}, the image {shown[1]}")
        return raw_values(mask)


def raw_values(mask: Picture) -> NDArray[np.int64]:
    """Returns a mask's values as whole numbers; a colour becomes red·65536 + green·256 + blue."""
    pixels = np.nan_to_num(mask.pixels)
    if mask.colour:
        return np.asarray(pixels.astype(np.int64) @ np.array([65536, 256, 1]))
    if np.issubdtype(pixels.dtype, np.floating) and 0 < pixels.max() <= 1:
        return np.asarray(pixels >= 0.5, np.int64)  # a probability
    return np.asarray(np.rint(pixels), np.int64)


def labels_of(counts: Mapping[int, int], *, colour: bool, notes: list[str]) -> Labels:
    """Decides what the values that occur in masks mean.

    Args:
        counts: Pixels of each value, over all masks.
        colour: The values are packed colours.
        notes: Gets what was decided, where it is not plain.

    Raises:
        ToolError: Every mask is of one value.
    """
    values = np.array(sorted(counts))
    pixels = np.array([counts[value] for value in values.tolist()])
    if len(values) < 2:
        raise ToolError("No mask has a foreground: each is of one value.", kind="refused_data")
    if colour or len(values) <= MOST_LABELS:
        # The background is 0, or where no mask has a 0, the commonest value.
        background = 0 if 0 in counts else int(values[pixels.argmax()])
        others = [int(value) for value in values if value != background]
        if background:
            notes.append(f"no mask has a 0: its commonest value, {background}, is the background")
        if len(others) <= MOST_LABELS:
            names = ["foreground"] if len(others) == 1 else [f"label {_shown(v, colour=colour)}"
                                                              for v in others]  # fmt: skip
            return Labels(names=names, values=others)
    top = int(values.max())
    near = (values < 0.1 * top) | (values > 0.9 * top)
    if top <= 255 and pixels[near].sum() >= EXTREME * pixels.sum() and 255 - top < 10:
        notes.append("masks have grey edges (as JPEG makes them): values above 127 are foreground")
        return Labels(names=["foreground"], threshold=127)
    notes.append(f"masks have {len(values)} values, as where each object has its own number: "
                 "all but 0 are one foreground")  # fmt: skip
    return Labels(names=["foreground"])


def named(labels: Labels, names: Mapping[int, str]) -> Labels:
    """Returns the labels under the names that a data set states by value."""
    told = [names.get(value, name) for value, name in zip(labels.values, labels.names, strict=True)]
    return labels.model_copy(update={"names": told}) if labels.values else labels


def box_labels(names: Sequence[str]) -> Labels:
    """Returns the numbering of what boxes are around."""
    return Labels(names=list(names), values=list(range(1, len(names) + 1)))


def add_counts(counts: dict[int, int], raw: NDArray[np.int64]) -> None:
    """Adds the values of a mask to the counts of all."""
    values, pixels = np.unique(raw, return_counts=True)
    for value, count in zip(values.tolist(), pixels.tolist(), strict=True):
        counts[value] = counts.get(value, 0) + count


def _shown(value: int, *, colour: bool) -> str:
    return f"#{value:06x}" if colour else str(value)

"""A medical image in memory, whatever file it came from."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import FieldFault, ToolError

MOST_PIXELS = 64_000_000
"""Of a plane; a larger one is a whole-slide image, which has to be cut into tiles first."""

MOST_BYTES = 1 << 30
"""Of all the pixels of one file, once unpacked."""

LONGEST_REASON = 250
DARKEST, BRIGHTEST = 0.5, 99.5
"""Percentiles of the values that are shown as black and white where the file states no window."""


@dataclass(frozen=True)
class Picture:
    """Pixels with what is known of them.

    Attributes:
        name: File or folder that it was read from, without its folder.
        pixels: Values as stored, modality rescale applied; shape (height, width) or (depth, height,
            width), with a last axis of 3 where `colour`.
        colour: The last axis is red, green, blue.
        spacing: Millimetres from one pixel to the next along each spatial axis, where known.
        window: Values shown as black and as white, where the file states them.
        inverted: Low values are shown bright (MONOCHROME1).
        affine: From (column, row, plane) to scanner millimetres, shape (4, 4), of NIfTI files.
        modality: Such as CT or MR, where known.
        patient: Pseudonymous key of the patient, where the file names one: a hash, never the name.
        identifiers: What could tell who the patient is: names of fields, never their values.
        notes: What was found on the way and did not stop the reading.
    """

    name: str
    pixels: NDArray[Any]
    colour: bool = False
    spacing: tuple[float, ...] | None = None
    window: tuple[float, float] | None = None
    inverted: bool = False
    affine: NDArray[np.float64] | None = None
    modality: str | None = None
    patient: str | None = None
    identifiers: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def spatial(self) -> tuple[int, ...]:
        """The sizes of the spatial axes: (height, width) or (depth, height, width)."""
        return self.pixels.shape[:-1] if self.colour else self.pixels.shape

    @property
    def is_volume(self) -> bool:
        """It has planes."""
        return len(self.spatial) == 3

    def plane(self, index: int | None = None) -> "Picture":
        """Returns one plane of a volume, the middle one unless told; a plane returns itself."""
        if not self.is_volume:
            return self
        chosen = self.spatial[0] // 2 if index is None else index
        spacing = self.spacing[1:] if self.spacing else None
        window = self.window or self._usual_window()  # one window for all planes
        return Picture(
            self.name, self.pixels[chosen], self.colour, spacing, window, self.inverted,
            None, self.modality, self.patient, self.identifiers, self.notes,
        )  # fmt: skip

    def shown(self) -> NDArray[np.float32]:
        """Returns the values as they are looked at, from 0 (black) to 1 (white), same shape."""
        low, high = self.window or self._usual_window()
        values: NDArray[np.float32] = self.pixels.astype(np.float32)
        span = high - low if high > low else 1.0
        shown: NDArray[np.float32] = np.clip((np.nan_to_num(values, nan=low) - low) / span, 0, 1)
        return 1 - shown if self.inverted else shown

    def grey(self) -> NDArray[np.float32]:
        """Returns `shown` without colour, shape `spatial`."""
        shown = self.shown()
        luma = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601
        grey: NDArray[np.float32] = shown @ luma if self.colour else shown
        return grey

    def _usual_window(self) -> tuple[float, float]:
        if self.pixels.dtype == np.uint8 or self.colour:
            return 0.0, float(np.iinfo(self.pixels.dtype).max)
        if self.pixels.dtype == bool:
            return 0.0, 1.0
        finite = self.pixels[np.isfinite(self.pixels)] if self.pixels.size else self.pixels
        if not finite.size:
            return 0.0, 1.0
        low, high = np.percentile(finite, [DARKEST, BRIGHTEST])
        return float(low), float(high)


def unreadable(path: Path, why: str, field_name: str = "image") -> ToolError:
    """Returns the error for a file that cannot be read as an image."""
    wrong = FieldFault(
        field=field_name, got=path.name, expected="a PNG, JPEG, TIFF, DICOM or NIfTI"
    )
    line = " ".join(why.replace(str(path), path.name).split())[:LONGEST_REASON]
    return ToolError(f"{path.name}: {line}", wrong, kind="unreadable")


def too_many_pixels(path: Path) -> ToolError:
    """Returns the error for a plane that is too large."""
    why = f"a plane of more than {MOST_PIXELS // 10**6} million pixels; cut it into tiles first"
    return unreadable(path, why)


def check_size(path: Path, plane: tuple[int, int], planes: int, bytes_each: int) -> None:
    """Refuses an image by the sizes that its header states, before anything is unpacked.

    Raises:
        ToolError: A plane has too many pixels, or the whole too many bytes.
    """
    height, width = plane
    if height < 1 or width < 1 or planes < 1:
        raise unreadable(path, f"its header states {width} × {height} pixels")
    if height * width > MOST_PIXELS:
        raise too_many_pixels(path)
    if height * width * planes * bytes_each > MOST_BYTES:
        why = f"unpacked it would take more than {MOST_BYTES >> 30} GiB; cut it into parts first"
        raise unreadable(path, why)

"""What of an image is not the patient: size, border, packing, letters burnt in.

Where it differs between classes, a network may learn it instead of the disease (shortcut learning:
Geirhos et al. 2020, doi 10.1038/s42256-020-00257-z; DeGrave et al. 2021, of chest films,
doi 10.1038/s42256-021-00338-7).
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from sklearn.metrics import roc_auc_score

BORDER = 0.05
"""Share of height and width that counts as border."""

TELLING = 0.8
"""AUROC of one such property from which the classes are said to differ in it."""

FEWEST = 10
LETTER_HEIGHTS = (6, 48)
LETTERS_IN_A_LINE = 4
LETTER_BRIGHTNESS = 0.6
"""Share of the brightest value: the edges of small letters are not fully bright."""


@dataclass(frozen=True)
class Surroundings:
    """Properties of one image that have nothing to do with the patient.

    Attributes:
        width, height: In pixels.
        border_mean, border_spread: Of the outer frame's brightness, 0-1.
        bytes_per_pixel: Size of the file by pixels: how it was packed.
        colour: 1 where it is in colour.
        letters: 1 where letters seem to be burnt into it.
    """

    width: float
    height: float
    border_mean: float
    border_spread: float
    bytes_per_pixel: float
    colour: float
    letters: float


def surroundings(grey: NDArray[np.float32], size: int, *, colour: bool) -> Surroundings:
    """Measures an image.

    Args:
        grey: 0-1, shape (height, width), or a volume, of which the middle plane counts.
        size: Bytes of its file.
        colour: It is in colour.
    """
    plane = grey[grey.shape[0] // 2] if grey.ndim == 3 else grey
    height, width = plane.shape
    rows, columns = max(1, round(BORDER * height)), max(1, round(BORDER * width))
    inner = np.zeros(plane.shape, bool)
    inner[rows:-rows, columns:-columns] = True
    frame = plane[~inner]
    return Surroundings(
        width, height, float(frame.mean()), float(frame.std()), size / grey.size, float(colour),
        float(burnt_in_letters(plane)),
    )  # fmt: skip


def burnt_in_letters(plane: NDArray[np.float32]) -> bool:
    """Tells whether a plane shows a line of small bright shapes, as letters are.

    A heuristic: it finds captions and scales in clear writing, not handwriting or grey letters.
    """
    brightest = float(plane.max())
    if brightest <= 0:
        return False
    labels, count = ndimage.label(plane >= LETTER_BRIGHTNESS * brightest, structure=np.ones((3, 3)))
    if not 0 < count <= 5000:
        return False
    low, high = LETTER_HEIGHTS
    boxes = []
    for place in ndimage.find_objects(labels):
        height, width = place[0].stop - place[0].start, place[1].stop - place[1].start
        if low <= height <= high and 1 <= width <= 1.5 * height:
            boxes.append((place[0].stop, height, place[1].start, width))
    for bottom, height, _, _ in boxes:
        line = sorted(
            (left, left + width)
            for other_bottom, other_height, left, width in boxes
            if abs(other_bottom - bottom) <= 2 and abs(other_height - height) <= 0.35 * height
        )
        close = [right - end <= 1.2 * height for (_, end), (right, _) in itertools.pairwise(line)]
        if sum(close) >= LETTERS_IN_A_LINE - 1:
            return True
    return False


def shortcuts(found: Sequence[Surroundings], labels: Sequence[str]) -> list[str]:
    """Says in which properties the classes differ so much that a network may learn them.

    Args:
        found: One per image.
        labels: Their classes.

    Returns:
        One sentence per property and class.
    """
    classes = sorted(set(labels))
    warnings = []
    for name in Surroundings.__dataclass_fields__:
        values = np.array([getattr(item, name) for item in found], float)
        for label in classes[1:] if len(classes) == 2 else classes:
            of_class = np.array([other == label for other in labels])
            if min(of_class.sum(), (~of_class).sum()) < FEWEST or np.ptp(values) == 0:
                continue
            area = float(roc_auc_score(of_class, values))
            area = max(area, 1 - area)
            if area >= TELLING:
                said = name.replace("_", " ")
                warnings.append(
                    f"{said} alone tells {label} from the rest with AUROC {area:.2f}: a network "
                    "may learn how the images were made instead of what they show"
                )
    return warnings

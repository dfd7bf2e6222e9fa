"""How large the images are made and how often they are shown, when nobody says."""

from collections.abc import Mapping

import numpy as np
import torch

from models.errors import FieldFault, ToolError
from models.images.classification.labelled import Labelled
from models.images.classification.learning.fitting import Recipe
from models.images.formats.reading import read_picture
from models.images.networks.architectures import PATCHES_ALONG, training_seconds
from models.images.networks.tensors import LARGEST, LARGEST_VOLUME, SMALLEST, side_for

SIDES = (96, 64, 48, 32)
"""Sides that are tried, the largest first; the image's own is the limit."""

BUDGET = 1800.0
"""Seconds of one core; a GPU may do ten times the work."""

GPU_FACTOR = 10
FEWEST_EPOCHS, MOST_EPOCHS = 10, 60
ENOUGH_SHOWN = 150_000
"""Images shown in all after which fewer than ten epochs do: large sets are learnt in few."""

LOOKED_AT = 50
BATCHES = ((600, 16), (20_000, 32))
LARGE_BATCH = 64


def recipe_for(
    data: Labelled, architecture: str, epochs: int | None = None, image_size: int | None = None
) -> Recipe:
    """Decides what is trained: the side, the channels, the epochs and the batch.

    Args:
        data: The images.
        architecture: A name in ARCHITECTURES.
        epochs: None to let the budget decide.
        image_size: Pixels along each axis; None for the largest side that the budget allows.

    Raises:
        ToolError: The size is none that networks take.
    """
    dimensions = 3 if data.admitted.are_volumes else 2
    shown = sum(len(fitted) for fitted, _ in data.folds)
    budget = BUDGET * (GPU_FACTOR if torch.cuda.is_available() else 1)
    fewest = int(np.clip(np.ceil(ENOUGH_SHOWN / shown), 2, FEWEST_EPOCHS))
    own = side_for((_usual_side(data.admitted.sizes),) * dimensions)
    if image_size is None:
        affordable = [
            side
            for side in SIDES
            if side <= own
            and fewest * shown * training_seconds(architecture, side, dimensions) <= budget
        ]
        side = affordable[0] if affordable else SMALLEST
    else:
        side = _asked(image_size, dimensions)
    if epochs is None:
        each = shown * training_seconds(architecture, side, dimensions)
        epochs = int(np.clip(budget / each, fewest, MOST_EPOCHS))
    fitted = max(len(rows) for rows, _ in data.folds)
    batch = next((size for most, size in BATCHES if fitted <= most), LARGE_BATCH)
    return Recipe(architecture, dimensions, _channels(data), len(data.classes), side, epochs, batch)


def _asked(image_size: int, dimensions: int) -> int:
    largest = LARGEST if dimensions == 2 else LARGEST_VOLUME
    if SMALLEST <= image_size <= largest and image_size % PATCHES_ALONG == 0:
        return image_size
    wrong = FieldFault(
        field="image_size", got=str(image_size),
        expected=f"{SMALLEST} to {largest}, a multiple of {PATCHES_ALONG}",
    )  # fmt: skip
    raise ToolError(f"Images cannot be made {image_size} pixels wide.", wrong)


def _usual_side(sizes: Mapping[str, int]) -> int:
    """Returns the median of the images' longest sides."""
    longest = [max(map(int, size.split(" × "))) for size in sizes]
    return int(np.median(np.repeat(longest, list(sizes.values()))))


def _channels(data: Labelled) -> int:
    """Returns 3 where most images are in colour."""
    positions = np.unique(np.linspace(0, len(data.items) - 1, LOOKED_AT).astype(int))
    coloured = [read_picture(data.items[i].path).colour for i in positions]
    return 3 if np.mean(coloured) > 0.5 else 1

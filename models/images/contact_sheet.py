"""A picture of many small pictures, class by class."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import ToolError
from models.images.formats.reading import read_picture
from models.images.intake.collection import Item
from models.metrics.plots import new_figure, save_figure

ACROSS = 8
MOST_CLASSES = 8


def contact_sheet(items: Sequence[Item], path: Path) -> Path:
    """Draws the first images of each class, evenly taken from its list.

    Args:
        items: Images, with labels or without.
        path: Where to write the PNG.
    """
    by_class: dict[str, list[Item]] = {}
    for item in items:
        by_class.setdefault(item.label or "images", []).append(item)
    shown = list(by_class.items())[:MOST_CLASSES]
    figure = new_figure(ACROSS, len(shown), size=(1.0, 1.15))
    for row, (label, members) in enumerate(shown):
        places = np.unique(np.linspace(0, len(members) - 1, ACROSS).astype(int))
        cells = figure.axes[row * ACROSS : (row + 1) * ACROSS]
        cells[0].set_title(f"{label} ({len(members)})", fontsize=8, loc="left")
        for cell in cells:
            cell.set_axis_off()
        for cell, place in zip(cells, places, strict=False):
            picture = _plane(members[place])
            if picture is not None:
                cell.imshow(picture, cmap="gray", vmin=0, vmax=1)
    return save_figure(figure, path)


def _plane(item: Item) -> NDArray[np.float32] | None:
    try:
        return read_picture(item.path).plane().shown()
    except ToolError:  # it was there a moment ago; the sheet does without it
        return None

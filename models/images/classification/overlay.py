"""Pictures of an image with its heat over it."""

from pathlib import Path

import numpy as np

from models.images.classification.explaining import Heat
from models.images.formats.picture import Picture
from models.metrics.plots import new_figure, save_figure

OPACITY = 0.55


def draw_heat(picture: Picture, heat: Heat, label: str, path: Path) -> Path:
    """Draws an image beside itself with the heat over it; of a volume the hottest plane.

    Args:
        picture: The image.
        heat: Of its pixels.
        label: The class that the heat speaks for.
        path: Where to write the PNG.
    """
    plane, values = picture, heat.values
    if picture.is_volume:
        hottest = int(values.sum(axis=(1, 2)).argmax())
        plane, values = picture.plane(hottest), values[hottest]
    figure = new_figure(2)
    shown = plane.shown()
    for axes in figure.axes:
        axes.imshow(shown, cmap=None if plane.colour else "gray", vmin=0, vmax=1)
        axes.set_axis_off()
    strongest = float(values.max())
    covered = values / strongest if strongest > 0 else values
    figure.axes[1].imshow(covered, cmap="inferno", vmin=0, vmax=1, alpha=OPACITY * _clear(covered))
    title = picture.name if not picture.is_volume else f"{picture.name}, plane {hottest}"
    figure.axes[0].set_title(title, fontsize=9)
    figure.axes[1].set_title(f"What speaks for {label}", fontsize=9)
    return save_figure(figure, path)


def _clear(values: np.ndarray) -> np.ndarray:
    """Lets the image be seen where there is no heat."""
    return np.asarray(np.clip(values * 2, 0, 1))

"""Outlines drawn over images."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from models.images.formats.picture import Picture
from models.metrics.plots import new_figure, save_figure

COLOURS = ("#ff6b35", "#2ec4b6", "#ffd166", "#9b5de5", "#00bbf9", "#f15bb5")
TRUTH = "#7CFC00"
INCHES = 2.6


@dataclass(frozen=True)
class Panel:
    """One image to draw.

    Attributes:
        title: Stands above it.
        picture: The image; of a volume the plane with the most outlined is drawn.
        found: Labels that were found, shape `picture.spatial`.
        truth: Labels that are right, where they are known.
    """

    title: str
    picture: Picture
    found: NDArray[np.uint8]
    truth: NDArray[np.uint8] | None = None


def draw_overlays(panels: Sequence[Panel], path: Path, columns: int = 3) -> Path:
    """Draws outlines over images: what was found in colours, what is right in dotted green.

    Args:
        panels: The images.
        path: Where to write the PNG.
        columns: Images beside each other.
    """
    across = min(columns, len(panels))
    figure = new_figure(across, -(-len(panels) // across), size=(INCHES, INCHES + 0.3))
    for axes in figure.axes:
        axes.set_axis_off()
    for axes, panel in zip(figure.axes, panels, strict=False):
        _draw(axes, panel)
    return save_figure(figure, path)


def _draw(axes: Axes, panel: Panel) -> None:
    picture, found, truth = panel.picture, panel.found, panel.truth
    title = panel.title
    if picture.is_volume:
        most = truth if truth is not None and not found.any() else found
        plane = int((most > 0).sum(axis=(1, 2)).argmax()) if most.any() else len(found) // 2
        picture, found = picture.plane(plane), found[plane]
        truth = truth[plane] if truth is not None else None
        title += f", plane {plane}"
    step = picture.spacing
    aspect = step[0] / step[1] if step else 1.0
    axes.imshow(picture.shown(), cmap="gray", vmin=0, vmax=1, aspect=aspect)
    for label in range(1, int(found.max(initial=0)) + 1):
        _contour(axes, found == label, COLOURS[(label - 1) % len(COLOURS)], "solid")
    if truth is not None:
        for label in range(1, int(truth.max(initial=0)) + 1):
            _contour(axes, truth == label, TRUTH, "dotted")
    axes.set_title(title, fontsize=7)


def _contour(axes: Axes, mask: NDArray[np.bool_], colour: str, style: str) -> None:
    if mask.any():
        # A frame of zeros closes outlines that run along the image's edge.
        rows, columns = (np.arange(-1, size + 1) for size in mask.shape)
        axes.contour(columns, rows, np.pad(mask, 1).astype(float), [0.5], colors=colour,
                     linewidths=1.2, linestyles=style)  # fmt: skip
        axes.set(xlim=(-0.5, mask.shape[1] - 0.5), ylim=(mask.shape[0] - 0.5, -0.5))

"""Made-up images on disk: each says in its name and its header that it is made up."""

import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from matplotlib.axes import Axes
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from models.images.synthesis.memorisation import Nearness
from models.metrics.plots import new_figure, save_figure
from models.store.files import write_bytes

MARK = "synthetic"
"""Text chunk of every PNG file, and how its name begins."""

PAIRS_ACROSS = 4
MOST_PAIRS = 32


def write_pictures(
    images: torch.Tensor, labels: Sequence[str], folder: Path, model: str, seed: int
) -> list[Path]:
    """Writes images as PNG files, `synthetic_000_tumour.png`; their pixels are as they were made.

    Args:
        images: uint8, shape (n, channels, side, side).
        labels: Class of each; empty without classes.
        folder: Where to; is made.
        model: Short name of the generator.
        seed: Of the draw.
    """
    paths = []
    for index, image in enumerate(images):
        label = labels[index] if labels else None
        ending = f"_{_plain(label)}" if label else ""
        path = folder / f"{MARK}_{index:03}{ending}.png"
        said = {"what": "made up by a generator, not a patient", "model": model, "seed": seed}
        said |= {"class": label} if label else {}
        about = PngInfo()
        about.add_text(MARK, json.dumps(said))
        stream = BytesIO()
        Image.fromarray(_shown(image)).save(stream, "PNG", pnginfo=about)
        write_bytes(path, stream.getvalue())
        paths.append(path)
    return paths


def is_marked(path: Path) -> bool:
    """Tells whether a PNG file says that its image is made up."""
    with Image.open(path) as image:
        return MARK in getattr(image, "text", {})


def draw_grid(
    images: torch.Tensor,
    labels: Sequence[str],
    training: torch.Tensor,
    near: Nearness,
    model: str,
    path: Path,
) -> Path:
    """Draws each image beside the training image that is most like it.

    Args:
        images: uint8, shape (n, channels, side, side).
        labels: Class of each; empty without classes.
        training: Training images, uint8, shape (m, channels, side, side).
        near: Which training image is nearest to each, and how near.
        model: Short name of the generator.
        path: Where to write the PNG.
    """
    shown = min(len(images), MOST_PAIRS)
    across = min(PAIRS_ACROSS, shown)
    rows = -(-shown // across)
    figure = new_figure(2 * across, rows, size=(1.15, 1.4))
    figure.suptitle(f"SYNTHETIC images of {model}, each left of the most alike training image")
    for axes in figure.axes:
        axes.set_axis_off()
    for index in range(shown):
        first = 2 * index
        label = f" {labels[index]}" if labels else ""
        _show(figure.axes[first], images[index], f"synthetic{label}")
        neighbour = training[near.nearest[index]]
        _show(figure.axes[first + 1], neighbour, f"real, at {near.distance[index]:.2f}")
    return save_figure(figure, path)


def _show(axes: Axes, image: torch.Tensor, title: str) -> None:
    axes.imshow(_shown(image), cmap="gray", vmin=0, vmax=255)
    axes.set_title(title, fontsize=7)


def _shown(image: torch.Tensor) -> np.ndarray:
    """Returns (height, width) of a grey image, (height, width, 3) of one in colour."""
    array: np.ndarray = image.numpy()
    return array[0] if len(array) == 1 else np.ascontiguousarray(np.moveaxis(array, 0, -1))


def _plain(label: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in label)

"""Synthetic blood smears: coloured cells with bounding boxes, and their true outlines beside.

They are made up, and say so in every folder; nothing learnt from them holds for patients.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

from models.images.phantoms.bodies import LABEL
from models.store.files import write_json, write_text

SIZE = (120, 160)
"""Height and width in pixels."""

PLASMA, RED, NUCLEUS = (226, 214, 208), (206, 132, 136), (98, 62, 140)
KINDS = ("red cell", "white cell")
RED_CELLS, WHITE_CELLS = (6, 12), (0, 3)
NOISE = 9.0

Edges = tuple[int, int, int, int]
"""Left, top, right and bottom of a box."""


def write_smears(folder: Path, count: int, seed: int = 0) -> Path:
    """Writes `images/` (PNG), `boxes.csv` and, for judging only, `outlines/`.

    Boxes are upright, cells are ellipses turned at random, so that an ellipse drawn in a box is not
    the cell: how far a network that learns from boxes gets can be measured.

    Args:
        folder: Where to; made.
        count: Number of images.
        seed: Decides everything.

    Returns:
        The folder. Values of `outlines/` are 0, 1 (red cell) and 2 (white cell).
    """
    rng = np.random.default_rng(seed)
    for name in ("images", "outlines"):
        (folder / name).mkdir(parents=True)
    rows = ["image,xmin,ymin,xmax,ymax,label"]
    for index in range(count):
        name = f"smear_{index:03}.png"
        image, outlines, boxes = _smear(rng)
        Image.fromarray(image).save(folder / "images" / name)
        Image.fromarray(outlines).save(folder / "outlines" / name)
        rows += [f"{name},{','.join(map(str, edges))},{kind}" for edges, kind in boxes]
    write_text(folder / "boxes.csv", "\n".join(rows) + "\n")
    write_json(folder / "about.json", {"what": LABEL, "seed": seed})
    return folder


def _smear(
    rng: np.random.Generator,
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], list[tuple[Edges, str]]]:
    colours = np.tile(np.array(PLASMA, float), (*SIZE, 1))
    outlines = np.zeros(SIZE, np.uint8)
    boxes: list[tuple[Edges, str]] = []
    for kind, (fewest, most) in enumerate((RED_CELLS, WHITE_CELLS), start=1):
        for _ in range(rng.integers(fewest, most)):
            long = rng.uniform(9, 12) if kind == 1 else rng.uniform(14, 18)
            far = _distance(rng, long, long * rng.uniform(0.6, 1.0))
            cell = (far <= 1) & (outlines < kind)
            if not cell.any():
                continue
            outlines[cell] = kind
            pale = 1 - 0.5 * np.clip(1 - far, 0, 1) if kind == 1 else np.ones_like(far)
            tint = np.array(RED if kind == 1 else NUCLEUS) + rng.normal(0, 6, 3)
            mixed = tint + (np.array(PLASMA) - tint) * (1 - pale)[..., None]
            colours[cell] = mixed[cell]
            rows, columns = np.nonzero(far <= 1)
            left, top, right, bottom = columns.min(), rows.min(), columns.max(), rows.max()
            edges = (int(left), int(top), int(right) + 1, int(bottom) + 1)
            boxes.append((edges, KINDS[kind - 1]))
    blurred = gaussian_filter(colours, (0.8, 0.8, 0)) + rng.normal(0, NOISE, colours.shape)
    return np.clip(blurred, 0, 255).astype(np.uint8), outlines, boxes


def _distance(rng: np.random.Generator, long: float, short: float) -> NDArray[np.float64]:
    """Returns how far each pixel is from the middle of an ellipse, 1 on its edge."""
    height, width = SIZE
    rows, columns = np.ogrid[:height, :width]
    down, across = rows - rng.uniform(0, height), columns - rng.uniform(0, width)
    angle = rng.uniform(0, np.pi)
    first = (across * np.cos(angle) + down * np.sin(angle)) / long
    second = (down * np.cos(angle) - across * np.sin(angle)) / short
    return np.asarray(np.hypot(first, second))

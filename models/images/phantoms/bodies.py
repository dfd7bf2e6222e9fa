"""Synthetic images for demonstrations and tests: bodies with organs, noise and bright lesions.

They are made up, and say so in every file; nothing learnt from them holds for patients.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nibabel
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from scipy.ndimage import gaussian_filter

from models.store.files import write_json

LABEL = "synthetic phantom, not a patient"


@dataclass(frozen=True)
class Phantom:
    """One made-up image.

    Attributes:
        image: 0-1, shape (side, side) or (side, side, side).
        lesion: True inside the lesion, same shape; False everywhere without one.
    """

    image: NDArray[np.float32]
    lesion: NDArray[np.bool_]


def make_phantom(
    rng: np.random.Generator, side: int = 64, dimensions: int = 2, *, with_lesion: bool = True,
    noise: float = 0.08,
) -> Phantom:  # fmt: skip
    """Makes a body of random shape with organs, and a lesion somewhere inside.

    Args:
        rng: Decides everything.
        side: Pixels along each axis.
        dimensions: 2 or 3.
        with_lesion: Put one in.
        noise: Standard deviation of the noise.
    """
    axes = np.meshgrid(*[np.linspace(-1, 1, side)] * dimensions, indexing="ij")
    image = np.zeros((side,) * dimensions)
    radii = rng.uniform(0.7, 0.9, dimensions)
    body = _ellipsoid(axes, np.zeros(dimensions), radii)
    image[body] = 0.35
    for _ in range(rng.integers(3, 6)):
        centre = rng.uniform(-0.45, 0.45, dimensions)
        organ = _ellipsoid(axes, centre, rng.uniform(0.1, 0.3, dimensions)) & body
        image[organ] = rng.uniform(0.2, 0.5)
    lesion = np.zeros_like(body)
    if with_lesion:
        centre = rng.uniform(-0.4, 0.4, dimensions)
        lesion = _ellipsoid(axes, centre, rng.uniform(0.12, 0.24, dimensions)) & body
        image[lesion] += rng.uniform(0.3, 0.45)
    blurred = gaussian_filter(image, 0.7)
    noisy = blurred + rng.normal(0, noise, image.shape)
    return Phantom(np.clip(noisy, 0, 1).astype(np.float32), lesion)


def write_classes(
    folder: Path, count: int, side: int = 64, seed: int = 0, noise: float = 0.08
) -> Path:
    """Writes PNG files of two classes, `lesion/` and `clear/`, `count` of each.

    Returns:
        The folder.
    """
    rng = np.random.default_rng(seed)
    for label in ("lesion", "clear"):
        (folder / label).mkdir(parents=True)
        for index in range(count):
            phantom = make_phantom(rng, side, with_lesion=label == "lesion", noise=noise)
            _write_png(folder / label / f"{label}_{index:03}.png", phantom.image)
    write_json(folder / "about.json", {"what": LABEL, "seed": seed})
    return folder


def write_outlines(
    folder: Path, count: int, side: int = 64, dimensions: int = 2, seed: int = 0
) -> Path:
    """Writes `images/` and `masks/`: PNG files in 2-D, NIfTI in 3-D with voxels of 1 mm.

    Returns:
        The folder.
    """
    rng = np.random.default_rng(seed)
    for name in ("images", "masks"):
        (folder / name).mkdir(parents=True)
    for index in range(count):
        phantom = make_phantom(rng, side, dimensions)
        pairs = (("images", phantom.image), ("masks", phantom.lesion.astype(np.float32)))
        for name, values in pairs:
            if dimensions == 2:
                _write_png(folder / name / f"phantom_{index:03}.png", values)
            else:
                volume = nibabel.Nifti1Image(values.T, np.eye(4))
                volume.header["descrip"] = LABEL
                nibabel.save(volume, folder / name / f"phantom_{index:03}.nii.gz")
    write_json(folder / "about.json", {"what": LABEL, "seed": seed})
    return folder


def _ellipsoid(
    axes: Sequence[NDArray[np.float64]], centre: NDArray[np.float64], radii: NDArray[np.float64]
) -> NDArray[np.bool_]:
    terms = [((a - c) / r) ** 2 for a, c, r in zip(axes, centre, radii, strict=True)]
    return np.asarray(sum(terms) <= 1)


def _write_png(path: Path, values: NDArray[np.float32]) -> None:
    said = PngInfo()
    said.add_text("Software", json.dumps({"what": LABEL}))
    Image.fromarray((values * 255).round().astype(np.uint8)).save(path, pnginfo=said)

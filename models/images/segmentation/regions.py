"""What was outlined, measured: area or volume, separate regions, where they are."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

SHOWN = 20


def measured(mask: NDArray[np.bool_], spacing: Sequence[float] | None) -> dict[str, Any]:
    """Measures a mask.

    Args:
        mask: Shape (height, width) or (depth, height, width).
        spacing: Millimetres between pixels along each axis, where known.

    Returns:
        `pixels` (or `voxels`), `share` of the image, `area_mm2` or `volume_mm3` and `volume_ml`
        where the spacing is known, `regions` (how many parts hang together, by faces), and
        `largest_regions` with the size, centre and share of each, the largest first.
    """
    volume = mask.ndim == 3
    count = int(mask.sum())
    unit = "voxels" if volume else "pixels"
    found: dict[str, Any] = {unit: count, "share": count / mask.size, **_size(count, mask, spacing)}
    parts, number = ndimage.label(mask)
    found["regions"] = int(number)
    sizes = np.bincount(parts.ravel())[1:]
    largest = np.argsort(-sizes, kind="stable")[:SHOWN] + 1
    centres = ndimage.center_of_mass(mask, parts, largest) if number else []
    regions = []
    for part, centre in zip(largest.tolist(), centres, strict=True):
        size = int(sizes[part - 1])
        region: dict[str, Any] = {
            unit: size,
            "share": size / count,
            "centre": [round(float(place), 1) for place in centre],
            **_size(size, mask, spacing),
        }
        if spacing:
            region["centre_mm"] = [
                round(float(place * step), 2) for place, step in zip(centre, spacing, strict=True)
            ]
        regions.append(region)
    found["largest_regions"] = regions
    return found


def _size(count: int, mask: NDArray[np.bool_], spacing: Sequence[float] | None) -> dict[str, float]:
    if not spacing:
        return {}
    size = count * float(np.prod(spacing))
    return {"volume_mm3": size, "volume_ml": size / 1000} if mask.ndim == 3 else {"area_mm2": size}


def show_size(found: dict[str, Any]) -> str:
    """Returns a measured size in words."""
    if "volume_ml" in found:
        return f"{found['volume_mm3']:,.0f} mm³ ({found['volume_ml']:.3g} ml)"
    if "area_mm2" in found:
        return f"{found['area_mm2']:,.1f} mm²"
    unit = "voxels" if "voxels" in found else "pixels"
    return f"{found[unit]:,} {unit} (the file states no spacing)"

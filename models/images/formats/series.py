"""A DICOM series: the slices of a folder put in order and stacked."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray

from models.errors import ToolError
from models.images.formats.dicom import DAMAGE, read_dataset, read_dicom
from models.images.formats.picture import Picture, check_size, unreadable

UNEVEN = 0.05
"""Relative difference between distances of slices from which a slice is missing."""


def read_series(folder: Path) -> Picture:
    """Reads the largest series in a folder as one volume.

    Slices are put in order along the normal of their planes (DICOM PS3.3 C.7.6.2.1.1), or by their
    instance number where they state no position.

    Raises:
        ToolError: No file in it is a DICOM slice, or the slices differ in size.
    """
    series: dict[str, list[tuple[Path, pydicom.Dataset]]] = {}
    unread = 0
    for path in sorted(item for item in folder.iterdir() if item.is_file()):
        try:
            dataset = read_dataset(path)
        except ToolError:
            unread += 1
            continue
        series.setdefault(str(dataset.get("SeriesInstanceUID") or ""), []).append((path, dataset))
    if not series:
        raise unreadable(folder, "no file in it is a DICOM slice")
    slices = max(series.values(), key=len)
    try:
        places = _places([dataset for _, dataset in slices])
    except DAMAGE as error:
        raise unreadable(folder, "the positions of its slices are damaged") from error
    order = np.argsort(places, kind="stable")
    pictures = [read_dicom(slices[index][0]) for index in order]
    if len({picture.pixels.shape for picture in pictures}) > 1:
        raise unreadable(folder, "its slices differ in size")
    first = pictures[0]
    if len(pictures) == 1 or first.is_volume:
        return replace(first, name=folder.name)
    check_size(folder, first.spatial, len(pictures), first.pixels.dtype.itemsize)  # type: ignore[arg-type]
    gaps = np.diff(np.sort(places))
    notes = []
    if len(series) > 1:
        notes.append(f"the largest of {len(series)} series was taken")
    if unread:
        notes.append(f"{unread} files are no DICOM slices")
    apart = float(np.median(gaps))
    if apart > 0 and np.abs(gaps - apart).max() > UNEVEN * apart:
        notes.append("the slices are not evenly apart: one may be missing")
    spacing = (apart, *first.spacing) if first.spacing and apart > 0 else None
    pixels = np.stack([picture.pixels for picture in pictures])
    return replace(first, name=folder.name, pixels=pixels, spacing=spacing, notes=tuple(notes))


def _places(datasets: list[pydicom.Dataset]) -> NDArray[np.float64]:
    """Returns where each slice lies along the normal, in mm, or its instance number."""
    if all("ImagePositionPatient" in d and "ImageOrientationPatient" in d for d in datasets):
        axes = np.array(datasets[0].ImageOrientationPatient, float).reshape(2, 3)
        normal = np.cross(*axes)
        return np.array([normal @ np.array(d.ImagePositionPatient, float) for d in datasets])
    return np.array([float(d.get("InstanceNumber") or 0) for d in datasets])

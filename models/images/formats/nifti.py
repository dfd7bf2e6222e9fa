"""NIfTI volumes, by nibabel."""

import zlib
from pathlib import Path

import nibabel
import numpy as np
from nibabel.filebasedimages import ImageFileError
from nibabel.spatialimages import HeaderDataError
from nibabel.wrapstruct import WrapStructError

from models.images.formats.picture import Picture, check_size, unreadable

SUFFIXES = (".nii", ".nii.gz")


def read_nifti(path: Path) -> Picture:
    """Reads a volume or plane; of a series in time, the first one.

    Returns:
        A picture with axes (plane, row, column), which are the file's third, second and first, and
        the affine of the file's own axes.

    Raises:
        ToolError: It is damaged or too large.
    """
    try:
        image = nibabel.nifti1.Nifti1Image.from_filename(str(path))
        shape = image.shape
        sizes = (*shape[:3], 1, 1, 1)[:3]
        check_size(path, (sizes[1], sizes[0]), sizes[2], image.get_data_dtype().itemsize)
        notes = _notes(shape)
        first = (slice(None),) * min(3, len(shape)) + (0,) * (len(shape) - 3)
        values = np.asanyarray(image.dataobj[first])
        zooms = tuple(float(zoom) for zoom in image.header.get_zooms()[:3])
    except (ImageFileError, HeaderDataError, WrapStructError, zlib.error, EOFError) as error:
        raise unreadable(path, f"it is damaged ({error})") from error
    except (OSError, ValueError, TypeError, KeyError, OverflowError) as error:
        raise unreadable(path, f"its header or data are damaged ({error})") from error
    if values.dtype.names or not np.issubdtype(values.dtype, np.number):
        raise unreadable(path, f"its values are {values.dtype}, not numbers")
    if np.iscomplexobj(values):
        values, notes = np.abs(values), (*notes, "complex values: magnitudes taken")
    pixels = np.ascontiguousarray(values.T)
    spacing: tuple[float, ...] | None = zooms[::-1]
    if pixels.ndim == 3 and pixels.shape[0] == 1:
        pixels, spacing = pixels[0], zooms[1::-1]
    if not all(zoom > 0 for zoom in zooms):
        spacing, notes = None, (*notes, "the header states no spacing")
    return Picture(path.name, pixels, spacing=spacing, affine=image.affine, notes=notes)


def _notes(shape: tuple[int, ...]) -> tuple[str, ...]:
    if len(shape) > 3 and int(np.prod(shape[3:])) > 1:
        return (f"the first of {int(np.prod(shape[3:]))} volumes was taken",)
    return ()

"""Any medical image, by what its file holds; its name's ending counts only where that is silent."""

from pathlib import Path

from models.images.formats.picture import Picture, unreadable

RASTER_SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
VOLUME_SUFFIXES = (".dcm", ".dicom", ".ima", ".nii", ".nii.gz")
SUFFIXES = RASTER_SUFFIXES + VOLUME_SUFFIXES


def read_picture(path: Path) -> Picture:
    """Reads a PNG, JPEG, TIFF, BMP, WebP, DICOM or NIfTI file, or a folder of one DICOM series.

    Raises:
        ToolError: It is none of these, damaged or too large; says which in one line.
    """
    from models.images.formats.dicom import read_dicom
    from models.images.formats.nifti import SUFFIXES as NIFTI
    from models.images.formats.nifti import read_nifti
    from models.images.formats.raster import MAGIC, read_raster
    from models.images.formats.series import read_series

    if path.is_dir():
        return read_series(path)
    try:
        with path.open("rb") as file:
            head = file.read(352)
    except OSError as error:
        raise unreadable(path, f"it cannot be opened ({error.strerror})") from error
    if not head:
        raise unreadable(path, "it is empty")
    if head[128:132] == b"DICM":
        return read_dicom(path)
    if head[344:347] in (b"n+1", b"ni1") or path.name.lower().endswith(NIFTI):
        return read_nifti(path)
    if head.startswith(MAGIC):
        return read_raster(path)
    return read_dicom(path)


def looks_like_image(path: Path) -> bool:
    """Tells by its name whether a file may be an image."""
    name = path.name.lower()
    return not name.startswith(".") and (name.endswith(SUFFIXES) or "." not in name)

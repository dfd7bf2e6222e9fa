"""DICOM files, by pydicom and its decoders (GDCM, OpenJPEG, CharLS)."""

import hashlib
import struct
import warnings
import zlib
from pathlib import Path
from typing import Any

import pydicom
from pydicom.errors import BytesLengthException, InvalidDicomError
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut
from pydicom.pixels.utils import pixel_array
from pydicom.uid import DeflatedExplicitVRLittleEndian, ImplicitVRLittleEndian

from models.images.formats.picture import MOST_BYTES, Picture, check_size, unreadable

IDENTIFYING = (
    "PatientName", "PatientID", "PatientBirthDate", "PatientAddress", "PatientTelephoneNumbers",
    "OtherPatientIDs", "OtherPatientNames", "AccessionNumber", "InstitutionName",
    "ReferringPhysicianName", "PerformingPhysicianName", "OperatorsName",
)  # fmt: skip
"""Attributes of the basic confidentiality profile that name people (DICOM PS3.15, table E.1-1)."""

DAMAGE = (
    InvalidDicomError, BytesLengthException, AttributeError, EOFError, IndexError, KeyError,
    NotImplementedError, OSError, OverflowError, RuntimeError, TypeError, ValueError, struct.error,
    zlib.error, MemoryError, RecursionError, AssertionError, UnicodeError,
)  # fmt: skip
"""What garbled files make the parser and the decoders raise."""


def read_dicom(path: Path) -> Picture:
    """Reads a file; several frames become a volume.

    Returns:
        Values after the modality transformation (Hounsfield units of CT), colour as red, green and
        blue, with the file's first window.

    Raises:
        ToolError: It is damaged, holds no picture, is packed in an unknown way or too large.
    """
    dataset = read_dataset(path)
    try:
        return _picture(path, dataset)
    except DAMAGE as error:
        raise unreadable(path, f"its picture cannot be read ({_last_line(error)})") from error


def read_dataset(path: Path) -> pydicom.Dataset:
    """Reads the attributes of a file, with or without preamble; pixels stay packed.

    Raises:
        ToolError: It is no DICOM file, is damaged, or would unpack into too much.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # values that break the standard are common
            _check_deflated(path)
            dataset = pydicom.dcmread(path, force=True)
            if "TransferSyntaxUID" not in dataset.file_meta:
                dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
            known = bool(dataset) and ("SOPClassUID" in dataset or "Rows" in dataset)
    except DAMAGE as error:
        raise unreadable(path, f"it is damaged ({_last_line(error)})") from error
    if not known:
        raise unreadable(path, "it is no DICOM file")
    return dataset


def identifiers(dataset: pydicom.Dataset) -> tuple[str, ...]:
    """Returns the names of the attributes that tell who the patient is."""
    found = [name for name in IDENTIFYING if str(dataset.get(name) or "").strip()]
    if str(dataset.get("BurnedInAnnotation") or "").upper() == "YES":
        found.append("BurnedInAnnotation")
    return tuple(found)


def patient_key(dataset: pydicom.Dataset) -> str | None:
    """Returns a key that is the same for the same patient and does not tell who it is."""
    named = str(dataset.get("PatientID") or dataset.get("PatientName") or "").strip()
    return hashlib.sha256(f"patient\x1f{named}".encode()).hexdigest()[:12] if named else None


def _picture(path: Path, dataset: pydicom.Dataset) -> Picture:
    if not any(name in dataset for name in ("PixelData", "FloatPixelData", "DoubleFloatPixelData")):
        raise unreadable(path, "it holds no picture")
    frames = int(dataset.get("NumberOfFrames") or 1)
    samples = int(dataset.get("SamplesPerPixel") or 1)
    bytes_each = samples * max(1, int(dataset.BitsAllocated) // 8)
    check_size(path, (int(dataset.Rows), int(dataset.Columns)), frames, bytes_each)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # surplus padding and the like
        pixels = pixel_array(dataset)
        photometric = str(dataset.get("PhotometricInterpretation") or "")
        if photometric == "PALETTE COLOR":
            pixels = apply_color_lut(pixels, dataset)
        colour = (
            pixels.ndim > 2 and pixels.shape[-1] == 3 and (samples == 3 or "PAL" in photometric)
        )
        window = None if colour else _window(dataset)
        if not colour:
            pixels = apply_modality_lut(pixels, dataset)
    if window is None and photometric != "PALETTE COLOR" and pixels.dtype.kind == "u":
        bits = int(dataset.get("BitsStored") or 8)
        window = (0.0, 2.0**bits - 1) if colour or bits <= 8 else None
    native = pixels.astype(pixels.dtype.newbyteorder("="), copy=False)
    return Picture(
        path.name,
        native,
        colour=colour,
        spacing=_spacing(dataset, frames),
        window=window,
        inverted=photometric == "MONOCHROME1",
        modality=str(dataset.get("Modality") or "") or None,
        patient=patient_key(dataset),
        identifiers=identifiers(dataset),
    )


def _window(dataset: pydicom.Dataset) -> tuple[float, float] | None:
    """Returns the first window (DICOM PS3.3 C.11.2.1.2), from black to white."""
    centre, width = _first(dataset.get("WindowCenter")), _first(dataset.get("WindowWidth"))
    if centre is None or width is None or width < 1:
        return None
    return centre - 0.5 - (width - 1) / 2, centre - 0.5 + (width - 1) / 2


def _spacing(dataset: pydicom.Dataset, frames: int) -> tuple[float, ...] | None:
    source: Any = dataset
    for shared in dataset.get("SharedFunctionalGroupsSequence") or []:
        source = (shared.get("PixelMeasuresSequence") or [dataset])[0]
    between = source.get("PixelSpacing") or dataset.get("ImagerPixelSpacing")
    if not between or len(between) != 2:
        return None
    rows, columns = float(between[0]), float(between[1])
    if not (rows > 0 and columns > 0):
        return None
    if frames == 1:
        return rows, columns
    planes = _first(source.get("SpacingBetweenSlices")) or _first(source.get("SliceThickness"))
    return (planes, rows, columns) if planes and planes > 0 else None


def _first(value: Any) -> float | None:
    if value is None or value == "":
        return None
    single = value[0] if isinstance(value, pydicom.multival.MultiValue) else value
    return float(single)


def _check_deflated(path: Path) -> None:
    """Refuses a deflated file that would unpack into more than memory should hold."""
    if not _has_preamble(path):
        return
    meta = pydicom.filereader.read_file_meta_info(path)
    if meta.get("TransferSyntaxUID") != DeflatedExplicitVRLittleEndian:
        return
    unpack, size = zlib.decompressobj(-zlib.MAX_WBITS), 0
    with path.open("rb") as file:
        file.seek(132 + 12 + int(meta.FileMetaInformationGroupLength))
        rest = file.read(1 << 16)
        while rest and size <= MOST_BYTES:
            size += len(unpack.decompress(rest, 1 << 22))
            rest = unpack.unconsumed_tail or file.read(1 << 16)
    if size > MOST_BYTES:
        raise unreadable(path, f"unpacked it would take more than {MOST_BYTES >> 30} GiB")


def _has_preamble(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(132)[128:] == b"DICM"


def _last_line(error: BaseException) -> str:
    return str(error).strip().split("\n")[-1].strip() or type(error).__name__

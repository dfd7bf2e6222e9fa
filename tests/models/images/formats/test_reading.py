"""Any image file: read right, or one clear line."""

import gzip
import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import nibabel
import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.dataset import FileMetaDataset
from pydicom.uid import CTImageStorage, DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian

from models.errors import ToolError
from models.images.formats.reading import read_picture

RNG = np.random.default_rng(0)


def dicom(path: Path, pixels: np.ndarray, **attributes: object) -> Path:
    dataset = pydicom.Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = CTImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    dataset.SOPClassUID, dataset.SOPInstanceUID, dataset.Modality = CTImageStorage, "1.2.3", "CT"
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 16, 15
    dataset.PixelRepresentation = 0
    dataset.PixelData = pixels.astype(np.uint16).tobytes()
    for name, value in attributes.items():
        setattr(dataset, name, value)
    dataset.save_as(path, enforce_file_format=True)
    return path


def test_png_values_are_as_stored(tmp_path: Path) -> None:
    for dtype in (np.uint8, np.uint16):
        values = RNG.integers(0, np.iinfo(dtype).max, (20, 30)).astype(dtype)
        Image.fromarray(values).save(tmp_path / "a.png")
        picture = read_picture(tmp_path / "a.png")
        assert (picture.pixels == values).all()
        assert picture.spatial == (20, 30)
        assert 0 <= picture.shown().min() <= picture.shown().max() <= 1


def test_grey_stored_as_colour_is_grey(tmp_path: Path) -> None:
    grey = RNG.integers(0, 255, (8, 9, 1)).astype(np.uint8)
    Image.fromarray(grey.repeat(3, axis=2)).save(tmp_path / "a.png")
    assert not read_picture(tmp_path / "a.png").colour
    Image.fromarray(RNG.integers(0, 255, (8, 9, 3)).astype(np.uint8)).save(tmp_path / "b.png")
    assert read_picture(tmp_path / "b.png").spatial == (8, 9)


def test_dicom_window_rescale_and_inversion(tmp_path: Path) -> None:
    stored = np.array([[0, 1000], [1040, 2000]])
    path = dicom(
        tmp_path / "a.dcm", stored, RescaleSlope=1, RescaleIntercept=-1000, WindowCenter=40.5,
        WindowWidth=81, PixelSpacing=[0.7, 0.8], PatientID="42", PatientName="Doe^Jane",
    )  # fmt: skip
    picture = read_picture(path)
    assert picture.pixels.tolist() == [[-1000, 0], [40, 1000]]
    assert picture.shown().tolist() == [[0, 0], [0.5, 1]]  # PS3.3 C.11.2.1.2: from 0 to 80
    assert picture.spacing == (0.7, 0.8)
    assert picture.identifiers == ("PatientName", "PatientID")
    assert "Doe" not in repr(picture)
    negative = read_picture(dicom(path, stored, PhotometricInterpretation="MONOCHROME1"))
    assert negative.shown()[0, 0] == 1


def test_a_series_is_put_in_order(tmp_path: Path) -> None:
    for place in (3, 1, 2, 0):
        dicom(
            tmp_path / f"slice{(place * 7) % 5}.dcm", np.full((4, 4), place),
            ImagePositionPatient=[0, 0, 2.5 * place], SeriesInstanceUID="1.2",
            ImageOrientationPatient=[1, 0, 0, 0, 1, 0], PixelSpacing=[1, 1],
        )  # fmt: skip
    picture = read_picture(tmp_path)
    assert picture.pixels[:, 0, 0].tolist() == [0, 1, 2, 3]
    assert picture.spacing == (2.5, 1, 1)
    assert not picture.notes
    (tmp_path / "slice4.dcm").unlink()  # the one at 2 × 2.5 mm
    assert "one may be missing" in read_picture(tmp_path).notes[0]


def test_nifti_axes_and_spacing(tmp_path: Path) -> None:
    values = RNG.normal(size=(5, 6, 7)).astype(np.float32)
    nibabel.save(nibabel.Nifti1Image(values, np.diag([1.0, 2, 3, 1])), tmp_path / "a.nii.gz")
    picture = read_picture(tmp_path / "a.nii.gz")
    assert picture.spatial == (7, 6, 5)
    assert picture.spacing == (3, 2, 1)
    assert picture.pixels[1, 2, 3] == values[3, 2, 1]
    assert picture.plane().spatial == (6, 5)


@pytest.mark.parametrize("name", ["empty.png", "text.jpg", "text.dcm", "text.nii"])
def test_what_is_no_image_is_said_in_a_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("" if "empty" in name else "PatientName,diagnosis\n" * 40)
    with pytest.raises(ToolError) as caught:
        read_picture(path)
    assert caught.value.message.startswith(name)
    assert "\n" not in caught.value.message


def huge_png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    data = zlib.compress(bytes(10_000_000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def huge_nifti() -> bytes:
    header = nibabel.Nifti1Header()
    header.set_data_shape((5000, 5000, 500))
    header.set_data_dtype(np.float64)
    header["vox_offset"], header["magic"] = 352, b"n+1"
    return gzip.compress(header.binaryblock + bytes(50_000_000))


def huge_jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (10_000, 10_000)).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "make"), [("a.png", huge_png), ("a.nii.gz", huge_nifti), ("a.jpg", huge_jpeg)]
)
def test_bombs_are_refused_by_their_header(
    tmp_path: Path, name: str, make: Callable[[], bytes]
) -> None:
    path = tmp_path / name
    path.write_bytes(make())
    with pytest.raises(ToolError, match=r"cut it into"):
        read_picture(path)


@pytest.mark.slow
def test_a_deflated_dicom_bomb_is_refused(tmp_path: Path) -> None:
    path = dicom(tmp_path / "a.dcm", np.zeros((4, 4)))
    dataset = pydicom.dcmread(path)
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    dataset.save_as(path, enforce_file_format=True)
    assert read_picture(path).spatial == (4, 4)
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = b"".join(packer.compress(bytes(1 << 26)) for _ in range(20)) + packer.flush()
    whole = path.read_bytes()
    meta = pydicom.filereader.read_file_meta_info(path).FileMetaInformationGroupLength
    path.write_bytes(whole[: 144 + meta] + packed)
    with pytest.raises(ToolError, match="GiB"):
        read_picture(path)


def test_garbled_files_give_a_picture_or_a_line(tmp_path: Path) -> None:
    """A thousand files, truncated and with bytes exchanged."""
    values = RNG.integers(0, 255, (24, 24, 3)).astype(np.uint8)
    seeds: dict[str, bytes] = {}
    for suffix in ("png", "jpg", "tif", "bmp", "webp"):
        Image.fromarray(values).save(tmp_path / f"a.{suffix}")
        seeds[f"a.{suffix}"] = (tmp_path / f"a.{suffix}").read_bytes()
    path = dicom(tmp_path / "a.dcm", values[..., 0], PatientID="1", PixelSpacing=[1, 1])
    seeds["a.dcm"] = path.read_bytes()
    volume = nibabel.Nifti1Image(values, np.eye(4))
    for name in ("a.nii", "a.nii.gz"):
        nibabel.save(volume, tmp_path / name)
        seeds[name] = (tmp_path / name).read_bytes()
    refused = 0
    for number in range(1000):
        name = list(seeds)[number % len(seeds)]
        content = bytearray(seeds[name])
        for place in RNG.integers(0, min(len(content), 600), RNG.integers(0, 8)):
            content[place] = RNG.integers(0, 256)
        if number % 3 == 0:
            del content[RNG.integers(1, len(content)) :]
        (tmp_path / name).write_bytes(content)
        try:
            picture = read_picture(tmp_path / name)
            assert np.isfinite(picture.shown()).all()
        except ToolError as error:
            refused += 1
            assert "\n" not in error.message
    assert 200 < refused < 1000


@pytest.mark.shared_data
def test_real_dicom_files(shared_data: Path) -> None:
    """The values are pydicom's own; five files are unreadable for pydicom too."""
    refused = []
    for path in sorted((shared_data / "dicom").iterdir()):
        try:
            picture = read_picture(path)
        except ToolError:
            refused.append(path.name)
            continue
        dataset = pydicom.dcmread(path, force=True)
        if "TransferSyntaxUID" not in dataset.file_meta or "PALETTE" in dataset.get(
            "PhotometricInterpretation", ""
        ):
            continue
        own = pydicom.pixels.apply_rescale(dataset.pixel_array, dataset)
        if "ModalityLUTSequence" not in dataset:
            assert (picture.pixels == own).all(), path.name
    assert refused == [
        "emri_small_jpeg_2k_lossless_too_short.dcm", "liver_deflate.dcm",
        "liver_nonbyte_aligned_deflate.dcm", "liver_nonbyte_aligned_rle.dcm", "liver_rle.dcm",
    ]  # fmt: skip

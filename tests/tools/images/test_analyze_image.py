"""Images read by trained models: one, many, of patients with names, damaged, of the wrong kind."""

import json
import shutil
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pandas as pd
import pydicom
import pytest
from PIL import Image
from pydicom.dataset import FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from models.errors import PrerequisiteError, ToolError
from models.images.finding import CAVEAT
from models.images.phantoms.bodies import make_phantom, write_classes, write_outlines
from models.store.files import sha256_file
from models.store.runs import RunStore
from models.store.workspace import Workspace
from tools.contract import ToolResult
from tools.execution import execute
from tools.models.describe_model import focus

SIDE = 32


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with img-1 and seg-1, both of small phantoms, and images beside it."""
    folder = tmp_path_factory.mktemp("images")
    workspace = Workspace(folder / "workspace", (folder,))
    classes = write_classes(folder / "classes", 8, SIDE)
    outlines = write_outlines(folder / "outlines", 8, SIDE)
    few = {"epochs": 2, "time_limit": 20}
    execute(workspace, "train_image_classifier", {"image_folder": str(classes), "folds": 2} | few)
    execute(workspace, "train_image_segmenter", {"image_folder": str(outlines)} | few)
    return workspace


@pytest.fixture(scope="module")
def images(trained: Workspace) -> Path:
    """New images of the same kind."""
    return write_classes(trained.data_folders[0] / "new", 2, SIDE, seed=5)


def read(workspace: Workspace, image: Path, **arguments: Any) -> ToolResult:
    return execute(workspace, "analyze_image", {"image": str(image)} | arguments)


def written_dicom(path: Path, **attributes: object) -> Path:
    values = make_phantom(np.random.default_rng(3), SIDE).image
    dataset = pydicom.Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = CTImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    dataset.SOPClassUID, dataset.SOPInstanceUID, dataset.Modality = CTImageStorage, "1.2.3", "CT"
    dataset.Rows, dataset.Columns = values.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 16, 15
    dataset.PixelRepresentation = 0
    dataset.PixelSpacing = [0.5, 0.5]
    dataset.PixelData = (values * 1000).astype(np.uint16).tobytes()
    for name, value in attributes.items():
        setattr(dataset, name, value)
    dataset.save_as(path, enforce_file_format=True)
    return path


@pytest.mark.parametrize("model", ["img-1", "seg-1"])
def test_one_image(trained: Workspace, images: Path, model: str) -> None:
    image = images / "lesion" / "lesion_000.png"
    result = read(trained, image, model=model)
    assert result.summary.startswith(CAVEAT)
    assert f"{model} on lesion_000.png" in result.summary
    assert result.data["model"] == model
    assert result.data["sha256"] == sha256_file(image)
    made = [Path(item.path) for item in result.artifacts]
    assert made
    for path in made:
        assert path.parent.name == result.run
        assert np.asarray(Image.open(path)).size
    record = RunStore(trained).read(str(result.run))
    assert record["data_sha256"] == sha256_file(image)


def test_a_class_comes_with_its_probability(trained: Workspace, images: Path) -> None:
    data = read(trained, images / "clear" / "clear_000.png", model="img-1").data
    assert set(data["probability"]) == {"clear", "lesion"}
    assert sum(data["probability"].values()) == pytest.approx(1)
    assert data["predicted"] == max(data["probability"], key=data["probability"].__getitem__)


def test_an_outline_comes_with_its_size_in_millimetres(trained: Workspace, tmp_path: Path) -> None:
    trained = Workspace(trained.root, (tmp_path,))
    result = read(trained, written_dicom(tmp_path / "plane.dcm"), model="seg-1")
    assert result.data["spacing_mm"] == (0.5, 0.5)
    assert "mm" in result.summary


def test_the_newest_image_model_is_taken_and_named(trained: Workspace, images: Path) -> None:
    result = read(trained, images / "clear" / "clear_001.png")
    assert result.data["model"] == "seg-1"
    assert "seg-1, the newest image model" in result.summary


def test_without_a_model_it_says_how_to_train_one(workspace: Workspace) -> None:
    write_classes(Path("new"), 1, SIDE)
    with pytest.raises(PrerequisiteError, match="train an image classifier"):
        read(workspace, Path("new/clear/clear_000.png"))


def test_who_the_patient_is_stays_in_the_file(trained: Workspace, tmp_path: Path) -> None:
    secrets = {
        "PatientName": "Doe^Jane", "PatientID": "MRN-4711", "PatientBirthDate": "19610203",
        "InstitutionName": "St Elsewhere", "ReferringPhysicianName": "House^G",
    }  # fmt: skip
    trained = Workspace(trained.root, (tmp_path,))
    image = written_dicom(tmp_path / "plane.dcm", **secrets)
    result = read(trained, image, model="img-1")
    assert "PatientName" in result.summary
    assert set(secrets) <= set(result.data["identifying_fields"])
    folder = trained.runs / str(result.run)
    kept = [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    everything = result.model_dump_json().encode() + b"".join(kept) + trained.audit.read_bytes()
    for secret in ("Doe", "Jane", "MRN-4711", "19610203", "St Elsewhere", "House"):
        assert secret.encode() not in everything


def test_a_series_is_one_volume(trained: Workspace, tmp_path: Path) -> None:
    trained = Workspace(trained.root, (tmp_path,))
    (tmp_path / "series").mkdir()
    for number in range(4):
        written_dicom(
            tmp_path / "series" / f"{number}.dcm", SeriesInstanceUID="1.9", InstanceNumber=number
        )
    with pytest.raises(ToolError, match="volume") as caught:
        read(trained, tmp_path / "series", model="img-1")
    assert caught.value.faults[0].field == "image"


@pytest.mark.parametrize("model", ["img-1", "seg-1"])
def test_a_volume_is_refused_by_a_model_of_planes(
    trained: Workspace, tmp_path: Path, model: str
) -> None:
    trained = Workspace(trained.root, (tmp_path,))
    values = make_phantom(np.random.default_rng(0), 16, 3).image
    nibabel.save(nibabel.Nifti1Image(values, np.eye(4)), tmp_path / "volume.nii.gz")
    with pytest.raises(ToolError) as caught:
        read(trained, tmp_path / "volume.nii.gz", model=model)
    assert caught.value.faults[0].field == "image"
    assert "plane" in str(caught.value)


def test_a_damaged_file_is_one_clear_line(trained: Workspace, tmp_path: Path) -> None:
    trained = Workspace(trained.root, (tmp_path,))
    (tmp_path / "film.png").write_bytes(b"\x89PNG\r\n\x1a\n garbled")
    with pytest.raises(ToolError, match=r"film\.png: ") as caught:
        read(trained, tmp_path / "film.png", model="img-1")
    assert "\n" not in caught.value.message


def test_another_kind_of_model_is_refused(trained: Workspace, images: Path) -> None:
    execute(trained, "train_regressor", {"dataset": "diabetes", "algorithm": "linear"})
    image = images / "clear" / "clear_000.png"
    with pytest.raises(ToolError, match="reg-1 is a regressor"):
        read(trained, image, model="reg-1")
    with pytest.raises(ToolError, match="no model img-7"):
        read(trained, image, model="img-7")
    assert read(trained, image).data["model"] == "seg-1"


@pytest.mark.parametrize("tool", ["predict", "explain_model"])
@pytest.mark.parametrize("model", ["img-1", "seg-1"])
def test_other_tools_send_an_image_model_here(trained: Workspace, tool: str, model: str) -> None:
    data = {"dataset": "gbsg2"} if tool == "predict" else {}
    with pytest.raises(ToolError, match="analyze_image"):
        execute(trained, tool, {"model": model} | data)


@pytest.mark.parametrize("model", ["img-1", "seg-1"])
def test_a_folder_becomes_a_table(
    trained: Workspace, images: Path, tmp_path: Path, model: str
) -> None:
    trained = Workspace(trained.root, (tmp_path,))
    folder = shutil.copytree(images, tmp_path / "batch")
    (folder / "clear" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n garbled")
    result = read(trained, folder, model=model)
    assert result.summary.startswith(CAVEAT)
    assert "read 4 of 5 images" in result.summary
    assert list(result.data["failed"]) == ["clear/broken.png"]
    [table] = [item.path for item in result.artifacts if item.kind == "table"]
    frame = pd.read_csv(table)
    assert list(frame["image"]) == [
        "clear/clear_000.png", "clear/clear_001.png", "lesion/lesion_000.png",
        "lesion/lesion_001.png",
    ]  # fmt: skip
    assert list(frame["folder_class"]) == ["clear", "clear", "lesion", "lesion"]
    pictures = [Path(item.path) for item in result.artifacts if item.kind == "picture"]
    assert len({path.name for path in pictures}) == len(pictures) >= 4
    if model == "img-1":
        right = int((frame["folder_class"] == frame["predicted"]).sum())
        assert f"{right} of 4 are of the class" in result.summary


def test_a_folder_of_damaged_files_is_an_error(trained: Workspace, tmp_path: Path) -> None:
    trained = Workspace(trained.root, (tmp_path,))
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n garbled")
    with pytest.raises(ToolError, match="None of the 2 images"):
        read(trained, tmp_path, model="img-1")


def test_models_are_listed_and_described(trained: Workspace) -> None:
    listed = execute(trained, "list_models", {}).summary
    assert "img-1: image_classifier" in listed
    assert "seg-1: image_segmenter" in listed
    for model, word in (("img-1", "clear, lesion"), ("seg-1", "outline")):
        described = execute(trained, "describe_model", {"model": model})
        assert word in described.summary
        assert CAVEAT in described.data["card"]
        json.dumps(described.data)


@pytest.mark.parametrize("model", ["img-1", "seg-1"])
def test_a_model_is_described_with_its_worst_images(trained: Workspace, model: str) -> None:
    described = execute(trained, "describe_model", {"model": model})
    kept = {"img-1": "held_out_predictions.csv", "seg-1": "held_out_cases.csv"}[model]
    table = pd.read_csv(trained.runs / described.data["run"] / kept)
    if model == "img-1":
        own = [row[f"probability_{row['class']}"] for _, row in table.iterrows()]
        worst = table["image"][int(np.argmin(own))]
    else:
        worst = table["case"][int(table["dice"].argmin())]
        assert described.artifacts[1].path.endswith("held_out_cases.png")
    assert described.data["worst"][0].startswith(worst)
    assert worst in str(focus("show me the worst cases", described.data))
    assert focus("what was it trained on?", described.data) is None

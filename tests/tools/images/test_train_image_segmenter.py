"""Training segmenters through the tool, and reading images with them."""

import json
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
from PIL import Image

from models.errors import ToolError
from models.fitting.effort import Effort
from models.images.formats.picture import Picture
from models.images.formats.reading import read_picture
from models.images.phantoms.bodies import make_phantom, write_outlines
from models.images.phantoms.smears import write_smears
from models.store.registry import ModelStore
from models.store.workspace import Workspace
from tools.contract import ToolResult
from tools.execution import execute


def train(workspace: Workspace, folder: Path, **arguments: Any) -> ToolResult:
    return execute(workspace, "train_image_segmenter", {"image_folder": str(folder)} | arguments)


@pytest.fixture
def planes(workspace: Workspace) -> Path:
    return write_outlines(Path.cwd() / "planes", 16, side=32)


def write_volumes(folder: Path, count: int, spacing: tuple[float, float, float]) -> Path:
    """Writes NIfTI phantoms with voxels of (x, y, z) mm, turned and moved in the scanner."""
    affine = np.diag([-spacing[0], spacing[1], spacing[2], 1.0])
    affine[:3, 3] = (40, -20, 7)
    rng = np.random.default_rng(0)
    for name in ("images", "masks"):
        (folder / name).mkdir(parents=True)
    for index in range(count):
        made = make_phantom(rng, 32, 3)
        for name, values in (("images", made.image), ("masks", made.lesion.astype(np.uint8))):
            kept = values[::4].T  # (x, y, z); every fourth plane
            nibabel.save(nibabel.Nifti1Image(kept, affine), folder / name / f"v{index:02}.nii.gz")
    return folder


def test_planes_from_training_to_reading(planes: Path, workspace: Workspace) -> None:
    result = train(workspace, planes, epochs=12)
    metrics, baseline = result.data["metrics"], result.data["baseline"]
    assert set(metrics) == set(baseline) == {"dice", "hausdorff_95"}
    assert metrics["dice"]["value"] > 0.4
    assert metrics["dice"]["low"] <= metrics["dice"]["value"] <= metrics["dice"]["high"]
    assert result.data["distance_unit"] == "pixels"
    assert result.data["split"]["test"] == 4
    assert {artifact.kind for artifact in result.artifacts} == {"picture", "plot", "table", "card"}
    assert all(Path(artifact.path).is_file() for artifact in result.artifacts)
    folder = workspace.models / "seg-1"
    card = (folder / "card.md").read_text()
    assert "Not a diagnosis" in card
    assert "diagonal" in card
    assert {path.suffix for path in folder.iterdir()} == {".safetensors", ".json", ".md"}
    record = json.loads((workspace.runs / "run-1" / "run.json").read_text())
    sides = [set(record["split"][f"{p}_cases"]) for p in ("training", "validation", "test")]
    assert [len(side) for side in sides] == [9, 3, 4]
    assert len(set.union(*sides)) == 16

    image = planes / "images" / "phantom_000.png"
    found = execute(workspace, "analyze_image", {"image": str(image), "model": "seg-1"})
    mask = np.array(Image.open(found.data["mask"]))
    assert mask.shape == (32, 32)
    assert set(np.unique(mask)) <= {0, 255}
    measured = found.data["outlined"]["foreground"]
    assert measured["pixels"] == (mask > 0).sum()
    assert 0 <= measured["agreement"] <= 1
    assert not found.data["out_of_distribution"]
    assert "Not a diagnosis" in found.summary

    rng = np.random.default_rng(1)
    Image.fromarray(rng.integers(0, 255, (90, 70), dtype=np.uint8)).save("noise.png")
    strange = execute(workspace, "analyze_image", {"image": "noise.png", "model": "seg-1"})
    assert strange.data["out_of_distribution"]
    assert "does not look like" in strange.summary
    assert np.array(Image.open(strange.data["mask"])).shape == (90, 70)


def test_the_same_call_gives_the_same_numbers(planes: Path, workspace: Workspace) -> None:
    first, second, other = (train(workspace, planes, epochs=2, seed=seed) for seed in (3, 3, 4))
    assert first.data["metrics"] == second.data["metrics"] != other.data["metrics"]
    tables = [
        next(a.path for a in result.artifacts if a.kind == "table") for result in (first, second)
    ]
    assert Path(tables[0]).read_bytes() == Path(tables[1]).read_bytes()
    weights = [
        (workspace.models / result.data["model"] / "network.safetensors").read_bytes()
        for result in (first, second)
    ]
    assert weights[0] == weights[1]


def test_volumes_keep_affine_and_spacing(workspace: Workspace) -> None:
    folder = write_volumes(Path.cwd() / "volumes", 12, (0.8, 1.1, 4.0))
    result = train(workspace, folder, epochs=8)
    assert result.data["dimensions"] == 3
    assert result.data["distance_unit"] == "mm"
    image = folder / "images" / "v03.nii.gz"
    found = execute(workspace, "analyze_image", {"image": str(image)})
    mask, source = nibabel.load(found.data["mask"]), nibabel.load(image)
    assert mask.shape == source.shape == (32, 32, 8)
    np.testing.assert_array_equal(mask.affine, source.affine)
    voxels = int((np.asarray(mask.dataobj) == 1).sum())
    measured = found.data["outlined"]["foreground"]
    assert measured["voxels"] == voxels
    assert measured["volume_mm3"] == pytest.approx(voxels * 0.8 * 1.1 * 4.0, rel=1e-5)
    with pytest.raises(ToolError, match="volume"):
        model = ModelStore(workspace).load(result.data["model"])
        model.read(Picture("plane", np.zeros((9, 9))), Path)  # type: ignore[attr-defined]


def test_cells_from_boxes(workspace: Workspace) -> None:
    result = train(workspace, write_smears(Path.cwd() / "smears", 8), epochs=1)
    assert result.data["labels"] == ["red cell", "white cell"]
    assert {"dice", "dice red cell", "dice white cell"} <= set(result.data["metrics"])
    assert any("weak labels" in warning for warning in result.data["warnings"])
    card = (workspace.models / result.data["model"] / "card.md").read_text()
    assert "weak labels" in card
    picture = read_picture(Path("smears/images/smear_000.png"))
    model = ModelStore(workspace).load(result.data["model"])
    assert model.outline(picture).mask.shape == picture.spatial  # type: ignore[attr-defined]


def test_training_ends_when_its_time_is_up(planes: Path, workspace: Workspace) -> None:
    result = train(workspace, planes, epochs=500, time_limit=0.5)
    assert result.data["epochs"] < 20


def test_what_cannot_be_trained_on_is_said(planes: Path, workspace: Workspace) -> None:
    for path in (planes / "masks").iterdir():
        Image.fromarray(np.zeros((32, 32), np.uint8)).save(path)
    with pytest.raises(ToolError, match="foreground"):
        train(workspace, planes)
    (planes / "masks").rename(planes / "other")
    with pytest.raises(ToolError, match="no masks"):
        train(workspace, planes)
    with pytest.raises(ToolError) as caught:
        train(workspace, planes, architecture="unett", epochs=0)
    assert {fault.field for fault in caught.value.faults} == {"architecture", "epochs"}
    assert not list(workspace.runs.glob("run-*/run.json"))


def test_cancelling_leaves_no_model(planes: Path, workspace: Workspace) -> None:
    from models.images.segmentation.request import SegmentationRequest
    from models.images.segmentation.train import train_image_segmenter
    from models.store.runs import RunStore

    class StopError(Exception):
        pass

    def stop(fraction: float, message: str) -> None:
        if "epoch 2" in message:
            raise StopError

    run = RunStore(workspace).start("train_image_segmenter", {})
    with pytest.raises(StopError):
        train_image_segmenter(
            SegmentationRequest(str(planes)), workspace, run, Effort(progress=stop)
        )
    assert not ModelStore(workspace).names()

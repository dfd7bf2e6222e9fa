"""Making images up: marked, judged, the same again, and clear words on what cannot be done."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
from PIL import Image

from models.errors import ToolError
from models.images.phantoms.bodies import write_classes
from models.images.synthesis.pictures import is_marked
from models.store.registry import ModelStore
from models.store.runs import RunStore
from models.store.workspace import Workspace
from tools.contract import ToolResult
from tools.execution import CancellationError, execute
from tools.registry import find_tool
from tools.replay import differences

NAME = "generate_medical_images"
SMALL = {"image_size": 32, "epochs": 1, "count": 5}


def make(workspace: Workspace, **arguments: Any) -> ToolResult:
    return execute(workspace, NAME, arguments)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, ToolResult]]:
    """A generator of phantoms, hardly trained, with what the call gave."""
    root = tmp_path_factory.mktemp("synthesis")
    folder = write_classes(root / "data" / "phantoms", 11, side=32)
    shutil.copy(folder / "clear" / "clear_000.png", folder / "clear" / "copy.png")
    (folder / "lesion" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nhalf")
    workspace = Workspace(root / "workspace", (root / "data",))
    yield workspace, make(workspace, image_folder=str(folder), **SMALL)


def test_images_are_marked_and_kept(trained: tuple[Workspace, ToolResult]) -> None:
    workspace, result = trained
    folder = workspace.runs / str(result.run) / "images"
    paths = sorted(folder.iterdir())
    assert [path.name for path in paths] == result.data["images"]
    assert result.data["count"] == len(paths) == 5
    assert all(path.name.startswith("synthetic_") and is_marked(path) for path in paths)
    with Image.open(paths[0]) as image:
        assert image.size == (32, 32)
        said = json.loads(image.text["synthetic"])  # type: ignore[attr-defined]
    assert said["model"] == "syn-1"
    assert said["class"] in ("clear", "lesion")
    assert (workspace.runs / str(result.run) / "synthetic.png").is_file()
    assert all(Path(artifact.path).is_file() for artifact in result.artifacts)
    assert sum(result.data["labels"].values()) == 5


def test_figures_stand_beside_references(trained: tuple[Workspace, ToolResult]) -> None:
    workspace, result = trained
    sets = result.data["quality"]["sets"]
    assert set(sets) == {
        "generator", "real training images", "Gaussian over pixels", "mean image with noise",
        "real held-out images",
    }  # fmt: skip
    distances = {name: row["frechet_distance"]["value"] for name, row in sets.items()
                 if "frechet_distance" in row}  # fmt: skip
    assert distances["real training images"] < distances["generator"]
    assert distances["real training images"] < distances["mean image with noise"]
    assert result.data["metrics"].keys() == result.data["baseline"].keys()
    assert result.data["split"]["train"] + result.data["split"]["test"] == 22
    assert "1 byte-identical copies were left out" in result.data["notes"]
    assert any("training images" in warning for warning in result.data["warnings"])
    assert "Fréchet distance" in result.summary
    card = ModelStore(workspace).card("syn-1")
    assert "## Not for" in card
    assert "holds the training images" in card
    assert "Gaussian over pixels" in card


@pytest.mark.slow
def test_the_same_call_gives_the_same_digits(trained: tuple[Workspace, ToolResult]) -> None:
    workspace, result = trained
    record = RunStore(workspace).read(str(result.run))
    again = make(workspace, **record["arguments"])
    assert again.data["model"] != result.data["model"]
    assert differences(record, again.model_dump(mode="json")) == []


def test_a_kept_generator_draws_a_class(trained: tuple[Workspace, ToolResult]) -> None:
    workspace, result = trained
    first, second, other = (
        make(workspace, model="syn-1", count=3, label="Lesion", seed=seed) for seed in (4, 4, 5)
    )
    assert first.data["labels"] == {"lesion": 3}
    assert first.data["images"][0] == "synthetic_000_lesion.png"
    assert first.data["images_sha256"] == second.data["images_sha256"]
    assert first.data["images_sha256"] != other.data["images_sha256"]
    assert first.data["quality"] == result.data["quality"]


def test_what_contradicts_itself_is_refused(trained: tuple[Workspace, ToolResult]) -> None:
    workspace, _ = trained
    for arguments in ({}, {"image_folder": "phantoms", "model": "syn-1"}):
        with pytest.raises(ToolError, match="either which images") as caught:
            make(workspace, **arguments)
        assert {fault.field for fault in caught.value.faults} == {"image_folder", "model"}
    with pytest.raises(ToolError, match="trained already") as caught:
        make(workspace, model="syn-1", epochs=3, image_size=96)
    assert {fault.field for fault in caught.value.faults} == {"epochs", "image_size"}
    with pytest.raises(ToolError, match="no class lesio") as caught:
        make(workspace, model="syn-1", label="lesio")
    assert caught.value.faults[0].suggestion == "lesion"
    with pytest.raises(ToolError) as caught:
        make(workspace, model="syn-9")
    assert str(caught.value.faults[0].suggestion).startswith("syn-")
    for count in (0, 1001):
        with pytest.raises(ToolError) as caught:
            make(workspace, model="syn-1", count=count)
        assert caught.value.faults[0].field == "count"


def test_too_few_images_and_volumes_are_refused(workspace: Workspace) -> None:
    write_classes(Path("few"), 5, side=32)
    with pytest.raises(ToolError, match="too few") as caught:
        make(workspace, image_folder="few")
    assert caught.value.kind == "refused_data"
    Path("volumes").mkdir()
    for index in range(2):
        values = np.random.default_rng(index).random((8, 8, 8), np.float32)
        nibabel.save(nibabel.Nifti1Image(values, np.eye(4)), f"volumes/case_{index}.nii.gz")
    with pytest.raises(ToolError, match="cut the volumes into planes"):
        make(workspace, image_folder="volumes")
    assert not list(workspace.runs.glob("run-*"))


def test_a_wrong_class_is_refused_before_training(
    trained: tuple[Workspace, ToolResult], workspace: Workspace
) -> None:
    del trained
    write_classes(Path("phantoms"), 12, side=32)
    with pytest.raises(ToolError, match="no class tumour"):
        make(workspace, image_folder="phantoms", label="tumour")


def test_images_without_classes(workspace: Workspace) -> None:
    source = write_classes(Path("source"), 11, side=32)
    Path("plain").mkdir()
    for path in source.glob("*/*.png"):
        shutil.copy(path, Path("plain") / path.name)
    result = make(workspace, image_folder="plain", **SMALL)
    assert result.data["labels"] == {}
    assert "random weights" in result.data["quality"]["features_of"]
    with pytest.raises(ToolError, match="no classes"):
        make(workspace, model="syn-1", label="lesion")


def test_a_cancelled_call_ends(workspace: Workspace) -> None:
    write_classes(Path("phantoms"), 12, side=32)

    def report(fraction: float, message: str, metrics: dict[str, float]) -> None:
        if message.startswith("learning to draw"):
            raise CancellationError

    with pytest.raises(ToolError, match="cancelled"):
        execute(workspace, NAME, {"image_folder": "phantoms", **SMALL}, report)
    assert not ModelStore(workspace).names()


def test_the_estimate_grows_with_the_work(workspace: Workspace) -> None:
    write_classes(Path("phantoms"), 12, side=32)
    tool = find_tool(NAME)
    assert tool.estimate

    def estimate(**arguments: Any) -> float:
        assert tool.estimate
        return tool.estimate(tool.parse(arguments), workspace)

    assert estimate(model="syn-1", count=4) < 5
    short = estimate(image_folder="phantoms", epochs=1)
    assert short < estimate(image_folder="phantoms", epochs=50) < estimate(image_folder="phantoms")
    assert estimate(image_folder="phantoms", time_limit=60) < 90
    assert estimate(image_folder="nowhere") == 0

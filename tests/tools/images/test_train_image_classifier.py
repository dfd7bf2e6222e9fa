"""Training image classifiers through the tool: what is kept, said, refused and repeated."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from models.errors import ToolError
from models.images.classification.fitted import FittedImageClassifier
from models.images.classification.learning.transfer import initial_weights
from models.images.networks.tensors import load_tensors
from models.images.phantoms.bodies import make_phantom, write_classes
from models.store.registry import ModelStore
from models.store.workspace import Workspace
from tools.contract import ToolResult
from tools.execution import CancellationError, execute
from tools.registry import find_tool
from tools.replay import differences

NAME = "train_image_classifier"
QUICK: dict[str, Any] = {"architecture": "vit", "epochs": 1, "folds": 2, "image_size": 32}


def train(workspace: Workspace, folder: Path | str, **arguments: Any) -> ToolResult:
    return execute(workspace, NAME, {"image_folder": str(folder)} | QUICK | arguments)


def kept(workspace: Workspace, result: ToolResult) -> FittedImageClassifier:
    model = ModelStore(workspace).load(result.data["model"])
    assert isinstance(model, FittedImageClassifier)
    return model


def predictions(result: ToolResult) -> pd.DataFrame:
    return pd.read_csv(next(a.path for a in result.artifacts if a.kind == "table"))


def draw_cells(folder: Path, counts: dict[str, int], seed: int = 0) -> list[dict[str, Any]]:
    """Writes colour crops of 28 × 28 pixels; returns rows for a table."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True)
    rows = []
    for number, (label, count) in enumerate(counts.items()):
        for index in range(count):
            pixels = rng.integers(150, 220, (28, 28, 3))
            pixels[6:22, 6:22, number] -= 120
            name = f"{label}_{index}.png"
            Image.fromarray(pixels.astype(np.uint8)).save(folder / name)
            rows.append({"path": f"{folder.name}/{name}", "label": label, "donor": index // 4})
    return rows


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, ToolResult]]:
    """A classifier of phantoms among which are a copy and a file that is damaged."""
    root = tmp_path_factory.mktemp("classification")
    folder = write_classes(root / "data" / "phantoms", 16, side=32)
    (folder / "clear" / "copy.png").write_bytes((folder / "clear" / "clear_000.png").read_bytes())
    (folder / "lesion" / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\nhalf")
    workspace = Workspace(root / "workspace", (root / "data",))
    yield workspace, train(workspace, folder, epochs=3)


def test_result_card_and_record(trained: tuple[Workspace, ToolResult]) -> None:
    workspace, result = trained
    data = result.data
    assert data["classes"] == ["clear", "lesion"]
    assert "(positive: lesion)" in result.summary
    assert data["counts"] == {"clear": 16, "lesion": 16}
    assert set(data["metrics"]) == set(data["baseline"])
    assert {"auroc", "f1", "calibration_error", "sensitivity_at_90_specificity"} <= set(
        data["metrics"]
    )
    assert data["baseline"]["auroc"]["value"] == 0.5
    assert {"network", "logistic_regression", "gradient_boosting"} <= set(data["rows"])
    auroc = data["metrics"]["auroc"]
    assert auroc["low"] <= auroc["value"] <= auroc["high"]
    assert {artifact.kind for artifact in result.artifacts} == {"plot", "table", "card"}
    assert all(Path(artifact.path).is_file() for artifact in result.artifacts)
    folder = workspace.models / data["model"]
    assert {path.suffix for path in folder.iterdir()} <= {".safetensors", ".json", ".md", ".skops"}
    card = (folder / "card.md").read_text()
    for said in ("Not a diagnosis", "## Not for", "gradient boosting", "class shares", "95%"):
        assert said in card
    record = json.loads((workspace.runs / "run-1" / "run.json").read_text())
    assert sorted(record["split"]["test_rows"]) == list(range(32))
    assert record["data_sha256"]
    table = predictions(result)
    assert len(table) == 32
    assert set(table["fold"]) == {1, 2}


def test_damaged_files_and_copies_are_listed(trained: tuple[Workspace, ToolResult]) -> None:
    _, result = trained
    assert list(result.data["damaged"]) == ["lesion/torn.png"]
    assert "1 byte-identical copies were left out" in result.data["notes"]
    assert "could not be read" in result.summary


def test_a_run_is_repeated_to_the_last_digit(trained: tuple[Workspace, ToolResult]) -> None:
    workspace, result = trained
    record = json.loads((workspace.runs / str(result.run) / "run.json").read_text())
    again = execute(workspace, NAME, record["arguments"])
    assert differences(record, again.model_dump()) == []
    pd.testing.assert_frame_equal(predictions(result), predictions(again))
    weights = [
        (workspace.models / one.data["model"] / "network_1.safetensors").read_bytes()
        for one in (result, again)
    ]
    assert weights[0] == weights[1]


@pytest.mark.slow
def test_training_goes_on_from_a_kept_model(trained: tuple[Workspace, ToolResult]) -> None:
    workspace, result = trained
    folder = json.loads((workspace.runs / "run-1" / "run.json").read_text())["arguments"]
    arguments = {"pretrained": result.data["model"]}
    further = train(workspace, folder["image_folder"], seed=5, **arguments)
    notes = " ".join(further.data["notes"])
    assert "100% of the weights" in notes
    assert "learnt from these very images" in notes
    assert further.data["metrics"] != result.data["metrics"]
    with pytest.raises(ToolError, match="another network") as caught:
        train(workspace, folder["image_folder"], architecture="resnet18", **arguments)
    assert caught.value.faults[0].field == "pretrained"


def test_the_last_layer_is_of_the_same_classes_only(trained: tuple[Workspace, ToolResult]) -> None:
    workspace, result = trained
    name, classes = result.data["model"], result.data["classes"]
    recipe = kept(workspace, result).recipe
    same, _ = initial_weights(name, recipe, classes, "", workspace)
    turned, _ = initial_weights(name, recipe, classes[::-1], "", workspace)
    head = set(same) - set(turned)
    assert head
    assert all(len(same[weight]) == len(classes) for weight in head)


def test_a_test_folder_is_judged_by_the_model_that_is_kept(workspace: Workspace) -> None:
    folder = write_classes(Path("phantoms"), 16, side=32)
    other = write_classes(Path("elsewhere"), 9, side=32, seed=7)
    result = train(workspace, folder, test_folder=str(other))
    assert (result.data["split"]["train"], result.data["split"]["test"]) == (32, 18)
    assert result.data["split"]["method"] == "test_folder elsewhere"
    with pytest.raises(ToolError) as caught:
        strange = write_classes(Path("strange"), 12, side=32, seed=9)
        (strange / "lesion").rename(strange / "cyst")
        train(workspace, folder, test_folder=str(strange))
    assert caught.value.faults[0].field == "test_folder"
    assert "cyst" in caught.value.faults[0].got
    table = predictions(result)
    paths = [other / Path(name).relative_to("elsewhere") for name in table["image"]]
    model = kept(workspace, result)
    probability = model.probability(load_tensors(paths, model.side, model.channels))
    np.testing.assert_allclose(probability[:, 1], table["probability_lesion"], atol=1e-6)
    np.testing.assert_allclose(probability.sum(1), 1)


@pytest.mark.slow
def test_a_table_with_colour_classes_and_groups(workspace: Workspace) -> None:
    rows = draw_cells(Path("cells"), {"basophil": 16, "lymphocyte": 18, "monocyte": 20})
    rows.append({"path": "cells/missing.png", "label": "basophil", "donor": 0})
    pd.DataFrame(rows).to_csv("cells.csv", index=False)
    result = train(workspace, "cells.csv", group_column="donor", split="group", image_size=None)
    assert result.data["classes"] == ["basophil", "lymphocyte", "monocyte"]
    assert result.data["image_size"] == 32
    assert kept(workspace, result).channels == 3
    assert result.data["rows"]["gradient_boosting"]["auroc"]["value"] > 0.95
    assert "macro_f1" in result.summary
    table = predictions(result)
    donors = {f"cells/{Path(row['path']).name}": row["donor"] for row in rows}
    table["donor"] = [donors[f"cells/{Path(name).name}"] for name in table["image"]]
    assert (table.groupby("donor")["fold"].nunique() == 1).all()
    assert any("do not exist" in note for note in result.data["notes"])


@pytest.mark.slow
def test_volumes(workspace: Workspace) -> None:
    rng = np.random.default_rng(0)
    for label in ("lesion", "clear"):
        (Path("heads") / label).mkdir(parents=True)
        for index in range(8):
            values = make_phantom(rng, 16, 3, with_lesion=label == "lesion").image
            nibabel.save(nibabel.Nifti1Image(values, np.eye(4)), f"heads/{label}/{index}.nii.gz")
    assert kept(workspace, train(workspace, "heads")).dimensions == 3


def test_every_wrong_argument_is_named(workspace: Workspace) -> None:
    folder = write_classes(Path("phantoms"), 8, side=32)
    wrong = {"architecture": "resnet19", "epochs": 0, "folds": 1, "image_size": 20, "seed": -1}
    with pytest.raises(ToolError) as caught:
        train(workspace, folder, **wrong)
    assert {fault.field for fault in caught.value.faults} == set(wrong)
    by_field = {fault.field: fault for fault in caught.value.faults}
    assert by_field["architecture"].suggestion == "resnet18"
    with pytest.raises(ToolError, match="phantom") as caught:
        train(workspace, "phantom")
    assert caught.value.faults[0].field == "image_folder"
    with pytest.raises(ToolError, match="45 pixels") as caught:
        train(workspace, folder, image_size=45)
    assert caught.value.faults[0].field == "image_size"
    with pytest.raises(ToolError) as caught:
        train(workspace, folder, positive_class="lesoin")
    assert caught.value.faults[0].expected == "one of clear, lesion"
    assert not list(workspace.runs.glob("run-*/run.json"))


def test_cancelling_leaves_nothing_half_written(workspace: Workspace) -> None:
    folder = write_classes(Path("phantoms"), 10, side=32)
    for moment in ("looking", "epoch 2", "judging"):

        def report(
            fraction: float, message: str, metrics: dict[str, float], moment: str = moment
        ) -> None:
            if message.startswith(moment):
                raise CancellationError

        arguments = {"image_folder": str(folder)} | QUICK | {"epochs": 2}
        with pytest.raises(ToolError, match="cancelled"):
            execute(workspace, NAME, arguments, report)
    assert not ModelStore(workspace).names()
    assert not workspace.models.exists() or not list(workspace.models.iterdir())


def test_training_ends_when_its_time_is_up(workspace: Workspace) -> None:
    folder = write_classes(Path("phantoms"), 10, side=32)
    result = train(workspace, folder, epochs=1000, time_limit=3)
    assert all(row["epochs"] < 500 for row in result.data["training"])


def test_the_estimate_grows_with_the_work(workspace: Workspace) -> None:
    write_classes(Path("few"), 8, side=32)
    write_classes(Path("many"), 40, side=32)
    tool = find_tool(NAME)
    assert tool.estimate

    def estimate(**arguments: Any) -> float:
        assert tool.estimate
        return tool.estimate(tool.parse(arguments), workspace)

    assert estimate(image_folder="few") < estimate(image_folder="many")
    assert estimate(image_folder="many", epochs=2) < estimate(image_folder="many")
    assert estimate(image_folder="many", time_limit=30) <= 30
    assert estimate(image_folder="nowhere") == 0


@pytest.mark.slow
@pytest.mark.shared_data
def test_real_slices_with_their_copies(shared_data: Path, workspace: Workspace) -> None:
    inside = Workspace(workspace.root, (shared_data,))
    result = train(inside, shared_data / "brain_mri", epochs=2)
    assert result.data["classes"] == ["normal", "tumour"]
    assert sum(result.data["counts"].values()) < 253
    assert any("byte-identical" in note for note in result.data["notes"])
    table = predictions(result)
    assert (table.groupby("group")["fold"].nunique() == 1).all()
    assert result.data["rows"]["gradient_boosting"]["auroc"]["value"] > 0.85


def test_unlabelled_images_are_learnt_from_where_that_pays(workspace: Workspace) -> None:
    write_classes(Path("known"), 20, 32)
    write_classes(Path("made"), 110, 32, seed=5)
    Path("more").mkdir()
    for image in sorted(Path("made").glob("*/*.png")):
        image.rename(Path("more") / image.name)
    few = {"epochs": 2, "time_limit": 60}
    result = train(workspace, "known", unlabelled_folder="more", **few)
    found = result.data["pretraining"]
    assert found["images"] == 220
    assert found["judged"] == 20
    assert found["used"] == (
        found["log_loss_without"] - found["log_loss"] > found["standard_error"]
    )
    assert "self-supervised pretraining on 220 images" in result.summary
    assert result.data["split"]["test"] == 40
    assert not any("more/" in name for name in predictions(result)["image"])
    card = Path(next(a.path for a in result.artifacts if a.kind == "card")).read_text()
    assert "self-supervised pretraining" in card


def test_too_few_unlabelled_images_are_left_out(workspace: Workspace) -> None:
    write_classes(Path("known"), 10, 32)
    write_classes(Path("more"), 5, 32, seed=5)
    result = train(workspace, "known", unlabelled_folder="more")
    assert result.data["pretraining"] is None
    assert any("10 images without a class left out" in note for note in result.data["notes"])
    with pytest.raises(ToolError) as caught:
        train(workspace, "known", unlabelled_folder="mor")
    assert caught.value.faults[0].field == "unlabelled_folder"

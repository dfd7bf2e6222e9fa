"""Descriptions of tables and molecule files."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from models.errors import ToolError
from models.images.phantoms.bodies import write_classes, write_outlines
from models.images.phantoms.smears import write_smears
from models.store.workspace import Workspace
from tools.contract import ToolResult
from tools.execution import execute
from tools.tables.words.dataset_answers import focus


def describe(workspace: Workspace, dataset: str) -> ToolResult:
    return execute(workspace, "describe_dataset", {"dataset": dataset})


def test_a_survival_table_has_events_and_follow_up(workspace: Workspace) -> None:
    result = describe(workspace, "gbsg2")
    assert "686 rows" in result.summary
    assert "299 of 686 had the event" in result.summary
    # Median recurrence-free survival 1807 days: Kaplan-Meier of GBSG2 (Schumacher et al. 1994
    # data as in R's TH.data, survfit(Surv(time, cens) ~ 1, GBSG2)).
    assert result.data["follow_up"]["median_survival"] == 1807
    assert Path(result.artifacts[0].path).read_bytes().startswith(b"\x89PNG")


def test_class_balance_is_said_first(workspace: Workspace) -> None:
    assert "diagnosis (benign 357, malignant 212)" in describe(workspace, "breast_cancer").summary


def test_molecules_are_counted(workspace: Workspace) -> None:
    Path("a.smi").write_text("CCO\nc1ccccc1\nnot_a_molecule\n")
    result = describe(workspace, "a.smi")
    assert "2 of 3 SMILES are readable" in result.summary
    assert result.data["unreadable_molecules"] == 1


def test_what_deserves_a_look(workspace: Workspace) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "mrn": rng.permutation(np.arange(100000, 100050)),
            "surname": [f"N{n}" for n in range(50)],
            "visit": pd.date_range("2020-01-01", periods=50).strftime("%d/%m/%Y"),
            "crp": np.where(np.arange(50) % 10 == 0, 999.0, rng.normal(5, 1, 50).round(2)),
            "empty": np.nan,
            "same": "x",
            "os_months": rng.exponential(10, 50).round(1),
            "os_event": rng.integers(0, 2, 50),
        }
    )
    pd.concat([frame, frame.head(2)]).to_csv("a.csv", index=False)
    result = describe(workspace, "a.csv")
    assert result.data["duplicates"] == 2
    warned = {said.split(":")[0] for said in result.data["warnings"]}
    assert warned == {"mrn", "surname", "crp", "empty", "same"}
    assert {"os_months", "os_event"} <= set(result.data["outcome_candidates"])
    types = {column["name"]: column["type"] for column in result.data["columns"]}
    assert types["visit"] == "date"
    assert types["os_event"] == "boolean"
    assert "empty 52" in result.summary


def test_reading_guesses_are_told(workspace: Workspace) -> None:
    Path("a.csv").write_bytes("grün;wert\nja;1,5\nnein;2,5\n".encode("cp1252"))
    summary = describe(workspace, "a.csv").summary
    assert "cp1252" in summary
    assert "decimal commas" in summary


def test_a_wrong_name_leaves_no_run(workspace: Workspace) -> None:
    with pytest.raises(ToolError) as caught:
        describe(workspace, "gbsg")
    assert caught.value.faults[0].suggestion == "gbsg2"
    assert not list(workspace.runs.glob("run-*"))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("how many patients are in gbsg2?", "686 rows"),
        ("any missing values in gbsg2", "Nothing is missing"),
        ("how many are censored", "387 are censored"),
        ("median follow-up please", "reverse Kaplan-Meier): 1645"),
        ("which columns does it have", "tgrade (categorical)"),
        ("duplicates?", "No rows repeat"),
        ("is there class imbalance", "cens: 0 387 (56%), 1 299 (44%)"),
    ],
)
def test_questions_get_what_they_ask_for(workspace: Workspace, question: str, words: str) -> None:
    data = describe(workspace, "gbsg2").data
    answer = focus(question, data)
    assert answer is not None
    assert words in answer
    assert focus("describe gbsg2", data) is None


def test_a_folder_of_images(workspace: Workspace) -> None:
    write_classes(Path("scans"), 12, side=48)
    (Path("scans") / "clear" / "half.png").write_bytes(b"\x89PNG half")
    result = describe(workspace, "scans")
    assert "scans has 24 usable images: clear 12, lesion 12." in result.summary
    assert "half.png" in result.summary
    assert result.data["groups"] == 24
    assert Path(result.artifacts[0].path).name == "contact_sheet.png"
    assert focus("how many rows?", result.data) is None
    one = describe(workspace, "scans/clear/clear_000.png")
    assert one.data["sizes"] == {"48 × 48": 1}


def test_a_table_of_images_is_described_as_its_images(workspace: Workspace) -> None:
    folder = write_classes(Path("scans"), 12, side=48)
    paths = sorted(folder.glob("*/*.png"))
    shutil.copy(paths[0], folder / "copy.png")
    (folder / "half.png").write_bytes(b"\x89PNG half")
    rows = [
        {"path": str(path.relative_to(folder)), "label": path.parent.name, "patient": f"p{n // 2}"}
        for n, path in enumerate(paths)
    ]
    rows += [{"path": name, "label": "clear", "patient": "p0"}
             for name in ("copy.png", "half.png", "gone.png")]  # fmt: skip
    pd.DataFrame(rows).to_csv(folder / "index.csv", index=False)
    result = describe(workspace, "scans/index.csv")
    assert "index.csv has 24 usable images: clear 12, lesion 12." in result.summary
    for words in ("half.png", "gone.png", "1 byte-identical", "12 patients are known"):
        assert words in result.summary
    assert Path(result.artifacts[0].path).name == "contact_sheet.png"


def test_a_table_of_features_of_images_stays_a_table(workspace: Workspace) -> None:
    frame = pd.DataFrame({"image": ["a.png", "b.png"], "label": [0, 1], "area": [1.5, 2.5]})
    frame.to_csv("features.csv", index=False)
    assert "2 rows and 3 columns" in describe(workspace, "features.csv").summary


def test_masks_that_do_not_fit_are_named_file_by_file(workspace: Workspace) -> None:
    folder = write_outlines(Path("outlined"), 10, side=32)
    masks = folder / "masks"
    Image.new("L", (16, 32)).save(masks / "phantom_001.png")
    Image.new("L", (32, 32)).save(masks / "phantom_002.png")
    (masks / "phantom_003.png").unlink()
    (folder / "images" / "phantom_004.png").unlink()
    result = describe(workspace, "outlined")
    assert "Of 7, a mask outlines" in result.summary
    for words in (
        "images/phantom_001.png: its mask is 32 × 16, the image 32 × 32",
        "1 masks are of one value and outline nothing: images/phantom_002.png",
        "1 images have no mask and were passed over: images/phantom_003.png",
        "1 masks are of no image: masks/phantom_004.png",
    ):
        assert words in result.summary


@pytest.mark.parametrize("dataset", ["smears", "smears/boxes.csv"])
def test_boxes_are_counted_by_what_they_are_around(workspace: Workspace, dataset: str) -> None:
    folder = write_smears(Path("smears"), 4)
    shutil.rmtree(folder / "outlines")
    Image.new("RGB", (20, 20)).save(folder / "images" / "extra.png")
    result = describe(workspace, dataset)
    assert "In 4, bounding boxes mark what is looked for: red cell" in result.summary
    assert "no table of boxes names were passed over: images/extra.png" in result.summary


def test_masks_beside_images_of_two_classes(workspace: Workspace) -> None:
    folder = write_classes(Path("scans"), 3, side=32)
    for path in sorted(folder.glob("*/*.png")):
        Image.new("L", (32, 32)).save(path.with_name(f"{path.stem}_mask.png"))
    result = describe(workspace, "scans")
    assert "scans has 6 usable images: clear 3, lesion 3." in result.summary
    assert "6 masks are of one value" in result.summary


def test_a_table_beside_its_folder_of_images(workspace: Workspace) -> None:
    folder = write_classes(Path("scans"), 6, side=32)
    paths = sorted(folder.glob("*/*.png"))
    (folder / "images").mkdir()
    rows = [(path.rename(folder / "images" / path.name).name, path.parent.name) for path in paths]
    pd.DataFrame(rows, columns=["filename", "label"]).to_csv(folder / "train.csv", index=False)
    assert "12 usable images: clear 6, lesion 6" in describe(workspace, "scans/train.csv").summary


def test_a_table_of_something_else_beside_classes_is_passed_over(workspace: Workspace) -> None:
    folder = write_classes(Path("scans"), 6, side=32)
    pd.DataFrame({"patient": ["a"], "age": [60]}).to_csv(folder / "clinical.csv", index=False)
    summary = describe(workspace, "scans").summary
    assert "12 usable images: clear 6, lesion 6" in summary
    assert "tables beside them were passed over: clinical.csv" in summary


def test_parts_are_counted_and_one_image_is_one(workspace: Workspace) -> None:
    for part, count in (("train", 6), ("test", 3)):
        write_classes(Path("scans") / part, count, side=32, seed=count)
    assert "Parts: test 6, train 12." in describe(workspace, "scans").summary
    one = describe(workspace, "scans/test/clear/clear_000.png").summary
    assert one == "clear_000.png is one image of 32 × 32 pixels."

"""Folders of images with masks or boxes: found, checked, divided."""

import json
import shutil
from pathlib import Path

import nibabel
import numpy as np
import pytest
from PIL import Image

from models.errors import ToolError
from models.images.phantoms.bodies import write_outlines
from models.images.segmentation.outlining.boxes import Box, ellipses, find_boxes
from models.images.segmentation.outlining.cases import find_cases
from models.images.segmentation.outlining.division import divide
from models.images.segmentation.outlining.outlines import labels_of
from models.store.workspace import Workspace


@pytest.fixture
def here(workspace: Workspace) -> Path:
    """The current folder, which tools may read."""
    return Path.cwd()


@pytest.fixture
def outlines(here: Path) -> Path:
    return write_outlines(here / "outlines", 12, side=32)


def write(path: Path, values: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(values.astype(np.uint8)).save(path)


def test_masks_of_0_and_255_are_one_label(outlines: Path, workspace: Workspace) -> None:
    found = find_cases(str(outlines), workspace)
    assert len(found.cases) == 12
    assert found.labels.names == ["foreground"]
    picture, labels = found.cases[0].load(found.labels)
    assert labels.shape == picture.spatial
    assert set(np.unique(labels)) == {0, 1}
    assert not found.from_boxes
    assert not found.colour


def test_several_labels_and_their_names(outlines: Path, workspace: Workspace) -> None:
    for path in (outlines / "masks").iterdir():
        mask = np.array(Image.open(path)) // 255
        mask[:4, :4] = 3
        write(path, mask)
    (outlines / "dataset.json").write_text(json.dumps({"labels": {"0": "air", "1": "lesion"}}))
    found = find_cases(str(outlines), workspace)
    assert found.labels.names == ["lesion", "label 3"]
    assert found.labels.values == [1, 3]
    assert set(np.unique(found.cases[0].load(found.labels)[1])) == {0, 1, 2}


def test_what_values_of_masks_mean() -> None:
    notes: list[str] = []
    smooth = {0: 9000, 255: 1000} | dict.fromkeys(range(1, 255), 1)
    assert labels_of(smooth, colour=False, notes=notes).threshold == 127
    numbered = {0: 5000} | dict.fromkeys(range(1, 60), 40)
    objects = labels_of(numbered, colour=False, notes=notes)
    assert objects.number(np.array([0, 1, 59])).tolist() == [0, 1, 1]
    assert len(notes) == 2
    with pytest.raises(ToolError, match="No mask has a foreground"):
        labels_of({0: 100}, colour=False, notes=notes)


def test_masks_that_differ_in_size_are_all_named(outlines: Path, workspace: Workspace) -> None:
    for index in (1, 4):
        write(outlines / f"masks/phantom_{index:03}.png", np.ones((16, 32)))
    with pytest.raises(ToolError) as caught:
        find_cases(str(outlines), workspace)
    assert [fault.got.split(":")[0] for fault in caught.value.faults] == [
        "images/phantom_001.png", "images/phantom_004.png",
    ]  # fmt: skip
    assert "16 × 32" in caught.value.faults[0].got


def test_one_bad_mask_among_many_is_left_out(outlines: Path, workspace: Workspace) -> None:
    (outlines / "masks/phantom_003.png").write_bytes(b"\x89PNG\r\n\x1a\nhalf")
    found = find_cases(str(outlines), workspace)
    assert len(found.cases) == 11
    assert any("phantom_003" in warning for warning in found.warnings)


def test_folder_without_masks(outlines: Path, workspace: Workspace) -> None:
    shutil.rmtree(outlines / "masks")
    with pytest.raises(ToolError) as caught:
        find_cases(str(outlines), workspace)
    assert "masks" in caught.value.faults[0].expected


def test_masks_beside_images(outlines: Path, workspace: Workspace) -> None:
    for path in (outlines / "masks").iterdir():
        path.rename(outlines / "images" / f"{path.stem}_mask.png")
    found = find_cases(str(outlines / "images"), workspace)
    assert len(found.cases) == 12
    assert found.cases[0].item.name == "phantom_000.png"


def test_test_part_and_test_folder(outlines: Path, here: Path, workspace: Workspace) -> None:
    shutil.copytree(outlines, here / "whole/train")
    write_outlines(here / "whole/test", 4, side=32, seed=7)
    by_part = find_cases(str(here / "whole"), workspace)
    by_folder = find_cases(str(outlines), workspace, str(here / "whole/test"))
    for found in (by_part, by_folder):
        division = divide(found, 32 * 32, 0)
        assert len(division.test) == 4
        assert all(case.item.name.startswith("test/") for case in division.test)
        assert len(division.training) + len(division.validation) == 12
    assert division.record()["train"] == 12


def test_patients_stay_on_one_side(outlines: Path, workspace: Workspace) -> None:
    for folder in ("images", "masks"):
        for index in range(12):
            path = outlines / folder / f"phantom_{index:03}.png"
            path.rename(path.with_name(f"patient{index % 6}_{index}.png"))
    division = divide(find_cases(str(outlines), workspace), 32 * 32, 0)
    sides = [
        {case.item.patient for case in side}
        for side in (division.training, division.validation, division.test)
    ]
    assert all(sides)
    assert not sides[0] & sides[1]
    assert not (sides[0] | sides[1]) & sides[2]


def test_too_few_cases(here: Path, workspace: Workspace) -> None:
    found = find_cases(str(write_outlines(here / "few", 5, side=32)), workspace)
    with pytest.raises(ToolError, match="too few"):
        divide(found, 32 * 32, 0)


def test_masks_turned_against_their_volumes_are_told(here: Path, workspace: Workspace) -> None:
    folder = write_outlines(here / "volumes", 8, side=16, dimensions=3)
    mask = folder / "masks/phantom_002.nii.gz"
    values = np.asarray(nibabel.load(mask).dataobj)
    nibabel.save(nibabel.Nifti1Image(values, np.diag([-1.0, 1.0, 1.0, 1.0])), mask)
    found = find_cases(str(folder), workspace)
    assert any("1 masks state another" in warning for warning in found.warnings)


ROWS = "image,xmin,ymin,xmax,ymax,label\n"


@pytest.fixture
def boxed(here: Path) -> Path:
    folder = here / "cells"
    rng = np.random.default_rng(0)
    for index in range(10):
        write(folder / f"images/cell_{index}.png", rng.integers(0, 255, (20, 30, 3)))
    return folder


def test_boxes_in_a_table(boxed: Path, workspace: Workspace) -> None:
    rows = [f"cell_{i}.png,2,4,12,10,red" for i in range(9)] + [
        "cell_9.png,,,,,",
        "gone.png,1,1,4,4,x",
    ]
    (boxed / "boxes.csv").write_text(ROWS + "\n".join(rows))
    found = find_cases(str(boxed), workspace)
    assert found.from_boxes
    assert found.colour
    assert found.labels.names == ["red"]  # of images that exist
    assert any("weak labels" in warning for warning in found.warnings)
    assert any("1 images that do not exist" in note for note in found.notes)
    labels = found.cases[0].load(found.labels)[1]
    assert labels[7, 7] == 1
    assert labels.sum() == pytest.approx(np.pi * 5 * 3, rel=0.06)
    assert not found.cases[9].load(found.labels)[1].any()


def test_boxes_in_voc_and_coco(boxed: Path, workspace: Workspace) -> None:
    (boxed / "Annotations").mkdir()
    for index in range(10):
        (boxed / f"Annotations/cell_{index}.xml").write_text(
            "<annotation><filename>old.jpg</filename><object><name>white</name><bndbox>"
            "<xmin>1</xmin><ymin>2</ymin><xmax>9</xmax><ymax>8</ymax></bndbox></object></annotation>"
        )
    lists = boxed / "ImageSets/Main"
    lists.mkdir(parents=True)
    (lists / "train.txt").write_text("\n".join(f"cell_{i}" for i in range(8)))
    (lists / "test.txt").write_text("cell_8\ncell_9\n")
    found = find_boxes(boxed, workspace, "image_folder")
    assert found is not None
    assert len(found.boxes) == 10
    assert {path.name for path, part in found.parts.items() if part == "test"} == {
        "cell_8.png", "cell_9.png",
    }  # fmt: skip
    assert next(iter(found.boxes.values())) == (Box("white", 1, 2, 9, 8),)
    shutil.rmtree(boxed / "Annotations")
    coco = {
        "images": [{"id": 3, "file_name": "cell_0.png"}],
        "categories": [{"id": 1, "name": "white"}],
        "annotations": [{"image_id": 3, "category_id": 1, "bbox": [1, 2, 8, 6]}],
    }
    (boxed / "annotations.json").write_text(json.dumps(coco))
    again = find_boxes(boxed, workspace, "image_folder")
    assert again is not None
    assert list(again.boxes.values()) == [(Box("white", 1, 2, 9, 8),)]


def test_the_smaller_ellipse_lies_on_top() -> None:
    boxes = (Box("a", 0, 0, 20, 20), Box("b", 8, 8, 12, 12), Box("unknown", 0, 0, 20, 20))
    mask = ellipses(boxes, {"a": 1, "b": 2}, (20, 20))
    assert mask[10, 10] == 2
    assert mask[4, 10] == 1
    assert mask[0, 0] == 0

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from models.errors import ToolError
from models.images.classification.labelled import ImageRequest, Labelled, labelled_images
from models.images.classification.learning.plan import recipe_for
from models.store.workspace import Workspace


def draw(path: Path, rng: np.random.Generator, *, colour: bool = False) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    shape = (24, 24, 3) if colour else (24, 24)
    Image.fromarray(rng.integers(0, 256, shape).astype(np.uint8)).save(path)
    return path


def draw_classes(folder: Path, counts: dict[str, int], seed: int = 0) -> Path:
    rng = np.random.default_rng(seed)
    for label, count in counts.items():
        for index in range(count):
            draw(folder / label / f"{index}.png", rng)
    return folder


def admitted(folder: Path, workspace: Workspace, **asked: object) -> Labelled:
    request = ImageRequest(str(folder), **asked)  # type: ignore[arg-type]
    return labelled_images(request, workspace, lambda fraction, message: None)


def test_small_set_is_cross_validated_and_each_image_held_out_once(workspace: Workspace) -> None:
    data = admitted(draw_classes(Path("films"), {"normal": 12, "tumour": 13}), workspace)
    assert data.classes == ["normal", "tumour"]
    assert sorted(data.judged) == list(range(25))
    assert len(data.folds) == 5
    assert not any(set(fitted) & set(held) for fitted, held in data.folds)
    assert sorted(set(data.fold_of_judged().tolist())) == [1, 2, 3, 4, 5]
    assert any("only 12 training images of normal" in said for said in data.warnings)


def test_names_decide_the_positive_class_unless_told(workspace: Workspace) -> None:
    folder = draw_classes(Path("films"), {"healthy": 8, "Pneumonia": 20})
    assert admitted(folder, workspace).classes == ["healthy", "Pneumonia"]
    assert admitted(folder, workspace, positive_class="healthy").classes[-1] == "healthy"
    with pytest.raises(ToolError, match="flu"):
        admitted(folder, workspace, positive_class="flu")


def test_stated_parts_are_honoured_unless_a_split_is_asked_for(workspace: Workspace) -> None:
    draw_classes(Path("films/train"), {"a": 10, "b": 10})
    draw_classes(Path("films/val"), {"a": 4, "b": 4}, seed=1)
    draw_classes(Path("films/test"), {"a": 5, "b": 6}, seed=2)
    data = admitted(Path("films"), workspace)
    assert (len(data.training), len(data.test)) == (28, 11)
    assert {data.items[i].part for i in data.test} == {"test"}
    drawn = admitted(Path("films"), workspace, split="random")
    assert len(drawn.test) == 0
    assert len(drawn.judged) == 39


def test_test_folder_is_held_out_without_copies_of_training_images(workspace: Workspace) -> None:
    folder = draw_classes(Path("films"), {"a": 20, "b": 20})
    other = draw_classes(Path("external"), {"a": 9, "b": 9}, seed=7)
    copied = other / "a" / "copy.png"
    copied.write_bytes((folder / "a" / "0.png").read_bytes())
    data = admitted(folder, workspace, test_folder=str(other))
    assert (len(data.training), len(data.test)) == (40, 18)
    assert {data.items[i].name.split("/")[0] for i in data.test} == {"external"}


def test_images_of_one_patient_stay_on_one_side(workspace: Workspace) -> None:
    rng, rows = np.random.default_rng(0), []
    for index in range(40):
        draw(Path(f"pictures/{index}.png"), rng)
        rows.append({"path": f"pictures/{index}.png", "label": "ab"[index % 2],
                     "hospital_number": index // 4})  # fmt: skip
    pd.DataFrame(rows).to_csv("films.csv", index=False)
    data = admitted(Path("films.csv"), workspace, group_column="Hospital_Number", split="group")
    patients = np.array([int(item.patient or -1) for item in data.items])
    for fitted, held in data.folds:
        assert not set(patients[fitted]) & set(patients[held])
    with pytest.raises(ToolError) as caught:
        admitted(Path("films.csv"), workspace, group_column="hospital_nr")
    assert caught.value.faults[0].suggestion == "hospital_number"


def test_split_by_group_needs_patients(workspace: Workspace) -> None:
    folder = draw_classes(Path("films"), {"a": 10, "b": 10})
    with pytest.raises(ToolError, match="whose"):
        admitted(folder, workspace, split="group")


def test_what_cannot_be_learnt_is_refused(workspace: Workspace) -> None:
    for name, counts, said in (
        ("one", {"tumour": 20}, "one class only"),
        ("few", {"a": 20, "b": 7}, "too few images"),
    ):
        with pytest.raises(ToolError, match=said):
            admitted(draw_classes(Path(name), counts), workspace)
    rng = np.random.default_rng(0)
    for index in range(9):
        draw(Path(f"loose/{index}.png"), rng)
    with pytest.raises(ToolError, match="does not say what"):
        admitted(Path("loose"), workspace)
    for index in range(9):
        draw(Path(f"outlined/images/{index}.png"), rng)
        draw(Path(f"outlined/masks/{index}.png"), rng)
    with pytest.raises(ToolError, match="train_image_segmenter"):
        admitted(Path("outlined"), workspace)
    for index in range(10):
        draw(Path(f"single/a/patient1/{index}.png"), rng)
        draw(Path(f"single/b/patient{index}/0.png"), rng)
    with pytest.raises(ToolError, match="all of it is one patient"):
        admitted(Path("single"), workspace)


def test_damaged_files_and_rare_classes_are_left_out_with_a_note(workspace: Workspace) -> None:
    folder = draw_classes(Path("films"), {"a": 10, "b": 10, "rare": 3})
    (folder / "a" / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    data = admitted(folder, workspace)
    assert data.classes == ["a", "b"]
    assert len(data.items) == 20
    assert list(data.admitted.damaged) == ["a/torn.png"]
    assert any("rare" in note for note in data.notes)


def test_the_plan_follows_size_colour_and_number(workspace: Workspace) -> None:
    rng = np.random.default_rng(0)
    for label in "ab":
        for index in range(9):
            draw(Path(f"cells/{label}/{index}.png"), rng, colour=True)
    data = admitted(Path("cells"), workspace)
    small = recipe_for(data, "resnet18")
    assert (small.side, small.channels, small.batch) == (32, 3, 16)
    assert small.epochs == 60
    shown = {}
    for count in (5_000, 20_000, 200_000):
        many = replace(data, folds=[(np.arange(count), np.arange(0))])
        shown[count] = recipe_for(many, "resnet18").epochs
    assert 60 >= shown[5_000] > shown[20_000] > shown[200_000] >= 2
    large = replace(data.admitted, sizes={"512 × 400": 18})
    assert recipe_for(replace(data, admitted=large), "resnet18").side == 96
    assert recipe_for(data, "resnet18", epochs=3, image_size=64).side == 64
    with pytest.raises(ToolError, match="45 pixels"):
        recipe_for(data, "resnet18", image_size=45)


def test_images_without_a_class_stay_apart_and_none_is_of_a_patient_with_one(
    workspace: Workspace,
) -> None:
    folder = draw_classes(Path("films"), {"a": 10, "b": 10})
    rng = np.random.default_rng(7)
    more = Path("more")
    for index in range(6):
        draw(more / f"{index}.png", rng)
    copied = more / "copy.png"
    copied.write_bytes((folder / "a" / "0.png").read_bytes())
    image = Image.open(folder / "b" / "3.png").point(lambda level: min(255, level + 3))
    image.save(more / "nearly.png")
    data = admitted(folder, workspace, unlabelled_folder="more")
    assert sorted(item.name for item in data.unlabelled) == [f"more/{i}.png" for i in range(6)]
    assert len(data.items) == 20
    assert len(data.truth) == len(data.admitted.groups) == 20
    assert sorted(data.judged) == list(range(20))
    assert any("1 images without a class left out" in note for note in data.notes)


def test_rows_of_a_table_without_a_label_are_unlabelled(workspace: Workspace) -> None:
    rng = np.random.default_rng(0)
    labels = ["a"] * 9 + ["b"] * 9 + [None] * 5
    rows = [
        {"path": draw(Path(f"all/{i}.png"), rng).as_posix(), "label": label}
        for i, label in enumerate(labels)
    ]
    pd.DataFrame(rows).to_csv("all.csv", index=False)
    data = admitted(Path("all.csv"), workspace)
    assert (len(data.items), len(data.unlabelled)) == (18, 5)

"""Collections: layouts, duplicates, patients, and what could be learnt instead of the disease."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.errors import ToolError
from models.images.contact_sheet import contact_sheet
from models.images.intake.collection import find_images, patient_of
from models.images.intake.door import admit
from models.images.intake.surroundings import burnt_in_letters
from models.images.phantoms.bodies import write_classes, write_outlines
from models.store.workspace import Workspace


@pytest.fixture
def here(workspace: Workspace) -> Path:
    """The current folder, which tools may read."""
    return Path.cwd()


@pytest.fixture
def classes(here: Path) -> Path:
    return write_classes(here / "classes", 12, side=48)


def test_one_folder_per_class(classes: Path, workspace: Workspace) -> None:
    collection = find_images(str(classes), workspace)
    assert collection.layout == "classes"
    assert collection.counts == {"clear": 12, "lesion": 12}
    admitted = admit(collection)
    assert len(set(admitted.groups)) == 24
    assert admitted.sizes == {"48 × 48": 24}
    assert not admitted.warnings
    assert contact_sheet(admitted.items, classes / "sheet.png").read_bytes().startswith(b"\x89PNG")


def test_copies_and_near_copies(classes: Path, workspace: Workspace) -> None:
    original = classes / "lesion" / "lesion_000.png"
    shutil.copy(original, classes / "lesion" / "copy.png")
    shutil.copy(classes / "lesion" / "lesion_001.png", classes / "clear" / "other_class.png")
    Image.open(original).resize((96, 96)).save(classes / "lesion" / "larger.png")
    admitted = admit(find_images(str(classes), workspace))
    names = [item.name for item in admitted.items]
    assert "lesion/copy.png" in names  # of identical files the first by name stays
    assert "lesion/lesion_000.png" not in names
    assert "lesion/lesion_001.png" not in names
    assert "clear/other_class.png" not in names
    group = dict(zip(names, admitted.groups, strict=True))
    assert group["lesion/larger.png"] == group["lesion/copy.png"]
    assert any("several classes" in note for note in admitted.notes)


def test_damaged_files_are_listed(classes: Path, workspace: Workspace) -> None:
    (classes / "clear" / "clear_003.png").write_bytes(b"\x89PNG\r\n\x1a\nhalf")
    admitted = admit(find_images(str(classes), workspace))
    assert list(admitted.damaged) == ["clear/clear_003.png"]
    assert len(admitted.items) == 23


def test_patients_by_folder_and_name(here: Path, workspace: Workspace) -> None:
    source = write_classes(here / "source", 4, side=32)
    for index, path in enumerate(sorted((source / "lesion").iterdir())):
        target = here / "data" / "lesion" / f"p{index // 2}" / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    for index, path in enumerate(sorted((source / "clear").iterdir())):
        target = here / "data" / "clear" / f"patient{index // 2}_{index}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    admitted = admit(find_images(str(here / "data"), workspace))
    assert len(set(admitted.groups)) == 4
    assert patient_of("Case-7_slice 2.png") == "case-7"
    assert patient_of("scan0012.png") is None


def _moved(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)


def test_a_patient_in_two_classes_is_one_patient(
    here: Path, classes: Path, workspace: Workspace
) -> None:
    for index, path in enumerate(sorted(classes.glob("*/*.png"))):
        _moved(path, here / "nested" / path.parent.name / f"P{index % 4}" / path.name)
    collection = find_images("nested", workspace)
    assert {item.patient for item in collection.items} == {"P0", "P1", "P2", "P3"}
    assert len(set(admit(collection).groups)) == 4


def test_folders_of_patients_may_hold_those_of_classes(
    here: Path, classes: Path, workspace: Workspace
) -> None:
    for index, path in enumerate(sorted(classes.glob("*/*.png"))):
        _moved(path, here / "first" / f"patient{index % 6}" / path.parent.name / path.name)
    collection = find_images("first", workspace)
    assert collection.counts == {"clear": 12, "lesion": 12}
    assert len({item.patient for item in collection.items}) == 6


def test_training_and_validation_folders_are_no_classes(
    here: Path, classes: Path, workspace: Workspace
) -> None:
    for index, path in enumerate(sorted(classes.glob("*/*.png"))):
        part = ("train", "validation")[index % 3 == 0]
        _moved(path, here / "parted" / part / path.parent.name / path.name)
    collection = find_images("parted", workspace)
    assert collection.counts == {"clear": 12, "lesion": 12}
    assert {item.part for item in collection.items} == {None}


def test_one_folder_within_each_class_names_no_patient(
    here: Path, classes: Path, workspace: Workspace
) -> None:
    for path in sorted(classes.glob("*/*.png")):
        _moved(path, here / "deep" / path.parent.name / "images" / path.name)
    assert {item.patient for item in find_images("deep", workspace).items} == {None}


def test_a_published_split_is_kept(here: Path, workspace: Workspace) -> None:
    write_classes(here / "data" / "train", 3, seed=1)
    write_classes(here / "data" / "test", 2, seed=2)
    items = find_images(str(here / "data"), workspace).items
    assert [item.part for item in items].count("test") == 4
    assert {item.label for item in items} == {"clear", "lesion"}


def test_masks_are_found_by_name(here: Path, workspace: Workspace) -> None:
    folder = write_outlines(here / "outlines", 3, side=32)
    mask = folder / "masks" / "phantom_000.png"
    mask.rename(mask.with_name("phantom_000_mask.png"))
    (folder / "masks" / "phantom_001.png").unlink()
    collection = find_images(str(folder), workspace)
    assert collection.layout == "masks"
    assert [item.mask is not None for item in collection.items] == [True, True]
    assert "1 images have no mask" in collection.notes[0]


def test_a_table_of_paths(classes: Path, workspace: Workspace) -> None:
    table = classes / "index.csv"
    lines = [f"clear/clear_00{i}.png,healthy,p{i // 2}" for i in range(4)]
    table.write_text("\n".join(["path,diagnosis,patient_id", *lines, "gone.png,ill,p9"]))
    collection = find_images(str(table), workspace)
    assert collection.counts == {"healthy": 4}
    assert collection.items[1].patient == "p0"
    assert "1 images named in index.csv do not exist" in collection.notes[0]
    table.write_text("who,what\n1,2\n3,4\n")
    with pytest.raises(ToolError) as caught:
        find_images(str(table), workspace)
    assert len(caught.value.faults) == 2


def test_shortcuts_between_classes(classes: Path, workspace: Workspace) -> None:
    for path in (classes / "clear").iterdir():
        Image.open(path).resize((60, 60)).save(path)
    warnings = admit(find_images(str(classes), workspace)).warnings
    assert any(warning.startswith("width alone tells lesion") for warning in warnings)


def test_letters_burnt_in() -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3, 3), dpi=80, facecolor="black")
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    assert not burnt_in_letters(np.asarray(canvas.buffer_rgba())[..., 0] / np.float32(255))
    figure.text(0.1, 0.9, "JANE DOE 1961", color="white", fontsize=11)
    canvas.draw()
    assert burnt_in_letters(np.asarray(canvas.buffer_rgba())[..., 0] / np.float32(255))


def test_an_empty_folder_is_refused(here: Path, workspace: Workspace) -> None:
    (here / "nothing").mkdir()
    with pytest.raises(ToolError, match="holds no images"):
        find_images(str(here / "nothing"), workspace)


@pytest.mark.shared_data
def test_real_slices(shared_data: Path, workspace: Workspace) -> None:
    """155 + 98 files, of which 25 are copies of others (22 groups of identical files)."""
    within = Workspace(workspace.root, (shared_data,))
    admitted = admit(find_images(str(shared_data / "brain_mri"), within))
    assert len(admitted.items) == 228
    assert np.bincount(admitted.groups).max() <= 5

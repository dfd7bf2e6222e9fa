import json
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from models.store.files import (
    numbered_folder,
    remove_abandoned,
    reserve_number,
    write_json,
    write_text,
)


def test_failed_write_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    write_json(path, {"a": 1})
    circular: list[object] = []
    circular.append(circular)
    with pytest.raises(ValueError, match="Circular"):
        write_json(path, circular)
    assert json.loads(path.read_text()) == {"a": 1}
    assert list(tmp_path.iterdir()) == [path]


def test_full_disk_leaves_no_partial_file(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(OSError, match="No space"), Path("/dev/full").open("w") as stream:
        stream.write("x")
        stream.flush()
    write_text(tmp_path / "a", "kept")
    assert (tmp_path / "a").read_text() == "kept"


def test_numbers_are_given_once_across_processes(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        names = list(pool.map(reserve_number, [tmp_path] * 40, ["run"] * 40))
    assert sorted(names) == sorted({f"run-{n}" for n in range(1, 41)})


def test_number_of_a_deleted_folder_is_not_given_again(tmp_path: Path) -> None:
    with numbered_folder(tmp_path, "srv") as (name, _):
        pass
    (tmp_path / name).rmdir()
    assert reserve_number(tmp_path, "srv") == "srv-2"


def test_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    message = "half way"
    with pytest.raises(RuntimeError), numbered_folder(tmp_path, "srv") as (name, folder):
        (folder / "weights").write_text("x")
        raise RuntimeError(message)
    assert not list(tmp_path.glob("*srv*"))
    with numbered_folder(tmp_path, "srv") as (name, folder):
        (folder / "weights").write_text("x")
        assert not (tmp_path / name).exists()
    assert (tmp_path / name / "weights").exists()


def test_only_folders_of_dead_processes_are_removed(tmp_path: Path) -> None:
    alive = tmp_path / f".partial-{os.getpid()}-abc"
    dead = tmp_path / ".partial-4194304-abc"
    kept = tmp_path / "srv-1"
    for folder in (alive, dead, kept):
        folder.mkdir()
    assert remove_abandoned(tmp_path) == [dead]
    assert sorted(tmp_path.iterdir()) == sorted([alive, kept])

from pathlib import Path

import pytest

from models.errors import ToolError
from models.store.workspace import Workspace


def test_reads_current_folder_workspace_and_named_folders(
    workspace: Workspace, tmp_path: Path
) -> None:
    outside = tmp_path / "cohorts"
    for folder in (Path.cwd(), workspace.root, outside):
        folder.mkdir(exist_ok=True)
        (folder / f"{folder.name}.csv").write_text("a\n1\n")
    named = Workspace(workspace.root, (outside,))
    assert named.readable("current.csv", "dataset") == Path.cwd() / "current.csv"
    assert named.readable("workspace.csv", "dataset") == workspace.root / "workspace.csv"
    assert named.readable(outside / "cohorts.csv", "dataset") == outside / "cohorts.csv"
    with pytest.raises(ToolError, match="outside"):
        workspace.readable(outside / "cohorts.csv", "dataset")


@pytest.mark.parametrize("path", ["../secret.csv", "../current/../secret.csv", "/etc/passwd"])
def test_path_that_leaves_is_refused(workspace: Workspace, tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with pytest.raises(ToolError) as caught:
        workspace.readable(path, "dataset")
    assert caught.value.kind == "refused_path"
    assert caught.value.faults[0].field == "dataset"


def test_link_that_leaves_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    Path("inside.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(ToolError) as caught:
        workspace.readable("inside.csv", "dataset")
    assert caught.value.kind == "refused_path"


def test_missing_file_is_answered_with_the_nearest(workspace: Workspace) -> None:
    Path("cohort_2024.csv").write_text("a\n1\n")
    with pytest.raises(ToolError) as caught:
        workspace.readable("cohort2024.csv", "dataset")
    assert caught.value.faults[0].suggestion == "cohort_2024.csv"


@pytest.mark.parametrize("path", ["../out.csv", "/tmp/out.csv", "runs/../../out.csv"])  # noqa: S108
def test_writing_outside_is_refused(workspace: Workspace, path: str) -> None:
    with pytest.raises(ToolError) as caught:
        workspace.writable(path, "output")
    assert caught.value.kind == "refused_path"


def test_writing_through_a_link_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    workspace.root.mkdir()
    (workspace.root / "away").symlink_to(tmp_path)
    with pytest.raises(ToolError):
        workspace.writable("away/out.csv", "output")

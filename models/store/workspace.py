"""The workspace folder, and the paths that tools may read and write."""

import os
from dataclasses import dataclass
from pathlib import Path

from models.errors import FieldFault, ToolError, nearest

LONGEST_NAME = 255
"""Bytes of a file's name, on the file systems that are in use."""


@dataclass(frozen=True)
class Workspace:
    """A folder that holds the library, models, runs, threads and audit log.

    Attributes:
        root: The workspace folder.
        data_folders: Further folders that tools may read from.
    """

    root: Path
    data_folders: tuple[Path, ...] = ()

    @property
    def library(self) -> Path:
        """The literature library."""
        return self.root / "library"

    @property
    def models(self) -> Path:
        """Trained models, one folder each."""
        return self.root / "models"

    @property
    def runs(self) -> Path:
        """Run records, one folder each."""
        return self.root / "runs"

    @property
    def threads(self) -> Path:
        """Conversations (SQLite)."""
        return self.root / "threads.sqlite"

    @property
    def audit(self) -> Path:
        """One JSON line per tool call."""
        return self.root / "audit.jsonl"

    def readable(self, path: str | Path, field: str) -> Path:
        """Returns the real path of a file that tools may read.

        Links are followed before the check, so neither `..` nor a link leads out.

        Raises:
            ToolError: The path leaves the allowed folders, or is not there (with the nearest name).
        """
        given = _path(path, field)
        starts = [Path.cwd(), self.root]
        reals = (
            [_real(given)] if given.is_absolute() else [_real(start / given) for start in starts]
        )
        allowed = [*starts, *self.data_folders]
        inside = [real for real in reals if _within(real, allowed)]
        existing = [real for real in reals if real.exists()]
        if existing and existing[0] in inside:
            return existing[0]
        if existing or not inside:
            folders = ", ".join(str(_real(folder)) for folder in allowed)
            expected = f"a path inside {folders}"
            wrong = FieldFault(field=field, got=repr(str(path)), expected=expected)
            raise ToolError(
                f"{path} lies outside the folders that may be read; name its folder with --data.",
                wrong,
                kind="refused_path",
            )
        folder = inside[0].parent
        names = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
        near = nearest(given.name, names)
        wrong = FieldFault(
            field=field,
            got=repr(str(path)),
            expected="a file that exists",
            suggestion=str(given.with_name(near)) if near else None,
        )
        raise ToolError(f"There is no file {path}.", wrong, kind="not_found")

    def writable(self, path: str | Path, field: str) -> Path:
        """Returns the real path of a file inside the workspace; relative paths start there.

        Raises:
            ToolError: The path leaves the workspace.
        """
        real = _real(self.root / _path(path, field))
        if not _within(real, [self.root]):
            wrong = FieldFault(
                field=field, got=repr(str(path)), expected=f"a path inside {_real(self.root)}"
            )
            raise ToolError(
                f"{path} lies outside the workspace, where alone tools write.",
                wrong,
                kind="refused_path",
            )
        return real


def _path(path: str | Path, field: str) -> Path:
    """Returns what was given as a path.

    Raises:
        ToolError: No file can have that name.
    """
    try:
        given = Path(path).expanduser()
        if "\0" not in str(path) and all(len(os.fsencode(n)) <= LONGEST_NAME for n in given.parts):
            return given
    except (ValueError, RuntimeError):  # what cannot be encoded; the home of nobody
        pass
    wrong = FieldFault(field=field, got=repr(str(path)[:80]), expected="the name of a file")
    raise ToolError("No file can have that name.", wrong, kind="not_found")


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _within(real: Path, folders: list[Path]) -> bool:
    return any(real.is_relative_to(_real(folder)) for folder in folders)

"""The workspace folder, and the paths that tools may read and write."""

import os
from dataclasses import dataclass
from pathlib import Path

from models.errors import FieldFault, ToolError, nearest


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
        given = Path(path).expanduser()
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
        real = _real(self.root / Path(path).expanduser())
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


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _within(real: Path, folders: list[Path]) -> bool:
    return any(real.is_relative_to(_real(folder)) for folder in folders)

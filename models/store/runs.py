"""The run store: what was computed, from what, with what, so that it can be done again."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from models.errors import ToolError, fault
from models.store.files import process_alive, reserve_number, write_json
from models.store.workspace import Workspace

RECORDED_PACKAGES = (
    "theriac", "numpy", "openbabel-wheel", "pandas", "rdkit", "scikit-learn", "scikit-survival",
    "torch", "vina",
)  # fmt: skip


def now() -> str:
    """Returns the current time in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass
class Run:
    """One computing tool call and the folder that keeps its record and artifacts."""

    id: str
    folder: Path
    manifest: dict[str, Any]
    report: Callable[[float, str, dict[str, float]], None] = field(repr=False)

    def artifact(self, name: str) -> Path:
        """Returns where to write an artifact of this run."""
        return self.folder / name

    def record(self, **fields: Any) -> None:
        """Adds fields (data_sha256, seed, split, …) to the record on disk."""
        self.manifest.update(fields)
        write_json(self.folder / "run.json", self.manifest)

    def progress(self, fraction: float, message: str, **metrics: float) -> None:
        """Reports how far the run is (0–1), what it does and the metrics so far."""
        self.report(fraction, message, metrics)

    def finish(self, result: dict[str, Any]) -> None:
        """Closes the record as done, with the tool's result."""
        write_json(self.folder / "metrics.json", result.get("data", {}).get("metrics", {}))
        self.record(status="done", end=now(), result=result)

    def fail(self, status: str, reason: str) -> None:
        """Closes the record as failed or cancelled, with the reason."""
        self.record(status=status, end=now(), reason=reason)

    def discard(self) -> None:
        """Removes a run that never computed anything (its arguments were wrong)."""
        shutil.rmtree(self.folder, ignore_errors=True)


class RunStore:
    """The runs of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.folder = workspace.runs

    def start(
        self,
        tool: str,
        arguments: dict[str, Any],
        report: Callable[[float, str, dict[str, float]], None] = lambda *_: None,
        replays: str | None = None,
    ) -> Run:
        """Opens a run record; its folder carries the next free number."""
        name = reserve_number(self.folder, "run")
        folder = self.folder / name
        folder.mkdir()
        manifest = {
            "run": name, "tool": tool, "arguments": arguments, "status": "running",
            "start": now(), "pid": os.getpid(), "versions": versions(), "revision": revision(),
            "replays": replays,
        }  # fmt: skip
        run = Run(name, folder, manifest, report)
        run.record()
        return run

    def all(self) -> list[dict[str, Any]]:
        """Returns all run records, oldest first."""
        records = [self._load(path) for path in self.folder.glob("run-*/run.json")]
        return sorted(records, key=lambda record: int(record["run"].split("-")[1]))

    def read(self, name: str) -> dict[str, Any]:
        """Returns the record of one run.

        Raises:
            ToolError: There is no such run.
        """
        path = self.folder / name / "run.json"
        if not path.is_file() or path.parent.parent != self.folder:
            names = [record["run"] for record in self.all()]
            wrong = fault("run", name, "the name of a run", names)
            raise ToolError(f"There is no run {name}.", wrong, kind="not_found")
        return self._load(path)

    def close(self, record: dict[str, Any], status: str) -> None:
        """Records how a run ended whose process could not do so itself."""
        write_json(
            self.folder / record["run"] / "run.json", record | {"status": status, "end": now()}
        )

    @staticmethod
    def _load(path: Path) -> dict[str, Any]:
        record: dict[str, Any] = json.loads(path.read_text())
        if record["status"] == "running" and not process_alive(record["pid"]):
            record["status"] = "interrupted"
        return record


@cache
def versions() -> dict[str, str]:
    """Returns the versions of the packages that decide a run's numbers."""
    return {package: version(package) for package in RECORDED_PACKAGES}


@cache
def revision() -> str | None:
    """Returns the git revision of the code, or None outside a checkout."""
    command = ["git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()

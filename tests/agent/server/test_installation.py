import os
import re
import sys
from pathlib import Path

import pytest

from agent.llm.server import installation
from agent.llm.server.installation import STAMP, find_python, install, interpreter
from models.errors import PrerequisiteError

PIN = re.compile(r"^[A-Za-z0-9_.-]+==[A-Za-z0-9_.]+$")


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Requirement files that need no index, and a pip that has none and no settings."""
    (tmp_path / "requirements-cpu.txt").write_text("torch==0\n")
    monkeypatch.setattr(installation, "HERE", tmp_path)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    return tmp_path / "vllm"


@pytest.mark.parametrize("kind", ["cpu", "gpu"])
def test_every_requirement_is_pinned(kind: str) -> None:
    lines = (installation.HERE / f"requirements-{kind}.txt").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert [pin for pin in pins if not PIN.match(pin)] == []
    assert any(pin.startswith("torch==") for pin in pins)


@pytest.mark.slow
def test_missing_index_is_said_with_the_installers_words(offline: Path) -> None:
    lines: list[str] = []
    with pytest.raises(PrerequisiteError, match=r"No matching distribution found for torch"):
        install("cpu", offline, lines.append)
    assert lines
    assert not (offline / STAMP).exists()


def test_half_made_environment_is_made_anew_and_then_left_alone(
    offline: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []
    broken = True

    def run(line: list[str], *_: object) -> None:
        ran.append(line)
        if "venv" in line:
            (offline / "bin").mkdir(parents=True)
            (offline / "bin" / "python").touch()
            (offline / "pyvenv.cfg").touch()
        elif broken:
            raise PrerequisiteError("the index is silent", "")

    monkeypatch.setattr(installation, "_run", run)
    with pytest.raises(PrerequisiteError):
        install("cpu", offline)
    broken = False
    assert install("cpu", offline)
    assert ["venv" in line for line in ran] == [True, False, True, False, False]
    assert not install("cpu", offline)
    assert len(ran) == 5
    (offline.parent / "requirements-cpu.txt").write_text("torch==1\n")
    assert install("cpu", offline)


def test_folder_with_something_else_is_left_alone(offline: Path) -> None:
    offline.mkdir()
    (offline / "thesis.txt").write_text("years of work")
    with pytest.raises(PrerequisiteError, match="no environment of vLLM"):
        install("cpu", offline)
    assert (offline / "thesis.txt").exists()


def test_vllm_on_path_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside = tmp_path / "bin"
    beside.mkdir()
    (beside / "python").write_text("#!/bin/sh\nexit 0\n")
    (beside / "python").chmod(0o755)
    (beside / "vllm").write_text("#!/bin/sh\n")
    (beside / "vllm").chmod(0o755)
    monkeypatch.setenv("PATH", str(beside))
    assert find_python(tmp_path / "nothing") == beside / "python"


def test_vllm_that_is_nowhere_names_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PrerequisiteError, match="theriac llm install --cpu"):
        find_python(tmp_path / "nothing")
    assert interpreter(tmp_path) != Path(sys.executable)

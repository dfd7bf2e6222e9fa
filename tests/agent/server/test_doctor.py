"""What the doctor says of the machine."""

import os
from pathlib import Path

import pytest

from agent.cli.doctor import graphics
from models.errors import PrerequisiteError


def with_gpu(folder: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    """Puts a program on PATH that tells of a graphics processor as the driver's does."""
    program = folder / "nvidia-smi"
    program.write_text(f"#!/bin/sh\necho '{line}'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_free_memory_of_the_graphics_processor_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_gpu(tmp_path, monkeypatch, "NVIDIA H200, 102400, 143771")
    assert graphics().startswith("NVIDIA H200, 100 of 140 GiB free")


def test_full_graphics_processor_names_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_gpu(tmp_path, monkeypatch, "NVIDIA L4, 512, 23034")
    with pytest.raises(PrerequisiteError, match=r"0\.5 GiB") as caught:
        graphics()
    assert "theriac llm serve MODEL --gpu-memory" in caught.value.command


def test_machine_without_one_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "processor" in graphics()

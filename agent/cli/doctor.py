"""`theriac doctor`: is everything there, and the command that mends what is not."""

from collections.abc import Callable
from typing import Annotated

import typer

from agent.cli import state

MINIMUM_DISK = 2 * 1024**3
"""Bytes; a library of 200,000 passages takes about 400 MB, a worker's models as much again."""


MINIMUM_GPU = 2.0
"""GiB; what training one of our image models takes beside a language model's server."""


def doctor(
    llm: Annotated[str, typer.Option(help="The language model to look at.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check the language model, the embedder, the library, the tools and the disk.

    Example: theriac doctor --llm http://localhost:8000/v1
    """
    with state.errors(as_json=as_json):
        from agent.llm.server.probes import checks as language_model

        chosen = state.settings(llm=llm or None)
        checks: dict[str, Callable[[], str]] = {
            **language_model(chosen),
            "embedder": _embedder,
            "library": _library,
            "tools": _tools,
            "graphics processor": graphics,
            "disk": _disk,
        }
        rows = [(name, *_outcome(check)) for name, check in checks.items()]
        if as_json:
            state.print_json(
                [{"check": n, "ok": ok, "found": text, "mend": mend} for n, ok, text, mend in rows]
            )
        else:
            terminal = state.console()
            for name, ok, text, mend in rows:
                terminal.print(
                    f"{'[green]ok[/green]  ' if ok else '[red]no[/red]  '}{name}: {text}"
                )
                if mend:
                    terminal.print(f"      mend it: {mend}", markup=False)
        if not all(ok for _, ok, _, _ in rows):
            raise SystemExit(state.PREREQUISITE)


def _outcome(check: Callable[[], str]) -> tuple[bool, str, str]:
    from models.errors import PrerequisiteError

    try:
        return True, check(), ""
    except PrerequisiteError as error:
        return False, error.message, error.command


def _embedder() -> str:
    from retrieval.embedding.embedder import load_embedder

    embedder = load_embedder()
    vector = embedder.encode(["a sentence to embed"])
    return f"{embedder.fingerprint}, {vector.shape[1]} dimensions"


def _library() -> str:
    from retrieval.library import Library

    with Library(state.workspace()) as library:
        found = library.stats()
    return f"{found.documents} documents, {found.passages} passages"


def _tools() -> str:
    from tools.registry import all_tools

    return f"{len(all_tools())}: {', '.join(all_tools())}"


def graphics() -> str:
    """Tells which graphics processors there are, and their free memory.

    Raises:
        PrerequisiteError: None has memory left to train with.
    """
    import shutil
    import subprocess

    from models.errors import PrerequisiteError

    if not shutil.which("nvidia-smi"):
        return "none; models train on the processor"
    asked = [
        "nvidia-smi",
        "--query-gpu=name,memory.free,memory.total",
        "--format=csv,noheader,nounits",
    ]
    told = subprocess.run(asked, capture_output=True, text=True, check=False)
    rows = [line.rsplit(",", 2) for line in told.stdout.splitlines() if line.count(",") >= 2]
    if told.returncode or not rows:
        message = (
            f"The driver of the graphics processor does not answer: {told.stderr.strip()[:200]}"
        )
        raise PrerequisiteError(message, "nvidia-smi  # its message says what is wrong")
    free = max(int(row[1]) / 1024 for row in rows)
    if free < MINIMUM_GPU:
        message = f"{free:.1f} GiB of graphics memory are free; {MINIMUM_GPU:.0f} GiB are wanted."
        command = "theriac llm serve MODEL --gpu-memory 0.8  # leaves a fifth to our own models"
        raise PrerequisiteError(message, command)
    return "; ".join(
        f"{name.strip()}, {int(left) // 1024} of {int(whole) // 1024} GiB free"
        for name, left, whole in rows
    )


def _disk() -> str:
    import shutil

    from models.errors import PrerequisiteError

    folder = state.workspace().root
    existing = next(parent for parent in [folder, *folder.parents] if parent.exists())
    free = shutil.disk_usage(existing).free
    if free < MINIMUM_DISK:
        message = f"{free / 1024**3:.1f} GiB are free at {existing}; 2 GiB are wanted."
        raise PrerequisiteError(message, f"df -h {existing}")
    return f"{free / 1024**3:.0f} GiB free at {existing}"

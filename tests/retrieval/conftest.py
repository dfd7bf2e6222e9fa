import runpy
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from retrieval.indexing.store import Store, close_store, open_store

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).parent / "store_process.py"

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    folder = tmp_path / "library"
    yield open_store(folder)
    close_store(folder)


@pytest.fixture(scope="session")
def made() -> SimpleNamespace:
    """What `store_process.py` writes: make_documents, make_passages, make_vectors."""
    return SimpleNamespace(**runpy.run_path(str(SCRIPT)))


@pytest.fixture
def start_writer() -> Iterator[Start]:
    """Starts another process that writes made-up documents to a folder's store."""
    processes: list[subprocess.Popen[str]] = []

    def start(folder: Path, name: str, documents: int, batch: int) -> "subprocess.Popen[str]":
        command = [sys.executable, str(SCRIPT), str(folder), name, str(documents), str(batch)]
        process = subprocess.Popen(
            command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()

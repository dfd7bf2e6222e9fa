import os
from pathlib import Path

import pytest

from models.store.workspace import Workspace

SHARED_DATA = Path(
    os.environ.get("THERIAC_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data")
)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A fresh workspace, with an empty current folder beside it."""
    current = tmp_path / "current"
    current.mkdir()
    monkeypatch.chdir(current)
    return Workspace(tmp_path / "workspace")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public data; tests that use it carry the marker `shared_data`."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the public data are not at {SHARED_DATA}")
    return SHARED_DATA

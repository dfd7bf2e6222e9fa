from pathlib import Path

import pytest

from evals.literature.reading import run
from evals.registry import EvalOptions
from models.store.workspace import Workspace


@pytest.mark.shared_data
def test_real_abstracts_come_back_from_every_format(
    workspace: Workspace, shared_data: Path
) -> None:
    report = run(EvalOptions(workspace, data=shared_data, limit=50))
    exact = {name: value for name, value in report.figures.items() if "exactly" in name}
    assert len(exact) == 7
    assert set(exact.values()) == {1.0}
    ours, plain = (value for name, value in report.figures.items() if name.startswith("pdf: share"))
    assert ours > 0.99
    assert plain < 0.6

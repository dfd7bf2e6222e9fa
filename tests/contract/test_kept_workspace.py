"""Models and threads that version 0.1 kept, before its modules were sorted into rooms, still serve.

`data/workspace_0_1` was written by that version (`theriac tools run train_classifier`,
`train_regressor`, and `theriac ask --thread old`); `scores.json` holds what its models gave for
the first twenty of their held-out rows.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from agent.session import Assistant
from agent.settings import Settings
from models.store.registry import ModelStore
from models.store.workspace import Workspace

KEPT = Path(__file__).parent / "data" / "workspace_0_1"
SCORES: dict[str, list[float]] = json.loads((KEPT / "scores.json").read_text())


@pytest.fixture
def kept(tmp_path: Path) -> Workspace:
    root = tmp_path / "kept"
    shutil.copytree(KEPT, root)
    return Workspace(root)


@pytest.mark.parametrize("name", SCORES)
def test_kept_model_gives_the_scores_that_it_gave(name: str, kept: Workspace) -> None:
    model = ModelStore(kept).load(name)
    scores = model.score(model.held_out[model.features.names])[:20].ravel()
    np.testing.assert_allclose(scores, SCORES[name], rtol=1e-9)


def test_kept_thread_goes_on(kept: Workspace) -> None:
    with Assistant(kept, Settings(llm="embedded")) as assistant:
        answer = assistant.ask("how good is that model?", "old")
    assert answer.tool_calls[0]["tool"] == "describe_model"
    assert answer.tool_calls[0]["args"] == {"model": "srv-3"}
    assert answer.tool_calls[0]["status"] == "done"

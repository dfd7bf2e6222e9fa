import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from models.errors import ToolError
from models.store.registry import ModelStore
from models.store.runs import RunStore
from models.store.workspace import Workspace
from tools.worker import WorkerPool

TRAINING = {"dataset": "flchain", "algorithm": "random_survival_forest"}


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool()
    yield made
    made.close()


def processes(workspace: Workspace) -> list[int]:
    return [record["pid"] for record in RunStore(workspace).all() if record["status"] == "running"]


def nothing_kept(workspace: Workspace) -> bool:
    kept = [path for path in workspace.models.glob("*") if path.name[0] != "."]
    return kept == []


def test_result_and_progress_come_back(workspace: Workspace, pool: WorkerPool) -> None:
    seen: list[float] = []
    arguments = {"dataset": "whas500", "algorithm": "cox"}
    result = pool.call(workspace, "train_survival_model", arguments, lambda f, *_: seen.append(f))
    assert result.data["model"] == "srv-1"
    assert seen == sorted(seen)
    assert 0 <= seen[0] <= seen[-1] <= 1
    assert ModelStore(workspace).names() == ["srv-1"]


def test_wrong_call_is_answered_and_the_worker_lives_on(
    workspace: Workspace, pool: WorkerPool
) -> None:
    for _ in range(2):
        with pytest.raises(ToolError) as caught:
            pool.call(workspace, "train_survival_model", {"dataset": "gbsg"})
        assert caught.value.faults[0].suggestion == "gbsg2"


def test_killed_worker_costs_its_own_call(workspace: Workspace, pool: WorkerPool) -> None:
    def kill(*_: object) -> None:
        for pid in processes(workspace):
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(ToolError) as caught:
        pool.call(workspace, "train_survival_model", TRAINING, kill)
    assert caught.value.kind == "crashed"
    assert [record["status"] for record in RunStore(workspace).all()] == ["crashed"]
    assert nothing_kept(workspace)
    done = pool.call(workspace, "train_survival_model", {"dataset": "veterans", "algorithm": "cox"})
    assert done.data["model"] == "srv-1"


def test_cancel_ends_the_call_and_keeps_nothing(workspace: Workspace, pool: WorkerPool) -> None:
    cancelled = threading.Event()
    started = time.monotonic()
    with pytest.raises(ToolError) as caught:
        pool.call(
            workspace,
            "train_survival_model",
            TRAINING,
            lambda *_: cancelled.set(),
            cancelled.is_set,
        )
    assert caught.value.kind == "cancelled"
    assert time.monotonic() - started < 60
    assert [record["status"] for record in RunStore(workspace).all()] == ["cancelled"]
    assert nothing_kept(workspace)

"""A process of its own for heavy tool calls: a crash costs the call, never the conversation.

The parent and the child speak JSON lines. The child stays warm between calls, so that the imports
of a model library are paid once. Cancelling asks first (a signal that the next progress report
turns into an orderly end) and kills after a grace period.
"""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models.errors import FieldFault, PrerequisiteError, ToolError
from models.store.runs import RunStore
from models.store.workspace import Workspace
from tools.contract import ToolResult
from tools.execution import Report, cancellable, execute

GRACE_SECONDS = 5.0
POLL_SECONDS = 0.1


class Worker:
    """One child process that runs one call at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tools.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        )
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def pid(self) -> int:
        """The child's process number."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the child can take a call."""
        return self._process.poll() is None

    def call(
        self,
        workspace: Workspace,
        name: str,
        arguments: dict[str, Any],
        report: Report,
        cancelled: Callable[[], bool],
    ) -> ToolResult:
        """Runs a call in the child.

        Raises:
            ToolError: The call can be corrected, was cancelled, or the child died (kind `crashed`).
            PrerequisiteError: Something must be installed, started or freed first.
            RuntimeError: The tool has a bug; carries the child's traceback.
        """
        request = {
            "root": str(workspace.root),
            "data_folders": [str(folder) for folder in workspace.data_folders],
            "cwd": str(Path.cwd()),
            "tool": name,
            "arguments": arguments,
        }
        assert self._process.stdin  # noqa: S101  # the pipe was asked for above
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        asked: float | None = None
        while True:
            if asked is None and cancelled():
                self._process.send_signal(signal.SIGINT)
                asked = time.monotonic()
            if asked is not None and time.monotonic() - asked > GRACE_SECONDS:
                self._process.kill()
            try:
                line = self._lines.get(timeout=POLL_SECONDS)
            except queue.Empty:
                continue
            if line is None:
                raise self._death(workspace, name, was_cancelled=asked is not None)
            message = json.loads(line)
            if "progress" in message:
                report(*message["progress"])
                continue
            return _result(message)

    def close(self) -> None:
        """Ends the child."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()

    def _read(self) -> None:
        assert self._process.stdout  # noqa: S101  # the pipe was asked for above
        with contextlib.suppress(ValueError):  # the pipe was closed under the reader
            for line in self._process.stdout:
                self._lines.put(line)
        self._lines.put(None)

    def _death(self, workspace: Workspace, name: str, *, was_cancelled: bool) -> ToolError:
        code = self._process.wait()
        runs = RunStore(workspace)
        for record in runs.all():
            if record["pid"] == self.pid and record["status"] in ("running", "interrupted"):
                runs.close(record, "cancelled" if was_cancelled else "crashed")
        if was_cancelled:
            return ToolError(f"{name} was cancelled.", kind="cancelled")
        reason = signal.Signals(-code).name if code < 0 else f"exit status {code}"
        hint = " (often: out of memory)" if code == -signal.SIGKILL else ""
        return ToolError(
            f"{name} ended with its worker process: {reason}{hint}. Nothing of it was kept.",
            kind="crashed",
        )


class WorkerPool:
    """Warm workers, one per call that runs at the same time."""

    def __init__(self) -> None:
        self._idle: list[Worker] = []
        self._lock = threading.Lock()

    def call(
        self,
        workspace: Workspace,
        name: str,
        arguments: dict[str, Any],
        report: Report = lambda *_: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> ToolResult:
        """Runs a call in an idle worker, or in a new one; see `Worker.call`."""
        with self._lock:
            self._idle = [worker for worker in self._idle if worker.alive]
            worker = self._idle.pop() if self._idle else Worker()
        try:
            return worker.call(workspace, name, arguments, report, cancelled)
        finally:
            with self._lock:
                if worker.alive:
                    self._idle.append(worker)
                else:
                    worker.close()

    def warm(self) -> None:
        """Starts a worker ahead of the first call."""
        with self._lock:
            if not self._idle:
                self._idle.append(Worker())

    def close(self) -> None:
        """Ends all idle workers."""
        with self._lock:
            for worker in self._idle:
                worker.close()
            self._idle.clear()


def _result(message: dict[str, Any]) -> ToolResult:
    match message:
        case {"result": result}:
            return ToolResult.model_validate(result)
        case {"tool_error": {"message": text, "kind": kind, "fields": fields}}:
            raise ToolError(text, *map(FieldFault.model_validate, fields), kind=kind)
        case {"prerequisite": {"message": text, "command": command}}:
            raise PrerequisiteError(text, command)
    raise RuntimeError(message["traceback"])


def _serve() -> None:
    """The child: reads calls from standard input until it closes."""
    import traceback

    # What libraries print must not end up between our lines: it goes to standard error.
    channel = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    # When memory runs out, the system is to end this process, not the conversation.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("800")
    cancelled = threading.Event()
    signal.signal(signal.SIGINT, lambda *_: cancelled.set())

    def send(message: dict[str, Any]) -> None:
        channel.write(json.dumps(message, default=str) + "\n")
        channel.flush()

    def report(fraction: float, message: str, metrics: dict[str, float]) -> None:
        send({"progress": [fraction, message, metrics]})

    for line in sys.stdin:
        request = json.loads(line)
        cancelled.clear()
        os.chdir(request["cwd"])
        folders = tuple(Path(folder) for folder in request["data_folders"])
        workspace = Workspace(Path(request["root"]), folders)
        checked = cancellable(report, cancelled)
        try:
            result = execute(workspace, request["tool"], request["arguments"], checked)
            send({"result": result.model_dump(mode="json")})
        except ToolError as error:
            fields = [fault.model_dump() for fault in error.faults]
            send({"tool_error": {"message": error.message, "kind": error.kind, "fields": fields}})
        except PrerequisiteError as error:
            send({"prerequisite": {"message": error.message, "command": error.command}})
        except Exception:  # a bug: its traceback is the answer, and the worker lives on
            send({"traceback": traceback.format_exc()})


if __name__ == "__main__":
    _serve()

"""One tool call from arguments to result: validate, record, run, audit."""

import errno
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

from models.errors import PrerequisiteError, ToolError
from models.store.runs import RunStore
from models.store.workspace import Workspace
from tools.audit import audit
from tools.contract import ToolContext, ToolResult
from tools.registry import Tool, find_tool

Report = Callable[[float, str, dict[str, float]], None]


class CancellationError(Exception):
    """Raised inside a call when the person cancels it."""


def execute(
    workspace: Workspace,
    name: str,
    arguments: dict[str, Any],
    report: Report = lambda *_: None,
    *,
    replays: str | None = None,
    language: Any = None,
) -> ToolResult:
    """Runs a tool in this process.

    A call that its caller must correct leaves no trace but its audit line; one that fails for
    another reason leaves its record with the reason.

    Raises:
        ToolError: The call can be corrected, or was cancelled.
        PrerequisiteError: Something must be installed, started or freed first.
    """
    tool = find_tool(name)
    started = time.monotonic()
    outcome: dict[str, Any] = {"status": "failed"}
    context = ToolContext(workspace, report=report, language=language)
    try:
        parsed = tool.parse(arguments)
        if tool.computes:
            given = parsed.model_dump(mode="json", exclude_defaults=True)
            context.run = RunStore(workspace).start(name, given, report, replays)
        result = tool.function(parsed, context)
        if context.run:
            result = result.model_copy(update={"run": context.run.id})
            context.run.finish(result.model_dump(mode="json"))
        outcome = {"status": "done", "run": result.run}
    except ToolError as error:
        outcome = {"status": "refused", "error": error.kind}
        if context.run:
            context.run.discard()
        raise
    except CancellationError:
        outcome = {"status": "cancelled"}
        _close(context, "cancelled", "cancelled by the person")
        raise ToolError(f"{name} was cancelled.", kind="cancelled") from None
    except OSError as error:
        _close(context, "failed", traceback.format_exc())
        if error.errno != errno.ENOSPC:
            raise
        message = f"The disk that holds {workspace.root} is full; nothing was kept of this call."
        raise PrerequisiteError(message, f"df -h {workspace.root}") from error
    except BaseException:
        _close(context, "failed", traceback.format_exc())
        raise
    finally:
        outcome["seconds"] = round(time.monotonic() - started, 3)
        _audit(workspace, tool, arguments, outcome)
    return result


def cancellable(report: Report, cancelled: threading.Event) -> Report:
    """Makes every progress report a point where a cancelled call ends."""

    def checked(fraction: float, message: str, metrics: dict[str, float]) -> None:
        if cancelled.is_set():
            raise CancellationError
        report(fraction, message, metrics)

    return checked


def _close(context: ToolContext, status: str, reason: str) -> None:
    """Records why a run ended; on a full disk the record itself may have to go."""
    if context.run:
        try:
            context.run.fail(status, reason)
        except OSError:
            context.run.discard()


def _audit(workspace: Workspace, tool: Tool, arguments: dict[str, Any], outcome: Any) -> None:
    try:
        audit(workspace, tool, arguments, **outcome)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise

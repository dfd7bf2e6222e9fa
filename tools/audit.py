"""The audit log: one JSON line per tool call; patient data only as a hash."""

import fcntl
import hashlib
import json
import os
from typing import Any

from models.store.runs import now
from models.store.workspace import Workspace
from tools.registry import Tool


def redacted(tool: Tool, arguments: dict[str, Any]) -> dict[str, Any]:
    """Returns the arguments with every sensitive one replaced by its SHA-256."""
    safe = dict(arguments)
    for name, field in tool.arguments.model_fields.items():
        extra = field.json_schema_extra
        if isinstance(extra, dict) and extra.get("sensitive") and safe.get(name) is not None:
            text = json.dumps(safe[name], sort_keys=True, default=str)
            safe[name] = f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    return safe


def audit(workspace: Workspace, tool: Tool, arguments: dict[str, Any], **outcome: Any) -> None:
    """Appends one line: time, tool, arguments, outcome (status, run, error kind, seconds)."""
    known = {name: arguments[name] for name in tool.arguments.model_fields if name in arguments}
    line = {"time": now(), "tool": tool.name, "arguments": redacted(tool, known)} | outcome
    workspace.root.mkdir(parents=True, exist_ok=True)
    handle = os.open(workspace.audit, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        os.write(handle, (json.dumps(line, ensure_ascii=False, default=str) + "\n").encode())
    finally:
        os.close(handle)

"""What one turn hands on: results to later steps, names to later turns."""

import json
import re
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, ToolMessage

from agent.plan import Memory, PlannedCall
from agent.state import Outcome, StopReason
from models.molecules.chemistry.names import find_compound
from models.store.registry import ModelStore
from models.store.workspace import Workspace

REFERENCE = re.compile(r"^\$(\d+)$")
USABLE = {"model", "molecules"}
"""What a later step can use of a result."""

REMEMBERED = 20
"""Names of one kind that a conversation keeps."""

GROUPS = 5
"""Calls whose molecules it keeps together."""


def unmet(call: PlannedCall, outcomes: list[Outcome]) -> int | None:
    """Returns the earlier step whose result a call needs and that made none, if any."""
    done = {o["step"] for o in outcomes if o["status"] == "done" and USABLE & o["data"].keys()}
    return next((step for step in references(call.args) if step not in done), None)


def references(value: Any) -> list[int]:
    """Returns the numbers of the steps whose results an argument stands for, as in `$1`."""
    if isinstance(value, str):
        return [int(n) for n in REFERENCE.findall(value)]
    if isinstance(value, dict):
        value = list(value.values())
    return [n for item in value for n in references(item)] if isinstance(value, list) else []


def resolve(args: dict[str, Any], outcomes: list[Outcome]) -> dict[str, Any]:
    """Returns the arguments with every `$n` replaced by what step n made."""
    return {name: _resolve(value, outcomes) for name, value in args.items()}


def outcomes_of(messages: list[AnyMessage], step: int) -> list[Outcome]:
    """Returns what the calls of a step's conversation came to, in order."""
    results = {m.tool_call_id: m for m in messages if isinstance(m, ToolMessage)}
    calls = [c for m in messages if isinstance(m, AIMessage) for c in m.tool_calls]
    return [
        _outcome(call["name"], call["args"], results[call["id"]], step)
        for call in calls
        if call["id"] in results
    ]


def passages_of(outcomes: list[Outcome]) -> list[dict[str, Any]]:
    """Returns the passages that an answer may cite."""
    return [
        hit
        for outcome in outcomes
        for hit in outcome["data"].get("results", [])
        if {"n", "id", "title", "text"} <= hit.keys()
    ]


def remember(memory: Memory, outcome: Outcome, request: str = "") -> None:
    """Adds what a call made or used to the names that later turns may point at.

    Args:
        memory: Is added to.
        outcome: What the call came to.
        request: What it answered; kept where it asks of molecules.
    """
    data = outcome["data"]
    if outcome["status"] != "done":
        return
    _put(memory.models, [data["model"]] if isinstance(data.get("model"), str) else [])
    if made := list(map(_molecule, data.get("molecules", []))):
        _put(memory.molecules, made)
        memory.groups = [list(dict.fromkeys(made))[:REMEMBERED], *memory.groups][:GROUPS]
    _put(memory.articles, [hit["id"] for hit in data.get("results", []) if "id" in hit])
    args = outcome["args"]
    if "records" not in args:
        asked = request if "smiles" in args else ""
        memory.last = PlannedCall(request=asked, tool=outcome["tool"], args=args)
    _put(memory.datasets, [args[name] for name in ("dataset", "image_folder") if args.get(name)])
    images = [args[name] for name in ("image", "image_folder") if args.get(name)]
    if "layout" in data:  # a description of images
        images.append(args["dataset"])
    _put(memory.images, images)


def _molecule(item: dict[str, Any]) -> str:
    """Returns how a later turn calls a molecule: by its name where that is known, or its SMILES."""
    name = item.get("name")
    return str(name if name and find_compound(name) else item["smiles"])


def memory_of(stored: dict[str, Any] | None, workspace: Workspace) -> Memory:
    """Returns a conversation's memory, followed by the models that the workspace holds."""
    memory = Memory.model_validate(stored or {})
    known = ModelStore(workspace).names()
    # A model that was deleted since is no longer anybody's "that model".
    memory.models = [name for name in memory.models if name in known]
    memory.models += [name for name in known if name not in memory.models]
    return memory


def stop_reason(outcomes: list[Outcome]) -> StopReason:
    """Returns how a turn ended whose steps were all done."""
    failed = {outcome["kind"] for outcome in outcomes if outcome["status"] == "error"}
    if "cancelled" in failed:
        return "cancelled"
    if "unsafe" in failed:
        return "refused"
    return "needs_input" if failed else "answered"


def _resolve(value: Any, outcomes: list[Outcome]) -> Any:
    if isinstance(value, list):
        flat: list[Any] = []
        for item in value:
            made = _resolve(item, outcomes)
            flat.extend(made if isinstance(made, list) and isinstance(item, str) else [made])
        return flat
    steps = references(value) if isinstance(value, str) else []
    if not steps:
        return value
    made = [o["data"] for o in outcomes if o["step"] == steps[0]]
    data = next(d for d in reversed(made) if USABLE & d.keys())
    return data["model"] if "model" in data else [item["smiles"] for item in data["molecules"]]


def _outcome(name: str, args: dict[str, Any], message: ToolMessage, step: int) -> Outcome:
    result: dict[str, Any] = message.artifact if isinstance(message.artifact, dict) else {}
    failed = message.status == "error"
    kind, text = _error(message.text) if failed else (None, message.text)
    return {
        "step": step, "tool": name, "args": args, "status": "error" if failed else "done",
        "kind": kind, "run": result.get("run"), "summary": text,
        "data": result.get("data", {}), "artifacts": result.get("artifacts", []),
    }  # fmt: skip


def _error(text: str) -> tuple[str, str]:
    """Reads the kind and message of a tool error; other failures are their own message."""
    try:
        read = json.loads(text)
        return str(read["kind"]), str(read["message"])
    except (ValueError, KeyError, TypeError):
        return "rejected", text


def _put(names: list[str], new: list[str]) -> None:
    names[:] = list(dict.fromkeys([*new, *names]))[:REMEMBERED]

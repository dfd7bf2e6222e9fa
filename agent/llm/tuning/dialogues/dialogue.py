"""One exchange with a language model: what it is asked, and the reply that it is to learn."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from models.errors import ToolError, fault
from models.store.files import write_text

Kind = Literal["plan", "call", "correction", "answer"]
Message = dict[str, Any]


@dataclass(frozen=True)
class Dialogue:
    """A conversation in the form of the chat API; its last message is the one to learn.

    Attributes:
        kind: What is learnt: to plan, to call a tool, to correct a call, to answer from a result.
        request: What the person wants; with `kind` it tells dialogues apart.
        messages: In the form of the chat API, arguments of calls as objects.
        tools: The tools that the model sees, in the form of the chat API.
    """

    kind: Kind
    request: str
    messages: list[Message]
    tools: list[dict[str, Any]]

    @property
    def reply(self) -> Message:
        """The message to learn."""
        return self.messages[-1]


def said(role: str, content: str) -> Message:
    """Returns a message of plain text."""
    return {"role": role, "content": content}


def called(tool: str, args: dict[str, Any], number: int = 1) -> Message:
    """Returns a message that calls a tool."""
    function = {"name": tool, "arguments": args}
    call = {"id": f"call{number:05d}", "type": "function", "function": function}
    return {"role": "assistant", "content": "", "tool_calls": [call]}


def answered(tool: str, content: str, number: int = 1) -> Message:
    """Returns a tool's answer to a call."""
    return {"role": "tool", "tool_call_id": f"call{number:05d}", "name": tool, "content": content}


def compact(content: Any) -> str:
    """Returns JSON without spaces, as our servers hold replies to it."""
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False)


def write_dialogues(path: Path, dialogues: Iterable[Dialogue]) -> int:
    """Writes one JSON object a line with `messages`, `tools` and `kind`; returns their number."""
    lines = [
        json.dumps({"kind": d.kind, "messages": d.messages, "tools": d.tools}, ensure_ascii=False)
        for d in dialogues
    ]
    write_text(path, "\n".join(lines) + "\n")
    return len(lines)


def read_dialogues(path: Path) -> list[Dialogue]:
    """Reads what `write_dialogues` wrote.

    Raises:
        ToolError: A line is none; the first wrong one is named.
    """
    dialogues = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            read = json.loads(line)
            request = next(m["content"] for m in read["messages"] if m["role"] == "user")
            if read["messages"][-1]["role"] != "assistant":
                raise KeyError("assistant")
            dialogues.append(
                Dialogue(
                    read.get("kind", "answer"), request, read["messages"], read.get("tools") or []
                )
            )
        except (ValueError, KeyError, TypeError, StopIteration) as error:
            wanted = "a JSON object with messages, the last by the assistant, and tools"
            wrong = fault(f"line {number}", line[:80], wanted)
            raise ToolError(f"{path} holds no dialogues.", wrong) from error
    return dialogues

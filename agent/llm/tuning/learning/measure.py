"""How well a model replies to dialogues that it has not seen."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from pydantic import ValidationError

from agent.llm.tuning.dialogues.dialogue import Dialogue
from agent.llm.tuning.learning.local import CALL, LocalModel
from agent.plan import Plan

Figures = dict[str, float]
Calls = list[tuple[str, dict[str, Any]]]


def held_out_figures(
    model: LocalModel,
    dialogues: Iterable[Dialogue],
    report: Callable[[int], None] = lambda _: None,
) -> Figures:
    """Compares a model's plans and calls with those that the dialogues want.

    Args:
        model: The model.
        dialogues: Those that end with an answer in words are left out.
        report: Told how many are done.

    Returns:
        Shares from 0 to 1: `right_tool` (or right refusal, question or reply, where no call is
        wanted) and `right_tool_and_arguments`; and `dialogues`, their number.
    """
    tools = everything = number = 0
    for dialogue in dialogues:
        if dialogue.kind == "answer":
            continue
        prompt = model.encoder.prompt(dialogue.messages[:-1], dialogue.tools)
        wanted = _meant(dialogue.kind, *_wanted(dialogue))
        got = _meant(dialogue.kind, *_got(model.complete(prompt)[0]))
        number += 1
        if got and wanted:
            tools += got[0] == wanted[0] and [c[0] for c in got[1]] == [c[0] for c in wanted[1]]
            everything += got == wanted
        report(number)
    return {
        "right_tool": round(tools / number, 3) if number else 0.0,
        "right_tool_and_arguments": round(everything / number, 3) if number else 0.0,
        "dialogues": number,
    }


def _wanted(dialogue: Dialogue) -> tuple[str, Calls]:
    calls = dialogue.reply.get("tool_calls") or []
    return dialogue.reply["content"], [
        (call["function"]["name"], call["function"]["arguments"]) for call in calls
    ]


def _got(text: str) -> tuple[str, Calls]:
    calls: Calls = []
    for found in CALL.findall(text):
        try:
            read = json.loads(found)
            calls.append((read["name"], read.get("arguments", {})))
        except (ValueError, KeyError, TypeError):
            return "", []
    return text, calls


def _meant(kind: str, content: str, calls: Calls) -> tuple[str, Calls] | None:
    """Returns what a reply comes to: the outcome and the calls; None where it is no use."""
    if kind != "plan":
        return ("act", calls) if calls else None
    try:
        plan = Plan.model_validate_json(content)
    except ValidationError:
        return None
    return plan.outcome, [(step.tool, step.args) for step in plan.steps]

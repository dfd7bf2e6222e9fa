"""Completes a call that waits for an answer with what the next message says."""

import re
from collections.abc import Sequence

from agent.llm.embedded.arguments import (
    OBJECT_ROLES,
    ArgumentFiller,
    Filled,
    missing_arguments,
)
from agent.llm.embedded.judgement import is_task
from agent.llm.embedded.situation import Situation
from agent.llm.embedded.splitting.steps import Task
from agent.plan import Memory, Plan, PlannedCall

NEW_REQUEST_CERTAINTY = 0.6
SHORT_ANSWER_WORDS = 4
ANSWER_WORDS = re.compile(
    r"^\W*(?:it['’]?s|it is|that is|that['’]s|the|use|take|try|please|column|col|called|named|is|"
    r"target|label|outcome|time|event|and|,|oh|sorry|yes|ok|on|with|for|about|my)\b\s*[:=]?\s*",
    re.I,
)


def complete(
    pending: Plan, message: str, tasks: Sequence[Task], filler: ArgumentFiller, memory: Memory
) -> tuple[list[PlannedCall], list[Filled]] | None:
    """Returns the waiting steps with what the message adds, or None when it answers nothing.

    Args:
        pending: The plan that waits.
        message: What the person answered, spelt right.
        tasks: The message read as a request of its own.
        filler: Reads arguments.
        memory: What earlier turns left.
    """
    steps: list[PlannedCall] = []
    states: list[Filled] = []
    is_answered = False
    for waiting in pending.steps:
        step = waiting
        specs = filler.fields(step.tool)
        missing = missing_arguments(specs, step.args)
        if missing and not is_answered:
            found = _answer(step, missing, message, filler, Situation(memory, tuple(steps)))
            alone = Situation(memory, (), message)
            if not found or _is_new_request(tasks, step, alone, filler):
                return None
            is_answered = True
            step = step.model_copy(update={"args": step.args | found})
        steps.append(step)
        still = missing_arguments(specs, step.args)
        states.append(Filled(step.args, tuple(still)))
    return (steps, states) if is_answered else None


def _answer(
    step: PlannedCall,
    missing: Sequence[str],
    message: str,
    filler: ArgumentFiller,
    situation: Situation,
) -> dict[str, object]:
    """Returns the arguments that the message gives to a waiting step."""
    found = filler.fill(step.tool, message, situation).args
    answers = {name: value for name, value in found.items() if name not in step.args}
    roles = {spec.name: spec.role for spec in filler.fields(step.tool)}
    open_columns = [n for n in missing if roles[n] in ("column", "target") and n not in answers]
    bare = _bare_words(message)
    if len(open_columns) == 1 and len(bare) == 1:
        answers[open_columns[0]] = bare[0]
    elif len(open_columns) == 2 and len(bare) == 2:
        answers |= dict(zip(open_columns, bare, strict=True))
    folders = [n for n in missing if roles[n] == "images" and n not in answers]
    if len(folders) == 1 and len(bare) == 1 and not answers:
        answers[folders[0]] = bare[0]
    alternatives = {n for n in answers if roles[n] in OBJECT_ROLES and n != "path"}
    return answers if (set(missing) & answers.keys()) or alternatives else {}


def _bare_words(message: str) -> list[str]:
    """Returns the words of a short answer without what merely introduces them."""
    before = None
    while before != message:
        before, message = message, ANSWER_WORDS.sub("", message, count=1)
    words = re.findall(r"[\w.%-]+", message.strip(" .!?\"'`"))
    words = [
        word
        for word in words
        if word.casefold() not in {"and", "column", "please", "event", "time"}
    ]
    return words if len(words) <= SHORT_ANSWER_WORDS else []


def _is_new_request(
    tasks: Sequence[Task], step: PlannedCall, alone: Situation, filler: ArgumentFiller
) -> bool:
    """Tells whether the message, the whole of a situation, is a request rather than an answer."""
    first = tasks[0]
    if (
        not is_task(first.best)
        or first.best == step.tool
        or first.certainty < NEW_REQUEST_CERTAINTY
    ):
        return False
    if len(alone.whole.split()) <= SHORT_ANSWER_WORDS:
        return False
    return not filler.fill(first.best, first.text, alone).missing

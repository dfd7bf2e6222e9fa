"""Dialogues of one step: the call, the call after a failure, the answer from a result."""

import json
import random
from typing import Any

from agent import prompts
from agent.llm.schemas import call_schema
from agent.llm.tuning.dialogues.dialogue import Dialogue, Message, answered, called, said
from agent.plan import PlannedCall
from agent.planning import TOOLS_SHOWN
from models.errors import ToolError
from tools.registry import all_tools, find_tool

SYSTEM = f"{prompts.ROLE}\n{prompts.STEPPING}"
IN_THE_AGENT = 0.6
"""Share of calls that are asked for as the agent does: with one tool and a proposal."""
WRONG_PROPOSALS = 0.2

Args = dict[str, Any]


def call_dialogue(step: PlannedCall, random_: random.Random) -> Dialogue:
    """Returns a step and its call: proposed as in the agent, or to be chosen among several tools.

    Args:
        step: The step; its words name all values of its arguments.
        random_: Decides the form, the other tools and whether the proposal is wrong.
    """
    if random_.random() < IN_THE_AGENT:
        proposed = step.args
        if proposed and random_.random() < WRONG_PROPOSALS:
            proposed = dict(proposed)
            proposed.pop(random_.choice(list(proposed)))
        messages = _asked(step, proposed)
        tools = [step.tool]
    else:
        messages = [said("system", SYSTEM), said("user", step.request)]
        others = [name for name in all_tools() if name != step.tool]
        count = min(random_.randint(1, TOOLS_SHOWN - 1), len(others))
        tools = [step.tool, *random_.sample(others, count)]
        random_.shuffle(tools)
    schemas = [call_schema(find_tool(name)) for name in tools]
    return Dialogue("call", step.request, [*messages, called(step.tool, step.args)], schemas)


def correction_dialogue(step: PlannedCall, random_: random.Random) -> Dialogue | None:
    """Returns a call that the tool refuses, its error, and the call that is right.

    Args:
        step: What is right.
        random_: Decides what is made wrong.

    Returns:
        The dialogue; None where nothing of this call can be made wrong.
    """
    tool = find_tool(step.tool)
    wrongs = [_misnamed, _mistyped, _lacking, _invented]
    for make in random_.sample(wrongs, len(wrongs)):
        args = make(step, random_)
        if args is None:
            continue
        try:
            tool.parse(args)
        except ToolError as error:
            told = json.dumps({"kind": error.kind, "message": str(error)})
            messages = [
                *_asked(step, step.args), called(step.tool, args), answered(step.tool, told),
                called(step.tool, step.args, 2),
            ]  # fmt: skip
            return Dialogue("correction", step.request, messages, [call_schema(tool)])
    return None


def answer_dialogue(step: PlannedCall, result: str, answer: str) -> Dialogue:
    """Returns a call with its result, and what is said of it."""
    messages = [
        *_asked(step, step.args), called(step.tool, step.args), answered(step.tool, result),
        said("assistant", answer),
    ]  # fmt: skip
    return Dialogue("answer", step.request, messages, [call_schema(find_tool(step.tool))])


def _asked(step: PlannedCall, proposed: Args) -> list[Message]:
    text = f"{step.request}\n\nProposed: {step.tool}({json.dumps(proposed)})"
    return [said("system", SYSTEM), said("user", text)]


def _misnamed(step: PlannedCall, random_: random.Random) -> Args | None:
    """Calls an argument by a name that the tool does not have."""
    if not step.args:
        return None
    name = random_.choice(list(step.args))
    stem = name.split("_", maxsplit=1)[0]
    other = random_.choice([name + "s", name + "_name", stem, f"the_{name}", name.upper()])
    return {other if key == name else key: value for key, value in step.args.items()}


def _mistyped(step: PlannedCall, random_: random.Random) -> Args | None:
    """Gives a list for a value, or a value for a list, or words for a number."""
    if not step.args:
        return None
    name = random_.choice(list(step.args))
    value = step.args[name]
    wrong: Any = ", ".join(map(str, value)) if isinstance(value, list) else [value]
    if isinstance(value, int | float):
        wrong = f"about {value}"
    return step.args | {name: wrong}


def _lacking(step: PlannedCall, random_: random.Random) -> Args | None:
    """Leaves an argument out."""
    if not step.args:
        return None
    name = random_.choice(list(step.args))
    return {key: value for key, value in step.args.items() if key != name}


def _invented(step: PlannedCall, random_: random.Random) -> Args | None:
    """Adds an argument that the tool does not have."""
    return step.args | {random_.choice(["verbose", "output_format", "explain", "n_jobs"]): True}

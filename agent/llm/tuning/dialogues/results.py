"""Real results: sampled calls are made in a workspace of their own, and what they say is kept."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from langchain_core.messages import ToolMessage

from agent.llm.embedded.answers import write_answer
from agent.llm.embedded.situation import MAKERS
from agent.llm.tuning.dialogues.requests import Requests
from agent.llm.tuning.dialogues.templates import leaves
from agent.plan import PlannedCall
from models.data.builtin import BUILT_INS
from models.errors import PrerequisiteError, ToolError
from models.store.workspace import Workspace
from tools.execution import execute
from tools.registry import find_tool

LONGEST_ESTIMATE = 20.0
"""Seconds that a call may be estimated to take."""
LONGEST_CALL = 20.0
"""Seconds after which a tool is called no more: it is too slow to be sampled."""


@dataclass(frozen=True)
class Result:
    """A call that was made, what the tool said, and the answer that this gives."""

    step: PlannedCall
    said: str
    answer: str


def real_results(
    requests: Requests, workspace: Workspace, count: int, random_: random.Random
) -> Iterator[Result]:
    """Makes sampled calls, those first that make models; a call that fails is passed over.

    Args:
        requests: Calls to sample from.
        workspace: Where they are made.
        count: Results to yield; fewer when the tools yield no more.
        random_: Decides.
    """
    made = 0
    models: list[str] = []
    slow: set[str] = set()
    trained: set[str] = set()
    for attempt in range(20 * count):
        labelled = requests.single()
        step = labelled.plan.steps[0]
        makes = step.tool.startswith(MAKERS["model"])
        if made >= count:
            return
        if step.tool in slow | trained or (makes and attempt > 10 * count):
            continue
        step = _named(step, models, random_)
        if not _possible(step, models, workspace):
            continue
        started = time.monotonic()
        try:
            result = execute(workspace, step.tool, step.args)
        except (ToolError, PrerequisiteError):
            continue
        finally:
            if time.monotonic() - started > LONGEST_CALL:
                slow.add(step.tool)
        if isinstance(result.data.get("model"), str) and makes:
            models.append(result.data["model"])
            trained.add(step.tool)
        message = ToolMessage(
            result.summary, artifact=result.model_dump(mode="json"), name=step.tool,
            tool_call_id="1", status="success",
        )  # fmt: skip
        made += 1
        yield Result(step, result.summary, write_answer(step.request, message))


def _named(step: PlannedCall, models: list[str], random_: random.Random) -> PlannedCall:
    """Returns the step with a model that there is, of the same kind where there is one."""
    named = step.args.get("model")
    if not named or not models:
        return step
    kind = str(named).rpartition("-")[0]
    model = random_.choice([m for m in models if m.startswith(kind)] or models)
    request = step.request.replace(str(named), model)
    return PlannedCall(request=request, tool=step.tool, args=step.args | {"model": model})


def _possible(step: PlannedCall, models: list[str], workspace: Workspace) -> bool:
    """Tells whether what the call names exists, and whether it is quickly made."""
    tool = find_tool(step.tool)
    for place, value in leaves(step.args):
        if str(place[0]).endswith("dataset") and value not in BUILT_INS:
            return False
        if place[0] == "model" and value not in models:
            return False
    try:
        arguments = tool.parse(step.args)
        return not tool.estimate or tool.estimate(arguments, workspace) < LONGEST_ESTIMATE
    except ToolError:
        return False

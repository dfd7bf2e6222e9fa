"""A request becomes a plan: by the embedded planner, or by a language model that sees its draft."""

import json
from typing import Any

from langchain_core.exceptions import ModelInvalidRequestError
from langchain_core.messages import HumanMessage, SystemMessage

from agent import prompts
from agent.llm.budget import room
from agent.llm.embedded.model import EmbeddedModel
from agent.llm.schemas import plan_schema
from agent.llm.structured import UnusableReplyError, fill
from agent.llm.usage import Usage
from agent.plan import Memory, Plan
from agent.state import State, Surroundings
from agent.turn import references
from tools.registry import all_tools, find_tool

TOOLS_SHOWN = 8
FALLBACK = "The language model gave no usable plan; the embedded planner's is used."


def make_plan(state: State, memory: Memory, surroundings: Surroundings) -> tuple[Plan, Usage]:
    """Plans a request.

    Returns:
        The plan, and what it cost.
    """
    planner = EmbeddedModel()
    draft = planner.plan(state["request"], memory)
    if isinstance(surroundings.model, EmbeddedModel):
        return draft, Usage()
    drafted = [step.tool for step in draft.steps]
    names = list(dict.fromkeys([*drafted, *planner.likely(state["request"])]))[:TOOLS_SHOWN]
    tools = [find_tool(name) for name in names]
    system = prompts.planning_prompt(tools, memory, draft)
    schema = plan_schema(tools)
    left = room(surroundings.model, system + state["request"] + json.dumps(schema))
    earlier = prompts.history(
        state.get("turns", []), min(left, surroundings.settings.history_characters)
    )
    asked = [SystemMessage(f"{system}\n\n{earlier}".strip()), HumanMessage(state["request"])]
    try:
        return fill(surroundings.model, schema, asked, usable_plan)
    except (UnusableReplyError, ModelInvalidRequestError) as error:
        said_so = draft.model_copy(update={"message": f"{FALLBACK} {draft.message}".strip()})
        return said_so, error.usage if isinstance(error, UnusableReplyError) else Usage()


def usable_plan(reply: Any) -> Plan:
    """Reads a model's plan.

    Raises:
        ValidationError: It has not the form of a plan.
        ValueError: It says nothing, does nothing, calls what there is not, or repeats itself.
    """
    plan = Plan.model_validate(reply)
    unknown = [step.tool for step in plan.steps if step.tool not in all_tools()]
    if unknown:
        message = f"there is no tool {unknown[0]}"
        raise ValueError(message)
    for number, step in enumerate(plan.steps, start=1):
        later = [n for n in references(step.args) if not 1 <= n < number]
        if later:
            message = f"step {number} uses ${later[0]}, which no step before it makes"
            raise ValueError(message)
        if any((step.tool, step.args) == (s.tool, s.args) for s in plan.steps[: number - 1]):
            message = f"step {number} repeats an earlier one"
            raise ValueError(message)
    if plan.outcome == "act" and not plan.steps:
        message = "outcome act needs at least one step"
        raise ValueError(message)
    if plan.outcome != "act" and not plan.message.strip():
        message = f"outcome {plan.outcome} needs a message"
        raise ValueError(message)
    return plan

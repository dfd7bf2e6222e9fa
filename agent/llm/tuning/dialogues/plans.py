"""Dialogues in which a request becomes a plan, put to the model as the agent puts it."""

import random

from agent import prompts
from agent.llm.embedded.planner import Planner
from agent.llm.tuning.dialogues.dialogue import Dialogue, compact, said
from agent.llm.tuning.dialogues.requests import Labelled
from agent.plan import Plan, PlannedCall
from agent.planning import TOOLS_SHOWN
from tools.registry import find_tool

SPOILED = 0.2
"""Share of drafts in which a mistake is put, beside those that the planner makes itself."""
LEFT_OUT = 0.15
"""Share of drafts that are not shown: the model must be able to plan alone."""


def plan_dialogue(labelled: Labelled, planner: Planner, random_: random.Random) -> Dialogue:
    """Returns a request with the embedded planner's draft, and the plan that it wants.

    Args:
        labelled: The request and its plan.
        planner: Drafts as it does in the agent.
        random_: Decides which drafts are spoiled or left out.
    """
    draft = planner.plan(labelled.text, labelled.memory)
    names = [step.tool for step in draft.steps]
    shown = draft
    fate = random_.random()
    if draft.outcome == "act" and fate < SPOILED:
        shown = spoiled(draft, list(planner.likely(labelled.text)), random_)
        names = [step.tool for step in shown.steps]
    elif fate > 1 - LEFT_OUT:
        shown = Plan(outcome="chat")
        names = []
    wanted = [step.tool for step in labelled.plan.steps]
    likely = planner.likely(labelled.text)
    # The draft's tools come first, as in the agent; what the plan needs is always among them.
    known = list(dict.fromkeys([*names, *likely[:TOOLS_SHOWN]]))[:TOOLS_SHOWN]
    lacking = [name for name in dict.fromkeys(wanted) if name not in known]
    known = [*known[: TOOLS_SHOWN - len(lacking)], *lacking]
    tools = [find_tool(name) for name in known]
    messages = [
        said("system", prompts.planning_prompt(tools, labelled.memory, shown)),
        said("user", labelled.text),
        said("assistant", compact(labelled.plan.model_dump())),
    ]
    return Dialogue("plan", labelled.text, messages, [])


def spoiled(plan: Plan, likely: list[str], random_: random.Random) -> Plan:
    """Returns a plan with one mistake: a wrong tool, a step or argument too few or too many."""
    steps = [step.model_copy(deep=True) for step in plan.steps]
    at = random_.randrange(len(steps))
    step = steps[at]
    match random_.choice(("tool", "step", "argument", "value")):
        case "tool":
            other = random_.choice([name for name in likely[:4] if name != step.tool] or likely)
            steps[at] = PlannedCall(request=step.request, tool=other, args=step.args)
        case "step" if len(steps) > 1:
            del steps[at]
        case "step":
            other = random_.choice(likely[:4])
            steps.append(PlannedCall(request=step.request, tool=other, args=step.args))
        case "argument" if step.args:
            step.args.pop(random_.choice(list(step.args)))
        case _:
            words = plan.steps[at].request.split()
            step.args[random_.choice([*step.args, "dataset"])] = random_.choice(words or ["model"])
    return Plan(outcome="act", steps=steps)

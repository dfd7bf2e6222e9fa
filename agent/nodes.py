"""The nodes of the graph; each reads the state and returns what it changes."""

import json
from collections.abc import Sequence
from typing import Any

from langchain.agents import create_agent
from langchain_core.exceptions import ModelInvalidRequestError
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langgraph.runtime import Runtime

from agent import policy, prompts
from agent.llm.budget import context_tokens
from agent.llm.embedded.model import PLANNED_CALL, EmbeddedModel
from agent.llm.usage import Usage
from agent.plan import Memory, Plan, PlannedCall
from agent.planning import make_plan
from agent.screen import redact
from agent.screen import screen as judge
from agent.state import State, StopReason, Surroundings, Turn
from agent.toolbox import AgentTool
from agent.turn import (
    memory_of,
    outcomes_of,
    passages_of,
    remember,
    resolve,
    stop_reason,
    unmet,
)
from agent.verify import check, drop, mark, traceable
from tools.registry import all_tools

PROPOSED = "The language model made no call that fits; the planner's proposal was made."
ENDINGS: dict[str, StopReason] = {
    "needs_input": "needs_input", "refused": "refused", "chat": "answered",
}  # fmt: skip

Change = dict[str, Any]


def screen(state: State, runtime: Runtime[Surroundings]) -> Change:
    """Opens the turn: clears what the last one left, redacts identifiers, refuses the unsafe."""
    verdict = judge(state["request"])
    fresh: Change = {
        "request": redact(state["request"]).text, "plan": Plan(outcome="chat").model_dump(),
        "step": 0, "outcomes": [], "passages": [], "answers": [], "faults": [],
        "repaired": False, "answer": "", "stop_reason": None, "usage": Usage().model_dump(),
    }  # fmt: skip
    if verdict.refused:
        fresh |= _close(
            {**state, "request": fresh["request"]}, runtime.context, verdict.message, "refused"
        )
    return fresh


def plan(state: State, runtime: Runtime[Surroundings]) -> Change:
    """Turns the request into an ordered list of typed calls, or into a question or reply."""
    memory = memory_of(state.get("memory"), runtime.context.workspace)
    made, usage = make_plan(state, memory, runtime.context)
    waits = made.outcome == "needs_input" and bool(made.steps)
    memory.pending = made if waits else None
    change: Change = {
        "plan": made.model_dump(), "memory": memory.model_dump(), "usage": usage.model_dump(),
    }  # fmt: skip
    if made.outcome != "act":
        change |= _close(state, runtime.context, made.message, ENDINGS[made.outcome])
    elif made.message:
        change["answers"] = [made.message]
    return change


def step(state: State, runtime: Runtime[Surroundings]) -> Change:
    """Does one step: an agent that sees this step's tool and nothing else."""
    number = state["step"] + 1
    planned = PlannedCall.model_validate(state["plan"]["steps"][number - 1])
    lacking = unmet(planned, state["outcomes"])
    if lacking is not None:
        builds_on = state["plan"]["steps"][lacking - 1]["tool"]
        text = f"{planned.tool} was left out: {builds_on} made nothing that it can use."
        return {"step": number, "answers": [*state["answers"], text]}

    surroundings = runtime.context
    surroundings.cited = len(state["passages"])
    args = resolve(planned.args, state["outcomes"])
    # The planner mends spelling and splits; what asks for one thing is answered as it was asked.
    is_whole = len(state["plan"]["steps"]) == 1 and not planned.restated
    asked = state["request"] if is_whole else planned.request
    said = HumanMessage(
        asked, additional_kwargs={PLANNED_CALL: {"tool": planned.tool, "args": args}}
    )
    if not isinstance(surroundings.model, EmbeddedModel):
        said.content = f"{asked}\n\nProposed: {planned.tool}({json.dumps(args)})"
    messages = _agent(planned.tool, surroundings).invoke({"messages": [said]})["messages"]

    made = outcomes_of(messages, number)
    memory = Memory.model_validate(state["memory"])
    for outcome in made:
        remember(memory, outcome, asked)
    failed = (
        made and made[-1]["status"] == "error" and isinstance(surroundings.model, EmbeddedModel)
    )
    answer = messages[-1].text.strip()
    if made and (failed or not answer):
        answer = made[-1]["summary"]
    if answer.startswith(policy.OUT_OF_CALLS) and made:
        answer = f"{policy.OUT_OF_CALLS} {made[-1]['summary']}"
    if any(m.additional_kwargs.get(policy.PROPOSED) for m in messages):
        answer = f"{answer}\n\n{PROPOSED}"
    change: Change = {
        "step": number,
        "outcomes": [*state["outcomes"], *made],
        "passages": [*state["passages"], *passages_of(made)],
        "answers": [*state["answers"], answer],
        "memory": memory.model_dump(),
        "usage": _spent(state, messages),
    }
    if answer.startswith((policy.GIVEN_UP, policy.OUT_OF_CALLS)):
        change["stop_reason"] = "limit"
    elif surroundings.cancelled.is_set() or (made and made[-1]["kind"] == "cancelled"):
        change["stop_reason"] = "cancelled"
    return change


def verify(state: State, runtime: Runtime[Surroundings]) -> Change:
    """Traces every citation, quotation and number; what fails after one repair is marked."""
    answer = state["answer"] if state["repaired"] else "\n\n".join(filter(None, state["answers"]))
    results = traceable(state["outcomes"])
    written = answer
    for told in (o["summary"] for o in state["outcomes"] if o["status"] == "error"):
        written = written.replace(told, "")  # a tool's own words on what is wrong with a call
    faults = check(written, state["passages"], results, state["request"])
    if faults and not state["repaired"]:
        return {"answer": answer, "faults": faults}
    reason = state.get("stop_reason") or stop_reason(state["outcomes"])
    return {"faults": faults} | _close(state, runtime.context, mark(answer, faults), reason)


def repair(state: State, runtime: Runtime[Surroundings]) -> Change:
    """Has the answer written once more without what could not be traced."""
    model = runtime.context.model
    if isinstance(model, EmbeddedModel):
        told = "\n".join(outcome["summary"] for outcome in state["outcomes"])
        return {"repaired": True, "answer": drop(state["answer"], state["faults"]) or told}
    text = prompts.REPAIRING.format(faults="\n".join(state["faults"]), answer=state["answer"])
    try:
        said = model.invoke([SystemMessage(prompts.ROLE), HumanMessage(text)])
    except ModelInvalidRequestError:  # too long for the model's context
        said = AIMessage("")
    answer = said.text.strip() or drop(state["answer"], state["faults"])
    return {"repaired": True, "answer": answer, "usage": _spent(state, [said])}


def _close(state: State, surroundings: Surroundings, answer: str, reason: StopReason) -> Change:
    sampling = surroundings.sampling
    turn: Turn = {
        "request": state["request"], "answer": answer,
        "sampling": sampling.model_dump() if sampling else None,
    }  # fmt: skip
    return {
        "answer": answer, "stop_reason": reason, "turns": [*state.get("turns", []), turn],
    }  # fmt: skip


def _spent(state: State, messages: Sequence[BaseMessage]) -> dict[str, int]:
    """Returns what the turn has cost with these messages."""
    return (Usage.model_validate(state.get("usage", {})) + Usage.of(messages)).model_dump()


def _agent(name: str, surroundings: Surroundings) -> Any:
    """Returns the compiled agent of a step; compiling costs more than a literature search."""
    if name not in surroundings.agents:
        tool = all_tools()[name]
        surroundings.agents[name] = create_agent(
            surroundings.model,
            tools=[AgentTool.of(tool)],
            system_prompt=f"{prompts.ROLE}\n{prompts.STEPPING}",
            middleware=policy.middleware(
                tool, surroundings.settings, context_tokens(surroundings.model)
            ),
            context_schema=Surroundings,
        )
    return surroundings.agents[name]

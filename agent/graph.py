"""The agent on one screen: screen → plan → (step)* → verify → (repair once) → end."""

from typing import Any, Literal

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from agent.nodes import plan, repair, screen, step, verify
from agent.plan import MAXIMUM_STEPS
from agent.state import State, Surroundings


def build_graph(
    checkpointer: BaseCheckpointSaver[Any] | None = None,
) -> CompiledStateGraph[State, Surroundings, State, State]:
    """Returns the compiled graph; a thread of it is one conversation."""
    graph = StateGraph(State, context_schema=Surroundings)
    graph.add_node("screen", screen)
    graph.add_node("plan", plan)
    graph.add_node("step", step)
    graph.add_node("verify", verify)
    graph.add_node("repair", repair)

    graph.add_edge(START, "screen")
    graph.add_conditional_edges("screen", _unless_stopped, {"go on": "plan", "stop": END})
    graph.add_conditional_edges("plan", _unless_stopped, {"go on": "step", "stop": END})
    graph.add_conditional_edges("step", _more_steps, ["step", "verify"])
    graph.add_conditional_edges("verify", _needs_repair, {"repair": "repair", "done": END})
    graph.add_edge("repair", "verify")
    return graph.compile(checkpointer=checkpointer)


def _unless_stopped(state: State) -> Literal["go on", "stop"]:
    return "stop" if state.get("stop_reason") else "go on"


def _more_steps(state: State) -> Literal["step", "verify"]:
    planned = len(state["plan"]["steps"])
    done = state["step"] >= min(planned, MAXIMUM_STEPS)
    return "verify" if done or state.get("stop_reason") else "step"


def _needs_repair(state: State) -> Literal["repair", "done"]:
    return "repair" if state["faults"] and not state["repaired"] else "done"

"""The rules of one step as LangChain middleware: approval, limits, retries, and when to give up."""

from typing import Any

from langchain.agents.middleware import (
    AgentMiddleware,
    AgentState,
    ClearToolUsesEdit,
    ContextEditingMiddleware,
    HumanInTheLoopMiddleware,
    ModelCallLimitMiddleware,
    ModelRetryMiddleware,
    hook_config,
)
from langchain.agents.middleware.types import ToolCallRequest
from langchain_core.messages import AIMessage, ToolMessage
from langgraph.runtime import Runtime

from agent.settings import Settings
from agent.state import Surroundings
from models.errors import ToolError
from tools.registry import Tool, find_tool

CONTEXT_TOKENS = 6000
"""Tool results beyond this are condensed to placeholders, the newest kept."""

GIVEN_UP = "I stopped here: the same call failed twice. "


def middleware(tools: list[Tool], settings: Settings) -> list[AgentMiddleware[Any, Any, Any]]:
    """Returns the middleware of a step that may call these tools."""
    return [
        HumanInTheLoopMiddleware(
            {
                tool.name: {"allowed_decisions": ["approve", "edit", "reject"], "when": _costly}
                for tool in tools
                if tool.estimate
            }
        ),
        ModelCallLimitMiddleware(run_limit=settings.model_calls, exit_behavior="end"),
        ModelRetryMiddleware(max_retries=2, retry_on=_transient, on_failure="error"),
        ContextEditingMiddleware(edits=[ClearToolUsesEdit(trigger=CONTEXT_TOKENS, keep=1)]),
        RepeatedFailure(),
    ]


class RepeatedFailure(AgentMiddleware[Any, Any, Any]):
    """Ends a step in which the same call failed twice."""

    @hook_config(can_jump_to=["end"])
    def before_model(self, state: AgentState[Any], runtime: Runtime[Any]) -> dict[str, Any] | None:
        """Looks back over the step's calls before the model may make another."""
        calls = {
            call["id"]: (call["name"], repr(sorted(call["args"].items())))
            for message in state["messages"]
            if isinstance(message, AIMessage)
            for call in message.tool_calls
        }
        failed = [
            (calls.get(message.tool_call_id), message.text)
            for message in state["messages"]
            if isinstance(message, ToolMessage) and message.status == "error"
        ]
        if len(failed) < 2 or failed[-1][0] not in [call for call, _ in failed[:-1]]:
            return None
        return {"messages": [AIMessage(GIVEN_UP + failed[-1][1])], "jump_to": "end"}


def _costly(request: ToolCallRequest) -> bool:
    """Tells whether a call is estimated to take so long that a person should agree to it."""
    surroundings = request.runtime.context
    if not isinstance(surroundings, Surroundings) or surroundings.approve_all:
        return False
    tool = find_tool(request.tool_call["name"])
    try:
        arguments = tool.parse(request.tool_call["args"])
        seconds = tool.estimate(arguments, surroundings.workspace) if tool.estimate else 0.0
    except ToolError:
        return False  # the call will be refused with its faults; there is nothing to approve
    return seconds > surroundings.settings.approval_seconds


def _transient(error: Exception) -> bool:
    import openai

    return isinstance(
        error, openai.APITimeoutError | openai.RateLimitError | openai.InternalServerError
    )

"""The rules of one step as LangChain middleware: approval, limits, calls, when to give up."""

import uuid
from collections.abc import Callable
from typing import Any

from langchain.agents.middleware import (
    AgentMiddleware,
    AgentState,
    ClearToolUsesEdit,
    ContextEditingMiddleware,
    HumanInTheLoopMiddleware,
    InterruptOnConfig,
    ModelCallLimitMiddleware,
    hook_config,
)
from langchain.agents.middleware.types import ModelRequest, ModelResponse, ToolCallRequest
from langchain_core.exceptions import ModelInvalidRequestError
from langchain_core.messages import AIMessage, ToolMessage
from langgraph.runtime import Runtime

from agent.llm.embedded.model import PLANNED_CALL
from agent.llm.schemas import call_schema
from agent.settings import Settings
from agent.state import Surroundings
from models.errors import ToolError
from tools.execution import CancellationError
from tools.registry import Tool, find_tool

CONTEXT_TOKENS = 6000
"""Tool results beyond this are condensed to placeholders, the newest kept."""

GIVEN_UP = "I stopped here: the same call failed twice. "
OUT_OF_CALLS = "I stopped here: the language model has made as many calls as a step may have. "
LIMIT_MARK = "Model call limits exceeded"
"""How the message begins that LangChain's limit ends a step with."""


PROPOSED = "proposed"
"""Key of an AI message's additional_kwargs: the call is the plan's, not the model's."""


def middleware(
    tool: Tool, settings: Settings, context: int | None
) -> list[AgentMiddleware[Any, Any, Any]]:
    """Returns the middleware of a step that calls this tool.

    Args:
        tool: The one tool of the step.
        settings: The limits.
        context: Tokens that a prompt may have; None where they are not known.
    """
    costly: InterruptOnConfig = {
        "allowed_decisions": ["approve", "edit", "reject"], "when": _costly,
    }  # fmt: skip
    trigger = min(CONTEXT_TOKENS, (context or CONTEXT_TOKENS) // 2)
    return [
        HumanInTheLoopMiddleware({tool.name: costly} if tool.estimate else {}),
        ModelCallLimitMiddleware(run_limit=settings.model_calls, exit_behavior="end"),
        ContextEditingMiddleware(edits=[ClearToolUsesEdit(trigger=trigger, keep=1)]),
        RepeatedFailure(),
        ForcedCall(tool),
    ]


class ForcedCall(AgentMiddleware[Any, Any, Any]):
    """Holds the model to the step's tool; where it cannot call it, the plan's own call is made.

    The first reply must be a call, and the server is given the tool's schema to hold it to. After
    a call that failed the model is free to correct it; after one that succeeded it only answers.

    Args:
        tool: The one tool of the step.
    """

    def __init__(self, tool: Tool) -> None:
        super().__init__()
        self._tool = tool
        self._schema = call_schema(tool)

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any] | AIMessage:
        """Makes one call of the model under these rules."""
        held = request.override(tools=[self._schema])
        results = [m for m in request.messages if isinstance(m, ToolMessage)]
        try:
            if not results:
                return self._call(request, held, handler)
            done = results[-1].status == "success"
            return handler(held.override(tool_choice="none") if done else held)
        except ModelInvalidRequestError:  # too long for the model's context
            return AIMessage(results[-1].text if results else "")
        except CancellationError:
            return AIMessage("")

    def _call(
        self,
        request: ModelRequest[Any],
        held: ModelRequest[Any],
        handler: Callable[[ModelRequest[Any]], ModelResponse[Any]],
    ) -> ModelResponse[Any] | AIMessage:
        spent = None
        # Some servers know neither a named choice nor strict schemas; the plain form is next.
        for attempt in (held.override(tool_choice=self._tool.name), request):
            try:
                response = handler(attempt)
            except ModelInvalidRequestError:
                continue
            said = response.result[-1]
            if isinstance(said, AIMessage) and said.tool_calls:
                return response
            spent = said.usage_metadata if isinstance(said, AIMessage) else None
            break
        planned = next(
            m.additional_kwargs[PLANNED_CALL]
            for m in reversed(request.messages)
            if PLANNED_CALL in m.additional_kwargs
        )
        call = {"name": planned["tool"], "args": planned["args"], "id": uuid.uuid4().hex}
        return AIMessage(
            "", tool_calls=[call], additional_kwargs={PROPOSED: True}, usage_metadata=spent
        )


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

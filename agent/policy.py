"""The rules of one step as LangChain middleware: approval, limits, calls, when to give up."""

import uuid
from collections.abc import Callable
from typing import Any

from langchain.agents.middleware import (
    AgentMiddleware,
    ClearToolUsesEdit,
    ContextEditingMiddleware,
    HumanInTheLoopMiddleware,
    InterruptOnConfig,
)
from langchain.agents.middleware.types import ModelRequest, ModelResponse, ToolCallRequest
from langchain_core.exceptions import ModelInvalidRequestError
from langchain_core.messages import AIMessage, AnyMessage, ToolMessage
from langchain_core.messages.utils import count_tokens_approximately

from agent.llm.embedded.model import PLANNED_CALL
from agent.llm.schemas import call_schema
from agent.settings import Settings
from agent.state import Surroundings
from models.errors import ToolError
from tools.execution import CancellationError
from tools.registry import Tool, find_tool

CONTEXT_TOKENS = 6000
"""Tool results beyond this are condensed to placeholders, the newest kept."""

GIVEN_UP = "I stopped here: the same call failed twice."
OUT_OF_CALLS = "I stopped here: the language model has made as many calls as a step may have."
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
    rules: list[AgentMiddleware[Any, Any, Any]] = [
        Limits(settings.model_calls), Condensing(trigger), ForcedCall(tool),
    ]  # fmt: skip
    # Rules around the model's call cost nothing; this one is a node of the graph.
    return [HumanInTheLoopMiddleware({tool.name: costly}), *rules] if tool.estimate else rules


class Limits(AgentMiddleware[Any, Any, Any]):
    """Ends a step in which the same call failed twice, or the model was called too often.

    Args:
        calls: Calls of the model that a step may have.
    """

    def __init__(self, calls: int) -> None:
        super().__init__()
        self._calls = calls

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any] | AIMessage:
        """Looks back over the step before the model is called once more."""
        if failure := _failed_twice(request.messages):
            return AIMessage(f"{GIVEN_UP} {failure}")
        if sum(isinstance(message, AIMessage) for message in request.messages) >= self._calls:
            return AIMessage(OUT_OF_CALLS)
        return handler(request)


class Condensing(ContextEditingMiddleware[Any, Any]):
    """Condenses older results of tools where they are long; only then are messages copied.

    Args:
        trigger: Tokens of a conversation from which that is done.
    """

    def __init__(self, trigger: int) -> None:
        super().__init__(edits=[ClearToolUsesEdit(trigger=trigger, keep=1)])
        self._trigger = trigger

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any] | AIMessage:
        """Calls the model with a conversation of bearable length."""
        if count_tokens_approximately(request.messages) <= self._trigger:
            return handler(request)
        return super().wrap_model_call(request, handler)


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


def _failed_twice(messages: list[AnyMessage]) -> str | None:
    """Returns what was said of the newest call that failed, if it had failed before."""
    failed = [m for m in messages if isinstance(m, ToolMessage) and m.status == "error"]
    if len(failed) < 2:
        return None
    calls = {
        call["id"]: (call["name"], repr(sorted(call["args"].items())))
        for message in messages
        if isinstance(message, AIMessage)
        for call in message.tool_calls
    }
    *before, last = (calls.get(message.tool_call_id) for message in failed)
    return failed[-1].text if last in before else None


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

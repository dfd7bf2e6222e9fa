"""A reply in a JSON schema: constrained by the server where it can, checked, repaired once."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.runnables import Runnable
from pydantic import ValidationError

from agent.llm.usage import Usage

T = TypeVar("T")

TRIES = 2

SHOWN = 2000
"""Characters of an unusable reply that the model is shown again."""

CUT_OFF = "it was cut off before its end; be brief"

REPAIR = "That reply cannot be used: {fault}. Reply again with JSON that fits the schema."


class UnusableReplyError(Exception):
    """The model gave no reply that fits, however often it was asked.

    Args:
        fault: What was wrong with the last one.
        usage: What the tries have cost.
    """

    def __init__(self, fault: str, usage: Usage) -> None:
        super().__init__(fault)
        self.usage = usage


def fill(
    model: BaseChatModel,
    schema: dict[str, Any],
    messages: Sequence[BaseMessage],
    read: Callable[[Any], T],
) -> tuple[T, Usage]:
    """Has the model reply in a schema.

    Args:
        model: Its server constrains the reply where it can.
        schema: JSON schema with a title.
        messages: The conversation.
        read: Turns the reply's JSON into the result; raises ValueError (pydantic's is one).

    Returns:
        The result, and what it cost.

    Raises:
        UnusableReplyError: The last try cannot be used either.
    """
    asked = model.with_structured_output(schema, include_raw=True)
    said = list(messages)
    usage = Usage()
    fault = CUT_OFF
    for _ in range(TRIES):
        reply = _reply(asked, said)
        usage += reply.usage
        fault = CUT_OFF
        if reply.complete:
            try:
                return read(reply.content), usage
            except ValueError as error:
                fault = _words(error)
        repair = HumanMessage(REPAIR.format(fault=fault))
        said = [*messages, AIMessage(reply.text[:SHOWN]), repair]
    raise UnusableReplyError(fault, usage)


@dataclass(frozen=True)
class _Reply:
    """What came back: its JSON, its text, and whether it was cut off."""

    content: Any
    text: str
    usage: Usage
    complete: bool


def _reply(asked: Runnable[Any, Any], said: list[BaseMessage]) -> _Reply:
    from openai import LengthFinishReasonError

    try:
        reply = asked.invoke(said)
    except LengthFinishReasonError as error:
        told = error.completion.usage
        cost = Usage(input=told.prompt_tokens, output=told.completion_tokens) if told else Usage()
        return _Reply(None, "", cost, complete=False)
    raw: AIMessage = reply["raw"]
    # The server may have given it as a call; as text any server takes it back.
    text = raw.text or json.dumps([call["args"] for call in raw.tool_calls])
    # A parser would quietly close the brackets of what was cut off.
    complete = raw.response_metadata.get("finish_reason") != "length"
    return _Reply(reply["parsed"], text, Usage.of([raw]), complete)


def _words(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    return "; ".join(
        f"{'.'.join(map(str, detail['loc'])) or 'reply'}: {detail['msg']}"
        for detail in error.errors()[:5]
    )

"""A reply in a JSON schema: constrained by the server where it can, checked, repaired once."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.runnables import Runnable
from pydantic import ValidationError

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
        tokens: What the tries have cost.
    """

    def __init__(self, fault: str, tokens: int) -> None:
        super().__init__(fault)
        self.tokens = tokens


def fill(
    model: BaseChatModel,
    schema: dict[str, Any],
    messages: Sequence[BaseMessage],
    read: Callable[[Any], T],
) -> tuple[T, int]:
    """Has the model reply in a schema.

    Args:
        model: Its server constrains the reply where it can.
        schema: JSON schema with a title.
        messages: The conversation.
        read: Turns the reply's JSON into the result; raises ValueError (pydantic's is one).

    Returns:
        The result, and the tokens that it took.

    Raises:
        UnusableReplyError: The last try cannot be used either.
    """
    asked = model.with_structured_output(schema, include_raw=True)
    said = list(messages)
    tokens = 0
    fault = CUT_OFF
    for _ in range(TRIES):
        reply = _reply(asked, said)
        tokens += reply.tokens
        fault = CUT_OFF
        if reply.complete:
            try:
                return read(reply.content), tokens
            except ValueError as error:
                fault = _words(error)
        repair = HumanMessage(REPAIR.format(fault=fault))
        said = [*messages, AIMessage(reply.text[:SHOWN]), repair]
    raise UnusableReplyError(fault, tokens)


@dataclass(frozen=True)
class _Reply:
    """What came back: its JSON, its text, and whether it was cut off."""

    content: Any
    text: str
    tokens: int
    complete: bool


def _reply(asked: Runnable[Any, Any], said: list[BaseMessage]) -> _Reply:
    from openai import LengthFinishReasonError

    try:
        reply = asked.invoke(said)
    except LengthFinishReasonError as error:
        usage = error.completion.usage
        return _Reply(None, "", usage.total_tokens if usage else 0, complete=False)
    raw: AIMessage = reply["raw"]
    # The server may have given it as a call; as text any server takes it back.
    text = raw.text or json.dumps([call["args"] for call in raw.tool_calls])
    tokens = raw.usage_metadata["total_tokens"] if raw.usage_metadata else 0
    # A parser would quietly close the brackets of what was cut off.
    complete = raw.response_metadata.get("finish_reason") != "length"
    return _Reply(reply["parsed"], text, tokens, complete)


def _words(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    return "; ".join(
        f"{'.'.join(map(str, detail['loc'])) or 'reply'}: {detail['msg']}"
        for detail in error.errors()[:5]
    )

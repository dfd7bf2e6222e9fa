"""A language model that says what it was told to say: for tests and for replaying a transcript."""

from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from pydantic import Field, PrivateAttr


class ScriptedModel(BaseChatModel):
    """Returns the messages of its script in order; raises those that are exceptions.

    Attributes:
        script: Messages, exceptions, or functions of the conversation so far to a message; untyped,
            since pydantic would try to make messages of exceptions.
        heard: Every conversation it was called with.
    """

    script: Sequence[Any]
    heard: list[list[BaseMessage]] = Field(default_factory=list)
    _next: int = PrivateAttr(default=0)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        """Returns itself: the script already knows which tools it calls."""
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        self.heard.append(messages)
        if self._next >= len(self.script):
            message = f"the script ended after {len(self.script)} messages"
            raise IndexError(message)
        entry = self.script[self._next]
        self._next += 1
        if isinstance(entry, Exception):
            raise entry
        said: AIMessage = entry if isinstance(entry, AIMessage) else entry(messages)
        return ChatResult(generations=[ChatGeneration(message=said)])

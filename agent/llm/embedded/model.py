"""The embedded planner as a chat model: it needs no GPU, no download and no network."""

import uuid
from collections.abc import Sequence
from functools import cache
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable, RunnableLambda

from agent.llm.embedded.answers import write_answer
from agent.plan import Memory, Plan
from tools.registry import all_tools

PLANNED_CALL = "planned_call"
"""Key of a message's additional_kwargs, in which the graph hands over what is already typed."""


@cache
def load_planner() -> Any:
    """Returns the planner of all tools; loading it takes a second, once."""
    from agent.llm.embedded.planner import Planner
    from retrieval.embedding.embedder import load_embedder

    return Planner(all_tools(), load_embedder())


class EmbeddedModel(BaseChatModel):
    """Plans with sentence embeddings and writes answers from tool results only.

    It is not a language model: it makes the call that was planned, and its sentences are those of
    the tools and quotations from the library.
    """

    @property
    def _llm_type(self) -> str:
        return "embedded"

    def plan(self, request: str, memory: Memory) -> Plan:
        """Plans a request in the light of what earlier turns left behind."""
        planned: Plan = load_planner().plan(request, memory)
        return planned

    def likely(self, request: str) -> list[str]:
        """Returns all tools, those that a request is likeliest for first."""
        names: list[str] = load_planner().likely(request)
        return names

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        """Returns itself: which tool to call is in the planned step."""
        return self

    def with_structured_output(self, schema: Any, **kwargs: Any) -> Runnable[Any, Any]:
        """Returns the planner, the one structured output this model has.

        Raises:
            ValueError: The schema is another than `Plan`.
        """
        if schema is not Plan:
            message = "the embedded planner fills no other schema than Plan"
            raise ValueError(message)

        def plan(messages: list[BaseMessage]) -> Plan:
            return self.plan(messages[-1].text, Memory())

        return RunnableLambda(plan)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        position = max(i for i, m in enumerate(messages) if isinstance(m, HumanMessage))
        question = messages[position]
        results = [m for m in messages[position:] if isinstance(m, ToolMessage)]
        if results:
            said = AIMessage(write_answer(question.text, results[-1]))
        else:
            call = question.additional_kwargs[PLANNED_CALL]
            made = {"name": call["tool"], "args": call["args"], "id": uuid.uuid4().hex}
            said = AIMessage("", tool_calls=[made])
        return ChatResult(generations=[ChatGeneration(message=said)])

"""A model folder as a chat model, run by transformers in this process: no server is needed."""

import json
import re
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, convert_to_openai_messages
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_core.utils.function_calling import convert_to_openai_tool

from agent.llm.tuning.learning.folder import load_folder

CALL = re.compile(r"<tool_call>\s*(\{.*?\})\s*</tool_call>", re.DOTALL)
THOUGHTS = re.compile(r"^.*?</think>\s*", re.DOTALL)
ANSWER_TOKENS = 512


class LocalModel(BaseChatModel):
    """Replies greedily; calls are read in the Hermes form, plans as JSON.

    A server holds replies to a schema while they are written; here they are only checked.
    """

    model: Any
    encoder: Any
    answer_tokens: int = ANSWER_TOKENS

    @classmethod
    def load(cls, folder: Path) -> "LocalModel":
        """Loads a model folder.

        Raises:
            PrerequisiteError: It holds no model that can be loaded.
        """
        model, encoder = load_folder(folder)
        context = getattr(model.config, "max_position_embeddings", None)
        profile = {"max_input_tokens": context - ANSWER_TOKENS} if context else None
        return cls(model=model, encoder=encoder, profile=profile)

    @property
    def _llm_type(self) -> str:
        return "local"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        """Returns the model with tools that it may call."""
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools])

    def with_structured_output(
        self, schema: Any, *, include_raw: bool = False, **kwargs: Any
    ) -> Runnable[Any, Any]:
        """Returns the model with replies read as JSON; `parsed` is None where they are none."""

        def read(messages: list[BaseMessage]) -> Any:
            raw = self.invoke(messages)
            try:
                parsed = json.loads(raw.text)
            except ValueError:
                parsed = None
            return {"raw": raw, "parsed": parsed} if include_raw else parsed

        return RunnableLambda(read)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        asked = [_read(message) for message in convert_to_openai_messages(messages)]
        text, cost = self.complete(self.encoder.prompt(asked, kwargs.get("tools") or []))
        calls = [
            {"name": call["name"], "args": call.get("arguments", {}), "id": uuid.uuid4().hex}
            for call in map(_call, CALL.findall(text))
            if call
        ]
        said = AIMessage(CALL.sub("", text).strip() if calls else text, tool_calls=calls)
        reason = "length" if cost["output_tokens"] >= self.answer_tokens else "stop"
        said.response_metadata = {"finish_reason": reason}
        said.usage_metadata = cost
        return ChatResult(generations=[ChatGeneration(message=said)])

    def complete(self, prompt: str) -> tuple[str, UsageMetadata]:
        """Returns the reply to a prompt without thoughts, and the tokens of both."""
        import torch

        tokenizer = self.encoder.tokenizer
        tokens = torch.tensor(
            [tokenizer.encode(prompt, add_special_tokens=False)], device=self.model.device
        )
        self.model.eval()
        with torch.inference_mode():
            made = self.model.generate(
                tokens, attention_mask=torch.ones_like(tokens), do_sample=False,
                max_new_tokens=self.answer_tokens, pad_token_id=tokenizer.pad_token_id,
            )[0, tokens.shape[1] :]  # fmt: skip
        text = tokenizer.decode(made, skip_special_tokens=True)
        read, written = tokens.shape[1], len(made)
        cost = UsageMetadata(input_tokens=read, output_tokens=written, total_tokens=read + written)
        return THOUGHTS.sub("", text).strip(), cost


def _read(message: dict[str, Any]) -> dict[str, Any]:
    """Returns a message with the arguments of its calls as objects, as chat templates want them."""
    calls = [
        call
        | {"function": call["function"] | {"arguments": json.loads(call["function"]["arguments"])}}
        for call in message.get("tool_calls") or []
    ]
    return message | {"tool_calls": calls} if calls else message


def _call(text: str) -> dict[str, Any] | None:
    try:
        read = json.loads(text)
    except ValueError:
        return None
    return read if isinstance(read, dict) and isinstance(read.get("name"), str) else None

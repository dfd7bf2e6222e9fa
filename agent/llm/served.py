"""A chat model behind an OpenAI-compatible server, with what servers do otherwise than OpenAI's."""

from collections.abc import Iterator
from typing import Any

import openai
from langchain_core.exceptions import ModelInvalidRequestError, OutputParserException
from langchain_core.output_parsers import JsonOutputParser
from langchain_core.outputs import ChatGenerationChunk
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_openai import ChatOpenAI

REFUSED = 400
"""The code of a request that will never be answered as it is."""

LARGE = ("messages", "tools", "response_format")
"""The parts of a request that hold the words and the schemas."""

_JSON = JsonOutputParser()


class ServedChat(ChatOpenAI):
    """Knows a refusal also in a stream, and sends requests without reading them again.

    A server checks some of a request only when it has begun to stream: the refusal then comes with
    the status of success, and would be taken for a server that fails. What is sent is plain JSON
    already: the client's own walk over it, by its types, would cost as much as all the rest.
    """

    def with_structured_output(
        self, schema: Any = None, *, include_raw: bool = False, **kwargs: Any
    ) -> Runnable[Any, Any]:
        """Returns a runnable whose replies the server holds to a JSON schema.

        For the plain case it is one call, where LangChain's chain of five runnables and two
        threads takes milliseconds of every plan.

        Args:
            schema: A JSON schema with a title; anything else is LangChain's to handle.
            include_raw: Return the message, what was read of it, and the error as a dictionary.
            **kwargs: See `ChatOpenAI`.
        """
        if not isinstance(schema, dict) or not include_raw or kwargs:
            return super().with_structured_output(schema, include_raw=include_raw, **kwargs)
        form = {"name": schema["title"], "schema": schema, "strict": False}
        response_format = {"type": "json_schema", "json_schema": form}

        def ask(messages: Any) -> dict[str, Any]:
            raw = self.invoke(messages, response_format=response_format)
            try:
                return {"raw": raw, "parsed": _JSON.parse(raw.text), "parsing_error": None}
            except OutputParserException as error:
                return {"raw": raw, "parsed": None, "parsing_error": error}

        return RunnableLambda(ask)

    def _get_request_payload(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        payload: dict[str, Any] = super()._get_request_payload(*args, **kwargs)
        unread = {name: payload.pop(name) for name in LARGE if name in payload}
        extra = payload.get("extra_body") or {}
        return payload | {"messages": [], "extra_body": extra | unread}

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        try:
            yield from super()._stream(*args, **kwargs)
        except openai.APIError as error:
            told = error.body if isinstance(error.body, dict) else {}
            if isinstance(error, openai.APIStatusError) or told.get("code") != REFUSED:
                raise
            raise ModelInvalidRequestError(error.message) from error

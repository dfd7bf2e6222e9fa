"""A chat model behind an OpenAI-compatible server, with what servers do otherwise than OpenAI's."""

from collections.abc import Iterator
from typing import Any

import openai
from langchain_core.exceptions import ModelInvalidRequestError
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI

REFUSED = 400
"""The code of a request that will never be answered as it is."""


class ServedChat(ChatOpenAI):
    """Knows a refusal also where it comes in the stream.

    A server checks some of a request only when it has begun to stream: the refusal then comes with
    the status of success, and would be taken for a server that fails.
    """

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        try:
            yield from super()._stream(*args, **kwargs)
        except openai.APIError as error:
            told = error.body if isinstance(error.body, dict) else {}
            if isinstance(error, openai.APIStatusError) or told.get("code") != REFUSED:
                raise
            raise ModelInvalidRequestError(error.message) from error

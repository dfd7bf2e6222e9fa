"""One schema filled from many texts, at the full throughput of a language model's server."""

import asyncio
import json
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import httpx2

from agent.llm.backends import Endpoint, find_endpoint, is_url
from agent.llm.balance import UNREACHED, AsyncBalancedTransport
from agent.llm.retries import post
from agent.llm.schemas import lean, servable
from agent.llm.structured import CUT_OFF, REPAIR, SHOWN, TRIES
from agent.llm.usage import Sampling, Usage
from agent.settings import Settings
from models.errors import PrerequisiteError

CONCURRENCY = 32
"""Requests at once: enough to keep a server's batches full."""

AHEAD = 4
"""Texts that are taken in advance, times the requests at once: one slow text stops no other."""


@dataclass(frozen=True)
class Extraction:
    """What was made of one text.

    Attributes:
        index: Its place among the texts, from 0.
        content: What the model filled in, which fits the schema; None where it failed.
        error: Why there is none.
        usage: Tokens of all tries.
        seconds: Of all tries, from the first request on.
    """

    index: int
    content: Any | None
    error: str | None = None
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0


class BatchExtractor:
    """Has a server fill a schema from texts, many at once.

    A request that fails on its way is tried again with growing pauses; a reply that does not fit
    is repaired once; what cannot be mended costs its own text alone.

    Args:
        endpoint: The servers; several share the work.
        settings: Key, timeout, temperature and seed.
        concurrency: Requests at once.
    """

    def __init__(
        self, endpoint: Endpoint, settings: Settings, concurrency: int = CONCURRENCY
    ) -> None:
        self.name = endpoint.model
        self.sampling = Sampling(
            model=endpoint.model,
            temperature=settings.temperature,
            seed=settings.seed,
            max_tokens=endpoint.answer_tokens,
        )
        self._endpoint = endpoint
        self._settings = settings
        self._concurrency = concurrency

    @classmethod
    def connect(cls, settings: Settings, concurrency: int = CONCURRENCY) -> "BatchExtractor":
        """Connects to the servers of the setting `llm`.

        Raises:
            PrerequisiteError: It names none, or none answers.
        """
        found = None
        if settings.llm == "auto" or is_url(settings.llm):
            found = find_endpoint(settings)
        if found is None:
            message = "This needs a language model's server."
            raise PrerequisiteError(message, "theriac llm serve MODEL  # then --llm URL")
        return cls(found, settings, concurrency)

    def extract(
        self, texts: Iterable[str], schema: dict[str, Any], instructions: str
    ) -> Iterator[Extraction]:
        """Fills the schema from each text; yields in the order of the texts.

        The texts are taken one by one as there is room for them, in the thread of the caller.
        Ending the iteration cancels what still runs.

        Args:
            texts: What the person's side of each request says.
            schema: JSON schema of an object.
            instructions: What the model is told, the same for all texts.

        Raises:
            PrerequisiteError: No server can be reached any more. All that was made before the
                first text that is lost has been yielded.
        """
        work = _Work(self._endpoint, self._settings, self._concurrency, schema, instructions)
        numbered = enumerate(texts)
        waiting: deque[Future[Extraction]] = deque()
        try:
            waiting.extend(work.start(*one) for one in islice(numbered, AHEAD * self._concurrency))
            while waiting:
                yield waiting.popleft().result()
                waiting.extend(work.start(*one) for one in islice(numbered, 1))
        except UNREACHED as error:
            message = f"No language model answers at {', '.join(self._endpoint.urls)} any more."
            command = "theriac doctor --llm " + ",".join(self._endpoint.urls)
            raise PrerequisiteError(message, command) from error
        finally:
            work.close()


class _Work:
    """An event loop in a thread of its own, with a client for all requests of one batch."""

    def __init__(
        self,
        endpoint: Endpoint,
        settings: Settings,
        concurrency: int,
        schema: dict[str, Any],
        instructions: str,
    ) -> None:
        from jsonschema import Draft202012Validator

        self._validator = Draft202012Validator(lean(schema))
        self._system = {"role": "system", "content": instructions}
        held = servable(schema)
        named = {"name": schema.get("title", "Extraction"), "schema": held, "strict": True}
        self._body = {
            "model": endpoint.model,
            "temperature": settings.temperature,
            "seed": settings.seed,
            "max_completion_tokens": endpoint.answer_tokens,
            "response_format": {"type": "json_schema", "json_schema": named},
        }
        self._places = asyncio.Semaphore(concurrency)
        self._client = httpx2.AsyncClient(
            base_url=endpoint.urls[0],
            transport=AsyncBalancedTransport(endpoint.urls),
            timeout=settings.timeout,
            headers={"Authorization": f"Bearer {settings.llm_key}"},
        )
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def start(self, index: int, text: str) -> Future[Extraction]:
        """Begins with a text as soon as there is a place for it."""
        return asyncio.run_coroutine_threadsafe(self._fill(index, text), self._loop)

    def close(self) -> None:
        """Cancels what still runs and closes the connections."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._client.aclose()

    async def _fill(self, index: int, text: str) -> Extraction:
        async with self._places:
            started = time.monotonic()
            usage, fault = Usage(), ""
            said: list[dict[str, str]] = [self._system, {"role": "user", "content": text}]
            asked = said
            content: Any = None
            for _ in range(TRIES):
                body = self._body | {"messages": asked}
                response = await post(self._client, "chat/completions", body)
                if isinstance(response, str):
                    fault = response
                    break
                reply, fault, content, cost = self._read(response)
                usage += cost
                if not fault:
                    break
                asked = [
                    *said,
                    {"role": "assistant", "content": reply[:SHOWN]},
                    {"role": "user", "content": REPAIR.format(fault=fault)},
                ]
            seconds = time.monotonic() - started
            return Extraction(index, None if fault else content, fault or None, usage, seconds)

    def _read(self, response: dict[str, Any]) -> tuple[str, str, Any, Usage]:
        """Returns a reply's text, what is wrong with it, what it holds, and its tokens."""
        choice = response["choices"][0]
        told = response.get("usage") or {}
        usage = Usage(input=told.get("prompt_tokens", 0), output=told.get("completion_tokens", 0))
        text = choice["message"].get("content") or ""
        if choice.get("finish_reason") == "length":
            return text, CUT_OFF, None, usage
        try:
            content = json.loads(text)
        except ValueError as error:
            return text, f"it is no JSON: {error}", None, usage
        wrong = next(iter(self._validator.iter_errors(content)), None)
        if wrong is not None:
            where = ".".join(map(str, wrong.absolute_path)) or "reply"
            return text, f"{where}: {wrong.message}", None, usage
        return text, "", content, usage

"""How near our batch client comes to the requests per second of a bare asyncio client."""

import asyncio
import json
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import retrieval
from agent.llm.backends import Endpoint, find_endpoint
from agent.llm.batch import BatchExtractor
from agent.llm.schemas import servable
from agent.settings import Settings
from evals.agents.tiny_server import served
from evals.registry import EvalOptions, Report, ReportTable, eval_task

BAR = 0.95
AT_ONCE = 16
TEXTS = 64
REPEATS = 6
TOKENS = 160
INSTRUCTIONS = "Fill in what the text says was found."
SCHEMA: dict[str, Any] = {
    "title": "Finding",
    "type": "object",
    "properties": {
        "treatment": {"type": "string", "maxLength": 40},
        "effect": {"enum": ["better", "worse", "no difference"]},
        "people": {"type": "integer", "minimum": 0, "maximum": 9999},
    },
    "required": ["treatment", "effect", "people"],
    "additionalProperties": False,
}

NAMED = {"name": SCHEMA["title"], "schema": servable(SCHEMA), "strict": True}

Client = Callable[[Sequence[str]], int]
"""Takes texts, returns how many were filled in."""


@eval_task(
    "batch_extraction",
    "structured extraction, our batch client beside bare asyncio clients (bar: 0.95 of the best)",
)
def run(options: EvalOptions) -> Report:
    """Sends the same requests through each client by turns, to the same server."""
    with served(options) as url:
        settings = Settings(llm=url, answer_tokens=TOKENS, timeout=600)
        found = find_endpoint(settings)
        assert found  # noqa: S101  # a server that is named and silent is an error
        extractor = BatchExtractor(found, settings, AT_ONCE)

        def ours(texts: Sequence[str]) -> int:
            made = extractor.extract(texts, SCHEMA, INSTRUCTIONS)
            return sum(one.error is None for one in made)

        clients: dict[str, Client] = {
            "theriac": ours,
            "bare httpx2": lambda texts: asyncio.run(_bare_httpx(found, settings, texts)),
            "bare openai": lambda texts: asyncio.run(_bare_openai(found, settings, texts)),
        }
        texts = _texts(options.limit or TEXTS)
        filled = {name: client(texts) for name, client in clients.items()}  # and warms all up
        seconds = _by_turns(clients, texts)
    return _report(url if options.llm else "a 2-layer model", len(texts), filled, seconds)


def _by_turns(clients: dict[str, Client], texts: Sequence[str]) -> dict[str, list[float]]:
    """Times every client in every round; who begins changes from round to round."""
    seconds: dict[str, list[float]] = {name: [] for name in clients}
    names = list(clients)
    for number in range(REPEATS):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            started = time.perf_counter()
            clients[name](texts)
            seconds[name].append(time.perf_counter() - started)
    return seconds


def _report(
    server: str, count: int, filled: dict[str, int], seconds: dict[str, list[float]]
) -> Report:
    rates = {name: [count / value for value in values] for name, values in seconds.items()}
    peers = [name for name in rates if name != "theriac"]
    best = max(peers, key=lambda name: statistics.median(rates[name]))
    pairs = zip(rates["theriac"], rates[best], strict=True)
    table = ReportTable(
        title=f"{count} texts, {AT_ONCE} at once, {REPEATS} rounds by turns, {server}",
        columns=["client", "requests per second, median", "least", "most", "filled in"],
        rows=[
            [name, statistics.median(values), min(values), max(values), filled[name]]
            for name, values in rates.items()
        ],
    )
    return Report(
        title="Throughput of structured extraction",
        tables=[table],
        figures={
            f"theriac / {best}, median of rounds (bar {BAR})": statistics.median(
                own / other for own, other in pairs
            ),
        },
        notes=[
            "Same prompts, schema, sampling and longest reply. Ours alone checks each reply "
            "against the schema and asks again for one that does not fit.",
        ],
    )


def _texts(count: int) -> list[str]:
    lines = (Path(retrieval.__path__[0]) / "starter" / "notes.jsonl").read_text().splitlines()
    notes = [json.loads(line) for line in lines]
    return [f"{n}. {notes[n % len(notes)]['title']}" for n in range(count)]


def _body(found: Endpoint, settings: Settings, text: str) -> dict[str, Any]:
    return {
        "model": found.model,
        "messages": [
            {"role": "system", "content": INSTRUCTIONS},
            {"role": "user", "content": text},
        ],
        "temperature": settings.temperature,
        "seed": settings.seed,
        "max_completion_tokens": found.answer_tokens,
        "response_format": {"type": "json_schema", "json_schema": NAMED},
    }


async def _bare_httpx(found: Endpoint, settings: Settings, texts: Sequence[str]) -> int:
    import httpx2

    places = asyncio.Semaphore(AT_ONCE)
    async with httpx2.AsyncClient(timeout=settings.timeout, limits=httpx2.Limits()) as client:

        async def fill(text: str) -> bool:
            async with places:
                reply = await client.post(
                    f"{found.urls[0]}/chat/completions", json=_body(found, settings, text)
                )
            return _is_json(reply.json()["choices"][0]["message"]["content"])

        return sum(await asyncio.gather(*map(fill, texts)))


async def _bare_openai(found: Endpoint, settings: Settings, texts: Sequence[str]) -> int:
    from openai import AsyncOpenAI

    places = asyncio.Semaphore(AT_ONCE)
    async with AsyncOpenAI(
        base_url=found.urls[0], api_key=settings.llm_key, timeout=settings.timeout
    ) as client:

        async def fill(text: str) -> bool:
            async with places:
                reply = await client.chat.completions.create(**_body(found, settings, text))
            return _is_json(reply.choices[0].message.content)

        return sum(await asyncio.gather(*map(fill, texts)))


def _is_json(text: str | None) -> bool:
    try:
        return isinstance(json.loads(text or ""), dict)
    except ValueError:
        return False

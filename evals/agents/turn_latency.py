"""What the agent adds to a turn: all of it but the language model's HTTP calls and the tools."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

import retrieval
from agent.session import Assistant
from evals.registry import EvalOptions, Report, ReportTable, eval_task

QUESTIONS = 40
WARM_UP = 3
BAR = 0.030
"""Seconds at the median."""


class HttpClock(httpx2.BaseTransport):
    """Adds up the time spent in HTTP calls: from a request to the last part of its reply.

    Tokens are handled while the server makes the next ones; that costs the turn no time unless
    the server waits for it, and is part of the call.
    """

    def __init__(self) -> None:
        self._within = httpx2.HTTPTransport()
        self.reset()

    def reset(self) -> None:
        """Begins anew: seconds of the clock and of the processor, and the number of calls."""
        self.seconds = self.processor = 0.0
        self.calls = 0

    def add(self, since: tuple[float, float]) -> tuple[float, float]:
        """Adds the time since a moment, and returns the present one."""
        now = _now()
        self.seconds += now[0] - since[0]
        self.processor += now[1] - since[1]
        return now

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Sends a request on."""
        started = _now()
        response = self._within.handle_request(request)
        self.add(started)
        self.calls += 1
        assert isinstance(response.stream, httpx2.SyncByteStream)  # noqa: S101  # it is sync
        response.stream = _Timed(response.stream, self)
        return response

    def close(self) -> None:
        """Closes the connections."""
        self._within.close()


class _Timed(httpx2.SyncByteStream):
    def __init__(self, within: httpx2.SyncByteStream, clock: HttpClock) -> None:
        self._within = within
        self._clock = clock
        self._since = _now()

    def __iter__(self) -> Iterator[bytes]:
        for part in self._within:
            self._since = self._clock.add(self._since)
            yield part

    def close(self) -> None:
        self._within.close()


@eval_task("turn_latency", "what the agent adds to a turn with a server (bar: 30 ms, median)")
def run(options: EvalOptions) -> Report:
    """Asks the titles of starter notes; each turn plans, searches and answers with a quotation."""
    from agent.llm.backends import connect
    from agent.settings import Settings

    notes = Path(retrieval.__path__[0]) / "starter" / "notes.jsonl"
    titles = [json.loads(line)["title"] for line in notes.read_text().splitlines()]
    clock = HttpClock()
    rows: list[list[float]] = []
    with _server(options.llm) as url:
        settings = Settings(llm=url)
        model, name = connect(settings, clock)
        with Assistant(options.workspace, settings, model) as assistant:
            for title in titles[:WARM_UP]:
                assistant.ask(title)
            for title in titles[WARM_UP : WARM_UP + (options.limit or QUESTIONS)]:
                rows.append(_turn(assistant, title, clock))
    names = [
        "whole turn", "HTTP calls of the model", "the tool", "the agent's own",
        "processor time of the agent's own", "HTTP calls (number)",
    ]  # fmt: skip
    columns = list(zip(*rows, strict=True))
    table = ReportTable(
        title=f"Seconds over {len(rows)} warm turns, {name if options.llm else 'replayed replies'}",
        columns=["part", "median", "95th percentile"],
        rows=[
            [part, statistics.median(values), statistics.quantiles(values, n=20)[-1]]
            for part, values in zip(names, columns, strict=True)
        ],
    )
    return Report(
        title="What the agent adds to a turn",
        tables=[table],
        figures={
            "median of the agent's own, ms": statistics.median(columns[3]) * 1000,
            "bar": f"below {BAR * 1000:.0f} ms",
        },
        notes=[
            "The agent's own is everything else: screening, redaction, the embedded planner's "
            "draft, prompts, schemas, LangGraph, the streaming of tokens, verification, and "
            "storing the thread. An HTTP call lasts from the request to the last part of its "
            "reply, tokens being handled as they come. Replayed tokens come every 5 ms.",
        ],
    )


def _turn(assistant: Assistant, request: str, clock: HttpClock) -> list[float]:
    """Returns a turn's seconds: in all, in HTTP calls, in the tool, the rest; see the table."""
    marks: dict[str, tuple[float, float]] = {}

    def mark(event: dict[str, object]) -> None:
        marks[str(event["event"])] = _now()

    clock.reset()
    started, busy = _now()
    answer = assistant.ask(request, listener=mark)
    total, processor = _now()[0] - started, _now()[1] - busy
    if "result" not in marks:
        message = f"{request!r} came to no result: {answer.stop_reason}, {answer.answer}"
        raise RuntimeError(message)
    tool, tool_busy = (marks["result"][n] - marks["call"][n] for n in (0, 1))
    own = total - clock.seconds - tool
    own_busy = processor - clock.processor - tool_busy
    return [total, clock.seconds, tool, own, own_busy, float(clock.calls)]


def _now() -> tuple[float, float]:
    """Returns seconds of the clock and of the processor."""
    return time.perf_counter(), time.process_time()


@contextmanager
def _server(llm: str | None) -> Iterator[str]:
    """Gives the address of the named server, else of a process that replays fixed replies."""
    if llm:
        yield llm
        return
    command = [sys.executable, "-m", "evals.agents.replay_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout  # noqa: S101  # the pipe was asked for above
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()

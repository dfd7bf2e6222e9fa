"""How long a warm question takes, and how much of that is the agent's own time."""

import json
import statistics
import time
from pathlib import Path

import retrieval
from evals.registry import EvalOptions, Report, ReportTable, eval_task

QUESTIONS = 30
OWN_BAR = 0.050
TOTAL_BAR = 1.0
"""Seconds."""


@eval_task("latency", "a warm literature question: total, and the agent's own time (bar: 50 ms)")
def run(options: EvalOptions) -> Report:
    """Asks the titles of starter notes and takes the search and the plan out of the total."""
    from langchain_core.messages import HumanMessage

    from agent.plan import Plan
    from agent.session import Assistant
    from agent.settings import Settings

    notes = Path(retrieval.__path__[0]) / "starter" / "notes.jsonl"
    titles = [json.loads(line)["title"] for line in notes.read_text().splitlines()]
    rows: list[list[float]] = []
    with Assistant(options.workspace, Settings(llm=options.llm or "embedded")) as assistant:
        planner = assistant.surroundings.model.with_structured_output(Plan)
        assistant.ask(titles[0])
        for title in titles[1 : 1 + (options.limit or QUESTIONS)]:
            marks: dict[str, float] = {}

            def mark(event: dict[str, object], marks: dict[str, float] = marks) -> None:
                marks[str(event["event"])] = time.perf_counter()

            started = time.perf_counter()
            assistant.ask(title, listener=mark)
            total = time.perf_counter() - started
            started = time.perf_counter()
            planner.invoke([HumanMessage(title)])
            planning = time.perf_counter() - started
            search = marks["result"] - marks["call"]
            rows.append([total, planning, search, total - planning - search])
    names = ["total", "plan (the model)", "embedding and search", "the agent's own"]
    columns = list(zip(*rows, strict=True))
    table = ReportTable(
        title=f"Seconds over {len(rows)} warm questions",
        columns=["part", "median", "95th percentile"],
        rows=[
            [name, statistics.median(values), statistics.quantiles(values, n=20)[-1]]
            for name, values in zip(names, columns, strict=True)
        ],
    )
    return Report(
        title="Latency of a literature question",
        tables=[table],
        figures={
            "median of the agent's own, ms": statistics.median(columns[3]) * 1000,
            "median in all, ms": statistics.median(columns[0]) * 1000,
            "bars": f"own below {OWN_BAR * 1000:.0f} ms, all below {TOTAL_BAR:.0f} s",
        },
    )

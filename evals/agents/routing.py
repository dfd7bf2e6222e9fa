"""How well requests become the right tool calls, on requests that were written independently."""

import json
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from agent.llm.usage import Usage
from agent.plan import Plan, PlannedCall
from evals.registry import EvalOptions, Report, ReportTable, eval_task
from evals.scorers.calls import STOP_REASONS, same_calls, same_tools
from evals.scorers.routing_baselines import Classify, nearest_example, shared_words
from tools.registry import Tool, all_tools

DATA = Path(__file__).parent / "data"
DECLINING = ("clarify", "refuse", "small_talk")
"""Groups in which the right answer is no call at all."""
INTENT_STOPS = {
    "small_talk": "answered", "about_me": "answered",
    "out_of_scope": "refused", "unsafe": "refused",
}  # fmt: skip
CONFUSIONS = 15
BARS = "right tool >= 0.92, right tool and arguments >= 0.80, declined rightly >= 0.90"

Item = dict[str, Any]
PlanRequest = Callable[[str], Plan]


@eval_task("routing", "Right tool and arguments on the development requests, failures listed.")
def run(options: EvalOptions) -> Report:
    """Measures the planner on the requests it was developed with."""
    return _measure(options, "routing_dev.jsonl", shows_failures=True)


@eval_task("routing_heldout", "Right tool and arguments on the held-out requests, totals only.")
def run_held_out(options: EvalOptions) -> Report:
    """Measures the planner on requests that nobody looked at while it was made."""
    return _measure(options, "routing_heldout.jsonl", shows_failures=False)


def evaluate(plan: PlanRequest, items: Sequence[Item], shows_failures: bool = False) -> Report:
    """Plans every request and compares with what was expected.

    Args:
        plan: Any planner.
        items: Requests, each with `group`, `request`, `calls` and `stop_reason`.
        shows_failures: List the requests that went wrong.
    """
    defaults = _defaults(all_tools())
    groups: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    by_tool: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    confusion: Counter[tuple[str, str]] = Counter()
    failures: list[list[str]] = []
    seconds: list[float] = []
    for item in items:
        started = time.perf_counter()
        made = plan(item["request"])
        seconds.append(time.perf_counter() - started)
        tools_right, all_right = _judge(item, made, defaults)
        groups[item["group"]].append((tools_right, all_right))
        if len(item["calls"]) == 1:
            by_tool[item["calls"][0]["tool"]].append((tools_right, all_right))
        if not tools_right:
            confusion[_wanted(item), _got(made)] += 1
        if not all_right:
            failures.append([item["id"], item["request"], _wanted(item, True), _got(made, True)])
    report = Report(
        title="Routing",
        tables=[
            _rates("By group", "group", groups),
            _rates("Single calls, by tool", "tool", by_tool),
            ReportTable(
                title="Confusions",
                columns=["expected", "planned", "requests"],
                rows=[[*pair, number] for pair, number in confusion.most_common(CONFUSIONS)],
            ),
        ],
        figures=_figures(groups, seconds),
        notes=[
            f"Bars: {BARS}.",
            "Arguments count as wrong when one is missing, wrong or invented.",
        ],
    )
    if shows_failures:
        columns = ["id", "request", "expected", "planned"]
        report.tables.append(ReportTable(title="Failures", columns=columns, rows=failures))
    return report


def read_items(name: str) -> list[Item]:
    """Returns the requests of a file in evals/data."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def _measure(options: EvalOptions, name: str, shows_failures: bool) -> Report:
    from agent.llm.embedded.planner import Planner
    from agent.llm.embedded.router import OTHER_INTENTS, read_examples
    from retrieval.embedding.embedder import load_embedder

    items = read_items(name)[: options.limit]
    embedder = load_embedder()
    embedded = cache(Planner(all_tools(), embedder).plan)
    planners: dict[str, PlanRequest] = {"the embedded planner": embedded}
    if options.llm:
        with _language_model(options) as (plan, title, costs):
            planners[title] = plan
            report = evaluate(plan, items, shows_failures)
        report.figures |= costs.figures()
    else:
        report = evaluate(embedded, items, shows_failures)
    examples = {tool.name: tool.utterances for tool in all_tools().values()}
    examples |= {intent: read_examples(intent) for intent in OTHER_INTENTS}
    baselines = {
        "nearest example by embedding": nearest_example(examples, embedder),
        "shared words": shared_words(examples),
    }
    rows = [[method, _first_tool(items, classify)] for method, classify in baselines.items()]
    rows += [[method, _planned_first_tool(items, plan)] for method, plan in planners.items()]
    columns = ["method", "right"]
    title = "Right tool or refusal, requests for one thing (compound and clarify left out)"
    report.tables.insert(2, ReportTable(title=title, columns=columns, rows=rows))
    return report


@dataclass
class _Costs:
    """What each request cost."""

    usages: list[Usage] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        asked = self.usages
        return {
            "tokens_in_mean": round(statistics.mean(usage.input for usage in asked), 1),
            "tokens_out_mean": round(statistics.mean(usage.output for usage in asked), 1),
            "seconds_mean": round(statistics.mean(self.seconds), 3),
        }


@contextmanager
def _language_model(options: EvalOptions) -> Iterator[tuple[PlanRequest, str, _Costs]]:
    """Gives a language model's plans as the agent makes them, its name, and what they cost."""
    from agent.session import Assistant
    from agent.settings import Settings

    outcomes = {reason: outcome for outcome, reason in STOP_REASONS.items()}
    settings = Settings(llm=options.llm or "auto", workspace=options.workspace.root)
    costs = _Costs()
    with Assistant(options.workspace, settings) as assistant:

        @cache
        def plan(request: str) -> Plan:
            answer = assistant.plan(request)
            costs.usages.append(answer.usage)
            costs.seconds.append(answer.seconds)
            steps = [
                PlannedCall(request=request, tool=call["tool"], args=call["args"])
                for call in answer.tool_calls
            ]
            outcome = "act" if steps else outcomes.get(str(answer.stop_reason), "refused")
            return Plan.model_validate({"outcome": outcome, "steps": steps})

        yield plan, assistant.llm, costs


def _judge(item: Item, plan: Plan, defaults: dict[str, dict[str, Any]]) -> tuple[bool, bool]:
    """Tells whether the tools are right, and whether the arguments are right too."""
    if STOP_REASONS[plan.outcome] != item["stop_reason"]:
        return False, False
    if item["stop_reason"] != "planned":
        return True, True
    return same_tools(item["calls"], plan), same_calls(item["calls"], plan, defaults)


def _defaults(tools: dict[str, Tool]) -> dict[str, dict[str, Any]]:
    return {
        name: {field: info.default for field, info in tool.arguments.model_fields.items()}
        for name, tool in tools.items()
    }


def _figures(
    groups: dict[str, list[tuple[bool, bool]]], seconds: list[float]
) -> dict[str, float | int]:
    acting = [pair for name, pairs in groups.items() if name not in DECLINING for pair in pairs]
    declining = [pair for name in DECLINING for pair in groups.get(name, [])]
    milliseconds = sorted(1000 * value for value in seconds)
    return {
        "requests": len(seconds),
        "right_tool": _share(acting, 0),
        "right_tool_and_arguments": _share(acting, 1),
        "declined_rightly": _share(declining, 0),
        "milliseconds_median": round(statistics.median(milliseconds), 1) if seconds else 0.0,
        "milliseconds_p95": round(milliseconds[int(0.95 * len(seconds))], 1) if seconds else 0.0,
    }


def _rates(title: str, what: str, groups: dict[str, list[tuple[bool, bool]]]) -> ReportTable:
    rows = [
        [name, len(pairs), _share(pairs, 0), _share(pairs, 1)] for name, pairs in groups.items()
    ]
    columns = [what, "requests", "right tool or stop", "arguments too"]
    return ReportTable(title=title, columns=columns, rows=rows)


def _share(pairs: Sequence[tuple[bool, bool]], which: int) -> float:
    return round(sum(pair[which] for pair in pairs) / len(pairs), 3) if pairs else 0.0


def _single(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if item["group"] not in ("compound", "clarify")]


def _first_tool(items: Sequence[Item], classify: Classify) -> float:
    """Returns the share of single requests whose class is right."""
    chosen = _single(items)
    hits = 0
    for item in chosen:
        made = classify(item["request"])
        wanted = item["calls"][0]["tool"] if item["calls"] else item["stop_reason"]
        hits += wanted in (made, INTENT_STOPS.get(made))
    return round(hits / len(chosen), 3) if chosen else 0.0


def _planned_first_tool(items: Sequence[Item], plan: PlanRequest) -> float:
    def classify(text: str) -> str:
        made = plan(text)
        return made.steps[0].tool if made.steps else STOP_REASONS[made.outcome]

    return _first_tool(items, classify)


def _wanted(item: Item, in_full: bool = False) -> str:
    if not item["calls"]:
        return str(item["stop_reason"])
    if in_full:
        return json.dumps(item["calls"], ensure_ascii=False)
    return ", ".join(call["tool"] for call in item["calls"])


def _got(plan: Plan, in_full: bool = False) -> str:
    if plan.outcome != "act":
        return STOP_REASONS[plan.outcome]
    if in_full:
        calls = [{"tool": step.tool, "args": step.args} for step in plan.steps]
        return json.dumps(calls, ensure_ascii=False)
    return ", ".join(step.tool for step in plan.steps)

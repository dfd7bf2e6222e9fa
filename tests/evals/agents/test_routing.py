from typing import Any

import pytest

from agent.plan import Plan, PlannedCall
from evals.agents.routing import evaluate
from evals.scorers.calls import same_args
from evals.scorers.routing_baselines import shared_words


@pytest.mark.parametrize(
    ("expected", "got", "same"),
    [
        ({"query": {"contains": ["statin", "75"]}}, {"query": "Statins over 75"}, True),
        ({"query": {"contains": ["statin"]}}, {"query": "aspirin"}, False),
        ({"features": ["a", "B"]}, {"features": ["b", "A"]}, True),
        ({"records": [{"heart_rate": 90}]}, {"records": [{"Heart rate": 90}]}, True),
        ({"records": [{"age": 90}]}, {"records": [{"age": 91}]}, False),
        ({"smiles": ["CCO"]}, {"smiles": ["CCO", "CCN"]}, False),
        ({"dataset": "A.csv"}, {"dataset": "A.csv", "seed": 0}, True),
        ({"dataset": "A.csv"}, {"dataset": "A.csv", "seed": 1}, False),
        ({"dataset": "A.csv", "row": 0}, {"dataset": "A.csv"}, False),
    ],
)
def test_arguments(expected: dict[str, Any], got: dict[str, Any], same: bool) -> None:
    assert same_args(expected, got, {"seed": 0}) is same


ITEMS: list[dict[str, Any]] = [
    {"id": "1", "group": "list_models", "request": "models", "stop_reason": "planned",
     "calls": [{"tool": "list_models", "args": {}}]},
    {"id": "2", "group": "refuse", "request": "lasagne", "stop_reason": "refused", "calls": []},
    {"id": "3", "group": "describe_model", "request": "srv-1", "stop_reason": "planned",
     "calls": [{"tool": "describe_model", "args": {"model": "srv-1"}}]},
]  # fmt: skip


def plan(request: str) -> Plan:
    if request == "lasagne":
        return Plan(outcome="refused", message="no")
    return Plan(outcome="act", steps=[PlannedCall(request=request, tool="list_models")])


def test_any_planner_is_measured() -> None:
    report = evaluate(plan, ITEMS, shows_failures=True)
    assert report.figures["right_tool"] == 0.5
    assert report.figures["declined_rightly"] == 1.0
    failures = report.tables[-1]
    assert [row[0] for row in failures.rows] == ["3"]


def test_totals_show_no_request() -> None:
    assert "lasagne" not in evaluate(plan, ITEMS).model_dump_json()


def test_shared_words() -> None:
    classify = shared_words({"bake": ["bake a cake"], "drive": ["drive a car"]})
    assert classify("please bake") == "bake"

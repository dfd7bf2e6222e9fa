"""Compares planned calls with expected ones.

Letter case does not matter in values; keys of records match in lower case with '_' read as a blank;
`{"contains": [...]}` wants every text to occur in the lower-cased value; features are a set. An
argument that is not expected must be absent or have its default.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from agent.plan import Plan

STOP_REASONS = {
    "act": "planned", "needs_input": "needs_input", "refused": "refused", "chat": "answered",
}  # fmt: skip
SETS = ("features",)

Call = Mapping[str, Any]


def same_tools(expected: Sequence[Call], plan: Plan) -> bool:
    """Tells whether the plan calls the expected tools, in order."""
    return [call["tool"] for call in expected] == [step.tool for step in plan.steps]


def same_calls(
    expected: Sequence[Call], plan: Plan, defaults: Mapping[str, Mapping[str, Any]]
) -> bool:
    """Tells whether the plan makes the expected calls with the expected arguments.

    Args:
        expected: The calls, each with `tool` and `args`.
        plan: What was planned.
        defaults: Default values by tool and argument.
    """
    return same_tools(expected, plan) and all(
        same_args(call["args"], step.args, defaults.get(step.tool, {}))
        for call, step in zip(expected, plan.steps, strict=True)
    )


def same_args(
    expected: Mapping[str, Any], got: Mapping[str, Any], defaults: Mapping[str, Any]
) -> bool:
    """Tells whether arguments are those expected, and nothing beside them but defaults."""
    if any(not _same(name, value, got.get(name)) for name, value in expected.items()):
        return False
    return all(name in expected or value == defaults.get(name) for name, value in got.items())


def _same(name: str, expected: Any, got: Any) -> bool:
    if isinstance(expected, dict) and "contains" in expected:
        return isinstance(got, str) and all(
            part.casefold() in got.casefold() for part in expected["contains"]
        )
    if isinstance(expected, list) and isinstance(got, list):
        if name in SETS:
            return {_plain(item) for item in expected} == {_plain(item) for item in got}
        return len(expected) == len(got) and all(
            _same(name, one, other) for one, other in zip(expected, got, strict=True)
        )
    if isinstance(expected, dict) and isinstance(got, dict):
        return _record(expected) == _record(got)
    return bool(_plain(expected) == _plain(got))


def _record(record: Mapping[str, Any]) -> dict[str, Any]:
    return {key.casefold().replace("_", " "): _plain(value) for key, value in record.items()}


def _plain(value: Any) -> Any:
    return value.strip().casefold() if isinstance(value, str) else value

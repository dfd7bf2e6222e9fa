"""Comparing a run with its repetition."""

from typing import Any

from models.errors import FieldFault, ToolError

NAMES = frozenset({"model", "run", "path", "artifacts", "seconds"})
"""Keys whose values a repetition rightly gives anew."""


def replayable(record: dict[str, Any]) -> dict[str, Any]:
    """Returns the arguments of a run that can be done again.

    Raises:
        ToolError: The run did not end, so there are no numbers to compare with.
    """
    if record["status"] != "done":
        wrong = FieldFault(field="run", got=record["status"], expected="a run that is done")
        raise ToolError(f"{record['run']} has no result to compare with.", wrong)
    arguments: dict[str, Any] = record["arguments"]
    return arguments


def differences(record: dict[str, Any], result: dict[str, Any]) -> list[str]:
    """Returns where the data of a repetition differ, as `place: before -> after`."""
    return list(_compare("data", record["result"]["data"], result["data"]))


def _compare(place: str, before: Any, after: Any) -> list[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        keys = [key for key in sorted(before.keys() | after.keys()) if key not in NAMES]
        return [
            line
            for key in keys
            for line in _compare(f"{place}.{key}", before.get(key), after.get(key))
        ]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [
            line
            for index, (one, other) in enumerate(zip(before, after, strict=True))
            for line in _compare(f"{place}[{index}]", one, other)
        ]
    return [] if before == after else [f"{place}: {before} -> {after}"]

"""One step that names several things of a kind becomes one call for each."""

import re
from collections.abc import Sequence
from typing import Any

from agent.llm.embedded.slots.choices import Choice

BETWEEN = re.compile(
    r"(?:,|&|\+|/|\band\b|\bversus\b|\bvs\b|\bthen\b|\bwith\b|\bagainst\b|->|→|\bto\b|;)", re.I
)
BESIDE = ("model", "count")
"""What each thing may have of its own: a with m-1 and b with m-2; 20 of a and 30 of b."""

FIRST = re.compile(r"^\W*(?:first|goes first|before)\b", re.I)


def expand(args: dict[str, Any], alternatives: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Returns the arguments of each call of a step.

    Args:
        args: The arguments of the first call.
        alternatives: Everything that the step names, by argument.
    """
    several = {n: values for n, values in alternatives.items() if len(values) > 1 and n in args}
    things = next((name for name in several if name not in BESIDE), None)
    for beside in BESIDE:
        if things and len(several.get(beside, ())) == len(several[things]):
            each = zip(several[things], several[beside], strict=True)
            return [args | {things: value, beside: other} for value, other in each]
    several.pop("count", None)
    for name, values in several.items():
        return [args | {name: value} for value in values]
    return [args]


def listed(text: str, choices: Sequence[Choice]) -> list[str]:
    """Returns the values that a text lists side by side; one that it puts first comes first.

    `gradient boosted cox` names one thing and a word for it; `cox and boosting` names two.
    """
    values: list[str] = []
    for index, choice in enumerate(choices):
        if choice.value in values:
            if FIRST.match(text[choice.end :]):
                values.remove(choice.value)
                values.insert(0, choice.value)
            continue
        between = text[choices[index - 1].end : choice.start] if index else ""
        if not index or BETWEEN.search(between):
            values.append(choice.value)
            if index and FIRST.match(text[choice.end :]):
                values.insert(0, values.pop())
    return values

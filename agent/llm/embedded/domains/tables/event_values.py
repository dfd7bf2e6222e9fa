"""What a request says of an event column's values: 1 means dead, event = 2, treat 2 as censored."""

import re
from collections.abc import Sequence

from agent.llm.embedded.filling.step import Step
from agent.llm.embedded.schema import FieldSpec

CODE = r"['\"]?(?P<code>-?\d{1,2}|yes|no|true|false)['\"]?"
HAPPENED = (
    r"(?:the |an? )?(?:events?|dead|deaths?|died|deceased|failures?|failed|relapsed?|recurrences?|"
    r"recurred|progression|progressed|occurred)\b"
)
LINK = (
    r"(?:=+|:|means?|stands? for|indicates?|denotes?|is|was|are|for|codes?(?: for)?)\s*(?:that\s+)?"
    r"(?:(?:the|a|patient|person|they|he|she|was|were|is|has|have|had|who)\s+)*"
)
CODED = (
    r"(?:is|are|was|were|=+|:|value)?\s*(?:coded|marked|recorded|given|stored|written)?\s*"
    r"(?:as|by|with|=+)?"
)
EVENTS = (
    re.compile(rf"(?<![\w.]){CODE}\s*{LINK}{HAPPENED}", re.I),
    re.compile(rf"\b{HAPPENED}\s*{CODED}\s*{CODE}(?![\w.]|\s*(?:years?|months?|days?|%))", re.I),
)
OTHERS = (
    re.compile(
        rf"\b(?:treat|count|regard|take|consider)\w*\s+{CODE}\s+as\s+(?:censored|competing)", re.I
    ),
    re.compile(rf"(?<![\w.]){CODE}\s*{LINK}(?:an? )?competing\b", re.I),
)  # fmt: skip
NAMES = {"event_value": EVENTS, "competing_values": OTHERS}


def find_event_values(text: str, name: str) -> list[str]:
    """Returns the codes that a text gives a meaning to, in their order.

    Args:
        text: Of a request, numbers in digits.
        name: `event_value` or `competing_values`.
    """
    spans = {m.start(): m["code"].casefold() for p in NAMES[name] for m in p.finditer(text)}
    return list(dict.fromkeys(spans[start] for start in sorted(spans)))


def fill_event_values(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Fills what an event column's values mean."""
    if found := find_event_values(step.text, spec.name):
        step.args[spec.name] = found

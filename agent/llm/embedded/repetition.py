"""Tells where a call is wanted once more, with something changed."""

import re
from collections.abc import Sequence

from agent.llm.embedded.situation import fits
from agent.plan import Memory, PlannedCall

AGAIN = re.compile(
    r"^\W*(?:(?:and|ok|okay|please|so|then|now)\W+)*(?:"
    r"(?:do\s+)?(?:the\s+)?same(?:\s+thing)?(?:\s+again)?,?\s+(?:but\s+)?(?:with|for|on|using|at)\b|"
    r"(?:repeat|redo|rerun)(?:\s+(?:it|that|this))?,?\s+(?:but\s+)?(?:with|for|on|using|at)\b|"
    r"(?:do|run|train|try|fit|make)\s+(?:it|that|this)\s+(?:again|once more)\b|"
    r"again,?\s+(?:but\s+)?(?:with|for|on|using|at)\b|"
    r"(?:try\s+)?(?:it\s+)?with\s+(?:an?\s+)?(?![a-z]+-\d)[\w-]+(?:\s+\w+){0,3}\W*$|"
    r"make\s+(?:it|that)\s+\d+\s+\w+(?:\s+instead)?\W*$)",
    re.I,
)
"""Asks for the call of the turn before once more, with something changed."""
REPEATED = ("train_", "generate_", "optimize_", "dock_")
"""Tools whose calls are repeated so: what they make depends on choices."""


def repeats(text: str, tool: str) -> bool:
    """Tells whether a text asks for the last call again, and its tool is one of those repeated."""
    return tool.startswith(REPEATED) and bool(AGAIN.match(text))


DRAWING = "generate_medical_images"
MORE = re.compile(
    r"^\W*(?:(?:and|ok|okay|please|now|then|so)\W+)*"
    r"(?:(?:draw|make|generate|create|produce|give me|i (?:want|need))\s+)?(?:me\s+)?"
    r"(?:\d+|some|a few|another)\s+(?:more|others?|further|new|\d+)\b",
    re.I,
)
"""Asks for more of what was drawn, and begins with that."""

OTHERS = re.compile(r"\b(?:more|another|further|others?|different|fresh|again)\b", re.I)
"""Wants images that were not drawn before."""


def asks_for_more(text: str, memory: Memory) -> str | None:
    """Returns the generator that more images are wanted of, after a turn that drew some."""
    last = memory.last
    newest = memory.models[0] if memory.models else ""
    drew = last is not None and last.tool == DRAWING and fits(newest, ("syn",))
    return newest if drew and MORE.match(text) else None


def draw_others(steps: Sequence[PlannedCall], last: PlannedCall | None) -> None:
    """Gives steps that draw further images the next seed: the same draws the same images again.

    Args:
        steps: Of a plan; gets the seeds.
        last: The call of the turn before.
    """
    drawn: PlannedCall | None = last if last and last.tool == DRAWING else None
    for step in steps:
        if step.tool != DRAWING:
            continue
        if drawn and "model" in step.args and OTHERS.search(step.request):
            step.args.setdefault("seed", int(drawn.args.get("seed", 0)) + 1)
        drawn = step

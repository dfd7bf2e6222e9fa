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


MORE_MOLECULES = re.compile(
    r"^\W*(?:(?:and|ok|okay|please|now|then|can you|could you)\W+)*(?:generate|make|draw|give me|"
    r"show me|create|propose|design)?\s*(?:me\s+)?(?:another\s+)?(?P<count>\d+)\s+"
    r"(?:more|others?|further|new ones)(?:\s+(?:molecules|compounds|ones|of (?:them|those)))?\W*$",
    re.I,
)
"""Asks for more molecules of the same kind."""

ELLIPSIS = re.compile(
    r"^\W*(?:and|what about|how about|now|also|(?:and )?the same)\s+"
    r"(?:(?:of|for|with|about|on)\s+)?(?=\S)", re.I,
)  # fmt: skip
"""Begins a request that only names another thing."""

DRAWING = "generate_medical_images"
MORE_IMAGES = re.compile(
    r"^\W*(?:(?:and|ok|okay|please|now|then|so)\W+)*"
    r"(?:(?:draw|make|generate|create|produce|give me|i (?:want|need))\s+)?(?:me\s+)?"
    r"(?:\d+|some|a few|another)\s+(?:more|others?|further|new|\d+)\b",
    re.I,
)
"""Asks for more of what was drawn, and begins with that."""

OTHERS = re.compile(r"\b(?:more|another|further|others?|different|fresh|again)\b", re.I)
"""Wants images that were not drawn before."""


def repeats(text: str, tool: str) -> bool:
    """Tells whether a text asks for the last call again, and its tool is one of those repeated."""
    again = tool.startswith(REPEATED) and AGAIN.match(text)
    return bool(again or (tool == "generate_molecules" and MORE_MOLECULES.match(text)))


def restate(last: PlannedCall, now: PlannedCall) -> str:
    """Returns what the last call was asked, of the molecules of the call now."""
    before, after = (call.args["smiles"] for call in (last, now))
    asked = last.request
    for name in before[1:]:
        asked = asked.replace(name, "")
    return asked.replace(before[0], " and ".join(after))


def asks_for_more(text: str, memory: Memory) -> str | None:
    """Returns the generator that more images are wanted of, after a turn that drew some."""
    last = memory.last
    newest = memory.models[0] if memory.models else ""
    drew = last is not None and last.tool == DRAWING and fits(newest, ("syn",))
    return newest if drew and MORE_IMAGES.match(text) else None


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

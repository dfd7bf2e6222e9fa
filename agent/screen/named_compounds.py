"""Knows requests that start a design from a hazardous compound by its name."""

import re
from functools import cache

from agent.screen.intents import HARMLESS
from models.molecules.chemistry.hazards import hazardous_compounds

SHORT = 4
"""Letters of a name that counts only as it is written: LSD, VX."""

STARTS = (
    r"\b(?i:optimi[sz]e|improve|modify|redesign|tweak|(?:analog(?:ue)?s?|derivatives?|variants?|"
    r"versions?|congeners?)\s+of|based on|similar to|start(?:ing)? (?:from|with))\s+(?:\w+\s+)?"
)
CHEMICAL = re.compile(
    r"\b(?:qed|c?logp|solub\w*|lipophil\w*|tpsa|weight|analog\w*|derivativ\w*|variants?|congeners?|"
    r"drug-?like\w*|poten\w+|bioavailab\w*|stable|stability|volatil\w*|molecules?|compounds?|"
    r"docking)\b", re.I,
)  # fmt: skip
"""Speaks of what molecules are designed for."""


def starts_from_hazard(text: str) -> bool:
    """Tells whether a request wants molecules made out of, or like, a hazardous compound."""
    return bool(_named().search(text) and CHEMICAL.search(text) and not HARMLESS.search(text))


@cache
def _named() -> re.Pattern[str]:
    names = (
        re.escape(one.name) if len(one.name) <= SHORT else f"(?i:{re.escape(one.name)})"
        for one in hazardous_compounds()
        if len(one.name) > 1
    )
    return re.compile(rf"{STARTS}(?:{'|'.join(names)})(?![\w-])")

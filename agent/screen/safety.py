"""Decides whether a person's request may be worked on at all."""

import re
from dataclasses import dataclass
from functools import lru_cache

from agent.screen.named_compounds import starts_from_hazard
from agent.screen.rules import RULES
from agent.screen.typos import mend
from models.molecules.chemistry.hazards import dangerous_structure

LONGEST = 20_000
RECENT = 32
"""Requests whose verdict is kept: the graph asks, and the planner for whoever calls it alone."""

MAKING = (
    r"make|making|synthesi[sz](?:e|ed|ing)|retrosynthe\w*|route|optimi[sz]\w*|improv\w*|"
    r"generat\w*|design\w*|analog\w*|derivatives?|variants?|enumerat\w*|modif\w*|prepar\w*|"
    r"precursors?|scale[\s-]?up|cook|produce"
)
MAKES_CONTROLLED = re.compile(rf"\b(?:{MAKING})\b", re.I)
"""Of controlled substances, questions about toxicity, likeness and binding are medicine's own."""

MAKES_MOLECULES = re.compile(
    rf"\b(?:{MAKING}|synthesi[sz]\w*|synthesis|similar|potent|potency|toxic\w*|lethal\w*|"
    r"stabili[sz]\w*|dock\w*)\b",
    re.I,
)

HELP = (
    "I am sorry that you are going through this, and I will not help with hurting yourself. "
    "Please talk to somebody now: your local emergency number, or a crisis line such as 988 "
    "(USA), 116 123 (UK, Ireland and much of Europe), or findahelpline.com for your country."
)
REASONS: dict[str, str] = {
    "self_harm": HELP,
    "weapons": "I do not help to make or use weapons, explosives, toxins or chemical agents.",
    "pathogens": "I do not help to make pathogens more dangerous or to spread them.",
    "toxicity": "I do not help to make substances more harmful to people.",
    "drugs": "I do not help to make, obtain or divert controlled substances.",
    "violence": "I do not help to harm anybody.",
    "privacy": "I do not help to find out who the people in a dataset are.",
    "fraud": "I do not help to falsify or hide research data.",
    "structure": "I do not help to make or optimise this class of compound.",
}
ALLOWED = (
    " I can help with treatment, prevention, antidotes, safety and the published evidence on them."
)


@dataclass(frozen=True)
class Verdict:
    """Whether a request may be worked on.

    Attributes:
        refused: Whether it is.
        reason: Which rule refused it.
        message: What to tell the person.
    """

    refused: bool
    reason: str = ""
    message: str = ""


@lru_cache(maxsize=RECENT)
def screen(request: str) -> Verdict:
    """Judges the person's own words, for whatever backend plans afterwards.

    What it judges is the request alone: text in files, articles or tool results is never passed
    here, so nothing written there can loosen or trigger it.

    Args:
        request: What the person wrote.
    """
    text = mend(_plain(request[:LONGEST]))
    for rule in RULES:
        if rule.applies(text):
            return _refused(rule.name)
    if MAKES_MOLECULES.search(request):
        found = dangerous_structure(request[:LONGEST])
        if found and (not found.controlled or MAKES_CONTROLLED.search(request)):
            return _refused("structure")
    return _refused("structure") if starts_from_hazard(text) else Verdict(refused=False)


def _refused(reason: str) -> Verdict:
    message = REASONS[reason] + ("" if reason == "self_harm" else ALLOWED)
    return Verdict(refused=True, reason=reason, message=message)


def _plain(text: str) -> str:
    """Undoes what merely disguises letters: full-width forms, zero-width marks, runs of blanks."""
    import unicodedata

    text = unicodedata.normalize("NFKC", text)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return re.sub(r"\s+", " ", text)

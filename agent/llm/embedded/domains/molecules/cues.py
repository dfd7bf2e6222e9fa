"""What words about molecules say for and against readings of a request."""

import re

RELATIVES = re.compile(
    r"\b(?:analog(?:ue)?s?|derivatives?|(?:bio)?isosteres?|congeners?)\s+(?:of|for|to)\b", re.I
)
"""Wants others like a molecule."""

PROFILED = re.compile(
    r"^\W*(?:is|are|does|do|has|have|which|what)\b(?!.*\b(?:papers?|articles?|literature|evidence|"
    r"stud(?:y|ies)|trials?|published|reviews?)\b).*\b(?:pains|brenk|lipinski|veber|ghose|egan|"
    r"muegge|tpsa|c?logp|qed|rule of (?:five|5)|rotatable bonds)\b", re.I,
)  # fmt: skip
"""Asks for what is computed of molecules."""

UNTRAINED = re.compile(
    r"^\W*(?:please\s+)?(?:cluster|group|convert|export|translate)\b|"
    r"\bmatched (?:molecular )?pairs?\b",
    re.I,
)
"""Asks for something that no training does."""

LOOKED_UP = re.compile(
    r"\b(?:(?:what|which)\s+(?:\w+\s+)?(?:targets?|proteins?|receptors?|enzymes?|genes?|diseases?)"
    r"\s+(?:does|do|is|are)|mechanism of action|side effects?|adverse (?:events?|effects?)|"
    r"indicat(?:ed|ions?)|contraindicat\w+|interact\w*\s+with)\b", re.I,
)  # fmt: skip
"""Asks what only publications tell."""

DOUBT_ABOUT = re.compile(
    r"\bhow (?:certain|sure|confident)\b[^.?!]{0,20}\b(?:prop|aff)-\d+\b[^.?!]{0,10}\babout\b|"
    r"\b(?:inside|outside|within|in)\b.{0,20}\bdomain\b.{0,20}\b(?:prop|aff)-\d+\b",
    re.I,
)
"""Asks a model about a molecule."""

APPLIES = re.compile(
    r"^\W*(?:please\s+)?predict\b.{0,80}\b(?:with|using|by)\s+(?:it|(?:that|this|the|my)\s+"
    r"(?:\w+\s+)?model)\b", re.I,
)  # fmt: skip
"""Applies a model that is meant without its name."""

SHIFTS: tuple[tuple[re.Pattern[str], float, frozenset[str]], ...] = (
    (APPLIES, 3.0, frozenset({"predict"})),
    (PROFILED, 1.5, frozenset({"profile_molecules"})),
    (RELATIVES, -4.0, frozenset({"profile_molecules"})),
    (LOOKED_UP, -4.0, frozenset({"profile_molecules", "predict"})),
    (DOUBT_ABOUT, -4.0, frozenset({"describe_model", "explain_model"})),
    (
        UNTRAINED,
        -4.0,
        frozenset({"train_property_model", "train_molecule_generator", "train_affinity_model"}),
    ),
)
"""Words, and their log-odds for tools."""


def of_molecules(name: str, text: str) -> float:
    """Returns the log-odds for a tool by what a request says of molecules."""
    return sum(bonus for cue, bonus, tools in SHIFTS if name in tools and cue.search(text))

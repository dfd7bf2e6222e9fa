"""What kind of study a text reports, and on how many, read from its wording."""

import re

DESIGNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("meta-analysis", r"\bmeta-?analys[ie]s\b"),
        ("systematic review", r"\bsystematic(?:ally)? review"),
        ("animal study", r"\b(?:rats?|mice|mouse|rabbits?|pigs?|dogs?|piglets?|sheep|zebrafish)\b"),
        ("cell study", r"\bin vitro\b|\bcell lines?\b"),
        ("randomised trial", r"\b(?:we|were|was|and) randomi[sz]ed\b"
                             r"|\brandomly (?:assigned|allocated)\b"
                             r"|\brandomi[sz]ed,? (?:\w+[ -]?){0,3}trial\b"),
        ("case–control study", r"\bcase[-–— ]control\b|\bcase[-–— ]referent\b"),
        ("cohort study", r"\bcohort\b|\bfollowed (?:up )?for\b|\b(?:pro|retro)spective"),
        ("cross-sectional study", r"\bcross-sectional\b|\bsurvey(?:ed)?\b|\bquestionnaires?\b"),
        ("case report", r"\bcase (?:report|series)\b"),
        ("review", r"\breview\b"),
    )
)  # fmt: skip
"""Designs by the words that tell them, the most telling first."""

SIZE = re.compile(
    r"\bn\s*=\s*(\d[\d,  ]*\d|\d)|\b(\d{1,3}(?:[,  ]\d{3})+|\d{2,7})\s+(?:\w+[\s-]+){0,4}?"
    r"(?:patients|people|adults|children|women|men|participants|subjects|volunteers|infants"
    r"|newborns|inpatients|individuals|persons|cases|rats|mice|students|pregnancies)\b"
)


def design_of(text: str) -> str | None:
    """Returns the design that a text's wording tells, or None."""
    return next((name for name, pattern in DESIGNS if pattern.search(text)), None)


def size_of(text: str) -> int | None:
    """Returns the largest number of those studied that a text names, or None."""
    found = [first or second for first, second in SIZE.findall(text)]
    numbers = [int(re.sub(r"\D", "", one)) for one in found]
    return max((n for n in numbers if not 1900 <= n <= 2030), default=None)

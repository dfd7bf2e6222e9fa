"""Names of authors in PubMed's form: the family name and initials, `Smith JP`."""

import re

INITIALS = re.compile(r"[A-ZÀ-Þ]{1,4}")
PARTICLES = frozenset(
    [
        "da",
        "de",
        "del",
        "della",
        "den",
        "der",
        "di",
        "dos",
        "du",
        "el",
        "la",
        "le",
        "ten",
        "ter",
        "van",
        "von",
        "zu",
    ]
)
SUFFIX = re.compile(r"^(?:Jr|Sr|II|III|IV)\.?$", re.IGNORECASE)


def short_name(name: str) -> str:
    """Returns a person's name as family name and initials.

    Reads `Smith, John P.`, `John P. Smith` and `Smith JP`; a single word stays as it is.
    """
    name = " ".join(name.split())
    family, comma, given = name.partition(",")
    if comma:
        parts = [part for part in re.split(r"[,\s]+", given) if part and not SUFFIX.match(part)]
        return f"{family.strip()} {initials(' '.join(parts))}".strip()
    parts = name.split()
    if len(parts) < 2 or INITIALS.fullmatch(parts[-1]):
        return name
    if len(parts) > 2 and SUFFIX.match(parts[-1]):
        parts.pop()
    start = len(parts) - 1
    while start > 1 and parts[start - 1].casefold() in PARTICLES:
        start -= 1
    return f"{' '.join(parts[start:])} {initials(' '.join(parts[:start]))}"


def initials(given: str) -> str:
    """Returns the initials of given names: `Anne-Marie L.` gives `AML`; initials stay."""
    if INITIALS.fullmatch(given):
        return given
    return "".join(part[0].upper() for part in re.split(r"[\s.\-]+", given) if part[:1].isalpha())

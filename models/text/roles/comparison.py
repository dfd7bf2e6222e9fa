"""Sentences that name what an intervention is compared with.

NICTA-PIBOSO has no role for the comparison, the C of PICO. So it is found among sentences of other
roles by the words that name a comparator.
"""

import re

_COMPARATOR = re.compile(
    r"\bplacebos?\b|\bsham\b|\bversus\b|\bvs\b\.?|\bcompar(?:ed|ing|ison) (?:with|to|of)\b"
    r"|\bcomparators?\b|\b(?:usual|standard|conventional|routine) (?:care|treatment|therapy)\b"
    r"|\bstandard of care\b|\bno (?:treatment|intervention)\b|\bwait(?:ing)?[- ]list\b"
    r"|\bcontrols?\b(?! (?:of|for|over)\b)(?= (?:group|arm|condition|diet|subjects|patients)s?\b)"
    r"|\b(?:as|served as|healthy|matched|untreated|vehicle)[- ]controls?\b",
    re.IGNORECASE,
)
CAN_COMPARE = frozenset({"intervention", "population", "study design", "background"})
"""Roles whose sentences say what is compared; those of results tell how it came out."""


def names_comparator(sentence: str, role: str) -> bool:
    """Tells whether a sentence of a role says what an intervention is compared with."""
    return role in CAN_COMPARE and _COMPARATOR.search(sentence) is not None

"""What a molecule shall have or not have: groups and rings by name, substructures as SMILES."""

import re
from functools import cache

from agent.llm.embedded.mentions.molecules import is_smiles
from models.molecules.chemistry.groups import NAMES, group_smarts

PRESENT = (
    r"(?P<present>without (?:losing|loss of|touching|changing)|with|contain(?:s|ing)?|"
    r"keep(?:s|ing)?|retain(?:s|ing)?|preserv(?:e|es|ing)|having|has|have|includ(?:e|es|ing)|"
    r"bear(?:s|ing)?)"
)
ABSENT = (
    r"(?P<absent>without|no|avoid(?:s|ing)?|free of|lack(?:s|ing)?|exclud(?:e|es|ing)|"
    r"devoid of|remov(?:e|es|ing)|get(?:ting)? rid of|"
    r"(?:do(?:es)?|should|must|may|can|shall|wo)?\s*(?:not|never|n['’]t|cannot)\s+"
    r"(?:contain(?:ing)?|have|having|includ(?:e|ing)|bear(?:ing)?|with))"
)
SUBSTRUCTURE = re.compile(
    rf"(?<![\w-])(?:{ABSENT}|{PRESENT})\s+(?:(?:an?|the|any|its)\s+)?"
    r"(?P<named>(?:substructure|group|core|fragment|motif|ring|moiety|smarts|smiles)s?\s+)?"
    r"(?P<what>[^\s,;]+)",
    re.I,
)
MERELY = re.compile(r"with|ha(?:s|ve|ving)", re.I)
REPLACED = re.compile(
    r"\b(?:bio)?isosteres?\s+(?:of|for)\s+(?:the\s+)?(?P<of>[a-z -]+?)\s+(?:in|of|on|from)\b|"
    r"\breplac(?:e|es|ing)\s+(?:the\s+|its\s+)?(?P<what>[a-z -]+?)\s+(?:in|of|on|by|with|from)\b",
    re.I,
)
"""Wants a group to be replaced by another."""

NAMED = re.compile(rf"(?<![\w-])({NAMES})s?(?![\w-])", re.I)
STRUCTURAL = re.compile(r"[=#()\[\]\d]|Cl|Br|^[BCNOPSFI]{3,}$")


def find_groups(text: str) -> list[tuple[int, str, str]]:
    """Returns where each group is spoken of, `with` or `without`, and the group or SMILES."""
    found = [
        (match.start("what") + place, "without" if match["absent"] else "with", name)
        for match in _groups().finditer(text)
        for place, name in _names_in(match["what"])
    ]
    for match in REPLACED.finditer(text):
        group = (match["of"] or match["what"]).casefold().removesuffix(" group")
        group = "carboxylic acid" if group == "acid" else group
        found += [(match.start(), "without", group)] if group_smarts(group) else []
    return sorted(found + [(start, sign, what) for start, sign, what in find_substructures(text)])


def find_substructures(text: str) -> list[tuple[int, str, str]]:
    """Returns the SMILES that molecules shall contain or not, where they are, and which of it.

    After a mere `with` or `has` a SMILES is a molecule, unless it is called a substructure.
    """
    return [
        (match.start("what"), "without" if match["absent"] else "with", what)
        for match in SUBSTRUCTURE.finditer(text)
        if (what := match["what"].rstrip(".?!"))
        and (match["named"] or not MERELY.fullmatch(match["present"] or ""))
        and STRUCTURAL.search(what)
        and is_smiles(what)
    ]


@cache
def _groups() -> re.Pattern[str]:
    """Matches names of groups after what says that they are wanted or not, one or a list."""
    ends = r"(?:\s+(?:group|ring|substructure|core|moiety|motif|fragment)s?)?"
    one = rf"(?:(?:an?|the|any|its|some)\s+)*(?:{NAMES})s?(?![\w-]){ends}"
    between = r"(?:\s*,\s*|\s*,?\s*(?:and|or|nor|&)\s+)"
    return re.compile(
        rf"(?<![\w-])(?:{ABSENT}|{PRESENT})\s+(?P<what>{one}(?:{between}{one})*)", re.I
    )


def _names_in(listed: str) -> list[tuple[int, str]]:
    """Returns the groups of a list, and where they stand in it."""
    return [(match.start(), match[1].casefold()) for match in NAMED.finditer(listed)]

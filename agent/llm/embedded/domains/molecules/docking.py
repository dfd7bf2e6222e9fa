"""What a docking goes into: the protein, the box, the ligand that marks a pocket, how many."""

import re
from collections.abc import Collection
from functools import cache

CODE = re.compile(r"^[A-Z]{1,3}$|^[a-z]{1,3}$")
"""Letters alone, and few: such a name counts only in capitals, as MET and KIT are words too."""

UNKNOWN = re.compile(
    r"\b(?:in(?:to|side)?|against|to|on|onto|vs\.?|versus|with|target(?:ing)?|for)\s+"
    r"(?:the\s+|a\s+|human\s+|my\s+)*"
    r"(?P<name>(?!(?:SMILES|SDF|Vina|AutoDock|Ray|CSV|PDB|PDBQT|QED|T?PSA|PAINS|I)\b)[A-Z][A-Z0-9][\w-]*|"
    r"(?:[\w-]+\s+){1,3}?(?:receptor|kinase|protease|reductase|synthase|esterase|phosphatase|"
    r"oxidase|transporter|polymerase|hydrolase|peptidase|isomerase|channel|protein|enzyme)"
    r"(?:\s+(?:\d\w?|alpha|beta|gamma|[A-Z]\d?))?)",
)
"""Names a protein that is perhaps none of those that come prepared."""

DATA = re.compile(
    r"\s+(?:data(?:\s?set)?|set|file|molecules|compounds|ligands|inhibitors from)\b", re.I
)
"""Follows the name of a dataset that is called like a protein."""

LIGANDS = re.compile(
    r"\b(?:ligands?|inhibitors?|binders?|blockers?|(?:ant)?agonists?|modulators?|drugs?|leads?|"
    r"candidates?|bind(?:s|ing)?|inhibit(?:s|ing)?|block(?:s|ing)?|activat(?:es?|ing))\b",
    re.I,
)
"""Are made for a protein, or what they do to it."""

VAGUE = re.compile(
    r"^(?:(?:this|that|my|our|the|same|a|an|any|your|its|given)\s+)*(?:receptor|kinase|protein|"
    r"enzyme|target)$",
    re.I,
)
NUMBER = r"[-−]?\d+(?:\.\d+)?"
TRIPLE = rf"[(\[]?\s*(?:x\s*[=:]\s*)?({NUMBER})\s*(?:Å|A)?\s*(?:,|x|×|by|\s)\s*(?:y\s*[=:]\s*)?"
TRIPLE += rf"({NUMBER})\s*(?:Å|A)?\s*(?:,|x|×|by|\s)\s*(?:z\s*[=:]\s*)?({NUMBER})"
CENTER = re.compile(rf"\b(?:cent(?:er|re)(?:e?d)?|middle)\b[^\d(\[−-]{{0,20}}{TRIPLE}", re.I)
AROUND = re.compile(rf"\b(?:around|at)\s+(?:the\s+)?(?:point\s+)?{TRIPLE}", re.I)
SIZE = re.compile(
    rf"\b(?:size|sides?|dimensions?|box(?!\s*(?:at|cent|around)))\b[^\d(\[−-]{{0,16}}{TRIPLE}", re.I
)
SIDE = re.compile(
    rf"\b(?:size|sides?|edges?|box)\s*(?:of|=|:|is)?\s*({NUMBER})\s*(?:Å|A\b|angstroms?)|"
    rf"\b(?:size|sides?|edges?|box)\s*(?:of|=|:|is)?\s*({NUMBER})(?=\s*(?:$|[.;]|and\b|with\b))",
    re.I,
)
MARKS = re.compile(
    r"\b(?:around|by|from|reference|bound|crystal|co-?crystalli[sz]ed|native|pocket of|box of|"
    r"ligand)\s+(?:(?:the|a|ligand|file|in)\s+)*$", re.I,
)  # fmt: skip
"""Before the file of the ligand that marks the pocket."""

MARKED = re.compile(r"^\s+(?:as|for)\s+(?:the\s+|a\s+)?(?:reference|bound|box|pocket)\b", re.I)
"""After that file."""

BOUND = re.compile(
    r"\b(?:ligand|residue|HETATM|het(?:ero)?)\s+(?:(?:called|named|code|id|name|is|=|:)\s*)?"
    r"[\"'`]?(?P<after>(?=[A-Z0-9]*[A-Z])[A-Z0-9]{2,5})\b(?!\s*[-=(])|"
    r"\b(?:around|from|by|at)\s+(?:the\s+)?(?:bound\s+)?(?P<before>(?=[A-Z0-9]*[A-Z])[A-Z0-9]{3})"
    r"(?=\s*(?:$|[,.;]|ligand\b|in\b|with\b))"
)
COUNTED = re.compile(
    r"\b(?:best|top|first|leading|highest[- ]ranked)\s+(\d+)\b(?!\s*(?:%|poses?))|"
    r"\b(\d+)\s+(?:best|top|first|leading)\b|\blimit(?:\s+(?:of|to)|\s*[=:])?\s*(\d+)\b(?!\s*s)",
    re.I,
)
BEST = re.compile(r"\b(?:the|its|their)\s+(?:best|top|most promising)\b", re.I)
BEST_POSE = re.compile(r"\b(?:best|top)\s+(?:\w+\s+)?(?:poses?|scores?|binding|box|fit)", re.I)
A_FEW = 5
"""How many are meant by 'the best'."""


def find_protein(text: str) -> tuple[str, int, int] | None:
    """Returns the protein that a text names, and where it does.

    A name that no prepared protein has is returned as it was written: the tool knows the nearest.
    """
    if known := find_prepared(text):
        return known
    for match in UNKNOWN.finditer(text):
        if not VAGUE.match(match["name"]):
            return match["name"], *match.span("name")
    return None


def find_aim(text: str) -> str | None:
    """Returns the prepared protein for which a text wants ligands."""
    found = find_prepared(text) if LIGANDS.search(text) else None
    return found[0] if found else None


def find_prepared(text: str) -> tuple[str, int, int] | None:
    """Returns the prepared protein that a text names, and where it does."""
    for pattern, name in _names():
        for match in pattern.finditer(text):
            is_name = not CODE.match(match[0]) or match[0].isupper()
            if is_name and not DATA.match(text[match.end() :]):
                return name, *match.span()
    return None


def find_center(text: str) -> list[float] | None:
    """Returns the middle of the box, in Å."""
    match = CENTER.search(text) or AROUND.search(text)
    return _three(match) if match else None


def find_size(text: str) -> list[float] | None:
    """Returns the sides of the box, in Å."""
    if match := SIZE.search(text):
        return _three(match)
    match = SIDE.search(text)
    return [_number(match[1] or match[2])] * 3 if match else None


def find_bound_ligand(text: str, molecules: Collection[str] = ()) -> str | None:
    """Returns the residue name of the ligand that marks the pocket.

    Args:
        text: The request.
        molecules: What is read as SMILES, and so is no such name.
    """
    names = (match["after"] or match["before"] for match in BOUND.finditer(text))
    return next((name for name in names if name not in molecules), None)


def find_best(text: str) -> int | None:
    """Returns how many of the molecules before are to be docked; None for all."""
    if match := COUNTED.search(text):
        return int(match[1] or match[2] or match[3])
    return A_FEW if BEST.search(text) and not BEST_POSE.search(text) else None


def _three(match: re.Match[str]) -> list[float]:
    return [_number(match[group]) for group in (1, 2, 3)]


def _number(text: str) -> float:
    return float(text.replace("−", "-"))


@cache
def _names() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Returns what matches each name of a prepared protein, the longest names first."""
    from models.molecules.docking.proteins.targets import targets

    pairs = sorted(
        ((name, target.name) for target in targets() for name in target.names),
        key=lambda pair: -len(pair[0]),
    )
    return tuple((re.compile(_pattern(name), re.I), gene) for name, gene in pairs)


def _pattern(name: str) -> str:
    words = re.findall(r"[a-z]+|\d+", name.casefold())
    joined = r"[\s\-()/,]*".join(map(re.escape, words))
    return rf"(?<![\w-]){joined}(?![\w]|-\d)"

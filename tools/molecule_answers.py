"""The one sentence that a question about a molecule's properties asks for, value first."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from models.errors import FieldFault

Profile = dict[str, Any]

DECIMALS = 4


@dataclass(frozen=True)
class Topic:
    """Something that can be asked of a molecule.

    Attributes:
        asked: Recognises the question.
        answer: Words it for one molecule; gets the profile and whether a yes or no is asked for.
    """

    asked: re.Pattern[str]
    answer: Callable[[Profile, bool], str]


def focus(question: str, data: dict[str, Any]) -> str | None:
    """Answers a question about particular properties from `profile_molecules`' data.

    Args:
        question: In a person's words.
        data: The tool's result data.

    Returns:
        One sentence per property and molecule, the value or Yes/No first; None where the question
        names no property, or is about a whole dataset.
    """
    molecules: list[Profile] = data.get("molecules", [])
    words = _without_molecules(question, molecules)
    topics = [topic for topic in TOPICS if topic.asked.search(words)]
    if not molecules or data.get("dataset"):
        return None
    together = _similarities(words, data) + _not_computed(words)
    if not topics:
        return " ".join(together) or None
    closed = bool(_CLOSED.search(words)) and not _OPEN.search(words)
    sentences = []
    for molecule in molecules:
        subject = f"{molecule['label']}: " if len(molecules) + len(data["invalid"]) > 1 else ""
        sentences += [subject + topic.answer(molecule, closed) for topic in topics]
        sentences += molecule["notes"]
        if molecule["boiled_egg_note"] and {ABSORPTION, BRAIN} & set(topics):
            sentences.append(molecule["boiled_egg_note"])
    if len(molecules) > 1 and (winner := _winner(words, topics, molecules)):
        sentences.insert(0, winner)
    sentences += together
    sentences += [f"Not read: {FieldFault(**fault)}." for fault in data["invalid"]]
    return ("\n" if len(molecules) > 1 else " ").join(sentences)


def _similarities(words: str, data: dict[str, Any]) -> list[str]:
    """Says how similar the molecules are to each other, where that is asked."""
    if not _SIMILAR.search(words):
        return []
    found = data["similarities"]
    return [
        f"Tanimoto similarity of {' and '.join(pair['molecules'])}: "
        f"{pair['tanimoto']:.{DECIMALS}f} ({found['of']})."
        for pair in found["pairs"]
    ]


def _not_computed(words: str) -> list[str]:
    """Says what was asked for that only measurements tell."""
    asked = list(dict.fromkeys(match[0] for match in _MEASURED.finditer(words)))
    if not asked:
        return []
    return [
        f"Not computed from the structure: {', '.join(asked)}. A property model that is trained on "
        "measured molecules could predict it."
    ]


def _without_molecules(question: str, molecules: list[Profile]) -> str:
    """Removes what was given as molecules, so that no SMILES is taken for a word."""
    for molecule in molecules:
        question = question.replace(molecule["given"], " ")
    return question.casefold()


_CLOSED = re.compile(r"^\W*(is|are|does|do|will|would|can|could|has|should)\b|\b(whether|if)\b")
_OPEN = re.compile(r"\b(what|how|which)\b|^\W*(can|could|would|will) (you|i|we)\b")
_SIMILAR = re.compile(r"\bsimilar|\btanimoto\b|\balike\b")
_MEASURED = re.compile(
    r"\bpka\b|\blog ?d\b|\b(melting|boiling|flash) point\b|\bhalf[- ]life\b|\bl[dc]50\b|"
    r"\b[ie]c50\b|\bclearance\b|\bherg\b|\bplasma protein binding\b|\bdensity\b"
)
"""What people ask for that does not follow from the structure."""

_MOST = re.compile(r"\b(highest|most|best|easiest|largest|biggest|heaviest|greatest|top|max\w*)\b")
_LEAST = re.compile(r"\b(lowest|least|worst|hardest|smallest|lightest|min\w*)\b")


def _number(key: str, name: str, unit: str = "", meaning: str = "") -> Callable[..., str]:
    def answer(profile: Profile, _closed: bool) -> str:
        value = profile[key]
        shown = f"{value:.{DECIMALS}f}" if isinstance(value, float) else str(value)
        return f"{name}: {shown}{unit}{meaning}."

    return answer


def _weight(profile: Profile, _closed: bool) -> str:
    return (
        f"Molecular weight: {profile['molecular_weight']:.{DECIMALS}f} g/mol (average; "
        f"monoisotopic mass {profile['exact_mass']:.{DECIMALS}f}), formula {profile['formula']}."
    )


def _accessibility(profile: Profile, closed: bool) -> str:
    score = profile["synthetic_accessibility"]
    shown = f"synthetic accessibility: {score:.{DECIMALS}f} (1 is easy to make, 10 is hard)"
    if closed:
        return f"{_yes(score < HARD_TO_MAKE)}: {shown}."
    return f"{shown[0].upper()}{shown[1:]}."


HARD_TO_MAKE = 6
"""Score from which the authors call a molecule hard to make (Ertl and Schuffenhauer 2009)."""


def _lipinski(profile: Profile, _closed: bool) -> str:
    verdict = profile["lipinski"]
    violations = verdict["violations"]
    values = ", ".join(f"{rule['name']} {rule['value']:.4g}" for rule in verdict["rules"])
    kept = "keeps" if verdict["pass"] else "breaks"
    found = f"({', '.join(violations)})" if violations else ""
    text = (
        f"it {kept} Lipinski's rule of five with {_count(violations, 'violation')} {found}".strip()
    )
    if verdict["pass"] and violations:
        text += "; one is allowed, a strict reading that allows none would say no"
    return f"{_yes(verdict['pass'])}: {text}; {values}; QED {profile['qed']:.{DECIMALS}f}."


def _violations(profile: Profile, closed: bool) -> str:
    found = profile["lipinski"]["violations"]
    which = f" ({', '.join(found)})" if found else ""
    if closed:
        return f"{_yes(bool(found))}: {_count(found, 'Lipinski violation')}{which}."
    return f"Lipinski violations: {len(found)}{which}."


def _veber(profile: Profile, _closed: bool) -> str:
    verdict = profile["veber"]
    return (
        f"{_yes(verdict['pass'])}: it {'keeps' if verdict['pass'] else 'breaks'} Veber's rule for "
        f"oral availability; polar surface area {profile['tpsa']:.2f} Å², "
        f"{_count(profile['rotatable_bonds'], 'rotatable bond')}."
    )


def _filter(family: str, name: str) -> Callable[..., str]:
    def answer(profile: Profile, _closed: bool) -> str:
        alerts = profile[family]["alerts"]
        if not alerts:
            return f"No: no {name} alert."
        found = ", ".join(f"{alert['name']} ({alert['fragment']})" for alert in alerts)
        return f"Yes: {_count(alerts, f'{name} alert')}, {found}."

    return answer


def _absorption(profile: Profile, closed: bool) -> str:
    level = profile["gastrointestinal_absorption"]
    reason = f"(BOILED-Egg, {_polarity(profile)})"
    if closed:
        return f"{_yes(level == 'High')}: {level.casefold()} gastrointestinal absorption {reason}."
    return f"Gastrointestinal absorption: {level} {reason}."


def _brain(profile: Profile, _closed: bool) -> str:
    permeant = profile["blood_brain_barrier"]
    state = "permeant" if permeant else "not permeant"
    return f"{_yes(permeant)}: blood-brain barrier {state} (BOILED-Egg, {_polarity(profile)})."


def _polarity(profile: Profile) -> str:
    return f"logP {profile['logp']:.2f}, polar surface area {profile['tpsa']:.2f} Å²"


def _yes(holds: bool) -> str:
    return "Yes" if holds else "No"


def _count(things: int | list[Any], name: str) -> str:
    number = things if isinstance(things, int) else len(things)
    return f"{number or 'no'} {name}{'s' * (number > 1)}"


def _topic(pattern: str, answer: Callable[..., str]) -> Topic:
    return Topic(re.compile(pattern), answer)


WEIGHT = _topic(
    r"molecular (weight|mass)|molar mass|\bmol\.? ?(weight|wt)\b|\bm\.?w\.?\b|weigh|\bheav", _weight
)
SOLUBILITY = _topic(
    r"\bsolub|\blog ?s\b",
    _number(
        "log_solubility",
        "Log solubility in water, estimated (Delaney's linear model)",
        " (log10 of mol/L)",
    ),
)
LOGP = _topic(r"\b[cw]?log ?p\b|lipophil|hydrophob|partition coeff", _number("logp", "LogP"))
TPSA = _topic(r"\bt?psa\b|polar surface", _number("tpsa", "Topological polar surface area", " Å²"))
QED_SCORE = _topic(
    r"\bqed\b|quantitative estimate",
    _number("qed", "QED", meaning=" (0 to 1, higher is more drug-like)"),
)
ACCESSIBILITY = _topic(
    r"synthe|\bsas?\b|(easy|easier|easiest|hard|harder|hardest|difficult)\b.{0,20}\b(make|made)\b",
    _accessibility,
)
DRUG_LIKENESS = _topic(
    r"^(?!.*violat).*((?<!estimate of )drug[- ]?like|lipinsk[iy]|rule[- ]of[- ](five|5)|\bro5\b)",
    _lipinski,
)
ABSORPTION = _topic(r"gastro|\bg\.?i\.?\b|intestin|absor[bp]|\bhia\b|\bgut\b", _absorption)
BRAIN = _topic(r"\bbbb\b|blood[- ]?brain|\bbrain\b|\bcns\b", _brain)
TOPICS = (
    WEIGHT,
    _topic(r"\bformula\b", _number("formula", "Formula")),
    QED_SCORE,
    ACCESSIBILITY,
    TPSA,
    LOGP,
    SOLUBILITY,
    _topic(r"violat", _violations),
    DRUG_LIKENESS,
    _topic(r"\bveber|\boral", _veber),
    _topic(r"\bpains?\b|pan[- ]assay|interference|structural alert", _filter("pains", "PAINS")),
    _topic(r"\bbrenk|structural alert", _filter("brenk", "Brenk")),
    ABSORPTION,
    BRAIN,
    _topic(r"\bdonors?\b|\bhbd\b", _number("h_bond_donors", "Hydrogen-bond donors")),
    _topic(r"\bacceptors?\b|\bhba\b", _number("h_bond_acceptors", "Hydrogen-bond acceptors")),
    _topic(r"rotatable", _number("rotatable_bonds", "Rotatable bonds")),
    _topic(r"aromatic ring", _number("aromatic_rings", "Aromatic rings")),
    _topic(r"\bsp3\b", _number("fraction_sp3", "Fraction of sp3 carbons")),
    _topic(r"(formal|net) charge", _number("formal_charge", "Formal charge")),
    _topic(r"inchi ?-?key", _number("inchikey", "InChIKey")),
    _topic(r"\binchi\b(?! ?-?key)", _number("inchi", "InChI")),
    _topic(
        r"canonical smiles|\bsmiles (string |code )?(of|for)\b|\bto smiles\b",
        _number("smiles", "SMILES"),
    ),
)

RANKED = {
    WEIGHT: ("molecular_weight", "molecular weight"),
    LOGP: ("logp", "logP"),
    SOLUBILITY: ("log_solubility", "log solubility"),
    TPSA: ("tpsa", "polar surface area"),
    QED_SCORE: ("qed", "QED"),
    DRUG_LIKENESS: ("qed", "QED"),
    ACCESSIBILITY: ("synthetic_accessibility", "synthetic accessibility score"),
}


def _winner(words: str, topics: list[Topic], molecules: list[Profile]) -> str | None:
    """Names the molecule that a superlative asks for; easy to make means a low score."""
    ranked = [topic for topic in topics if topic in RANKED]
    most, least = bool(_MOST.search(words)), bool(_LEAST.search(words))
    if len(ranked) != 1 or most == least:
        return None
    key, name = RANKED[ranked[0]]
    if ranked[0] is ACCESSIBILITY and re.search(r"easiest|hardest|best|worst", words):
        most = not most
    best = (max if most else min)(molecules, key=lambda molecule: molecule[key])
    return f"{best['label']} has the {'highest' if most else 'lowest'} {name}, {best[key]:.4f}."

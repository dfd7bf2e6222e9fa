"""The one sentence that a question about a molecule's properties asks for, value first."""

import re
from typing import Any

from models.errors import FieldFault
from models.molecules.chemistry.salts import salt_after, without_salt
from tools.molecules.words.questions import Question
from tools.molecules.words.rankings import rank, select
from tools.molecules.words.summaries import describe_faults, describe_molecules
from tools.molecules.words.topics import ABSORPTION, BRAIN, TOPICS
from tools.molecules.words.wording import DECIMALS, Profile


def focus(question: str, data: dict[str, Any]) -> str | None:
    """Answers a question about particular properties from `profile_molecules`' data.

    Args:
        question: In a person's words.
        data: The tool's result data.

    Returns:
        One sentence per property and molecule, the value or Yes/No first; of many molecules those
        with the most or least that were asked for. None where the question names no property, or
        is about a dataset as a whole.
    """
    molecules: list[Profile] = data.get("molecules", [])
    if not molecules:
        return None
    plain = _without_molecules(question, molecules)
    asked = Question(plain.casefold())
    topics = [topic for topic in TOPICS if topic.asked.search(asked.words)]
    ranked = rank(asked, topics, data) or select(asked, topics, data)
    if data.get("dataset") or (ranked and asked.how_many > 1):
        faults = [FieldFault(**fault) for fault in data["invalid"]]
        return f"{ranked}{describe_faults(faults)}" if ranked else None
    together = _similarities(asked.words, data) + _not_computed(plain)
    unread = [*map(str, _left_out(plain)), *(str(FieldFault(**one)) for one in data["invalid"])]
    notes = _salts(question, molecules) + [f"Not read: {fault}." for fault in unread]
    if not topics:
        if not together and len(notes) == len(data["invalid"]):
            return None
        together = together or [describe_molecules(molecules, 0)]
        return " ".join([*together, *notes])
    sentences = [ranked] if ranked else []
    for molecule in molecules:
        subject = f"{molecule['label']}: " if len(molecules) + len(data["invalid"]) > 1 else ""
        told = dict.fromkeys(topic.answer(molecule, asked) for topic in topics)
        sentences += [subject + sentence for sentence in told]
        sentences += molecule["notes"]
        if molecule["boiled_egg_note"] and {ABSORPTION, BRAIN} & set(topics):
            sentences.append(molecule["boiled_egg_note"])
    sentences += together + notes
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


def _not_computed(question: str) -> list[str]:
    """Says what was asked for that only measurements tell."""
    asked = list(dict.fromkeys(match[0] for match in _MEASURED.finditer(question)))
    if not asked:
        return []
    return [
        f"Not computed from the structure: {', '.join(asked)}. A property model that is trained on "
        "measured molecules could predict it."
    ]


def _salts(question: str, molecules: list[Profile]) -> list[str]:
    """Says which salts the question names that the molecules were taken without."""
    named = [(one["given"], salt_after(one["given"], question)) for one in molecules]
    return [without_salt(given, salt) for given, salt in named if salt]


def _left_out(question: str) -> list[FieldFault]:
    """Returns what is written like a SMILES and was not taken for a molecule, because it is none.

    Args:
        question: Without the molecules that were taken.
    """
    from models.molecules.chemistry.entries import read_entries

    words = (word.strip(".,;:?!\"'`") for word in question.split())
    alike = [word for word in words if _LIKE_SMILES.fullmatch(word)]
    faults = read_entries(alike)[1]
    return [fault.model_copy(update={"field": "smiles"}) for fault in faults]


def _without_molecules(question: str, molecules: list[Profile]) -> str:
    """Removes what was given as molecules, so that no SMILES is taken for a word."""
    for molecule in molecules:
        question = question.replace(molecule["given"], " ")
    return question


_LIKE_SMILES = re.compile(
    r"(?=(?:.*[Cc](?!l)){3})(?=.*[\d=#()\[\]])"
    r"(?:Cl|Br|[BCNOPSFIHbcnops]|\[[^\]\s]*\]?|[\d=#$()@+\-/\\.%])+"
)
"""Atoms, at least three carbons, with a bond, a branch or a ring: no word and no CC50."""

_SIMILAR = re.compile(r"\bsimilar|\btanimoto\b|\balike\b")
_MEASURED = re.compile(
    r"\bpka\b|\blog ?d\b|\b(?:melting|boiling|flash) point\b|\bhalf[- ]life\b|\bl[dc]50\b|"
    r"\b[ie]c50\b|\bclearance\b|\bherg\b|\bplasma protein binding\b|\bdensity\b|"
    r"\bp[- ]?gp(?: (?:substrate|inhibitor|efflux))?\b|\bp-glycoprotein(?: substrate)?\b|"
    r"\btoxic(?:ity)?\b|\befflux(?: ratio)?\b|\bcaco-?2\b|\bcyp ?\d\w*|\bames\b|\bmutagenic\w*|"
    r"\bhepatotoxic\w*|"
    r"\bvapou?r pressure\b|\brefractive index\b",
    re.I,
)
"""What people ask for that does not follow from the structure."""

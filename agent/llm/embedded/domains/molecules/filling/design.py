"""Fills what says which molecules are wanted: their properties, their scaffold, how many."""

import re
from collections.abc import Sequence

from agent.llm.embedded.domains.molecules.docking import find_aim
from agent.llm.embedded.domains.molecules.objective import (
    TRAINED,
    find_molecule_count,
    find_objective,
    find_scaffold,
)
from agent.llm.embedded.filling.step import Step
from agent.llm.embedded.schema import FieldSpec
from tools.molecules.intake.docked_objectives import DOCKED

LOW_PREDICTION = re.compile(
    r"\b(?:low\w*|less|minimi\w+|reduc\w+|decreas\w+)\s+(?:the\s+|its\s+)?(?:predicted|model)", re.I
)
"""Wants less of what the model predicts."""

SOLUBLE = re.compile(r"(?:\w+ )*(?:soluble|solubility)", re.I)
QED = re.compile(r"qed|drug[- ]?like|lipinski", re.I)


def fill_objective(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Takes the phrases about properties, groups and likeness; SMILES are among the words."""
    searches = any(other.role == "similarity" for other in specs)
    found = find_objective(step.text, bounded_likeness=not searches)
    if searches and not found:  # that they are like it is all that is wanted
        found = find_objective(step.text, bounded_likeness=True)
    if protein := find_aim(step.text):
        docks = searches and "property_model" not in step.args
        found = _for_protein(found, protein, docks=docks)
    if searches and found and SOLUBLE.fullmatch(found) and "smiles" not in step.args:
        found = f"{found}, drug-like"  # sugars and salts of no use are soluble, too
    if "property_model" in step.args and not TRAINED.search(found or ""):
        wanted = f"{'low' if LOW_PREDICTION.search(step.text) else 'high'} trained model"
        found = f"{wanted}, {found}" if found else wanted
    if found:
        step.args[spec.name] = found


def _for_protein(objective: str | None, protein: str, *, docks: bool) -> str:
    """Returns the objective of ligands: drug-like, and where nothing else judges them, docked."""

    def bound(match: re.Match[str]) -> str:
        of_none = match["family"] == "aff" and not match["bound_to"]
        return f"{match[0]} for {protein}" if of_none else match[0]

    wanted = TRAINED.sub(bound, objective or "")
    if not QED.search(wanted):
        # What binds a protein is more than its solubility: without this, acids of four atoms win.
        wanted = f"{wanted}, drug-like" if wanted else "drug-like"
    if docks and not DOCKED.search(wanted) and not TRAINED.search(wanted):
        wanted = f"docking to {protein}, {wanted}"
    return wanted


def fill_scaffold(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Takes the molecule that others are to be built on."""
    if found := find_scaffold(step.text):
        step.args[spec.name] = found


def fill_molecule_count(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Takes how many molecules are wanted."""
    if (found := find_molecule_count(step.visible)) is not None:
        step.args[spec.name] = found

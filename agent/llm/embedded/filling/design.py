"""Fills what says which molecules are wanted: their properties, their scaffold, how many."""

import re
from collections.abc import Sequence

from agent.llm.embedded.filling.step import Step
from agent.llm.embedded.schema import FieldSpec
from agent.llm.embedded.slots.docking import find_aim
from agent.llm.embedded.slots.objective import (
    TRAINED,
    find_molecule_count,
    find_objective,
    find_scaffold,
)

DOCKING = re.compile(r"\bdock", re.I)
UNBOUND = re.compile(r"\baff-\d+\b(?! for\b)")
"""A model of affinities, no protein named with it."""

LOW_PREDICTION = re.compile(
    r"\b(?:low\w*|less|minimi\w+|reduc\w+|decreas\w+)\s+(?:the\s+|its\s+)?(?:predicted|model)", re.I
)
"""Wants less of what the model predicts."""

QED = re.compile(r"qed|drug[- ]?like|lipinski", re.I)


def fill_objective(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Takes the phrases about properties, groups and likeness; SMILES are among the words."""
    searches = any(other.role == "similarity" for other in specs)
    found = find_objective(step.text, bounded_likeness=not searches)
    protein = find_aim(step.text)
    if protein and not QED.search(found or ""):
        # What binds a protein is more than its solubility: without this, acids of four atoms win.
        found = f"{found}, drug-like" if found else "drug-like"
    if protein and found:
        found = UNBOUND.sub(rf"\g<0> for {protein}", found)
    judged = DOCKING.search(found or "") or TRAINED.search(found or "")
    if protein and searches and not judged and "property_model" not in step.args:
        found = f"docking to {protein}, {found}"
    if "property_model" in step.args and not TRAINED.search(found or ""):
        wanted = f"{'low' if LOW_PREDICTION.search(step.text) else 'high'} trained model"
        found = f"{wanted}, {found}" if found else wanted
    if found:
        step.args[spec.name] = found


def fill_scaffold(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Takes the molecule that others are to be built on."""
    if found := find_scaffold(step.text):
        step.args[spec.name] = found


def fill_molecule_count(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Takes how many molecules are wanted."""
    if found := find_molecule_count(step.visible):
        step.args[spec.name] = found

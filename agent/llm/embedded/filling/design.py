"""Fills what says which molecules are wanted: their properties, their scaffold, how many."""

from collections.abc import Sequence

from agent.llm.embedded.filling.step import Step
from agent.llm.embedded.schema import FieldSpec
from agent.llm.embedded.slots.objective import find_molecule_count, find_objective, find_scaffold


def fill_objective(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Takes the phrases about properties, groups and likeness; SMILES are among the words."""
    has_similarity = any(other.role == "similarity" for other in specs)
    if found := find_objective(step.text, bounded_likeness=not has_similarity):
        step.args[spec.name] = found


def fill_scaffold(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Takes the molecule that others are to be built on."""
    if found := find_scaffold(step.text):
        step.args[spec.name] = found


def fill_molecule_count(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Takes how many molecules are wanted."""
    if found := find_molecule_count(step.visible):
        step.args[spec.name] = found

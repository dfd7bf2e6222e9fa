"""Fills what says into what molecules are docked, where, and how many of them."""

from collections.abc import Sequence
from dataclasses import replace

from agent.llm.embedded.domains.molecules.docking import (
    MARKED,
    MARKS,
    find_best,
    find_bound_ligand,
    find_center,
    find_prepared,
    find_protein,
    find_size,
)
from agent.llm.embedded.filling.step import Step
from agent.llm.embedded.mentions import Mention
from agent.llm.embedded.schema import FieldSpec

STRUCTURES = (".pdb", ".pdbqt", ".ent", ".cif")
"""Endings of files that hold a protein."""


def fill_receptor(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Takes the file of a structure, and that of its ligand, away from the datasets."""
    marks = _bound_files(step)
    values = {mention.value for mention in marks}
    found = _structures(step.objects.datasets) or _structures(step.whole().datasets)
    if structures := [mention for mention in found if mention.value not in values]:
        step.args[spec.name] = structures[0].value
        if marks:
            step.args |= {o.name: marks[0].value for o in specs if o.role == "bound_ligand"}
        values |= {mention.value for mention in structures}
        left = tuple(m for m in step.objects.datasets if m.value not in values)
        step.objects = replace(step.objects, datasets=left)


def fill_protein(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Takes the protein named, here or in the whole request.

    Its name may hold a compound's (dopamine D2 receptor) or a dataset's (EGFR).
    """
    if "receptor" in step.args:
        return
    if found := find_protein(step.text):
        name, start, end = found
        step.args[spec.name] = name

        def outside(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
            return tuple(m for m in mentions if m.end <= start or end <= m.start)

        step.objects = replace(
            step.objects,
            molecules=outside(step.objects.molecules),
            datasets=outside(step.objects.datasets),
        )
    elif found := find_prepared(step.situation.whole):
        step.args[spec.name] = found[0]
    elif earlier := step.situation.protein():
        step.args[spec.name] = earlier


def fill_bound_ligand(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Takes the residue name of the bound ligand, where there is a structure of the person's."""
    named = {mention.value for mention in step.objects.molecules}
    if "receptor" in step.args and (found := find_bound_ligand(step.text, named)):
        step.args[spec.name] = found


def fill_point(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Takes the middle or the sides of the box."""
    find = find_center if spec.name == "center" else find_size
    if found := find(step.visible):
        step.args[spec.name] = found


def fill_best(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Takes how many of the molecules made before are meant; those that are named are all meant."""
    if not step.objects.molecules and (found := find_best(step.visible)):
        step.args[spec.name] = found


def _structures(mentions: Sequence[Mention]) -> list[Mention]:
    return [m for m in mentions if m.kind == "path" and m.value.casefold().endswith(STRUCTURES)]


def _bound_files(step: Step) -> list[Mention]:
    """Returns the files that are said to hold the ligand in its pocket."""
    return [
        m
        for m in step.objects.datasets
        if m.kind == "path"
        and (MARKS.search(step.text[: m.start]) or MARKED.match(step.text[m.end :]))
    ]

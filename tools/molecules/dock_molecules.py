"""The tool `dock_molecules`."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from models.errors import FieldFault, ToolError
from models.store.workspace import Workspace
from tools.contract import Seed, ToolArguments, ToolContext, ToolResult
from tools.molecules.intake.molecules import read_molecules
from tools.molecules.output.docking import report
from tools.registry import tool

if TYPE_CHECKING:
    from models.molecules.docking.docking import Candidate
    from models.molecules.docking.proteins.box import Box
    from models.molecules.docking.proteins.receptor import Receptor

FAULTS_LISTED = 20
SECONDS_PER_SQUARE = 0.0014
"""Seconds of one core per search and squared length of the SMILES, measured on 24 ligands."""
USUAL_LENGTH = 45
"""Characters of a drug's SMILES, where only its name or its file is known."""
PREPARATION_SECONDS = 4.0
BYTES_PER_MOLECULE = 60
USUAL_SIDE = 20.0
"""Å of a box whose size nobody said."""


def _as_list(value: Any) -> Any:
    """Takes one text for a list of one, as language models often send it."""
    return [value] if isinstance(value, str) else value


class Arguments(ToolArguments):
    """What to dock, into what, where and how thoroughly."""

    smiles: Annotated[list[str] | None, BeforeValidator(_as_list)] = Field(
        default=None,
        description="SMILES strings or drug names; give these or a dataset.",
        json_schema_extra={"role": "smiles"},
    )
    dataset: str | None = Field(
        default=None,
        description="A file (smi, sdf, csv) or a built-in name with the molecules.",
        json_schema_extra={"role": "dataset"},
    )
    smiles_column: str | None = Field(
        default=None,
        description="The dataset's column with SMILES, where it is not called smiles.",
        json_schema_extra={"role": "column"},
    )
    target: str | None = Field(
        default=None,
        description="A protein that comes prepared, such as DRD2, EGFR, factor Xa or COX-2; give "
        "this or a receptor.",
        json_schema_extra={"role": "protein"},
    )
    receptor: str | None = Field(
        default=None,
        description="A file with the structure of a protein (pdb, pdbqt), where no target fits; "
        "its box is then told by ligand, or by center and size.",
        json_schema_extra={"role": "receptor"},
    )
    ligand: str | None = Field(
        default=None,
        description="The bound ligand that marks the pocket: its residue name in the receptor's "
        "PDB, such as 8NU, or a file (sdf, mol, pdb) in the same coordinates.",
        json_schema_extra={"role": "bound_ligand"},
    )
    center: list[float] | None = Field(
        default=None,
        min_length=3,
        max_length=3,
        description="Middle of the box: x, y, z in Å.",
        json_schema_extra={"role": "point"},
    )
    size: list[float] | None = Field(
        default=None,
        min_length=3,
        max_length=3,
        description="Sides of the box in Å; 20 each when only center is given.",
        json_schema_extra={"role": "point"},
    )
    exhaustiveness: int = Field(
        default=8,
        ge=1,
        le=256,
        description="Independent searches per molecule: more find better poses and take longer.",
        json_schema_extra={"role": "number"},
    )
    poses: int = Field(
        default=9,
        ge=1,
        le=50,
        description="Poses to keep of each molecule at most.",
        json_schema_extra={"role": "number"},
    )
    limit: int | None = Field(
        default=None,
        ge=1,
        description="Dock only the first so many; molecules that were designed come best first.",
        json_schema_extra={"role": "best"},
    )
    seed: Seed = 0
    time_limit: float | None = Field(
        default=None,
        gt=0,
        description="Seconds after which no further molecule is begun.",
        json_schema_extra={"role": "seconds"},
    )
    workers: int | None = Field(
        default=None,
        ge=1,
        le=256,
        description="Molecules docked at a time; as many as there are cores when not given.",
        json_schema_extra={"role": "number"},
    )
    ray: str | None = Field(
        default=None,
        description="Address of a Ray cluster to dock on (auto, host:6379); this machine when not "
        "given.",
        json_schema_extra={"role": "text"},
    )


def _seconds(arguments: Arguments, workspace: Workspace) -> float:
    """Estimates how long a call takes, from the lengths of the SMILES."""
    lengths = [len(text) if len(text) > 12 else USUAL_LENGTH for text in arguments.smiles or []]
    if arguments.dataset:
        try:
            size = workspace.readable(arguments.dataset, "dataset").stat().st_size
        except ToolError:  # a built-in name, or a wrong one that the call itself will explain
            size = 1000 * BYTES_PER_MOLECULE
        lengths = [USUAL_LENGTH] * max(1, size // BYTES_PER_MOLECULE)
    lengths = lengths[: arguments.limit]
    work = sum(
        PREPARATION_SECONDS + SECONDS_PER_SQUARE * arguments.exhaustiveness * length**2
        for length in lengths
    )
    seconds = work / (arguments.workers or os.cpu_count() or 1)
    return min(seconds, arguments.time_limit or seconds)


@tool(heavy=True, computes=True, estimate=_seconds)
def dock_molecules(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Dock molecules into a protein: poses, scores, contacts, pictures and a view in 3-D.

    AutoDock Vina places each molecule, charged as at pH 7.4, in the pocket of one of 58 prepared
    proteins or of the person's own structure.

    When to use: the person wants molecules docked, their poses, binding modes or docking scores
    against a protein, or a virtual screen of a file of molecules.
    When not: properties without a protein are asked (profile_molecules), molecules are to be made
    or changed (generate_molecules, optimize_molecules), or affinities are to be learnt from data
    (train_affinity_model).
    """
    from models.fitting.effort import Effort
    from models.molecules.docking.docking import Docking
    from models.molecules.docking.screening import dock_all

    receptor, box, placed = _site(arguments, context.workspace)
    candidates, unread, notes = _candidates(arguments, context)
    cores = arguments.workers or os.cpu_count() or 1
    workers = min(cores, len(candidates))
    job = Docking(
        receptor.pdbqt,
        box,
        arguments.exhaustiveness,
        arguments.poses,
        arguments.seed,
        cpu=1 if arguments.ray else max(1, cores // workers),
    )
    effort = Effort.within(arguments.seed, arguments.time_limit, context.progress)
    docked = dock_all(job, candidates, effort, workers, arguments.ray)
    if not any(one.scores for one in docked):
        reasons = [
            FieldFault(field=f"smiles[{one.candidate.row}]", got=one.candidate.label,
                       expected=f"a molecule that can be docked ({one.refused})")
            for one in docked[:FAULTS_LISTED]
        ]  # fmt: skip
        raise ToolError("None of the molecules can be docked.", *reasons, *unread)
    search = f"exhaustiveness {arguments.exhaustiveness}, seed {arguments.seed}"
    settings = "; ".join([search, placed, *notes])
    return report(docked, unread, receptor, box, settings, context)


def _site(arguments: Arguments, workspace: Workspace) -> "tuple[Receptor, Box, str]":
    """Returns the protein, the box that the arguments mean, and what placed it."""
    from models.molecules.docking.proteins.box import box_around, box_of, require_protein
    from models.molecules.docking.proteins.receptor import (
        only_ligand,
        packaged_receptor,
        read_receptor,
    )
    from models.molecules.docking.proteins.targets import find_target

    if (arguments.target is None) == (arguments.receptor is None):
        got = "neither" if arguments.target is None else "both"
        expected = "exactly one of target and receptor"
        names = ("target", "receptor")
        raise ToolError(
            "Say what to dock into: a prepared target, or a receptor file.",
            *(FieldFault(field=name, got=got, expected=expected) for name in names),
        )
    if arguments.center is None and arguments.size is not None:
        wrong = FieldFault(field="center", got="nothing", expected="the middle of the box")
        raise ToolError("A box needs its centre.", wrong)
    placed = "box as prepared for the target"
    if arguments.target is not None:
        target = find_target(arguments.target)
        receptor, box, field = packaged_receptor(target), target.box, "target"
    else:
        path = workspace.readable(arguments.receptor or "", "receptor")
        receptor, box, field = read_receptor(path, arguments.ligand), None, "receptor"
    if arguments.center is not None:
        box, field = box_of(arguments.center, arguments.size or [USUAL_SIDE] * 3), "center"
        placed = "box as given"
    elif arguments.ligand is not None:
        field, placed = "ligand", f"box around {arguments.ligand}"
        if "." in arguments.ligand:
            box = box_around(_marker(workspace.readable(arguments.ligand, "ligand")))
        else:
            box = receptor.box_around(arguments.ligand)
    elif box is None and (name := only_ligand(receptor)):
        box, field = receptor.box_around(name), "ligand"
        placed = f"box around the bound ligand {name}"
    if box is None:
        known = ", ".join(receptor.bound) or "none in this structure"
        raise ToolError(
            "Where to dock is not known.",
            FieldFault(field="ligand", got="nothing", expected=f"a bound ligand ({known})"),
            FieldFault(field="center", got="nothing", expected="or the middle of the box"),
        )
    require_protein(box, receptor.protein.points, field)
    return receptor, box, placed


def _marker(path: Path) -> Any:
    """Returns the coordinates of the ligand in a file."""
    from rdkit import Chem, rdBase

    readers: dict[str, Any] = {".sdf": Chem.MolFromMolFile, ".mol": Chem.MolFromMolFile,
               ".pdb": Chem.MolFromPDBFile, ".mol2": Chem.MolFromMol2File}  # fmt: skip
    read = readers.get(path.suffix.casefold())
    with rdBase.BlockLogs():
        molecule = read(str(path), sanitize=False) if read else None
    if molecule is None or not molecule.GetNumConformers():
        expected = f"a file with coordinates ({', '.join(readers)})"
        wrong = FieldFault(field="ligand", got=repr(path.name), expected=expected)
        raise ToolError(f"{path.name} holds no ligand that marks a pocket.", wrong)
    return molecule.GetConformer().GetPositions()


def _candidates(
    arguments: Arguments, context: ToolContext
) -> "tuple[list[Candidate], list[FieldFault], list[str]]":
    """Returns what to dock, what could not be read, the reader's notes; refuses the dangerous."""
    from rdkit import Chem

    from models.molecules.chemistry.entries import read_entries
    from models.molecules.chemistry.hazards import hazard_of, refuse_hazards
    from models.molecules.docking.docking import Candidate

    if (arguments.smiles is None) == (arguments.dataset is None):
        got = "neither" if arguments.smiles is None else "both"
        expected = "exactly one of smiles and dataset"
        raise ToolError(
            "Give either molecules (smiles) or a dataset.",
            *(FieldFault(field=name, got=got, expected=expected) for name in ("smiles", "dataset")),
        )
    column, texts = "smiles", arguments.smiles or []
    labels: dict[int, str] = {}
    notes: list[str] = []
    if arguments.dataset is not None:
        dataset, column, texts, labels = read_molecules(
            arguments.dataset, arguments.smiles_column, context
        )
        notes = dataset.notes
    entries, unread = read_entries(texts[: arguments.limit], column)
    if not entries:
        nothing = FieldFault(field="smiles", got="an empty list", expected="at least one molecule")
        raise ToolError("No molecule could be read.", *(unread[:FAULTS_LISTED] or [nothing]))
    found = [
        (f"{column}[{entry.row}]", entry.label, hazard_of(entry.molecule)) for entry in entries
    ]
    # How medicines of the controlled lists bind is a common question, and making none of them.
    unsafe = [
        (field, got, hazard) for field, got, hazard in found if not (hazard and hazard.controlled)
    ]
    refuse_hazards("Not docked:", unsafe)
    distinct: dict[str, Candidate] = {}
    for entry in entries:
        smiles = Chem.MolToSmiles(entry.molecule)
        label = labels.get(entry.row, entry.label)
        distinct.setdefault(smiles, Candidate(entry.row, label, smiles))
    return list(distinct.values()), unread, notes

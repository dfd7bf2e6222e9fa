"""Docking scores beside published ones, and speed beside bare Vina."""

import os
import subprocess
import tempfile
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

from evals.registry import EvalOptions, Report, ReportTable, eval_task

if TYPE_CHECKING:
    from models.molecules.docking.ligand import Ligand
    from models.molecules.docking.proteins.receptor import Receptor
    from models.molecules.docking.proteins.targets import Target

PAIRS = 12
MOST_TORSIONS = 8
"""Rotatable bonds of the pairs that are taken: with more, a pair alone takes minutes."""
NEAR = 0.5
"""kcal/mol within which a score counts as the published one."""
EXHAUSTIVENESS = 8
RISPERIDONE = ("DRD2", "CC1=C(C(=O)N2CCCCC2=N1)CCN3CCC(CC3)C4=NOC5=C4C=CC(=C5)F", -11.9)
"""The example of dockstring's documentation."""
TIMED = ("caffeine", "aspirin", "metformin", "nicotine", "paracetamol")
BY_OLD_BINARY = 1


class Pair(NamedTuple):
    """A ligand, its target and the score that was published, in kcal/mol."""

    target: str
    smiles: str
    published: float


@eval_task(
    "docking",
    "docking scores beside published ones (bar: nine of ten within 0.5) and speed beside bare Vina",
)
def run(options: EvalOptions) -> Report:
    """Docks the pairs and times a few ligands; `limit` is the number of pairs."""
    pairs = _pairs()[: options.limit or PAIRS]
    scores = [_score(pair, options.seed) for pair in pairs]
    errors = [abs(score - pair.published) for score, pair in zip(scores, pairs, strict=True)]
    within = sum(error <= NEAR for error in errors)
    guesses = [fmean(other.published for other in pairs if other != pair) if len(pairs) > 1 else 0.0
               for pair in pairs]  # fmt: skip
    guessed = [abs(guess - pair.published) for guess, pair in zip(guesses, pairs, strict=True)]
    rows: list[list[object]] = [
        [
            pair.target,
            pair.smiles,
            pair.published,
            round(score, 2),
            round(score - pair.published, 2),
        ]
        for pair, score in zip(pairs, scores, strict=True)
    ]
    speeds = _speeds(options.seed)
    ours = speeds["Theriac"]
    return Report(
        title="Docking",
        tables=[
            ReportTable(
                title=f"scores in kcal/mol, exhaustiveness {EXHAUSTIVENESS}, seed {options.seed}",
                columns=["target", "ligand", "published", "Theriac", "difference"],
                rows=rows,
            ),
            ReportTable(
                title="agreement with the published scores",
                columns=["", f"within {NEAR:g}", "mean absolute difference", "largest"],
                rows=[
                    ["Theriac", f"{within} of {len(pairs)}", fmean(errors), max(errors)],
                    ["mean of the others", f"{sum(e <= NEAR for e in guessed)} of {len(pairs)}",
                     fmean(guessed), max(guessed)],
                ],
            ),
            ReportTable(
                title="molecules per core-minute, DHFR",
                columns=["", "molecules per core-minute", "Theriac's speed as a multiple"],
                rows=[[name, rate, ours / rate] for name, rate in speeds.items()],
            ),
        ],
        figures={"within": within, "of": len(pairs), "mean_absolute_difference": fmean(errors),
                 "speed_ratio": ours / speeds["Vina 1.2 engine"]},
        notes=[
            "Published: García-Ortegón et al. 2022 (doi:10.1021/acs.jcim.1c01334), as the package "
            f"dockstring quotes them; its first pairs of at most {MOST_TORSIONS} rotatable bonds, "
            "in its order.",
            "They were made with Vina 1.1.2, RDKit 2021.03 and exhaustiveness 8; here they are "
            "made with Vina 1.2 and today's RDKit.",
            "Theriac's time holds preparation and reading of the poses; the bare engines are given "
            "prepared ligands.",
        ],
    )  # fmt: skip


def _pairs() -> list[Pair]:
    from dockstring.dataset import random_dataset_tuples
    from rdkit import Chem
    from rdkit.Chem.rdMolDescriptors import CalcNumRotatableBonds

    return [Pair(*RISPERIDONE)] + [
        Pair(*known)
        for known in random_dataset_tuples
        if CalcNumRotatableBonds(Chem.MolFromSmiles(known[1])) <= MOST_TORSIONS
    ]


def _score(pair: Pair, seed: int) -> float:
    from models.molecules.docking.scoring import Scorer

    scorer = Scorer(pair.target, EXHAUSTIVENESS, seed)
    score = scorer.score(pair.smiles)
    scorer.close()  # so that its work is not counted with what is timed later
    return score


def _speeds(seed: int) -> dict[str, float]:
    """Returns molecules per core-minute, by engine."""
    from models.fitting.effort import Effort
    from models.molecules.chemistry.entries import read_entries
    from models.molecules.docking.docking import Candidate, Docking
    from models.molecules.docking.ligand import prepare
    from models.molecules.docking.proteins.receptor import packaged_receptor
    from models.molecules.docking.proteins.targets import find_target
    from models.molecules.docking.screening import dock_all

    target = find_target("DHFR")
    receptor = packaged_receptor(target)
    entries, _ = read_entries(TIMED)
    ligands = [prepare(entry.molecule, 1) for entry in entries]
    candidates = [
        Candidate(entry.row, entry.label, smiles)
        for entry, smiles in zip(entries, _smiles(ligands), strict=True)
    ]
    job = Docking(receptor.pdbqt, target.box, EXHAUSTIVENESS, seed=seed)
    start = _core_seconds()
    docked = dock_all(job, candidates, Effort(seed), workers=1)
    ours = _core_seconds() - start
    assert all(one.scores for one in docked)  # noqa: S101  # else the times could not be compared
    engine = sum(_by_engine(ligand, receptor, target) for ligand in ligands)
    binary = sum(_by_binary(ligand, target) for ligand in ligands[:BY_OLD_BINARY])
    return {
        "Theriac": 60 * len(ligands) / ours,
        "Vina 1.2 engine": 60 * len(ligands) / engine,
        "Vina 1.1.2 binary": 60 * BY_OLD_BINARY / binary,
    }


def _core_seconds() -> float:
    """Returns the time that cores have worked for this process and those it has ended."""
    return sum(os.times()[:4])


def _smiles(ligands: "list[Ligand]") -> list[str]:
    from rdkit import Chem

    return [Chem.MolToSmiles(ligand.molecule) for ligand in ligands]


def _by_engine(ligand: "Ligand", receptor: "Receptor", target: "Target") -> float:
    """Returns the core seconds that Vina's own Python engine takes."""
    from vina import Vina

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "receptor.pdbqt"
        path.write_text(receptor.pdbqt)
        start = _core_seconds()
        engine = Vina(sf_name="vina", cpu=1, seed=1, verbosity=0)
        engine.set_receptor(str(path))
        engine.set_ligand_from_string(ligand.pdbqt)
        engine.compute_vina_maps(target.box.center, target.box.size)
        engine.dock(exhaustiveness=EXHAUSTIVENESS, n_poses=9)
        engine.poses(n_poses=9)
    return _core_seconds() - start


def _by_binary(ligand: "Ligand", target: "Target") -> float:
    """Returns the core seconds that the program of the published scores takes."""
    from dockstring.utils import get_vina_path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ligand.pdbqt"
        path.write_text(ligand.pdbqt)
        config = target.pdbqt.with_name(f"{target.name}_conf.txt")
        start = _core_seconds()
        subprocess.run(
            [str(get_vina_path()), "--receptor", str(target.pdbqt), "--config", str(config),
             "--ligand", str(path), "--out", str(path.with_name("out.pdbqt")), "--seed", "1",
             "--cpu", "1", "--exhaustiveness", str(EXHAUSTIVENESS)],
            check=True, capture_output=True,
        )  # fmt: skip
    return _core_seconds() - start

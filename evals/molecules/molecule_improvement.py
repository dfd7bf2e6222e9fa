"""Molecules improved while they stay alike: penalised logP, as Jin et al. 2018 measure it."""

from statistics import fmean, pstdev
from typing import TYPE_CHECKING, NamedTuple

from evals.cores import on_all_cores
from evals.registry import EvalOptions, Report, ReportTable, eval_task

if TYPE_CHECKING:
    from rdkit import Chem

STARTS = "opt_valid_logp_sa.txt"
OBJECTIVE = "penalized logp"
EVALUATIONS = 600
SIMILARITIES = (0.4, 0.6)
MOST_ATOMS = 38
"""As the largest of ZINC's 250,000: longer chains alone would raise the score without end."""


class Start(NamedTuple):
    """What is improved: a molecule (SMILES), how alike the better one has to be, the seed."""

    smiles: str
    similarity: float
    seed: int


@eval_task(
    "molecule_improvement",
    "penalised logP raised at a similarity of 0.4 and more (bar: by 3, for 99% of molecules)",
)
def run(options: EvalOptions) -> Report:
    """Improves each starting molecule as `optimize_molecules` does; `limit` is how many."""
    path = options.folder("molecules") / STARTS
    lines = path.read_text(encoding="utf-8").split("\n")
    starts = [line.split()[0] for line in lines if line.strip()][: options.limit]
    rows, figures = [], {}
    for similarity in SIMILARITIES:
        tried = [Start(smiles, similarity, options.seed) for smiles in starts]
        gains, alike = zip(*on_all_cores(_improved, tried), strict=True)
        success = fmean(gain > 0 for gain in gains)
        rows.append([f"Theriac, at least {similarity}", f"{fmean(gains):.2f} ± {pstdev(gains):.2f}",
                     f"{min(gains):.2f}", f"{fmean(alike):.2f}", f"{success:.1%}"])  # fmt: skip
        figures[f"improvement at {similarity}"] = round(fmean(gains), 3)
        figures[f"success at {similarity}"] = round(success, 4)
    published: list[list[str]] = [
        ["JT-VAE, at least 0.4", "0.84 ± 1.45", "", "0.51", "83.6%"],
        ["GCPN, at least 0.4", "2.49 ± 1.30", "", "0.47", "100.0%"],
        ["MolDQN, at least 0.4", "3.37 ± 1.62", "", "", "100.0%"],
    ]
    return Report(
        title="Improving molecules that stay alike",
        tables=[
            ReportTable(
                title=f"{len(starts)} molecules, {EVALUATIONS} evaluations each",
                columns=["search", "improvement", "least", "similarity", "success"],
                rows=[*rows, *published],
            )
        ],
        figures=figures,
        notes=[
            "Improvement: penalised logP (logP less synthetic accessibility less atoms above six "
            "in the largest ring) of the best molecule found less that of the start, 0 where "
            "there is none better. Similarity: Tanimoto's coefficient of Morgan fingerprints "
            f"(radius 2, 2,048 bits). What is found has at most {MOST_ATOMS} heavy atoms, as the "
            "largest of ZINC's 250,000, and no unstable group.",
            "Published for the 800 molecules of Jin et al. 2018 (arXiv:1802.04364), of which these "
            "are no part; You et al. 2018 (arXiv:1806.02473), Zhou et al. 2019 "
            "(doi:10.1038/s41598-019-47148-x).",
        ],
    )


def _improved(start: Start) -> tuple[float, float]:
    """Returns by how much a molecule was improved, and how alike the better one is."""
    from rdkit import Chem

    from models.fitting.effort import Effort
    from models.fitting.threads import one_thread
    from models.molecules.design.language import read_objective
    from models.molecules.design.search.genetic import Search
    from models.molecules.design.search.limits import Near, is_harmless, is_plausible
    from models.molecules.design.search.start import starting_molecules

    origin = Chem.MolFromSmiles(start.smiles)
    near = Near([origin], start.similarity)
    search = Search(
        read_objective(OBJECTIVE), EVALUATIONS, Effort(start.seed),
        lambda one: one.GetNumHeavyAtoms() <= MOST_ATOMS and near(one) and is_plausible(one)
        and is_harmless(one),
    )  # fmt: skip
    mutants = starting_molecules([origin], EVALUATIONS // 3, start.seed)[1:]
    with one_thread():
        ranked = search.run([origin, *(one for one in mutants if near(one))])
    best = Chem.MolFromSmiles(ranked[0].smiles)
    return max(0.0, _penalised(best) - _penalised(origin)), near.similarity(best)


def _penalised(molecule: "Chem.Mol") -> float:
    """Returns penalised logP in the plain units of the published figures, not standardised."""
    from rdkit.Chem.Crippen import MolLogP  # type: ignore[attr-defined]

    from models.molecules.chemistry.properties import synthetic_accessibility

    largest = max(map(len, molecule.GetRingInfo().AtomRings()), default=0)
    return float(MolLogP(molecule) - synthetic_accessibility(molecule) - max(0, largest - 6))

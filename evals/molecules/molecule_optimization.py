"""The PMO benchmark's tasks that need RDKit alone, beside published searches."""

import gzip
import random
from functools import cache
from statistics import fmean
from typing import NamedTuple

from evals.cores import on_all_cores
from evals.registry import EvalOptions, Report, ReportTable, eval_task

BUDGET = 10_000
SEEDS = 3
START = 500
MOST_ATOMS = 100
"""Heavy atoms of a molecule: where size costs nothing, a search grows it without end."""


class Run(NamedTuple):
    """One search.

    Attributes:
        task: Its name.
        seed: Decides the start and the search.
        budget: Evaluations.
        start: File with the molecules to start from.
    """

    task: str
    seed: int
    budget: int
    start: str


@eval_task(
    "molecule_optimization",
    "designing molecules with 10,000 evaluations, PMO's tasks (bar: Graph GA and REINVENT)",
)
def run(options: EvalOptions) -> Report:
    """Runs the genetic search on each task; `limit` is the budget of evaluations."""
    from evals.scorers.optimization_tasks import TASKS

    budget = options.limit or BUDGET
    path = options.folder("molecules") / "zinc250k.smi.gz"
    seeds = range(options.seed, options.seed + SEEDS)
    runs = [Run(task.name, seed, budget, str(path)) for task in TASKS for seed in seeds]
    found = on_all_cores(_searched, runs)
    rows, sums = [], [0.0] * 5
    for place, task in enumerate(TASKS):
        areas, best = zip(*found[place * SEEDS : (place + 1) * SEEDS], strict=True)
        published = [task.graph_ga, task.reinvent, task.mol_ga, task.genetic_gfn]
        sums = [
            total + value for total, value in zip(sums, [fmean(areas), *published], strict=True)
        ]
        rows.append([task.name, fmean(areas), max(areas) - min(areas), fmean(best), *published])
    columns = ["task", "Theriac", "range", "best", "Graph GA", "REINVENT", "Mol GA", "Genetic GFN"]
    ours, graph_ga, reinvent, mol_ga, genetic_gfn = sums
    rows.append(["sum", ours, "", "", graph_ga, reinvent, mol_ga, genetic_gfn])
    return Report(
        title="Designing molecules",
        tables=[
            ReportTable(
                title=f"area under the mean of the best ten, {budget:,} evaluations, {SEEDS} seeds",
                columns=columns,
                rows=rows,
            )
        ],
        figures={"sum": ours, "Graph GA": graph_ga, "REINVENT": reinvent},
        notes=[
            "Published means: Gao et al. 2022 (arXiv:2206.12411), Tripp and Hernández-Lobato 2023 "
            "(arXiv:2310.09267) and Kim et al. 2024 (arXiv:2402.05961), all with 10,000.",
            f"Each run starts from {START} molecules of ZINC's 250,000, drawn by its seed, and "
            f"judges none of more than {MOST_ATOMS} heavy atoms.",
            "Isomers count all atoms, as Brown et al. 2019 define it; the published runs counted "
            "them in another way.",
        ],
    )


def _searched(run: Run) -> tuple[float, float]:
    """Returns the area under the curve of the best ten, and the best score."""
    from rdkit import Chem

    from evals.scorers.optimization_tasks import TASKS
    from models.fitting.effort import Effort
    from models.fitting.threads import one_thread
    from models.molecules.design.search.front import area_under_curve
    from models.molecules.design.search.genetic import Search

    known = _known(run.start)
    chosen = random.Random(run.seed).sample(known, min(START, run.budget // 4))  # noqa: S311  # no secret
    task = next(task for task in TASKS if task.name == run.task)
    search = Search(
        task.make(), run.budget, Effort(run.seed),
        allowed=lambda molecule: molecule.GetNumHeavyAtoms() <= MOST_ATOMS,
    )  # fmt: skip
    with one_thread():
        ranked = search.run(Chem.MolFromSmiles(smiles) for smiles in chosen)
    return area_under_curve(search.judged, run.budget), ranked[0].score.total


@cache
def _known(path: str) -> list[str]:
    with gzip.open(path, "rt") as stream:
        return [line.split()[0] for line in stream if line.strip()]

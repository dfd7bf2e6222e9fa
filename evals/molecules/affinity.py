"""Drug-target affinities, Davis: the published fold, and molecules and proteins that are new."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.registry import EvalOptions, Report, ReportTable, eval_task

if TYPE_CHECKING:
    from models.molecules.affinity.division import Division
    from models.molecules.affinity.settings import Setting

METRICS = ["concordance_index", "mse", "rmse", "pearson", "coverage_95"]
COLD_SEEDS = (0, 1, 2)
PUBLISHED = [
    ["published: DeepDTA (Öztürk et al. 2018)", 0.878, 0.261],
    ["published: GraphDTA (Nguyen et al. 2021)", 0.893, 0.229],
]
"""Concordance index and mean squared error on Davis' published test fold."""

COLD: "dict[str, Setting]" = {"cold_drug": "drug", "cold_protein": "protein", "cold_both": "both"}


@eval_task(
    "affinity",
    "drug-target affinities: Davis' published fold (bars: concordance index 0.90, mean squared "
    "error 0.23) beside matrix completion; new molecules and proteins",
)
def run(options: EvalOptions) -> Report:
    """Trains and judges on Davis, or on every table of the folder `affinity` of `--data`.

    `limit` is how many seeds the splits with new molecules or proteins get (3 when not given); 0
    leaves them out.
    """
    from models.data.readers.table import SUFFIXES
    from models.store.workspace import Workspace

    folder = options.folder("affinity")
    workspace = Workspace(options.workspace.root, (folder,))
    suffixes = tuple(ending for ending in SUFFIXES if ending != ".json")
    paths = sorted(
        path for path in folder.iterdir() if path.name.removesuffix(".gz").endswith(suffixes)
    )
    seeds = COLD_SEEDS[: options.limit] if options.limit is not None else COLD_SEEDS
    tables: list[ReportTable] = []
    figures: dict[str, float] = {}
    notes: list[str] = []
    for path in paths:
        rows = _published_fold(path, workspace, options.seed, notes)
        rows += _cold(path, workspace, seeds)
        name = path.name.split(".")[0]
        shown: list[list[object]] = [
            [label, *(_shown(found, metric) for metric in METRICS)] for label, found in rows
        ]
        if name == "davis":
            unknown = ["-"] * (len(METRICS) - 2)
            shown[1:1] = [[*row, *unknown] for row in PUBLISHED]
        tables.append(ReportTable(title=name, columns=["model, split", *METRICS], rows=shown))
        figures |= {
            f"{name}/{label}/{metric}": found[metric]
            for label, found in rows
            for metric in METRICS
            if metric in found
        }
    return Report(
        title="Affinities of molecules for proteins",
        tables=tables,
        figures=figures,
        notes=[
            *notes,
            f"New molecules, proteins or both: a quarter of them held out, mean over the seeds "
            f"{', '.join(map(str, seeds))}; proteins with one sequence (mutants) stay together. "
            "Similarity alone is Gaussian process regression with a Kronecker kernel; matrix "
            "completion (soft-impute) knows no chemistry. Settings were chosen by "
            "cross-validation within Davis' training part.",
            "Published for other splits of the kind, KIBA: concordance index 0.713-0.753 for "
            "unseen molecules, 0.610-0.748 for unseen proteins.",
        ],
    )


def _published_fold(
    path: Path, workspace: Any, seed: int, notes: list[str]
) -> list[tuple[str, dict[str, float]]]:
    """Trains as the tool does: by the table's own split where it has one, else at random."""
    from models.molecules.affinity.division import AffinityRequest, divide

    division = divide(AffinityRequest(str(path), seed=seed), workspace)
    notes.append(
        f"{path.name}: {division.split['train']:,} pairs to train, {division.split['test']:,} held "
        f"out ({division.split['method']})."
    )
    return _judged(division, seed, ["pair"], "")


def _cold(path: Path, workspace: Any, seeds: tuple[int, ...]) -> list[tuple[str, dict[str, float]]]:
    import numpy as np

    from models.molecules.affinity.division import AffinityRequest, divide

    rows = []
    for split, setting in COLD.items():
        found: dict[str, list[dict[str, float]]] = {}
        for seed in seeds:
            request = AffinityRequest(str(path), split=split, seed=seed)  # type: ignore[arg-type]
            division = divide(request, workspace)
            for label, metrics in _judged(division, seed, [setting], f", {split}"):
                found.setdefault(label, []).append(metrics)
        rows += [
            (label, {key: float(np.mean([one[key] for one in each])) for key in each[0]})
            for label, each in found.items()
        ]
    return rows


def _judged(
    division: "Division", seed: int, settings: "list[Setting]", split: str
) -> list[tuple[str, dict[str, float]]]:
    from models.fitting.effort import Effort
    from models.molecules.affinity.judging import judge
    from models.molecules.affinity.train import beside, fit_model, predict_pairs, trivial

    train, test = division.train, division.test
    fitted, _ = fit_model(train, division.columns.value, Effort(seed), settings)
    predicted = predict_pairs(fitted, test)
    found = {
        "theriac": judge(test.value, predicted.value, predicted.low, predicted.high, seed),
        **beside(fitted, test, seed),
        "training mean": trivial(train, test, seed),
    }
    return [
        (f"{name}{split}", {key: one["value"] for key, one in rows.items()
                            if one["value"] is not None})
        for name, rows in found.items()
    ]  # fmt: skip


def _shown(found: dict[str, float], metric: str) -> str:
    return f"{found[metric]:.3f}" if metric in found else "-"

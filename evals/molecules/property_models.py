"""Property models on MoleculeNet's sets, beside plain models on descriptors and fingerprints."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.registry import EvalOptions, Report, ReportTable, eval_task
from evals.scorers.property_peers import plain_models
from models.errors import ToolError

SEEDS = (0, 1, 2)
LARGE = 4_000
"""From so many molecules on, one seed is run: a fit takes minutes."""

PARTS = (0.8, 0.1, 0.1)
KNOWN_TARGETS = (
    ("measured log solubility in mols per litre",), ("logSolubility",), ("expt",), ("exp",),
    ("Class",), ("p_np",), ("FDA_APPROVED", "CT_TOX"),
)  # fmt: skip
"""Targets by MoleculeNet's names of the columns; other tables must make theirs clear."""

PUBLISHED = {
    ("delaney", "random"): "0.555",
    ("delaney", "scaffold"): "0.84-1.05",
    ("bbbp", "scaffold"): "0.72-0.74",
    ("bace", "scaffold"): "0.85",
    ("freesolv", "random"): "1.03-1.08",
    ("lipophilicity", "random"): "0.555-0.577",
    ("tox21", "random"): "0.829",
}
ALIASES = {"esol": "delaney", "sampl": "freesolv", "lipo": "lipophilicity"}
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Task:
    """One table.

    Attributes:
        name: Of the file.
        data: Its molecules, each once (`models.molecules.properties.intake.door.Measured`).
        targets: What is learnt (`models.molecules.properties.intake.targets.Targets`).
    """

    name: str
    data: Any
    targets: Any

    @property
    def metric(self) -> str:
        """The metric that the literature reports."""
        return "rmse" if self.targets.task == "regression" else "auroc"


@eval_task(
    name="property_models",
    description="Property models on MoleculeNet's sets, random and scaffold split: RMSE, AUROC.",
)
def run(options: EvalOptions) -> Report:
    """Trains on 80% and judges on the last 10%; `limit` takes only the first tables."""
    tables: list[ReportTable] = []
    figures: dict[str, float] = {}
    notes: list[str] = []
    files = sorted(_folder(options).glob("*.csv"), key=lambda path: (path.stat().st_size, path))
    for path in files[: options.limit]:
        try:
            task = _read(path, options)
        except ToolError as error:
            notes.append(f"{path.name} left out: {error.message}")
            continue
        seeds = [options.seed + seed for seed in SEEDS[: 1 if len(task.data) >= LARGE else None]]
        for split in ("random", "scaffold"):
            rows, found = _split_rows(task, split, seeds)
            tables.append(
                ReportTable(
                    title=f"{task.name}, {split} split ({len(task.data)} molecules, seeds {seeds})",
                    columns=["model", task.metric, "sd of seeds", _second(task), "s per fit"],
                    rows=rows,
                )
            )
            figures |= {f"{task.name}/{split}/{name}": value for name, value in found.items()}
    return Report(
        title="Properties of molecules: 80% to train, the last 10% to judge on",
        tables=tables,
        figures=figures,
        notes=[
            "Molecules are standardised and each is there once; the 10% between the two parts are "
            "used by no model. Random parts differ by seed; the scaffold split is MoleculeNet's "
            "(Bemis-Murcko, commonest scaffolds to train) and the same for every seed.",
            "Ours weighs its members and chooses its algorithm by inner folds of the training part "
            "(by scaffold where the split is). Settings were chosen by cross-validation within "
            "scaffold training parts, on seeds that are not reported here.",
            "Published: random splits Yang et al. 2019 (doi 10.1021/acs.jcim.9b00237), scaffold "
            "splits as collected by Fang et al. 2022 (doi 10.1038/s42256-021-00447-4) and others, "
            "Tox21 Wu et al. 2018 (doi 10.1039/c7sc02664a). "
            "Their splits and repeated molecules differ in details: compare loosely.",
            *notes,
        ],
    )


def _folder(options: EvalOptions) -> Path:
    """Returns the folder with the tables: the one named, or molecules/ in it."""
    if options.data and any(options.data.glob("*.csv")):
        return options.data
    return options.folder("molecules")


def _read(path: Path, options: EvalOptions) -> Task:
    from models.data.tables import load_dataset
    from models.molecules.properties.intake.division import find_smiles_column
    from models.molecules.properties.intake.door import measured
    from models.molecules.properties.intake.targets import find_targets
    from models.store.workspace import Workspace

    workspace = Workspace(options.workspace.root, (path.parent,))
    dataset = load_dataset(str(path), workspace)
    columns = set(dataset.frame.columns)
    smiles = find_smiles_column(dataset, "mol" if "mol" in columns else None)
    known = next((names for names in KNOWN_TARGETS if columns.issuperset(names)), ())
    targets, _ = find_targets(dataset, known, None, [smiles])
    stem = path.stem.casefold()
    return Task(ALIASES.get(stem, stem), measured(dataset.frame, smiles, targets), targets)


def _second(task: Task) -> str:
    return "coverage_95" if task.targets.task == "regression" else "calibration error"


def _split_rows(
    task: Task, split: str, seeds: list[int]
) -> tuple[list[list[Any]], dict[str, float]]:
    """Returns the table of one split, and each model's mean."""
    scores: dict[str, list[float]] = {}
    second: dict[str, list[float]] = {}
    seconds: dict[str, list[float]] = {}
    for seed in seeds:
        train, test = _parts(task, split, seed)
        for name, (score, other, took) in _judged(task, train, test, split, seed).items():
            scores.setdefault(name, []).append(score)
            second.setdefault(name, []).append(other)
            seconds.setdefault(name, []).append(took)
    rows: list[list[Any]] = []
    for name, found in scores.items():
        spread = f"{np.std(found, ddof=1):.3f}" if len(found) > 1 else "-"
        trust = f"{np.mean(second[name]):.3f}" if np.isfinite(second[name]).all() else "-"
        seconds_of_fit = f"{np.mean(seconds[name]):.0f}"
        rows.append([name, f"{np.mean(found):.3f}", spread, trust, seconds_of_fit])
    if published := PUBLISHED.get((task.name, split)):
        rows.append(["published graph networks", published, "-", "-", "-"])
    return rows, {name: float(np.mean(found)) for name, found in scores.items()}


def _parts(task: Task, split: str, seed: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    from models.molecules.properties.intake.scaffolds import scaffold_parts

    if split == "scaffold":
        train, _, test = scaffold_parts(task.data.molecules, PARTS)
        return np.sort(train), np.sort(test)
    order = np.random.default_rng(seed).permutation(len(task.data))
    first, second = round(PARTS[0] * len(order)), round((PARTS[0] + PARTS[1]) * len(order))
    return np.sort(order[:first]), np.sort(order[second:])


def _judged(
    task: Task, train: NDArray[np.intp], test: NDArray[np.intp], split: str, seed: int
) -> dict[str, tuple[float, float, float]]:
    """Returns each model's metric, its coverage or calibration error, and seconds of the fit."""
    from models.fitting.effort import Effort
    from models.molecules.properties.fitting import fit_model
    from models.molecules.properties.inputs.blocks import inputs_of
    from models.molecules.properties.intake.scaffolds import scaffold_codes
    from models.molecules.properties.learners.ensemble import Ensemble

    data, targets = task.data, task.targets
    known, held_out = data.take(train), data.take(test)
    read, asked = inputs_of(known.molecules), inputs_of(held_out.molecules)
    groups = scaffold_codes(known.molecules) if split == "scaffold" else None
    started = time.monotonic()
    model, chosen = fit_model(known.molecules, known.values, targets, "auto", groups, Effort(seed))
    took = time.monotonic() - started
    predicted = model.predict_inputs(asked)
    truth = held_out.values
    found = {
        f"theriac auto ({chosen.best.algorithm})": (
            _score(truth, predicted.value, targets.task), _trust(truth, predicted, targets), took
        )
    }  # fmt: skip
    for candidate in chosen.candidates:
        members = {name: chosen.fitted[name] for name in candidate.weights}
        value, _ = Ensemble(members, candidate.weights).predict(asked)
        spent = sum(chosen.seconds[name] for name in candidate.weights)
        name = f"theriac {candidate.algorithm}"
        found[name] = (_score(truth, value, targets.task), float("nan"), spent)
    for name, fit in plain_models(targets.task, seed).items():
        started = time.monotonic()
        value = fit(read, known.values)(asked)
        spent = time.monotonic() - started
        found[name] = (_score(truth, value, targets.task), float("nan"), spent)
    return {("theriac auto" if "auto" in name else name): row for name, row in found.items()}


def _score(truth: FloatArray, value: FloatArray, task: str) -> float:
    """Returns rmse or auroc, mean over the targets on which it is defined."""
    from models.metrics.tabular import auroc, rmse

    found = []
    for k in range(truth.shape[1]):
        known = np.isfinite(truth[:, k])
        wanted, made = truth[known, k], value[known, k]
        if task == "regression":
            found.append(rmse(wanted, made))
        else:
            found.append(auroc(wanted.astype(np.intp), np.stack([1 - made, made], axis=1)))
    return float(np.nanmean(found))


def _trust(truth: FloatArray, predicted: Any, targets: Any) -> float:
    """Returns coverage_95, or the calibration error, mean over targets."""
    from models.metrics.tabular import calibration_error

    known = np.isfinite(truth)
    if targets.task == "regression":
        inside = (truth >= predicted.low) & (truth <= predicted.high)
        return float(inside[known].mean())
    errors = []
    for k in np.flatnonzero(known.any(axis=0)):
        wanted, made = truth[known[:, k], k], predicted.value[known[:, k], k]
        chance = np.stack([1 - made, made], axis=1)
        errors.append(calibration_error(wanted.astype(np.intp), chance))
    return float(np.mean(errors))

"""Training an affinity model, from the request to the kept model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rdkit import Chem

from models.fitting.effort import Effort
from models.metrics.intervals import Interval
from models.metrics.plots import regressor_plot
from models.molecules.affinity.division import AffinityRequest, Division, divide
from models.molecules.affinity.evidence import NAMES
from models.molecules.affinity.family import KIND
from models.molecules.affinity.fitted import Bound, FittedAffinityModel
from models.molecules.affinity.judging import judge
from models.molecules.affinity.learner import COVERAGE, Judge
from models.molecules.affinity.pairs import Pairs
from models.molecules.affinity.predictions import bound_columns
from models.molecules.affinity.sequences import is_sequence
from models.molecules.affinity.settings import SAID, SETTINGS, Setting
from models.store.card import metric_table, model_card
from models.store.registry import ModelStore
from models.store.runs import Run
from models.store.workspace import Workspace

ALGORITHM = "kernel_boosting"
HELD_OUT = "held_out.csv"
SIMPLER = {"structure": "similarity alone (Gaussian process)", "factors": "matrix completion"}
INTENDED_USE = (
    "Research: ranking molecules for proteins like those in {name}, and finding pairs worth "
    "measuring."
)
NOT_FOR = (
    "Doses, safety or any decision about a person.",
    "Proof of binding: it proposes what to measure.",
    "Functional effect: it says how strongly, not whether a molecule activates or blocks.",
)


@dataclass(frozen=True)
class KeptAffinityModel:
    """A trained model in the store, and all there is to say of it.

    Attributes:
        model: Its short name.
        fitted: Itself.
        division: What it was trained and judged on.
        predicted: For the held-out pairs.
        metrics: On them.
        baseline: The same for the training mean.
        simpler: The same for what is simpler, by its name.
        plot: Predicted and measured affinities.
        table: The held-out pairs with their predictions (CSV).
    """

    model: str
    fitted: FittedAffinityModel
    division: Division
    predicted: Bound
    metrics: Mapping[str, Interval]
    baseline: Mapping[str, Interval]
    simpler: Mapping[str, Mapping[str, Interval]]
    plot: Path
    table: Path


def fit_model(
    pairs: Pairs, target: str, effort: Effort, settings: Sequence[Setting] = SETTINGS
) -> tuple[FittedAffinityModel, list[str]]:
    """Fits a model to pairs.

    Args:
        pairs: What was measured.
        target: What is learnt is called.
        effort: Seed, deadline and progress; when time is up, the settings that are left are
            answered by similarity alone.
        settings: Those to learn; the others are answered so too.

    Returns:
        The model, and notes on what there was no time for.
    """
    fitted = FittedAffinityModel(pairs, {}, target)
    skipped = []
    for place, setting in enumerate(SETTINGS):
        if setting not in settings or effort.spent():
            fitted.judges[setting] = fitted.learner.by_similarity()
            skipped += [SAID[setting]] if setting in settings else []
            continue
        share = effort.part(place / len(SETTINGS), (place + 1) / len(SETTINGS))
        fitted.judges[setting] = fitted.learner.judge(setting, share)
    return fitted, [f"no time was left to learn: {what}" for what in skipped]


def train_affinity_model(
    request: AffinityRequest, workspace: Workspace, run: Run, effort: Effort
) -> KeptAffinityModel:
    """Trains, judges and keeps an affinity model.

    Args:
        request: What to learn from what.
        workspace: Where data are read and the model is kept.
        run: Gets the split, the plot and the held-out predictions.
        effort: Seed, deadline and progress.

    Raises:
        ToolError: The data are not fit for it.
    """
    effort.progress(0, "reading pairs")
    division = divide(request, workspace)
    train, test = division.train, division.test
    rows = {"train_rows": train.row.tolist(), "test_rows": test.row.tolist()}
    run.record(data_sha256=division.dataset.sha256, seed=request.seed, split=division.split | rows)
    fitted, notes = fit_model(train, division.columns.target, effort.part(0.05, 0.9))
    division.notes.extend(notes)
    effort.progress(0.92, "judging on held-out pairs")
    predicted = predict_pairs(fitted, test)
    metrics = judge(test.value, predicted.value, predicted.low, predicted.high, request.seed)
    plot = run.artifact("held_out.png")
    half = float(np.median(predicted.high - predicted.low) / 2)
    regressor_plot(test.value, predicted.value, half, fitted.target, plot)
    table = run.artifact(HELD_OUT)
    pair_table(fitted, test, predicted).to_csv(table, index=False)
    kept = KeptAffinityModel(
        "", fitted, division, predicted, metrics, trivial(train, test, request.seed),
        beside(fitted, test, request.seed), plot, table,
    )  # fmt: skip
    return replace(kept, model=_keep(kept, request, workspace, run))


def predict_pairs(fitted: FittedAffinityModel, pairs: Pairs) -> Bound:
    """Predicts the affinities of pairs."""
    return fitted.predict(
        [Chem.MolFromSmiles(one) for one in pairs.smiles],
        list(zip(pairs.proteins, pairs.sequences, strict=True)),
        pairs.molecule,
        pairs.protein,
    )


def pair_table(fitted: FittedAffinityModel, pairs: Pairs, predicted: Bound) -> pd.DataFrame:
    """Returns pairs with what was measured and what is predicted, one row per pair."""
    head = {
        "smiles": [pairs.smiles[n] for n in pairs.molecule],
        "protein": [pairs.proteins[n] for n in pairs.protein],
        fitted.target: pairs.value,
    }
    return pd.DataFrame(head | bound_columns(fitted, predicted, measured=False))


def trivial(train: Pairs, test: Pairs, seed: int) -> dict[str, Interval]:
    """Returns the metrics of always saying the training mean."""
    mean = np.full(len(test), train.value.mean())
    reach = np.quantile(np.abs(train.value - train.value.mean()), COVERAGE)
    return judge(test.value, mean, mean - reach, mean + reach, seed)


def beside(fitted: FittedAffinityModel, test: Pairs, seed: int) -> dict[str, dict[str, Interval]]:
    """Returns the metrics of what the model weighs, taken alone."""
    left = fitted.seen_molecules([Chem.MolFromSmiles(one) for one in test.smiles])
    right = fitted.seen_proteins(list(zip(test.proteins, test.sequences, strict=True)))
    evidence = fitted.learner.evidence(left, right, test.molecule, test.protein)
    found = {}
    for name, said in SIMPLER.items():
        value = evidence[:, NAMES.index(name)]
        rows = judge(test.value, value, value, value, seed)
        found[said] = {key: one for key, one in rows.items() if key != "coverage_95"}
    return found


def _keep(kept: KeptAffinityModel, request: AffinityRequest, workspace: Workspace, run: Run) -> str:
    division, fitted = kept.division, kept.fitted
    pairs = fitted.pairs
    target = fitted.target
    manifest: dict[str, Any] = {
        "algorithm": ALGORITHM,
        "dataset": request.dataset,
        "test_dataset": request.test_dataset,
        "data_sha256": division.dataset.sha256,
        "target": {"target_column": target},
        "columns": {
            "smiles": division.columns.smiles,
            "protein": division.columns.protein,
            "value": division.columns.value,
        },
        "unit": division.columns.unit,
        "proteins": [name for name in pairs.proteins if not is_sequence(name)],
        "scale": {"mean": float(pairs.value.mean()), "deviation": float(pairs.value.std())},
        "features": {"features": []},
        "metrics": dict(kept.metrics),
        "baseline": dict(kept.baseline),
        "simpler": {name: dict(rows) for name, rows in kept.simpler.items()},
        "split": division.split,
        "run": run.id,
        "seed": request.seed,
        "warnings": division.warnings,
        "notes": division.notes,
    }
    beside = "\n\n".join(
        f"{name}:\n\n{metric_table(kept.metrics, rows)}" for name, rows in kept.simpler.items()
    )
    card = model_card(
        {"kind": KIND} | manifest,
        intended_use=INTENDED_USE.format(name=division.dataset.name),
        not_for=NOT_FOR,
        calibration=(
            "The 95% intervals are conformal, from pairs that were left out in the same setting. "
            f"They cover {kept.metrics['coverage_95']['value']:.1%} of the held-out pairs."
        ),
        limits=[*division.warnings, *division.notes],
        sections={
            "Beside simpler models (as baseline)": beside,
            "What is expected of new pairs": _settings_table(fitted.judges),
            "What is kept": "The model's folder holds the measured pairs, for predictions are made "
            "from them: who gets the model gets those.",
        },
    )

    def write(folder: Path) -> None:
        fitted.save(folder)
        (folder / HELD_OUT).write_bytes(kept.table.read_bytes())

    return ModelStore(workspace).save(KIND, manifest, write, card)


def _settings_table(judges: Mapping[Setting, Judge]) -> str:
    """Says how far off predictions were for training pairs left out in each setting."""
    rows = ["| new is | mean absolute error, left-out training pairs | weight of what was learnt "
            "beside similarity |", "|---|---|---|"]  # fmt: skip
    rows += [
        f"| {SAID[setting]} | {judge.error:.3f} | {judge.weight:g} |"
        for setting, judge in judges.items()
    ]
    return "\n".join(rows)

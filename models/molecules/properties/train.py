"""Training a property model, from the request to the kept model."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from models.fitting.effort import Effort
from models.metrics.intervals import Interval
from models.molecules.properties import report
from models.molecules.properties.family import KIND
from models.molecules.properties.fitted import FittedPropertyModel, Predicted
from models.molecules.properties.fitting import fit_model
from models.molecules.properties.intake.division import Division, divide
from models.molecules.properties.intake.request import PropertyRequest
from models.molecules.properties.judging import constant, error_by_similarity, judge
from models.molecules.properties.learners.ensemble import Chosen
from models.molecules.properties.predictions import prediction_table
from models.store.card import model_card
from models.store.registry import ModelStore
from models.store.runs import Run
from models.store.workspace import Workspace

HELD_OUT = "held_out.csv"


@dataclass(frozen=True)
class KeptPropertyModel:
    """A trained model in the store, and all there is to say of it.

    Attributes:
        model: Its short name.
        fitted: Itself.
        division: What it was trained and judged on.
        chosen: How its algorithm was chosen.
        predicted: For the held-out molecules.
        metrics: On them; of several targets the mean.
        baseline: The same for the trivial model.
        by_target: The metrics of each of several targets.
        plot: A picture of them.
        table: The held-out molecules with their predictions (CSV).
    """

    model: str
    fitted: FittedPropertyModel
    division: Division
    chosen: Chosen
    predicted: Predicted
    metrics: Mapping[str, Interval]
    baseline: Mapping[str, Interval]
    by_target: Mapping[str, Mapping[str, Interval]]
    plot: Path
    table: Path


def train_property_model(
    request: PropertyRequest, workspace: Workspace, run: Run, effort: Effort
) -> KeptPropertyModel:
    """Trains, judges and keeps a property model.

    Args:
        request: What to learn from what.
        workspace: Where data are read and the model is kept.
        run: Gets the split, the plot and the held-out predictions.
        effort: Seed, deadline and progress.

    Raises:
        ToolError: The data are not fit for it.
    """
    division = divide(request, workspace, effort.part(0, 0.05))
    train, test, targets = division.train, division.test, division.targets
    rows = {"train_rows": train.rows.tolist(), "test_rows": test.rows.tolist()}
    run.record(data_sha256=division.dataset.sha256, seed=request.seed, split=division.split | rows)
    fitted, chosen = fit_model(
        train.molecules, train.values, targets, request.algorithm, division.groups,
        effort.part(0.05, 0.9),
    )  # fmt: skip
    division.notes.extend(chosen.notes)
    effort.progress(0.92, "judging on held-out molecules")
    predicted = fitted.predict(test.molecules)
    metrics, by_target = judge(test.values, predicted, targets, request.seed)
    trivial = constant(train.values, len(test), targets, predicted)
    baseline, _ = judge(test.values, trivial, targets, request.seed)
    plot = run.artifact("held_out.png")
    report.draw(test.values, predicted, targets, by_target, plot)
    table = run.artifact(HELD_OUT)
    prediction_table(fitted, test.molecules, predicted).to_csv(table, index=False)
    kept = KeptPropertyModel(
        "", fitted, division, chosen, predicted, metrics, baseline, by_target, plot, table
    )
    return replace(kept, model=_keep(kept, request, workspace, run))


def _keep(kept: KeptPropertyModel, request: PropertyRequest, workspace: Workspace, run: Run) -> str:
    division, fitted = kept.division, kept.fitted
    targets = division.targets
    manifest: dict[str, Any] = {
        "algorithm": kept.chosen.best.algorithm,
        "dataset": request.dataset,
        "test_dataset": request.test_dataset,
        "data_sha256": division.dataset.sha256,
        "target": {"target_column": ", ".join(targets.names)},
        "smiles_column": division.smiles_column,
        "features": {"features": []},
        "metrics": dict(kept.metrics),
        "baseline": dict(kept.baseline),
        "by_target": {name: dict(found) for name, found in kept.by_target.items()},
        "split": division.split,
        "candidates": kept.chosen.table(targets.task),
        "run": run.id,
        "seed": request.seed,
        "warnings": division.warnings,
        "notes": division.notes,
    } | fitted.details()
    errors = error_by_similarity(division.test.values, kept.predicted, targets)
    sections = {
        "Candidates": report.candidates_table(kept.chosen, targets),
        "Applicability domain": report.domain_words(fitted.domain.border, errors),
        "What is kept": "The model's folder holds the SMILES of the training molecules, because "
        "predictions name the nearest of them: who gets the model gets those.",
    }
    if kept.by_target:
        sections = {"Each target": report.target_table(kept.by_target)} | sections
    card = model_card(
        {"kind": KIND} | manifest,
        intended_use=report.intended_use(targets, division.dataset.name),
        not_for=report.NOT_FOR,
        calibration=report.calibration_words(
            targets, kept.metrics, float(kept.predicted.inside.mean())
        ),
        limits=[*division.warnings, *division.notes],
        sections=sections,
    )

    def write(folder: Path) -> None:
        fitted.save(folder)
        (folder / HELD_OUT).write_bytes(kept.table.read_bytes())

    return ModelStore(workspace).save(KIND, manifest, write, card)

"""What every trainer on tables keeps: weights, manifest, card, held-out rows and background."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from models.data.features import FeatureSchema
from models.metrics.intervals import Interval
from models.store.card import model_card
from models.store.registry import ModelStore
from models.store.runs import Run
from models.store.workspace import Workspace
from models.tables.training import Prepared

BACKGROUND_ROWS = 200
BACKGROUND = "background.parquet"
HELD_OUT = "held_out.parquet"


@dataclass(frozen=True)
class Trained:
    """What a family reports of a fit, for the manifest and the card.

    Attributes:
        kind: The family's KIND.
        algorithm: The one that was fitted.
        target: What is predicted: column names and what else the family needs to say.
        metrics: On held-out rows.
        baseline: The same for the trivial model.
        intended_use: What the model is for.
        not_for: What it must not be used for.
        calibration: How far its numbers can be taken at their word.
        sections: Further sections of the card by heading.
        details: Further entries of the manifest.
    """

    kind: str
    algorithm: str
    target: Mapping[str, Any]
    metrics: Mapping[str, Interval]
    baseline: Mapping[str, Interval]
    intended_use: str
    not_for: Sequence[str]
    calibration: str
    sections: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)


def keep_model(
    trained: Trained,
    prepared: Prepared,
    write_weights: Callable[[Path], None],
    workspace: Workspace,
    run: Run,
) -> str:
    """Saves a model with its card, held-out rows and background; all or nothing.

    Returns:
        The model's short name.
    """
    manifest = {
        "algorithm": trained.algorithm,
        "dataset": prepared.request.dataset,
        "test_dataset": prepared.request.test_dataset,
        "data_sha256": prepared.dataset.sha256,
        "target": dict(trained.target),
        "features": prepared.schema.model_dump(),
        "metrics": dict(trained.metrics),
        "baseline": dict(trained.baseline),
        "split": prepared.split,
        "run": run.id,
        "seed": prepared.request.seed,
        "warnings": prepared.warnings,
        "notes": prepared.notes,
    } | dict(trained.details)
    card = model_card(
        {"kind": trained.kind} | manifest,
        intended_use=trained.intended_use,
        not_for=trained.not_for,
        calibration=trained.calibration,
        limits=[*prepared.warnings, *prepared.notes],
        sections=trained.sections,
    )

    def write(folder: Path) -> None:
        write_weights(folder)
        held_out = pd.concat([prepared.test, prepared.test_outcome], axis=1)
        held_out.to_parquet(folder / HELD_OUT)
        size = min(BACKGROUND_ROWS, len(prepared.train))
        background = prepared.train.sample(size, random_state=prepared.request.seed)
        background.to_parquet(folder / BACKGROUND)

    return ModelStore(workspace).save(trained.kind, manifest, write, card)


class KeptFrames:
    """The frames that a kept model carries, read when they are first needed.

    Args:
        features: The schema of the model's inputs.
        outcome_columns: The outcome's columns, in order.
        folder: The model's folder; None before it is kept.
    """

    def __init__(
        self, features: FeatureSchema, outcome_columns: Sequence[str], folder: Path | None
    ) -> None:
        self.features = features
        self.outcome_columns = list(outcome_columns)
        self._folder = folder

    @cached_property
    def background(self) -> pd.DataFrame:
        """Up to 200 training rows, canonical; explanations are relative to them."""
        return self.features.apply(self._read(BACKGROUND))

    @cached_property
    def held_out(self) -> pd.DataFrame:
        """Held-out rows, canonical, with the outcome; the index is the row of the file."""
        kept = self._read(HELD_OUT)
        return self.features.apply(kept).join(kept[self.outcome_columns])

    def _read(self, name: str) -> pd.DataFrame:
        if self._folder is None:
            message = "a model has background and held-out rows once it is kept"
            raise RuntimeError(message)
        return pd.read_parquet(self._folder / name)


@dataclass(frozen=True)
class Kept:
    """A trained model in the store, and all there is to say of it.

    Attributes:
        model: Its short name.
        trained: What the family reports.
        prepared: What it was trained on.
        plots: Pictures in the run folder.
        candidates: What was compared, best first.
    """

    model: str
    trained: Trained
    prepared: Prepared
    plots: Sequence[Path]
    candidates: Sequence[Mapping[str, Any]] = ()

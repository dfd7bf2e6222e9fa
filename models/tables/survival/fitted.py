"""A fitted survival model: risk, median survival and survival curves for new rows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from models.data.events.coding import EventCoding
from models.data.events.target import TimeToEvent, follow_up
from models.data.events.units import show_times
from models.data.features import FeatureSchema
from models.errors import FieldFault, ToolError
from models.metrics.follow_up import FollowUp
from models.metrics.intervals import Interval
from models.metrics.kaplan_meier import FloatArray
from models.metrics.survival import concordance_index
from models.store.prediction import Prediction
from models.tables.keeping import KeptFrames
from models.tables.survival.estimators.arrays import Arrays
from models.tables.survival.estimators.grid import medians, time_grid
from models.tables.survival.evaluation import measure
from models.tables.survival.pipeline import SurvivalPipeline
from models.tables.survival.plots import curves_plot

FOLLOW_UP = "follow_up.parquet"
MOST_CURVES = 50
"""Rows whose whole curve is given as data."""
GROUPS = ("low", "medium", "high")


@dataclass(frozen=True)
class Meaning:
    """What the outcome of a survival model means.

    Attributes:
        time_column: Follow-up time.
        event_column: Event indicator.
        coding: What the event column's values mean.
        unit: Of the follow-up time.
        times: Times that survival is predicted at by default.
        cutoffs: Log risks between low, medium and high risk (tertiles of the training rows).
    """

    time_column: str
    event_column: str
    coding: EventCoding
    unit: str
    times: Sequence[float]
    cutoffs: Sequence[float]


class FittedSurvival(KeptFrames):
    """A survival model and what explanations of it need.

    Args:
        features: The schema of its inputs.
        pipeline: Preprocessing and estimator.
        meaning: Of its outcome.
        train: Follow-up of the training rows.
        folder: The model's folder; None before it is kept.
    """

    metric_name = "concordance_index"
    score_name = "log relative risk"

    def __init__(
        self,
        features: FeatureSchema,
        pipeline: SurvivalPipeline,
        meaning: Meaning,
        train: FollowUp,
        folder: Path | None = None,
    ) -> None:
        super().__init__(features, [meaning.time_column, meaning.event_column], folder)
        self.pipeline = pipeline
        self.meaning = meaning
        self.train = train

    def save(self, folder: Path) -> None:
        """Writes weights and training follow-up; the manifest holds the rest."""
        self.pipeline.save(folder)
        frame = pd.DataFrame({"time": self.train.time, "event": self.train.event})
        frame.to_parquet(folder / FOLLOW_UP)

    @classmethod
    def load(cls, folder: Path) -> "FittedSurvival":
        """Reads a kept model."""
        manifest = json.loads((folder / "model.json").read_text())
        train = pd.read_parquet(folder / FOLLOW_UP)
        meaning = dict(manifest["meaning"])
        meaning["coding"] = EventCoding.model_validate(meaning["coding"])
        return cls(
            FeatureSchema.model_validate(manifest["features"]),
            SurvivalPipeline.load(manifest["algorithm"], folder),
            Meaning(**meaning),
            FollowUp.of(train["time"], train["event"]),
            folder,
        )

    def score(self, frame: pd.DataFrame) -> FloatArray:
        """Returns log relative risk, shape (n,); higher means an earlier event."""
        return self.pipeline.log_risk(self.features.apply(frame))

    def survival(self, frame: pd.DataFrame, times: FloatArray) -> FloatArray:
        """Returns survival probabilities (0-1), shape (n, t)."""
        return self.pipeline.survival(self.features.apply(frame), times)

    def loss(self, frame: pd.DataFrame, outcome: pd.DataFrame) -> float:
        """Returns Harrell's concordance (higher is better)."""
        return concordance_index(follow_up(outcome[self.outcome_columns]), self.score(frame))

    def outcome_of(self, frame: pd.DataFrame) -> pd.DataFrame | None:
        """Returns the canonical outcome of raw rows, None where its columns are not there."""
        columns = {
            "time_column": self.meaning.time_column,
            "event_column": self.meaning.event_column,
        }
        if not set(columns.values()) <= set(frame.columns):
            return None
        return TimeToEvent(**columns, coding=self.meaning.coding).read(frame, columns)

    def evaluate(self, frame: pd.DataFrame, outcome: pd.DataFrame) -> dict[str, Interval]:
        """Returns the family's metrics on rows whose outcome is known."""
        test = follow_up(outcome[self.outcome_columns])
        canonical = self.features.apply(frame)
        risk = self.pipeline.log_risk(canonical)
        return measure(
            self.train, test, risk, lambda times: self.pipeline.survival(canonical, times)
        )

    def predict(
        self, frame: pd.DataFrame, times: Sequence[float] | None = None, **options: Any
    ) -> Prediction:
        """Returns risk, median survival and survival probabilities of each row.

        Args:
            frame: Rows that follow the feature schema.
            times: Times to give survival at, in the unit of the training follow-up.
            options: Ignored; other families have others.
        """
        wanted = np.array(self._checked(times) if times else self.meaning.times, float)
        grid = self.grid
        curves = self.survival(frame, np.concatenate([grid, wanted]))
        along, at_times = curves[:, : grid.size], curves[:, grid.size :]
        risk = self.score(frame)
        group = np.searchsorted(self.meaning.cutoffs, risk, side="left")
        median = medians(along, grid)
        unit = self.meaning.unit
        columns: Arrays = {
            "log_relative_risk": risk,
            "risk_group": np.take(GROUPS, group),
            "median_survival": median,
        }
        for position, time in enumerate(wanted):
            columns[f"survival_at_{time:g}"] = at_times[:, position]

        def describe(row: int) -> str:
            reached = f"{median[row]:g} {unit}" if np.isfinite(median[row]) else "not reached"
            chances = ", ".join(f"{chance:.1%}" for chance in at_times[row])
            return (
                f"median survival {reached}; event-free at {show_times(list(wanted))} {unit}: "
                f"{chances}; {GROUPS[group[row]]} risk"
            )

        names = [f"row {index}" for index in frame.index]
        shown = along[:MOST_CURVES].round(4).tolist()
        return Prediction(
            pd.DataFrame(columns, index=frame.index),
            describe,
            draw=lambda path: curves_plot(grid, along, names, unit, path),
            notes=[
                f"Times are in {unit}; low, medium and high risk are thirds of the training rows"
            ],
            data={"times": grid.tolist(), "survival_curves": shown, "unit": unit},
        )

    @property
    def grid(self) -> FloatArray:
        """Times from 0 over the training events, at most 200, that curves are given at."""
        events = time_grid(self.train.time[self.train.event])
        return np.concatenate([[0.0], events[events > 0]])

    def _checked(self, times: Sequence[float]) -> list[float]:
        longest = float(self.train.time.max())
        wrong = [time for time in times if not 0 <= time <= longest]
        if wrong:
            got = ", ".join(f"{time:g}" for time in wrong)
            expected = f"0 to {longest:g} {self.meaning.unit}, the follow-up it was trained on"
            raise ToolError(
                f"The model cannot tell survival at {got}.",
                FieldFault(field="times", got=got, expected=expected),
            )
        return sorted(set(times))

"""Training a survival model, from the request to the kept model."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from models.data.events.coding import EventCoding
from models.data.events.target import TimeToEvent, follow_up
from models.data.events.units import default_times, unit_of
from models.data.requests import TrainingRequest
from models.fitting.effort import Effort
from models.metrics.follow_up import FollowUp
from models.store.runs import Run
from models.store.workspace import Workspace
from models.tables.keeping import Kept, Trained, keep_model
from models.tables.learners.limits import NOT_FOR
from models.tables.survival.checks import require_events, size_warnings, without_other_outcomes
from models.tables.survival.estimators.algorithms import AUTO
from models.tables.survival.evaluation import Judgement, baseline, judge
from models.tables.survival.fitted import FittedSurvival, Meaning
from models.tables.survival.hazard_ratios import HazardRatio, hazard_ratios
from models.tables.survival.pipeline import SurvivalPipeline
from models.tables.survival.plots import calibration_plot, risk_group_plot
from models.tables.survival.report import calibration_words, candidate_table, ratio_table
from models.tables.survival.selection import Candidate, select
from models.tables.training import Prepared, prepare

SURVIVAL_LIMITS = (
    *NOT_FOR,
    "Survival beyond the follow-up it was trained on.",
    "Competing events: other causes of ending count as censoring, so probabilities are too high "
    "where they are common.",
)


@dataclass(frozen=True)
class KeptSurvival:
    """A trained survival model in the store, and all there is to say of it.

    Attributes:
        kept: What every trainer reports.
        description: What was fitted, in a phrase.
        unit: Of the follow-up time.
        judgement: What the held-out rows say.
        log_rank: p value between thirds of predicted risk among the held-out rows; None where
            all risks are the same or no event was seen.
        ratios: Hazard ratios, for Cox models.
        reading: How the event column was read, where it was not plain from its values.
    """

    kept: Kept
    description: str
    unit: str
    judgement: Judgement
    log_rank: float | None
    ratios: list[HazardRatio]
    reading: list[str]


def train_survival(
    request: TrainingRequest,
    target: TimeToEvent,
    algorithm: str,
    workspace: Workspace,
    run: Run,
    effort: Effort,
) -> KeptSurvival:
    """Trains, judges and keeps a survival model.

    Args:
        request: What to train on.
        target: The time and event columns asked for.
        algorithm: A name in `ALGORITHMS`, or auto.
        workspace: Where data are read and the model is kept.
        run: Gets the split and the plots.
        effort: Seed, deadline and progress.

    Raises:
        ToolError: The data are not fit for it.
    """
    prepared = without_other_outcomes(prepare(request, target, workspace, run))
    train, test = follow_up(prepared.train_outcome), follow_up(prepared.test_outcome)
    require_events(train, prepared.columns["event_column"])
    prepared.warnings.extend(size_warnings(train, test, len(prepared.schema.features)))
    pipeline, candidates = _choose_and_fit(prepared, train, algorithm, effort)
    assert target.coding is not None  # noqa: S101  # `prepare` has read the outcome
    meaning = _meaning(prepared, target.coding, pipeline)
    model = FittedSurvival(prepared.schema, pipeline, meaning, train)
    effort.progress(0.92, "judging on held-out rows")
    risk = pipeline.log_risk(prepared.test)
    judgement = judge(
        train, test, risk, lambda times: pipeline.survival(prepared.test, times), request.seed,
        prepared.test_groups,
    )  # fmt: skip
    ratios: list[HazardRatio] = []
    if pipeline.estimator.NAME == "cox":
        ratios = hazard_ratios(prepared.schema, pipeline.columns, prepared.train, train)
    curves, calibration = run.artifact("risk_groups.png"), run.artifact("calibration.png")
    log_rank = risk_group_plot(test, risk, meaning.unit, curves)
    calibration_plot(judgement.calibration, judgement.calibration_time, meaning.unit, calibration)
    trained = Trained(
        kind="survival",
        algorithm=pipeline.estimator.NAME,
        target=dict(prepared.columns),
        metrics=judgement.metrics,
        baseline=baseline(train, test, request.seed, prepared.test_groups),
        intended_use=(
            f"Research: estimating the time to the event in {meaning.event_column} for people "
            f"like those in {prepared.dataset.name}, and finding which features carry the risk."
        ),
        not_for=SURVIVAL_LIMITS,
        calibration=calibration_words(judgement, meaning.unit),
        sections=_sections(pipeline, candidates, ratios),
        details={"meaning": asdict(meaning) | {"coding": meaning.coding.model_dump()}},
    )
    name = keep_model(trained, prepared, model.save, workspace, run)
    tried = [_row(candidate) for candidate in candidates]
    kept = Kept(name, trained, prepared, [curves, calibration], tried)
    return KeptSurvival(
        kept, pipeline.estimator.description(), meaning.unit, judgement, log_rank, ratios,
        meaning.coding.remarks(meaning.event_column) if meaning.coding.reason else [],
    )  # fmt: skip


def _choose_and_fit(
    prepared: Prepared, train: FollowUp, algorithm: str, effort: Effort
) -> tuple[SurvivalPipeline, Sequence[Candidate]]:
    """Fits the algorithm asked for, or the one that inner folds prefer, to all training rows."""
    schema, frame, groups = prepared.schema, prepared.train, prepared.train_groups
    candidates: Sequence[Candidate] = ()
    if algorithm == "auto":
        selection = select(AUTO, schema, frame, train, effort.part(0.05, 0.7), groups)
        algorithm, candidates = selection.chosen, selection.candidates
        prepared.notes.extend(selection.notes)
    last = effort.part(0.7, 0.9)
    pipeline = SurvivalPipeline.fit(algorithm, schema, frame, train, last, groups)
    if effort.spent():
        prepared.warnings.append(
            "the time limit was reached and fitting may have ended early: a repetition may give "
            "other numbers"
        )
    return pipeline, candidates


def _meaning(prepared: Prepared, coding: EventCoding, pipeline: SurvivalPipeline) -> Meaning:
    time_column, event_column = prepared.columns["time_column"], prepared.columns["event_column"]
    built_in = prepared.dataset.built_in
    unit = unit_of(time_column, built_in.units.get(time_column) if built_in else None)
    train = follow_up(prepared.train_outcome)
    cutoffs = np.quantile(pipeline.log_risk(prepared.train), [1 / 3, 2 / 3])
    times = default_times(unit, train.time[train.event])
    return Meaning(time_column, event_column, coding, unit, times, cutoffs.tolist())


def _sections(
    pipeline: SurvivalPipeline, candidates: Sequence[Candidate], ratios: list[HazardRatio]
) -> dict[str, str]:
    sections = {"Algorithm": pipeline.estimator.description() + "."}
    if candidates:
        sections["Candidates"] = candidate_table(candidates)
    if ratios:
        sections["Hazard ratios"] = (
            "From a Cox model without a penalty on the training rows; association, not cause.\n\n"
            + ratio_table(ratios)
        )
    return sections


def _row(candidate: Candidate) -> dict[str, Any]:
    return {
        "algorithm": candidate.algorithm,
        "score": "concordance_index",
        "mean": candidate.mean,
        "folds": list(candidate.scores),
    }

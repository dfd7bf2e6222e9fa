"""The tool `train_survival_model`."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from tools.contract import ToolContext, ToolResult
from tools.registry import tool
from tools.tables.intake.training import TrainingArguments, training_result, training_seconds

if TYPE_CHECKING:
    from models.tables.survival.train import KeptSurvival

HEADLINE = ["concordance_index", "uno_concordance_index", "integrated_brier_score"]
TERMS_SHOWN = 4


class Arguments(TrainingArguments):
    """What to learn the time to an event from, and how."""

    time_column: str | None = Field(
        default=None,
        description="Column with the follow-up time; a built-in dataset knows its own.",
        json_schema_extra={"role": "column"},
    )
    event_column: str | None = Field(
        default=None,
        description="Column that says whether the event was seen (1, dead, yes) or the follow-up "
        "was censored (0, alive, no); a built-in dataset knows its own.",
        json_schema_extra={"role": "column"},
    )
    event_value: list[str] | None = Field(
        default=None,
        min_length=1,
        description="Values of event_column that mean the event, where they do not say so "
        "themselves: ['2'], ['dead', 'relapsed'].",
        json_schema_extra={"role": "event_values"},
    )
    competing_values: list[str] | None = Field(
        default=None,
        min_length=1,
        description="Values of event_column that are other events; people are followed up to them "
        "and no further (a cause-specific model).",
        json_schema_extra={"role": "event_values"},
    )
    algorithm: Literal[
        "auto", "cox", "random_survival_forest", "gradient_boosting", "deepsurv", "deephit"
    ] = Field(
        default="auto",
        description="auto compares Cox, forest, boosting and DeepSurv by inner cross-validation.",
        json_schema_extra={
            "role": "choice",
            "synonyms": {
                "auto": ["best", "automatic", "best algorithm", "whatever works best"],
                "cox": [
                    "cox regression", "cox model", "coxph", "cox ph", "cph", "proportional hazards",
                    "cox proportional hazards", "penalised cox", "lasso cox", "elastic net cox",
                ],
                "random_survival_forest": [
                    "rsf", "random survival forest", "survival forest", "random forest",
                ],
                "gradient_boosting": [
                    "boosting", "boosted trees", "gradient boosted", "gbm", "gbsa",
                ],
                "deepsurv": [
                    "deep surv", "neural network", "neural net", "deep learning", "deep cox",
                    "cox neural network", "mlp",
                ],
                "deephit": ["deep hit", "discrete-time neural network", "discrete time network"],
            },
        },
    )  # fmt: skip


@tool(heavy=True, computes=True, estimate=training_seconds)
def train_survival_model(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Train a model of the time to an event (death, relapse, progression) from censored data.

    Cox regression (with hazard ratios), a random survival forest, gradient boosting, DeepSurv or
    DeepHit; reports concordance and the integrated Brier score on held-out people beside
    Kaplan-Meier, calibration, and Kaplan-Meier curves by predicted risk.

    When to use: predicting or explaining survival, recurrence or any time to an event, from a
    table with follow-up times and an event indicator; risk stratification; hazard ratios.
    When not: a yes/no outcome without follow-up time (train_classifier), a quantity without
    censoring (train_regressor), or new people with a model that exists (predict).
    """
    from dataclasses import asdict

    from models.data.events.target import TimeToEvent
    from models.tables.survival.train import train_survival

    found = train_survival(
        arguments.request(),
        TimeToEvent(
            arguments.time_column,
            arguments.event_column,
            event_value=arguments.event_value or (),
            competing_values=arguments.competing_values or (),
        ),
        arguments.algorithm,
        context.workspace,
        context.active_run,
        arguments.effort(context),
    )
    target, judgement = found.kept.trained.target, found.judgement
    return training_result(
        found.kept,
        context.workspace,
        f"predict {target['time_column']} to {target['event_column']} ({found.unit}"
        f"{_reading(found)})",
        HEADLINE,
        _remarks(found),
        description=found.description,
        time_unit=found.unit,
        time_range=judgement.times,
        auc_at={f"{time:g}": value for time, value in judgement.auc.items()},
        log_rank_p=found.log_rank,
        calibration={
            "time": judgement.calibration_time,
            "groups": [asdict(group) for group in judgement.calibration],
            "d_calibration_p": judgement.d_calibration,
        },
        hazard_ratios=[asdict(ratio) for ratio in found.ratios],
    )


def _reading(found: "KeptSurvival") -> str:
    """Says in the headline how the event column was read, unless its values say it themselves."""
    return "".join(f"; {remark}" for remark in found.reading)


def _remarks(found: "KeptSurvival") -> list[str]:
    """Says what was fitted, how risk groups differ and which hazard ratios stand out."""
    from models.tables.survival.report import show_p

    remarks = [f"Fitted: {found.description}."]
    if found.log_rank is not None:
        p_value = show_p(found.log_rank)
        remarks.append(f"Log-rank p between thirds of predicted risk: {p_value}.")
    strongest = sorted(found.ratios, key=lambda ratio: ratio.p_value)[:TERMS_SHOWN]
    if strongest:
        terms = "; ".join(
            f"{item.term} ({item.contrast}) {item.ratio:.2f} (95% CI {item.low:.2f} to "
            f"{item.high:.2f})"
            for item in strongest
        )
        remarks.append(f"Hazard ratios, smallest p first: {terms}.")
    return remarks

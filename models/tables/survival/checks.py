"""Whether time-to-event data suffice, and columns that are other outcomes."""

from dataclasses import replace

import pandas as pd

from models.data.events.target import event_candidates, time_candidates
from models.data.features import FeatureSchema
from models.errors import FieldFault, ToolError
from models.metrics.follow_up import FollowUp
from models.tables.training import Prepared

LEAST_EVENTS = 5
ENOUGH_EVENTS_PER_VARIABLE = 10
"""Peduzzi et al. 1995, doi 10.1016/0895-4356(95)00048-8."""
ENOUGH_HELD_OUT_EVENTS = 10
HEAVY_CENSORING = 0.9


def require_events(outcome: FollowUp, event_column: str) -> None:
    """Refuses training rows with next to no events.

    Raises:
        ToolError: There are fewer than five.
    """
    events = int(outcome.event.sum())
    if events < LEAST_EVENTS:
        got = f"{events} events in {len(outcome)} training rows"
        wrong = FieldFault(field="event_column", got=got, expected=f"at least {LEAST_EVENTS}")
        message = f"{event_column} has too few events to learn from."
        raise ToolError(message, wrong, kind="refused_data")


def size_warnings(train: FollowUp, test: FollowUp, features: int) -> list[str]:
    """Says where the data are too small, or too censored, for the numbers to be firm."""
    events, held_out = int(train.event.sum()), int(test.event.sum())
    warnings = []
    if events / features < ENOUGH_EVENTS_PER_VARIABLE:
        warnings.append(
            f"few events per variable: {events} training events for {features} features "
            f"({events / features:.1f}; {ENOUGH_EVENTS_PER_VARIABLE} or more are advised)"
        )
    if held_out < ENOUGH_HELD_OUT_EVENTS:
        warnings.append(f"only {held_out} held-out events: the metrics are uncertain")
    censored = 1 - train.event.mean()
    if censored > HEAVY_CENSORING:
        warnings.append(
            f"{censored:.0%} of the training rows are censored: survival far beyond the bulk of "
            "the events is hardly known, and Uno's concordance is to be preferred"
        )
    return warnings


def without_other_outcomes(prepared: Prepared) -> Prepared:
    """Leaves out columns that are times or events of other endpoints, unless they were named.

    They become known with the outcome (progression beside death), so they would give it away.
    """
    if prepared.request.features is not None:
        return prepared
    frame = prepared.dataset.frame
    others = {*time_candidates(frame), *event_candidates(frame)} & set(prepared.schema.names)
    left = [feature for feature in prepared.schema.features if feature.name not in others]
    if not others or not left:
        return prepared
    warning = (
        f"left out as outcomes, by their names: {', '.join(sorted(others))}; name them among the "
        "features if they are known at the start"
    )
    schema = FeatureSchema(features=left)

    def kept(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[schema.names]

    return replace(
        prepared,
        schema=schema,
        train=kept(prepared.train),
        test=kept(prepared.test),
        warnings=[*prepared.warnings, warning],
    )

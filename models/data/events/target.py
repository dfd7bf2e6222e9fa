"""Time and event columns at the door: which they are, and what their values mean."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.data.events.coding import EventCoding
from models.data.tables import Dataset
from models.errors import FieldFault, ToolError, nearest
from models.metrics.follow_up import FollowUp

ENDPOINT = (
    r"(os|pfs|dfs|rfs|efs|dss|css|dmfs|mfs|lfs|ttp|ttd|tte|fu|followup|surv|survival|overallsurvival|"
    r"time|duration|futime|survtime|rectime|lenfol)"
)
UNIT = r"(d|days?|w|weeks?|mo|months?|y|yrs?|years?)"
TIME_NAME = re.compile(rf"(timeto)?{ENDPOINT}(time|duration)?(in)?{UNIT}?|{UNIT}|timeto\w+|t")
EVENT_NAME = re.compile(
    rf"{ENDPOINT}?(event|status|cens(or|ored|oring)?|dead|death|died|deceased|vitalstatus|"
    r"eventindicator|eventobserved|observed|indicator|fustat|fstat|censrec|censdead|relapsed?|recurrence|"
    r"progression|progressed)|vital|os|pfs|dfs|rfs|efs|e"
)
CENSORING_NAME = re.compile(r"(is)?censor(ed|ing)(indicator|status)?")


class TimeToEvent:
    """The outcome of a survival model (see `models.tables.training.Outcome`).

    Args:
        time_column: Follow-up time; None to take what the dataset knows or its names tell.
        event_column: Whether the event was seen; None likewise.
        coding: What the event column's values mean; None to tell from the first table read.
    """

    def __init__(
        self, time_column: str | None, event_column: str | None, coding: EventCoding | None = None
    ) -> None:
        self.time_column = time_column
        self.event_column = event_column
        self.coding = coding
        self.notes: list[str] = []
        self.warnings: list[str] = []

    def columns(self, dataset: Dataset) -> dict[str, str]:
        """Returns the two columns, guessed from their names only where one pair is possible.

        Raises:
            ToolError: They are not known and the names do not tell; lists the candidates.
        """
        time = self.time_column or dataset.time_column
        event = self.event_column or dataset.event_column
        found: dict[str, str] = {}
        faults: list[FieldFault] = []
        frame = dataset.frame
        for field, given, choices in (
            ("time_column", time, time_candidates(frame) or named(frame, TIME_NAME)),
            ("event_column", event, event_candidates(frame) or named(frame, EVENT_NAME)),
        ):
            partner = event if field == "time_column" else time
            left = [name for name in choices if name != partner]
            if given:
                found[field] = given
            elif len(left := _alike(left, partner)) == 1:
                found[field] = left[0]
                self.notes.append(f"{field} taken to be {left[0]}, by its name")
            else:
                faults.append(_unknown(field, left, dataset))
        if faults:
            missing = " and ".join(fault.field for fault in faults)
            raise ToolError(f"Say which columns of {dataset.name} are {missing}.", *faults)
        if CENSORING_NAME.fullmatch(_plain(found["event_column"])):
            self.warnings.append(
                f"{found['event_column']} is named like a censoring indicator; it was read as "
                "1 = event seen, 0 = censored"
            )
        return found

    def read(self, frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
        """Returns time (float) and event (1.0 seen, 0.0 censored), NaN where missing."""
        time_column, event_column = columns["time_column"], columns["event_column"]
        if time_column == event_column:
            wrong = FieldFault(field="event_column", got=repr(event_column), expected="another one")
            raise ToolError("Time and event must be two columns.", wrong)
        time = _times(frame[time_column])
        if self.coding is None:
            self.coding = EventCoding.infer(frame[event_column])
            self.notes += self.coding.remarks(event_column)
        if zero := int((time == 0).sum()):
            self.notes.append(f"{zero} rows have a follow-up of 0 in {time_column} and were kept")
        event = self.coding.apply(frame[event_column])
        return pd.DataFrame({time_column: time, event_column: event})

    def strata(self, outcome: pd.DataFrame) -> NDArray[Any]:
        """Returns the event indicator: both sides of a split get a like share of events."""
        events: NDArray[Any] = outcome.iloc[:, 1].to_numpy()
        return events


def follow_up(outcome: pd.DataFrame) -> FollowUp:
    """Makes follow-up of a canonical outcome: the time column, then the event column."""
    return FollowUp.of(outcome.iloc[:, 0], outcome.iloc[:, 1])


def time_candidates(frame: pd.DataFrame) -> list[str]:
    """Returns the columns that could be follow-up times, by name and values."""
    return [
        name
        for name in named(frame, TIME_NAME)
        if pd.api.types.is_numeric_dtype(frame[name])
        and frame[name].nunique() > 2
        and not (frame[name] < 0).any()
    ]


def event_candidates(frame: pd.DataFrame) -> list[str]:
    """Returns the columns that could say whether the event was seen, by name and values."""
    return [
        name
        for name in named(frame, EVENT_NAME)
        if frame[name].nunique() == 2 and EventCoding.understands(frame[name])
    ]


def named(frame: pd.DataFrame, pattern: re.Pattern[str]) -> list[str]:
    """Returns the columns whose names match, whatever they hold."""
    return [name for name in frame if pattern.fullmatch(_plain(name))]


def _alike(names: list[str], partner: str | None) -> list[str]:
    """Narrows candidates to those that share the partner's prefix (os_months, os_status)."""
    prefix = re.split(r"[ _.-]", partner.casefold())[0] if partner else ""
    same = [name for name in names if re.split(r"[ _.-]", name.casefold())[0] == prefix]
    return same if len(same) == 1 else names


def _unknown(field: str, candidates: list[str], dataset: Dataset) -> FieldFault:
    what = "follow-up times" if field == "time_column" else "1 = event seen, 0 = censored"
    named = f"one of {', '.join(candidates)}" if candidates else "a column"
    columns = ", ".join(list(dataset.frame.columns)[:20])
    near = (
        candidates[0]
        if candidates
        else nearest(field.split("_", maxsplit=1)[0], dataset.frame.columns)
    )
    shown = "" if candidates else f" (columns: {columns})"
    expected = f"{named} with {what}{shown}"
    return FieldFault(field=field, got="nothing", expected=expected, suggestion=near)


def _times(column: pd.Series) -> pd.Series:
    """Reads follow-up times; missing where blank or infinite."""
    numbers = pd.to_numeric(column, errors="coerce").astype("float64")
    strange = column[numbers.isna() & column.notna()]
    faults = []
    if len(strange):
        examples = ", ".join(map(repr, strange.unique()[:3]))
        faults.append(
            FieldFault(
                field="time_column",
                got=f"{column.name!r} with {len(strange)} values that are no numbers ({examples})",
                expected="durations as numbers; for dates, subtract the start of follow-up",
            )
        )
    if negative := int((numbers < 0).sum()):
        faults.append(
            FieldFault(
                field="time_column",
                got=f"{column.name!r} with {negative} negative values (lowest {numbers.min():g})",
                expected="durations of 0 or more",
            )
        )
    if not faults and numbers.nunique() < 2:
        faults.append(
            FieldFault(field="time_column", got=repr(column.name), expected="varying durations")
        )
    if faults:
        message = f"{column.name} does not hold follow-up times."
        raise ToolError(message, *faults, kind="refused_data")
    return numbers.replace([np.inf, -np.inf], np.nan)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())

"""Time and event columns at the door: which they are, and what their values mean."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.data.events.coding import EventCoding, unknown_count
from models.data.events.names import meaning_of_name
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


class TimeToEvent:
    """The outcome of a survival model (see `models.tables.training.Outcome`).

    Args:
        time_column: Follow-up time; None to take what the dataset knows or its names tell.
        event_column: Whether the event was seen; None likewise.
        coding: What the event column's values mean; None to tell from the first table read.
        event_value: Values of the event column that the person says mean the event.
        competing_values: Values that the person says are other events.
    """

    def __init__(
        self,
        time_column: str | None,
        event_column: str | None,
        coding: EventCoding | None = None,
        event_value: Sequence[str] = (),
        competing_values: Sequence[str] = (),
    ) -> None:
        self.time_column = time_column
        self.event_column = event_column
        self.coding = coding
        self.event_value = tuple(event_value)
        self.competing_values = tuple(competing_values)
        self._is_known = False
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
        self._is_known = found["event_column"] == dataset.event_column
        return found

    def read(self, frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
        """Returns time (float) and event (1.0 seen, 0.0 censored), NaN where missing."""
        time_column, event_column = columns["time_column"], columns["event_column"]
        if time_column == event_column:
            wrong = FieldFault(field="event_column", got=repr(event_column), expected="another one")
            raise ToolError("Time and event must be two columns.", wrong)
        time = _times(frame[time_column])
        if self.coding is None:
            self.coding = self._told(frame[event_column])
            self.notes += self.coding.remarks(event_column)
        if zero := int((time == 0).sum()):
            self.notes.append(f"{zero} rows have a follow-up of 0 in {time_column} and were kept")
        event = self.coding.apply(frame[event_column])
        if unknown := unknown_count(frame[event_column]):
            self.warnings.append(
                f"{event_column} is not known of {unknown} rows (in words that say so): they are "
                "missing, not censored"
            )
        _require_times_of_censored(time, event)
        return pd.DataFrame({time_column: time, event_column: event})

    def _told(self, column: pd.Series) -> EventCoding:
        """Tells what the event column's values mean, from what was stated or from the column."""
        if self.event_value:
            return EventCoding.stated(column, self.event_value, self.competing_values)
        if self.competing_values:
            wrong = FieldFault(
                field="event_value", got="nothing", expected="the values that mean the event"
            )
            raise ToolError("competing_values need the event's own value beside them.", wrong)
        # of a built-in dataset it is known that 1 is the event, whatever the column is called
        return EventCoding.infer(column.rename("event") if self._is_known else column)

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

    def fit(names: list[str]) -> list[str]:
        return [
            name
            for name in names
            if frame[name].nunique() == 2 and EventCoding.understands(frame[name])
        ]

    known = fit(named(frame, EVENT_NAME))
    return known or fit([name for name in frame if meaning_of_name(str(name)).said])


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


def _require_times_of_censored(time: pd.Series, event: pd.Series) -> None:
    """Refuses a time that only those with the event have: dropping the rest makes all an event.

    Raises:
        ToolError: At least half of the censored rows, and of the others hardly any, lack a time.
    """
    lacking, seen = time.isna(), event == 1
    censored = event == 0
    if not censored.any() or not seen.any():
        return
    if lacking[censored].mean() >= 0.5 and lacking[seen].mean() <= 0.1:
        wrong = FieldFault(
            field="time_column",
            got=f"{time.name!r}, empty in {int(lacking[censored].sum())} of "
            f"{int(censored.sum())} censored rows",
            expected="a time for everybody: for those without the event, that of the last contact",
        )
        message = (
            f"{time.name} is known only of those who had the event; without the others the result "
            "would be wrong. Join it with the time of last follow-up into one column."
        )
        raise ToolError(message, wrong, kind="refused_data")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())

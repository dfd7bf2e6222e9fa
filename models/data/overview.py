"""What a table holds, before anything is fitted to it."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from models.data.dates import is_date, moments_of
from models.data.events.target import event_candidates, time_candidates
from models.data.features import MAXIMUM_LEVELS, boolean_levels
from models.data.leaks import identifier
from models.data.tables import Dataset
from models.metrics.kaplan_meier import KaplanMeier

OUTCOME_NAME = re.compile(
    r"(^|[ _.-])(outcome|target|label|class|diagnosis|response|responder|mortality|progression|"
    r"readmi\w+|score|y)([ _.-]|$)",
    re.IGNORECASE,
)
SENTINELS = (-1.0, -9.0, -99.0, -999.0, -9999.0, 99.0, 999.0, 9999.0)
SHOWN_LEVELS = 12


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: Its name.
        type: numeric, boolean, categorical, date, text or empty.
        missing: Number of rows without a value.
        distinct: Number of different values.
        summary: Range and median, levels with counts, or first and last date; JSON.
        warnings: What the person should look at.
    """

    name: str
    type: str
    missing: int
    distinct: int
    summary: dict[str, Any]
    warnings: list[str]


@dataclass(frozen=True)
class FollowUpSummary:
    """How long people were followed.

    Attributes:
        events: Rows with the event.
        censored: Rows without.
        median_follow_up: By reverse Kaplan-Meier (Schemper & Smith 1996,
            doi 10.1016/0197-2456(96)00075-X), in the unit of the time; None if never reached.
        median_survival: By Kaplan-Meier; None if never reached.
    """

    events: int
    censored: int
    median_follow_up: float | None
    median_survival: float | None


@dataclass(frozen=True)
class Overview:
    """A table at a glance.

    Attributes:
        rows: Number of rows.
        columns: All columns, in order.
        duplicates: Number of rows that repeat an earlier one exactly.
        outcomes: Columns that could be what to predict.
        follow_up: Of survival tables whose columns are known.
        unreadable_molecules: Rows whose SMILES is no molecule; None without molecules.
    """

    rows: int
    columns: list[Column]
    duplicates: int
    outcomes: list[str]
    follow_up: FollowUpSummary | None
    unreadable_molecules: int | None

    @property
    def warnings(self) -> list[str]:
        """All columns' warnings, with their names."""
        return [f"{column.name}: {said}" for column in self.columns for said in column.warnings]


def describe(dataset: Dataset) -> Overview:
    """Looks at every column of a dataset."""
    frame = dataset.frame
    columns = [
        _describe_column(frame[name], is_smiles=name == dataset.smiles_column)
        for name in frame.columns
    ]
    known = [dataset.target_column, dataset.time_column, dataset.event_column]
    outcomes = [name for name in known if name] or _outcomes(frame, columns)
    return Overview(
        len(frame),
        columns,
        int(frame.duplicated().sum()),
        outcomes,
        _follow_up(dataset),
        None if dataset.smiles_column is None else _unreadable(frame[dataset.smiles_column]),
    )


def _outcomes(frame: pd.DataFrame, columns: list[Column]) -> list[str]:
    """Returns the columns whose names say that they could be what to predict."""
    named = [
        column.name
        for column in columns
        if OUTCOME_NAME.search(column.name) and column.type in ("boolean", "categorical", "numeric")
    ]
    return list(dict.fromkeys([*named, *time_candidates(frame), *event_candidates(frame)]))


def _describe_column(column: pd.Series, *, is_smiles: bool) -> Column:
    known = column.dropna()
    kind, summary = _summary(column, known)
    warnings = []
    if known.empty:
        warnings.append("no value in any row")
    elif known.nunique() == 1 and not column.isna().any():
        warnings.append(f"the same value ({known.iloc[0]}) in every row")
    elif not is_smiles and (reason := identifier(column)):
        warnings.append(reason)
    if kind == "numeric" and (sentinel := _sentinel(known)) is not None:
        warnings.append(f"{sentinel:g} may stand for a missing value")
    missing = int(column.isna().sum())
    return Column(str(column.name), kind, missing, int(known.nunique()), summary, warnings)


def _summary(column: pd.Series, known: pd.Series) -> tuple[str, dict[str, Any]]:
    if known.empty:
        return "empty", {}
    if boolean_levels(column):
        return "boolean", {"levels": _levels(known)}
    if pd.api.types.is_numeric_dtype(column):
        quartiles = known.astype(float).quantile([0, 0.25, 0.5, 0.75, 1]).to_list()
        names = ("min", "q1", "median", "q3", "max")
        return "numeric", dict(zip(names, quartiles, strict=True)) | {"mean": float(known.mean())}
    if is_date(known):
        moments = moments_of(known).dropna()
        return "date", {"first": str(moments.min())[:10], "last": str(moments.max())[:10]}
    if known.nunique() <= MAXIMUM_LEVELS:
        return "categorical", {"levels": _levels(known)}
    return "text", {}  # no examples: free text may name people


def _levels(known: pd.Series) -> dict[str, int]:
    counts = known.astype(str).value_counts().head(SHOWN_LEVELS)
    return {str(level): int(count) for level, count in counts.items()}


def _sentinel(known: pd.Series) -> float | None:
    """Finds a value such as -9 or 999 that lies far from all others and recurs."""
    values = known.to_numpy(float)
    for sentinel in SENTINELS:
        count = int((values == sentinel).sum())
        others = values[values != sentinel]
        if count < 2 or others.size < 10:
            continue
        spread = float(np.subtract(*np.percentile(others, [95, 5])))
        gap = min(abs(others - sentinel))
        if gap > max(spread, 1.0) and (sentinel < others.min() or sentinel > others.max()):
            return sentinel
    return None


def _follow_up(dataset: Dataset) -> FollowUpSummary | None:
    if dataset.time_column is None or dataset.event_column is None:
        return None
    time = dataset.frame[dataset.time_column].to_numpy(float)
    event = dataset.frame[dataset.event_column].to_numpy(bool)
    return FollowUpSummary(
        int(event.sum()),
        int((~event).sum()),
        KaplanMeier.fit(time, ~event).median(),
        KaplanMeier.fit(time, event).median(),
    )


def _unreadable(smiles: pd.Series) -> int:
    from rdkit import Chem, rdBase

    with rdBase.BlockLogs():
        return sum(
            not isinstance(text, str) or not text.strip() or Chem.MolFromSmiles(text) is None
            for text in smiles
        )

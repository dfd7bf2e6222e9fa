"""What a mining job found, in three tables: counts, what occurs together, and by year."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

from retrieval.mining.findings import BASE_COLUMNS
from retrieval.mining.journal import Entry
from retrieval.mining.tasks import TaskName

MOST_NAMES = 25
"""Names that are listed, and compared with each other."""

MOST_PAIRS = 25
LONGEST_NAME = 60

Key = tuple[str, str]


@dataclass(frozen=True)
class Count:
    """How often something was found, and in how many documents."""

    type: str
    name: str
    findings: int
    documents: int


@dataclass(frozen=True)
class Pair:
    """Two names in the same documents.

    Attributes:
        documents: In which both were found.
        lift: How many times more than if they had nothing to do with each other.
    """

    first: str
    second: str
    documents: int
    lift: float


@dataclass(frozen=True)
class Summary:
    """The findings of a job.

    Attributes:
        documents: Mined, with and without findings.
        dropped: Findings whose evidence did not occur in the document.
        errors: Documents that could not be mined, or not wholly.
        types: By type, most first; their names are empty.
        names: The commonest names.
        pairs: Of the commonest names, those that most documents have together.
        years: Documents with a finding of a type, by type and year.
    """

    documents: int
    with_findings: int
    findings: int
    dropped: int
    errors: int
    types: list[Count]
    names: list[Count]
    pairs: list[Pair]
    years: dict[str, dict[int, int]]

    def as_data(self) -> dict[str, Any]:
        """Returns the summary as plain data."""
        return asdict(self)


def summarise(entries: Callable[[], Iterator[Entry]], task: TaskName) -> Summary:
    """Counts what a job found, in two passes, so that memory does not grow with the documents.

    Args:
        entries: Begins a pass over what became of each document.
        task: What was looked for.
    """
    documents = with_findings = findings = dropped = errors = 0
    found: Counter[Key] = Counter()
    holding: Counter[Key] = Counter()
    years: dict[str, Counter[int]] = defaultdict(Counter)
    for entry in entries():
        documents += 1
        with_findings += bool(entry.rows)
        findings += len(entry.rows)
        dropped += entry.dropped
        errors += entry.error is not None
        keys = [key for row in entry.rows for key in _keys(row, task)]
        found.update(keys)
        holding.update(set(keys))
        if entry.year:
            for kind in {row["type"] for row in entry.rows}:
                years[kind][entry.year] += 1
    types = [Count(*key, found[key], holding[key]) for key in found if not key[1]]
    names = [Count(*key, found[key], holding[key]) for key in found if key[1]]
    listed = sorted(names, key=lambda c: (-c.documents, -c.findings, c.type, c.name))[:MOST_NAMES]
    return Summary(
        documents=documents,
        with_findings=with_findings,
        findings=findings,
        dropped=dropped,
        errors=errors,
        types=sorted(types, key=lambda c: (-c.findings, c.type)),
        names=listed,
        pairs=_pairs(entries, task, listed, documents),
        years={kind: dict(sorted(counts.items())) for kind, counts in sorted(years.items())},
    )


def _pairs(
    entries: Callable[[], Iterator[Entry]], task: TaskName, listed: list[Count], documents: int
) -> list[Pair]:
    held = {(count.type, count.name): count.documents for count in listed}
    together: Counter[tuple[Key, Key]] = Counter()
    for entry in entries():
        keys = {key for row in entry.rows for key in _keys(row, task)} & held.keys()
        together.update(combinations(sorted(keys), 2))
    pairs = [
        Pair(a[1], b[1], count, round(count * documents / (held[a] * held[b]), 2))
        for (a, b), count in together.items()
    ]
    return sorted(pairs, key=lambda p: (-p.documents, -p.lift, p.first, p.second))[:MOST_PAIRS]


def _keys(row: dict[str, Any], task: TaskName) -> Iterator[Key]:
    """Yields what a finding counts for: its type, and its name where it has one."""
    yield row["type"], ""
    match task:
        case "entities":
            name = row["normalised_id"]
        case "relations":
            name = f"{row['subject']} – {row['relation']} – {row['object']}"
        case "custom":
            own = (value for name, value in row.items() if name not in BASE_COLUMNS)
            name = next((value for value in own if value and isinstance(value, str)), None)
        case _:
            name = None  # a sentence
    if name and len(name) <= LONGEST_NAME:
        yield row["type"], name

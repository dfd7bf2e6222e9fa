"""Mining with a language model: structured output, evidence found again in the document."""

import hashlib
import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from models.text.abbreviations import find_abbreviations
from retrieval.documents.document import Document
from retrieval.mining.evidence import Piece, Place, cut_pieces, locate, worded
from retrieval.mining.findings import Columns, Finding, Outcome
from retrieval.mining.miners import Window
from retrieval.mining.schemas import EVIDENCE
from retrieval.mining.tasks import LanguageTask
from retrieval.search.concepts import normalise

WINDOW = 16
"""Documents: requests go on across windows, so a small one costs no throughput."""


class Reply(Protocol):
    """What became of one request."""

    @property
    def content(self) -> Any | None:
        """The object, valid in the schema; None where there is none."""

    @property
    def error(self) -> str | None:
        """Why there is none."""


class Client(Protocol):
    """A language model that answers many texts in structured output."""

    @property
    def name(self) -> str:
        """The model's name."""

    @property
    def sampling(self) -> Any:
        """How it samples; its text names the settings."""

    def extract(
        self, texts: Iterable[str], schema: dict[str, Any], instructions: str
    ) -> Iterator[Reply]:
        """Yields a reply per text, in order, while it draws the next texts."""


@dataclass
class _Pending:
    """A window under way: its documents, cut into pieces, and the replies so far."""

    documents: Window
    pieces: list[tuple[int, Piece]]
    found: list[list[Finding]] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    errors: list[list[str]] = field(default_factory=list)
    answered: int = 0

    def __post_init__(self) -> None:
        self.found = [[] for _ in self.documents]
        self.dropped = [0] * len(self.documents)
        self.errors = [[] for _ in self.documents]

    def outcomes(self) -> list[Outcome]:
        return [
            Outcome(found, dropped, "; ".join(dict.fromkeys(errors)) or None)
            for found, dropped, errors in zip(self.found, self.dropped, self.errors, strict=True)
        ]


@dataclass(frozen=True)
class LanguageMiner:
    """Mines with a language model.

    Args:
        client: The model.
        task: What it is asked for.
    """

    client: Client
    task: LanguageTask
    window: int = WINDOW

    @property
    def columns(self) -> Columns:
        """The columns of the task."""
        return self.task.columns

    @property
    def fingerprint(self) -> str:
        """The model, how it samples, and what it is asked."""
        asked = json.dumps([self.task.schema, self.task.instructions], sort_keys=True)
        return f"{self.client.name} {self.client.sampling} {_short_hash(asked)}"

    def mine(self, windows: Iterable[Window]) -> Iterator[list[Outcome]]:
        """Yields for each window, in order, what became of its documents."""
        pending: deque[_Pending] = deque()
        replies = self.client.extract(
            _texts(windows, pending), self.task.schema, self.task.instructions
        )
        for reply in replies:
            current = pending[0]
            number, piece = current.pieces[current.answered]
            current.answered += 1
            if reply.content is None:
                current.errors[number].append(reply.error or "no answer")
            for item in reply.content["findings"] if reply.content else ():
                finding = self._finding(current.documents[number], piece, item)
                if finding:
                    current.found[number].append(finding)
                else:
                    current.dropped[number] += 1
            if current.answered == len(current.pieces):
                yield pending.popleft().outcomes()

    def _finding(self, document: Document, piece: Piece, item: Mapping[str, Any]) -> Finding | None:
        """Returns what the model found, or None where the document does not say it."""
        place = locate(document, piece, str(item.get(EVIDENCE, "")))
        if place is None:
            return None
        details = {name: item.get(name) for name in self.columns}
        kind = str(item.get("type") or self.task.kind)
        match self.task.task:
            case "entities":
                details["normalised_id"] = normalise(place.text, _abbreviations(document))
            case "sections":
                details["role"] = kind
            case "relations":
                kind = str(item["relation"])
                if not _place_arguments(document, place, details):
                    return None
        return Finding(place.field, place.start, place.end, place.text, kind, details)


def _place_arguments(document: Document, evidence: Place, details: dict[str, Any]) -> bool:
    """Finds both arguments of a relation in its evidence; tells whether they are there."""
    for name in ("subject", "object"):
        found = locate(document, [], str(details[name] or ""), evidence)
        if found is None:
            return False
        details |= {name: found.text, f"{name}_start": found.start, f"{name}_end": found.end}
    return True


def _texts(windows: Iterable[Window], pending: deque[_Pending]) -> Iterator[str]:
    for window in windows:
        cut = [(n, piece) for n, d in enumerate(window) for piece in cut_pieces(d)]
        pending.append(_Pending(window, cut))
        for number, piece in cut:
            yield worded(window[number], piece)


def _abbreviations(document: Document) -> dict[str, str]:
    return find_abbreviations(f"{document.title}\n{document.abstract}\n{document.text}")


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]

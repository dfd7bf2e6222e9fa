"""What mining finds: spans of a document's fields, each with what the task says of it."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from retrieval.documents.document import Document, FieldName

FIELDS: tuple[FieldName, ...] = ("title", "abstract", "text")

ColumnKind = Literal["string", "integer", "number", "boolean", "json"]
Columns = Mapping[str, ColumnKind]
"""Columns of a table in their order, with what they hold; `json` is kept as text."""

BASE_COLUMNS: Columns = {
    "document": "string", "field": "string", "start": "integer", "end": "integer",
    "text": "string", "type": "string",
}  # fmt: skip
"""What every finding has; the task's own columns follow."""


@dataclasses.dataclass(frozen=True)
class Finding:
    """Something found: `document.field(field)[start:end] == text`.

    Attributes:
        type: What it is, in the words of the task.
        details: Values of the task's own columns.
    """

    field: FieldName
    start: int
    end: int
    text: str
    type: str
    details: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def row(self, document: Document) -> dict[str, Any]:
        """Returns the finding as a row of the output."""
        place = {"document": document.article_id, "field": self.field}
        span = {"start": self.start, "end": self.end, "text": self.text, "type": self.type}
        return place | span | dict(self.details)


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of one document.

    Attributes:
        findings: In the order of their places.
        dropped: Findings whose evidence does not occur in the document.
        error: Why it could not be mined, or not wholly; None when it was.
    """

    findings: Sequence[Finding]
    dropped: int = 0
    error: str | None = None


def verified(document: Document, outcome: Outcome) -> Outcome:
    """Returns the outcome with only those findings that are where they say, each once, in order."""
    kept: dict[tuple[Any, ...], Finding] = {}
    dropped = outcome.dropped
    for finding in outcome.findings:
        if not (0 <= finding.start < finding.end and _occurs(document, finding)):
            dropped += 1
            continue
        details = repr(sorted(finding.details.items(), key=lambda item: item[0]))
        place = (FIELDS.index(finding.field), finding.start, finding.end, finding.type)
        kept.setdefault((*place, details), finding)
    return Outcome([kept[key] for key in sorted(kept)], dropped, outcome.error)


def _occurs(document: Document, finding: Finding) -> bool:
    return document.field(finding.field)[finding.start : finding.end] == finding.text

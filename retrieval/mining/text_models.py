"""Mining with the text models of this machine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from models.text.abbreviations import find_abbreviations
from models.text.sentences import split_sentences
from retrieval.documents.document import Document, FieldName
from retrieval.mining.findings import FIELDS, Columns, Finding, Outcome
from retrieval.mining.miners import Window
from retrieval.mining.tasks import (
    ENTITY_COLUMNS,
    PICO_COLUMNS,
    SECTION_COLUMNS,
)
from retrieval.search.concepts import normalise

STATED = ("population", "intervention", "outcome")
"""Roles that are elements of PICO; a comparison has none of its own."""

DIGITS = 4
"""Of a confidence."""


class FieldText(NamedTuple):
    """One field of a window's document number `document`."""

    document: int
    field: FieldName
    text: str

    def finding(self, start: int, end: int, kind: str, details: dict[str, Any]) -> Finding:
        """Makes a finding of characters `start` to `end`."""
        return Finding(self.field, start, end, self.text[start:end], kind, details)


@dataclass(frozen=True)
class EntityExtractor:
    """Names of chemicals and diseases."""

    @property
    def columns(self) -> Columns:
        """Normalised name and confidence."""
        return ENTITY_COLUMNS

    @property
    def fingerprint(self) -> str:
        """The tagger's."""
        from models.text.ner.tagger import load_tagger

        return load_tagger().fingerprint

    def extract(self, documents: Window) -> list[Outcome]:
        """Returns the names in each document."""
        from models.text.ner.tagger import load_tagger

        abbreviations = [_abbreviations(document) for document in documents]
        texts = list(field_texts(documents))
        found = load_tagger().find([text.text for text in texts])
        findings = by_document(documents)
        for text, entities in zip(texts, found, strict=True):
            for entity in entities:
                name = text.text[entity.start : entity.end]
                details = {
                    "normalised_id": normalise(name, abbreviations[text.document]),
                    "confidence": round(entity.confidence, DIGITS),
                }
                findings[text.document].append(
                    text.finding(entity.start, entity.end, entity.type, details)
                )
        return [Outcome(found) for found in findings]


class _Sentence(NamedTuple):
    """Characters `start` to `end` of a text are a sentence with a role."""

    text: FieldText
    start: int
    end: int
    role: str
    confidence: float

    def finding(self, kind: str, details: dict[str, Any]) -> Finding:
        details = details | {"confidence": round(self.confidence, DIGITS)}
        return self.text.finding(self.start, self.end, kind, details)


def _read_roles(documents: Window) -> Iterator[_Sentence]:
    """Yields the sentences of abstracts and texts with their roles; a title has none."""
    from models.text.roles.reader import load_roles

    texts = [text for text in field_texts(documents) if text.field != "title"]
    spans = [split_sentences(text.text) for text in texts]
    roles = load_roles().read(
        [
            [text.text[s.start : s.end] for s in sentences]
            for text, sentences in zip(texts, spans, strict=True)
        ]
    )
    for text, sentences, read in zip(texts, spans, roles, strict=True):
        for span, role in zip(sentences, read, strict=True):
            yield _Sentence(text, span.start, span.end, role.label, role.confidence)


@dataclass(frozen=True)
class SectionExtractor:
    """The role of every sentence."""

    @property
    def columns(self) -> Columns:
        """Role and confidence."""
        return SECTION_COLUMNS

    @property
    def fingerprint(self) -> str:
        """The reader's."""
        from models.text.roles.reader import load_roles

        return load_roles().fingerprint

    def extract(self, documents: Window) -> list[Outcome]:
        """Returns the sentences of each document."""
        findings = by_document(documents)
        for sentence in _read_roles(documents):
            finding = sentence.finding(sentence.role, {"role": sentence.role})
            findings[sentence.text.document].append(finding)
        return [Outcome(found) for found in findings]


@dataclass(frozen=True)
class PicoExtractor:
    """The sentences that state population, intervention, comparison and outcome."""

    @property
    def columns(self) -> Columns:
        """Confidence."""
        return PICO_COLUMNS

    @property
    def fingerprint(self) -> str:
        """The reader's."""
        return SectionExtractor().fingerprint

    def extract(self, documents: Window) -> list[Outcome]:
        """Returns the sentences of each document; one that names a comparator counts twice."""
        from models.text.roles.comparison import names_comparator

        findings = by_document(documents)
        for sentence in _read_roles(documents):
            found = findings[sentence.text.document]
            if sentence.role in STATED:
                found.append(sentence.finding(sentence.role, {}))
            words = sentence.text.text[sentence.start : sentence.end]
            if names_comparator(words, sentence.role):
                found.append(sentence.finding("comparison", {}))
        return [Outcome(found) for found in findings]


def field_texts(documents: Window) -> Iterator[FieldText]:
    """Yields every field of the documents that has a text."""
    for number, document in enumerate(documents):
        for name in FIELDS:
            if text := document.field(name):
                yield FieldText(number, name, text)


def by_document(documents: Sequence[Document]) -> list[list[Finding]]:
    """Returns an empty list of findings for each document."""
    return [[] for _ in documents]


def _abbreviations(document: Document) -> dict[str, str]:
    return find_abbreviations(f"{document.title}\n{document.abstract}\n{document.text}")

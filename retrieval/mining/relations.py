"""Relations between chemicals and proteins, with the text models of this machine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from models.text.sentences import Span, split_sentences
from retrieval.mining.findings import Columns, Finding, Outcome
from retrieval.mining.miners import Window
from retrieval.mining.tasks import RELATION_COLUMNS
from retrieval.mining.text_models import (
    DIGITS,
    EntityExtractor,
    FieldText,
    by_document,
    field_texts,
)


class _Sentence(NamedTuple):
    """A sentence with chemicals; their spans count in the sentence."""

    text: FieldText
    span: Span
    chemicals: list[tuple[int, int]]

    @property
    def words(self) -> str:
        return self.text.text[self.span.start : self.span.end]

    def finding(self, found: Any) -> Finding:
        details = {
            "relation": found.relation.name, "group": found.relation.group,
            "confidence": round(found.relation.confidence, DIGITS),
        }  # fmt: skip
        for name, place in (("subject", found.chemical), ("object", found.protein)):
            start, end = self.span.start + place.start, self.span.start + place.end
            named = self.text.text[start:end]
            details |= {name: named, f"{name}_start": start, f"{name}_end": end}
        return self.text.finding(*self.span, found.relation.name, details)


@dataclass(frozen=True)
class RelationExtractor:
    """Relations between chemicals and proteins that a sentence states."""

    @property
    def columns(self) -> Columns:
        """The relation, both arguments with their places, confidence."""
        return RELATION_COLUMNS

    @property
    def fingerprint(self) -> str:
        """Those of the tagger and of the reader of relations."""
        from models.text.relations.reader import load_relations

        return f"{EntityExtractor().fingerprint} {load_relations().fingerprint}"

    def extract(self, documents: Window) -> list[Outcome]:
        """Returns the relations in each document."""
        from models.text.relations.reader import load_relations

        sentences = list(_sentences(documents))
        related = load_relations().find(
            [sentence.words for sentence in sentences],
            [sentence.chemicals for sentence in sentences],
        )
        findings = by_document(documents)
        for sentence, pairs in zip(sentences, related, strict=True):
            kept = [sentence.finding(pair) for pair in pairs if _is_apart(pair, pairs)]
            findings[sentence.text.document] += kept
        return [Outcome(found) for found in findings]


def _is_apart(pair: Any, pairs: Sequence[Any]) -> bool:
    """Tells whether a chemical is none that is read into a protein: tyrosine in its kinase."""
    start, end = pair.chemical
    return all(end <= other.protein.start or other.protein.end <= start for other in pairs)


def _sentences(documents: Window) -> Iterator[_Sentence]:
    """Yields the sentences that name a chemical."""
    from models.text.ner.tagger import load_tagger

    texts = list(field_texts(documents))
    found = load_tagger().find([text.text for text in texts])
    for text, entities in zip(texts, found, strict=True):
        named = [(e.start, e.end) for e in entities if e.type == "Chemical"]
        for sentence in split_sentences(text.text):
            inside = [
                (start - sentence.start, end - sentence.start)
                for start, end in named
                if sentence.start <= start and end <= sentence.end
            ]
            if inside:
                yield _Sentence(text, sentence, inside)

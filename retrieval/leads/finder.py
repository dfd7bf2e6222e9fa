"""Finds leads in a library: from a topic to what it may be linked with, or to one target."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import ToolError, fault
from models.text.sentences import Span
from retrieval.documents.document import Document, FieldName
from retrieval.embedding.embedder import Embedder
from retrieval.indexing.store import MANIFEST, open_store
from retrieval.leads.evidence import Evidence, Spans, find_evidence
from retrieval.leads.mentions import ConceptStore
from retrieval.leads.network import Network, Topic, build_network, find_topics
from retrieval.leads.ranking import pair_strengths, rank_candidates
from retrieval.mining.findings import FIELDS
from retrieval.mining.miners import Extractor
from retrieval.starter import starter_notes

BRIDGES = 3
"""Linking terms that are shown of a lead."""


@dataclass(frozen=True)
class Bridge:
    """A linking term B, with the evidence for A–B and for B–C.

    Attributes:
        strength: The weaker of both associations, 0–1.
    """

    concept: str
    kind: str
    strength: float
    first: Evidence
    second: Evidence


@dataclass(frozen=True)
class Lead:
    """A concept C that no document has together with the topic A, but linking terms have.

    Attributes:
        score: From 0 to 1: the mean of three ranks among all candidates.
        terms: How many linking terms there are.
        documents: In how many documents the concept is.
        bridges: The strongest linking terms.
    """

    concept: str
    kind: str
    score: float
    terms: int
    documents: int
    bridges: list[Bridge]


@dataclass(frozen=True)
class Leads:
    """What was found.

    Attributes:
        topic_documents: In how many documents the topic is.
        target_documents: In how many the target is; None without one.
        direct: Articles that have topic and target together: then the link is known already.
        candidates: How many concepts were ranked.
        documents: In the library.
    """

    topic: str
    target: str | None
    leads: list[Lead]
    topic_documents: int
    target_documents: int | None
    direct: list[Evidence]
    candidates: int
    documents: int


class LeadFinder:
    """Finds leads in one library.

    Args:
        folder: The library's folder.
        extractor: Finds the concepts of documents.
        embedder: Tells what documents are about.
        progress: Told the share done, while documents are read for the first time.
    """

    def __init__(
        self,
        folder: Path,
        extractor: Extractor,
        embedder: Embedder,
        progress: Callable[[float], None] = lambda _: None,
    ) -> None:
        self._folder = folder
        self._store = ConceptStore(folder)
        self._extractor, self._embedder, self._progress = extractor, embedder, progress

    def close(self) -> None:
        """Frees the file."""
        self._store.close()

    def find(self, topic: str, target: str | None = None, limit: int = 10) -> Leads:
        """Returns the leads from a topic, or what links it with a target.

        Raises:
            ToolError: The library does not know the topic or the target.
        """
        hashes = [key for key, _ in self._texts()]
        self._store.update(
            self._texts(),
            self._extractor,
            self._embedder,
            lambda seen: self._progress(seen / max(1, len(hashes))),
        )
        network = build_network(self._store, hashes)
        names = [topic, *([target] if target else [])]
        topics = find_topics(network, names, self._texts)
        _require_known(network, dict(zip(("topic", "target"), topics, strict=False)))
        if target:
            return self._between(network, topics[0], topics[1], limit)
        return self._from(network, topics[0], limit)

    def _from(self, network: Network, start: Topic, limit: int) -> Leads:
        usable = network.particular & ~start.own
        ranked = rank_candidates(network.occurrences, start.documents, usable, usable)
        order = np.lexsort((ranked.concepts, -ranked.score))[:limit]
        leads = []
        for place in order:
            column = int(ranked.concepts[place])
            end = network.holding(network.concepts[column])
            bridges = self._bridges(network, start, end, usable, network.concepts[column])
            leads.append(
                Lead(
                    concept=network.concepts[column],
                    kind=network.kinds[column],
                    score=round(float(ranked.score[place]), 4),
                    terms=int(ranked.terms[place]),
                    documents=int(ranked.frequency[place]),
                    bridges=bridges,
                )
            )
        return Leads(
            start.name, None, [lead for lead in leads if lead.bridges],
            int(start.documents.sum()), None, [], len(ranked.concepts), len(network.documents),
        )  # fmt: skip

    def _between(self, network: Network, start: Topic, end: Topic, limit: int) -> Leads:
        usable = network.particular & ~start.own & ~end.own
        strengths = pair_strengths(network.occurrences, start.documents, end.documents) * usable
        bridges = self._bridges(network, start, end.documents, usable, end, limit)
        lead = Lead(
            end.name, "", float(strengths.max(initial=0.0)), int((strengths > 0).sum()),
            int(end.documents.sum()), bridges,
        )  # fmt: skip
        both = np.flatnonzero(start.documents & end.documents)
        direct = self._evidence(network, both, start, end)
        return Leads(
            start.name, end.name, [lead] if bridges else [], int(start.documents.sum()),
            int(end.documents.sum()), direct, lead.terms, len(network.documents),
        )  # fmt: skip

    def _bridges(
        self,
        network: Network,
        start: Topic,
        end: NDArray[np.bool_],
        usable: NDArray[np.bool_],
        last: Topic | str,
        limit: int = BRIDGES,
    ) -> list[Bridge]:
        """Returns the strongest linking terms that have evidence on both sides."""
        strengths = pair_strengths(network.occurrences, start.documents, end) * usable
        bridges: list[Bridge] = []
        for column in np.argsort(-strengths, kind="stable"):
            if strengths[column] <= 0 or len(bridges) == limit:
                break
            concept = network.concepts[int(column)]
            middle = network.holding(concept)
            first = self._evidence(
                network, np.flatnonzero(middle & start.documents), concept, start
            )
            second = self._evidence(network, np.flatnonzero(middle & end), concept, last)
            if first and second:
                kind = network.kinds[int(column)]
                strength = round(float(strengths[column]), 4)
                bridges.append(Bridge(concept, kind, strength, first[0], second[0]))
        return bridges

    def _evidence(
        self, network: Network, rows: NDArray[np.int64], first: Topic | str, second: Topic | str
    ) -> list[Evidence]:
        hashes = [network.documents[int(row)] for row in rows]
        documents = self._documents(hashes)
        spans = [self._spans(side, documents) for side in (first, second)]
        found = find_evidence(hashes, documents, *spans)
        return [found] if found else []

    def _spans(self, side: Topic | str, documents: dict[str, Document]) -> Callable[[str], Spans]:
        """Returns a function that tells where a side is named in a document."""
        concept = side if isinstance(side, str) else side.concept
        named: dict[str, dict[FieldName, list[Span]]] = defaultdict(lambda: defaultdict(list))
        for mention in self._store.mentions(concept, list(documents)):
            named[mention.document][mention.field].append(Span(mention.start, mention.end))

        def spans(key: str) -> Spans:
            if isinstance(side, Topic):
                for name in FIELDS:
                    matches = side.pattern.finditer(documents[key].field(name))
                    named[key][name] += [Span(*match.span()) for match in matches]
            return named[key]

        return spans

    def _documents(self, hashes: list[str]) -> dict[str, Document]:
        if self._is_empty:
            return {note.hash: note for note in starter_notes() if note.hash in set(hashes)}
        return open_store(self._folder).manifest.documents(hashes)

    @property
    def _is_empty(self) -> bool:
        if not (self._folder / MANIFEST).exists():
            return True
        return open_store(self._folder).manifest.empty()

    def _texts(self) -> Iterator[tuple[str, Document]]:
        """Yields the library's documents by hash; an empty one has the starter notes."""
        if self._is_empty:
            yield from ((note.hash, note) for note in starter_notes())
            return
        after = ""
        while page := open_store(self._folder).manifest.documents_after(after):
            yield from page.items()
            after = max(page)


def _require_known(network: Network, topics: dict[str, Topic]) -> None:
    """Refuses topics that occur in no document, with the nearest concept that does."""
    faults = [
        fault(field, topic.name, "a concept that articles of the library name", network.concepts)
        for field, topic in topics.items()
        if not topic.documents.any()
    ]
    if faults:
        names = " and ".join(wrong.got for wrong in faults)
        raise ToolError(f"No article of the library names {names}.", *faults, kind="not_found")

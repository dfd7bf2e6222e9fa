"""The sparse index: BM25 over stemmed English words, in tantivy."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import tantivy

from retrieval.search.filters import EVERYTHING, Filters

STEMMED = "stemmed_english"
WRITER_BYTES = 32_000_000


class Entry(NamedTuple):
    """A passage as it is indexed: `facets` are the terms of what it can be filtered by."""

    passage: str
    words: str
    year: int | None
    facets: Sequence[str] = ()


class KeywordIndex:
    """One handle on the index; a writer lives only as long as a batch."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, path=str(folder))
        self._index.register_tokenizer(STEMMED, _analyzer())
        self._searcher = self._index.searcher()

    def put(self, entries: Sequence[Entry]) -> None:
        """Writes passages, over those of the same ids, all or none."""
        self._write([entry.passage for entry in entries], entries)

    def delete(self, passages: Sequence[str]) -> None:
        """Removes passages."""
        self._write(passages, [])

    def best(self, query: str, limit: int, filters: Filters = EVERYTHING) -> dict[str, float]:
        """Returns the ids of the passages that share most with the query, with BM25 scores."""
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "words", word, "freq"))
            for word in sorted(stems(query))
        ]
        if not terms:
            return {}
        wanted = tantivy.Query.boolean_query(terms)
        if filters:
            scoreless = [tantivy.Query.const_score_query(q, 0.0) for q in self._passing(filters)]
            all_of = [(tantivy.Occur.Must, query) for query in (wanted, *scoreless)]
            wanted = tantivy.Query.boolean_query(all_of)
        hits = self._searcher.search(wanted, limit, count=False).hits
        return {self._searcher.doc(address)["passage"][0]: score for score, address in hits}

    def count(self) -> int:
        """Returns the number of passages."""
        return int(self._searcher.num_docs)

    def _passing(self, filters: Filters) -> Iterator[tantivy.Query]:
        if filters.years.bounded:
            yield filters.years.tantivy(self._schema, "year")
        for group in filters.groups():
            terms = [facet.term for facet in group]
            yield tantivy.Query.term_set_query(self._schema, "facets", terms)

    def _write(self, replaced: Iterable[str], entries: Iterable[Entry]) -> None:
        writer = self._index.writer(heap_size=WRITER_BYTES, num_threads=1)
        for passage in replaced:
            writer.delete_documents_by_term("passage", passage)
        for entry in entries:
            content: dict[str, Any] = {"passage": entry.passage, "words": entry.words}
            content |= {"facets": list(entry.facets)} if entry.facets else {}
            content |= {"year": entry.year} if entry.year else {}
            writer.add_document(tantivy.Document.from_dict(content, self._schema))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()


def stems(text: str) -> frozenset[str]:
    """Returns the words of a text as they are indexed: stemmed, without stop words."""
    return frozenset(_analyzer().analyze(text))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("passage", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", tokenizer_name=STEMMED, index_option="freq")
    builder.add_text_field("facets", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("year", indexed=True, fast=True)
    return builder.build()


@cache
def _analyzer() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(80))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )

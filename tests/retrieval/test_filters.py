"""Filters are applied inside both indexes, by whatever names sources give."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from models.errors import ToolError
from models.store.workspace import Workspace
from retrieval.documents.document import Document
from retrieval.indexing.store import Store
from retrieval.library import Library
from retrieval.search.filters import JOURNAL, MESH, Filters, facets_of, fold
from retrieval.search.years import Years

ARTICLES: list[dict[str, Any]] = [
    {"pmid": "1", "title": "Zinc and colds", "abstract": "Zinc shortened colds.", "year": 1999,
     "journal": "Lancet (London, England)", "mesh": ["Zinc", "Common Cold"],
     "publication_types": ["Randomized Controlled Trial"]},
    {"pmid": "2", "title": "Zinc reviewed", "abstract": "Zinc helps against colds.", "year": 2010,
     "journal": "The New England Journal of Medicine", "mesh": ["*Zinc/therapeutic use"],
     "publication_types": ["Review", "Journal Article"]},
    {"pmid": "3", "title": "Zinc notes", "abstract": "Zinc and colds again."},
]  # fmt: skip


@pytest.fixture
def library(workspace: Workspace) -> Iterator[Library]:
    Path("a.jsonl").write_text("".join(json.dumps(record) + "\n" for record in ARTICLES))
    with Library(workspace) as opened:
        opened.add([Path("a.jsonl")])
        yield opened


def found(library: Library, **filters: Any) -> set[str]:
    return {hit.article_id for hit in library.search("zinc colds", filters=Filters(**filters))}


def test_each_filter_and_all_together(library: Library) -> None:
    assert found(library) == {"1", "2", "3"}
    assert found(library, journals=("lancet",)) == {"1"}
    assert found(library, journals=("LANCET", "new england journal of medicine")) == {"1", "2"}
    assert found(library, publication_types=("review",)) == {"2"}
    assert found(library, mesh=("zinc",)) == {"1", "2"}
    assert found(library, mesh=("Zinc", "common cold")) == {"1"}
    assert found(library, years=Years(2000), mesh=("Zinc",)) == {"2"}
    assert found(library, years=Years(2000), journals=("Lancet",)) == set()


def test_unknown_names_are_all_told_with_the_nearest(library: Library) -> None:
    with pytest.raises(ToolError) as caught:
        found(library, journals=("Lancett",), publication_types=("Reviw",), mesh=("Zink",))
    assert [(fault.field, fault.suggestion) for fault in caught.value.faults] == [
        ("journal", "Lancet (London, England)"), ("publication_type", "Review"), ("mesh", "Zinc"),
    ]  # fmt: skip


def test_later_data_are_filtered_by(library: Library) -> None:
    later = {**ARTICLES[2], "mesh": ["Zinc"], "publication_types": ["Editorial"]}
    Path("b.jsonl").write_text(json.dumps(later))
    library.add([Path("b.jsonl")])
    assert found(library, publication_types=("Editorial",), mesh=("zinc",)) == {"3"}
    library.repair()
    assert found(library, publication_types=("Editorial",)) == {"3"}


def test_names_are_compared_without_what_catalogues_add() -> None:
    assert fold(JOURNAL, "BMJ (Clinical research ed.)") == fold(JOURNAL, "bmj")
    assert fold(JOURNAL, "N. Engl. J. Med.") == fold(JOURNAL, "N Engl J Med")
    assert fold(MESH, "Asthma/*drug therapy") == fold(MESH, "*Asthma") == "asthma"
    assert [f.name for f in facets_of(Document(title="T", mesh=["Asthma", "asthma"]))] == ["asthma"]


def test_nearest_that_pass_are_exact_for_few_and_for_many(
    tmp_path: Path, made: SimpleNamespace
) -> None:
    """More pass than are handed over by id, near the query or all far from it."""
    count = 900
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(2, 384))
    far = np.arange(count) % 3 == 0
    vectors = centres[far.astype(int)] + rng.normal(size=(count, 384))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    years = np.where(far, 1990, np.where(np.arange(count) % 100 == 1, 1995, 2000))
    documents = [
        Document(source_id=str(n), abstract=f"Text {n}.", year=int(years[n])) for n in range(count)
    ]
    passages = made.make_passages(documents)
    query = (centres[0] / np.linalg.norm(centres[0])).astype(np.float32)
    with closing(Store(tmp_path / "library", few=20)) as store:
        store.put(documents, passages, vectors, "o")
        for first, last in ((1990, 1990), (1995, 1995), (2000, 2000), (1980, 2020)):
            passing = np.flatnonzero((years >= first) & (years <= last))
            best = passing[np.argsort(-(vectors[passing] @ query))[:10]]
            dense, _ = store.candidates("nothing", query, 10, Filters(Years(first, last)))
            assert len(dense) == min(10, len(passing))
            assert len(set(dense) & {passages[n].id for n in best}) >= len(dense) - 1

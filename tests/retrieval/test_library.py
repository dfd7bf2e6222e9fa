"""Documents in, passages out, through the library itself."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.errors import ToolError
from models.store.workspace import Workspace
from retrieval.embedding.embedder import load_embedder
from retrieval.indexing.store import close_store, open_store
from retrieval.ingestion import Ingestion, Progress
from retrieval.library import Library
from retrieval.search.filters import Filters
from retrieval.search.hybrid import min_max_fusion, reciprocal_rank_fusion
from retrieval.search.years import Years
from retrieval.starter import starter_notes

ROOT = Path(__file__).parents[2]

ARTICLES: list[dict[str, Any]] = [
    {"pmid": "11", "title": "Zinc and colds", "abstract": "Zinc shortened colds.", "year": 1999},
    {"pmid": "12", "title": "Statins", "abstract": "Statins lowered stroke risk.", "year": 2005},
    {"pmid": "13", "title": "Bees", "abstract": "Bee venom caused anaphylaxis.", "doi": "10.1/BEE"},
]


@pytest.fixture
def library(workspace: Workspace) -> Iterator[Library]:
    with Library(workspace) as opened:
        yield opened


def write(name: str, records: list[dict[str, Any]]) -> Path:
    path = Path(name)
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def test_search_finds_by_meaning_and_by_word_with_exact_spans(library: Library) -> None:
    library.add([write("a.jsonl", ARTICLES)])
    by_meaning = library.search("cholesterol drugs prevent brain attacks", top_k=2)
    assert by_meaning[0].article_id == "12"
    assert library.search("anaphylaxis")[0].article_id == "13"
    for hit in by_meaning:
        document = library.article(hit.article_id)
        assert document.field(hit.field)[hit.start : hit.end] == hit.text
    scores = [hit.score for hit in by_meaning]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] <= scores[0] <= 1


def test_years_are_kept_to_and_an_empty_range_is_refused(library: Library) -> None:
    library.add([write("a.jsonl", ARTICLES)])
    for years, expected in ((Years(2000), "12"), (Years(None, 1999), "11")):
        hits = library.search("zinc statins bees", filters=Filters(years))
        assert {hit.article_id for hit in hits} == {expected}
    assert library.search("zinc", 8, Filters(Years(2010))) == []
    with pytest.raises(ToolError, match="empty"):
        Filters(Years(2010, 2000))


def test_same_content_is_stored_once_whatever_file_it_comes_from(library: Library) -> None:
    first = library.add([write("a.jsonl", [*ARTICLES, *ARTICLES])])
    assert (first.added, first.known) == (3, 3)
    again = library.add([write("a.jsonl", ARTICLES)])  # other bytes, same documents
    assert (again.added, again.known, again.updated) == (0, 3, 0)
    Path("b.csv").write_text(
        "pmid,title,abstract,journal\n12,Statins,Statins lowered stroke risk.,J"
    )
    other = library.add([Path("b.csv")])
    assert (other.added, other.updated) == (0, 1)
    found = library.article("12")
    assert (found.journal, found.year) == ("J", 2005)
    assert library.add([Path("b.csv")]).unchanged_files == 1
    assert library.stats().documents == library.stats().passages == 3


def test_retraction_that_comes_later_is_shown(library: Library) -> None:
    library.add([write("a.jsonl", ARTICLES)])
    notice = {**ARTICLES[0], "publication_types": ["Retracted Publication"]}
    report = library.add([write("update.jsonl", [notice])])
    assert (report.added, report.updated) == (0, 1)
    hit = library.search("zinc colds")[0]
    assert (hit.retracted, hit.label) == (True, "Retracted Publication")
    library.add([write("c.jsonl", ARTICLES[:1])])  # an older record does not undo it
    assert library.article("11").retracted
    assert library.stats().retracted == 1


def test_bad_records_are_reported_and_the_rest_is_there(library: Library) -> None:
    path = write("a.jsonl", ARTICLES)
    path.write_text(path.read_text() + "{broken\n")
    seen: list[Progress] = []
    report = library.add([path], seen.append)
    assert [(f.line, bool(f.why)) for f in report.faults[path.resolve()]] == [(4, True)]
    assert library.stats().documents == 3
    status = library.stats().files[0]
    assert (status.status, status.documents, status.faults) == ("done", 3, 1)
    assert (seen[-1].documents, seen[-1].done) == (3, seen[-1].total)


@pytest.mark.parametrize("name", ["13", "PMID:13", "pmid 13", "10.1/bee", "doi:10.1/BEE"])
def test_article_is_found_by_any_of_its_ids(library: Library, name: str) -> None:
    library.add([write("a.jsonl", ARTICLES)])
    document = library.article(name)
    assert document.title == "Bees"
    assert library.article(document.hash) == document


def test_unknown_article_is_named_with_the_nearest(library: Library) -> None:
    library.add([write("a.jsonl", [{**ARTICLES[0], "pmid": "18847643"}])])
    with pytest.raises(ToolError) as caught:
        library.article("18847634")
    assert caught.value.faults[0].suggestion == "18847643"


def test_empty_library_answers_from_the_starter_notes(library: Library) -> None:
    assert library.stats().documents == 0
    note = next(starter_notes())
    hit = library.search(note.title)[0]
    assert (hit.article_id, hit.label) == (note.pmid, "Starter evidence note")
    library.add([write("real.jsonl", [{"pmid": note.pmid, "title": "T", "abstract": "Real."}])])
    assert library.article(str(note.pmid)).label == ""  # the article takes its note's place


def test_quotes_lie_in_their_documents(library: Library) -> None:
    library.add([write("a.jsonl", ARTICLES)])
    hits = library.search("zinc")
    for hit, (quote,) in zip(hits, library.quote("zinc", hits), strict=True):
        assert (
            library.article(hit.article_id).field(hit.field)[quote.start : quote.end] == quote.text
        )


def test_odd_queries_do_no_harm(library: Library) -> None:
    library.add([write("a.jsonl", ARTICLES)])
    for query in ['"unclosed (AND: title:^~*', "the of and", "🙂", "x" * 3000]:
        library.search(query)


def test_library_keeps_to_its_embedder(workspace: Workspace, tmp_path: Path) -> None:
    with Library(workspace) as library:
        library.add([write("a.jsonl", ARTICLES)])
    with pytest.raises(ToolError, match="another embedder"):
        Library(workspace, embedder=tmp_path).search("zinc")
    close_store(workspace.library)


def test_killed_ingestion_goes_on_where_it_stopped(workspace: Workspace) -> None:
    records = [{"id": str(n), "title": f"Title {n}", "abstract": f"Text {n}."} for n in range(60)]
    path = write("many.jsonl", records)
    code = (
        "import sys; from pathlib import Path;"
        "from retrieval.embedding.embedder import load_embedder;"
        "from retrieval.ingestion import Ingestion;"
        "from retrieval.indexing.store import open_store;"
        "tell = lambda p: print(p.documents, flush=True);"
        "store = open_store(Path(sys.argv[1]));"
        "Ingestion(store, load_embedder(), tell, batch=6).run([Path(sys.argv[2])])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(workspace.library), str(path)],
        env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    for _ in range(3):
        process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    store = open_store(workspace.library)
    left = store.manifest.count("documents")
    assert 18 <= left < 60
    assert store.files.all()[0].status == "reading"
    report = Ingestion(store, load_embedder()).run([path])
    assert (report.added, report.known) == (60 - left, left)
    assert store.manifest.count("passages") == 60
    with Library(workspace) as library:
        for n in range(0, 60, 7):
            assert library.search(f"Title {n} Text {n}.", top_k=1)[0].article_id == str(n)


def test_fusions_by_hand() -> None:
    dense, sparse = {"a": 0.9, "b": 0.5, "c": 0.1}, {"c": 8.0, "b": 4.0}
    assert min_max_fusion(dense, sparse) == {"a": 0.5, "c": 0.5, "b": 0.25}
    assert min_max_fusion({"a": 0.3}, {}) == {"a": 0.5}
    fused = reciprocal_rank_fusion(dense, sparse)
    assert list(fused) == ["b", "c", "a"] or list(fused) == ["c", "b", "a"]
    assert fused["a"] == pytest.approx(1 / 61)

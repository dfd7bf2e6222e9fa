"""Files of all kinds into a library: versions, notices, status, damage and bombs."""

import gzip
import io
import itertools
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.store.workspace import Workspace
from retrieval.documents.document import Document, RowFault, Section
from retrieval.documents.versions import complete_by_older, fold_versions
from retrieval.indexing.filelog import FileLog, FileStatus
from retrieval.indexing.store import open_store
from retrieval.ingestion import Progress, Report
from retrieval.library import Library
from retrieval.reading import lines, streams
from retrieval.reading.xml_records import split_records
from retrieval.sources import all_sources, read_file

DATA = Path(__file__).parent / "data"
ZINC = ["zinc.xml", "zinc.nxml", "zinc.nbib", "zinc.ris", "zinc.bib"]


@pytest.fixture
def library(workspace: Workspace) -> Iterator[Library]:
    with Library(workspace) as opened:
        yield opened


def copied(name: str) -> Path:
    path = Path(name)
    path.write_bytes((DATA / name).read_bytes())
    return path


def write(name: str, *records: dict[str, Any]) -> Path:
    path = Path(name)
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def statuses(library: Library) -> dict[str, FileStatus]:
    return {Path(file.path).name: file for file in library.stats().files}


@pytest.mark.parametrize("order", [ZINC, ZINC[::-1], ["zinc.bib", "zinc.nxml", "zinc.xml"]])
def test_article_of_many_formats_is_one_document_with_all_that_they_tell(
    library: Library, order: list[str]
) -> None:
    for name in order:
        library.add([copied(name)])
    assert library.stats().documents == 1
    found = library.article("90000001")
    assert (found.doi, found.pmcid, found.source_id) == (
        "10.1234/colds.2019.7", "PMC9900001", "mueller2019zinc",
    )  # fmt: skip
    assert found.mesh == ["Common Cold", "Zinc"]
    assert set(found.publication_types) == {"Randomized Controlled Trial", "Journal Article"}
    assert found.text.startswith("Colds are common")
    for section in found.sections:
        assert 0 <= section.start < section.end <= len(found.field(section.field))
    assert found.section("text", found.text.index("213")) == "Methods: Participants"
    assert library.article("10.1234/colds.2019.7") == library.article("PMC9900001") == found
    assert library.search("zinc lozenges", top_k=3)[0].article_id == "90000001"


def test_formats_at_once_are_one_document_too(library: Library, workspace: Workspace) -> None:
    for name in ZINC:
        copied(name)
    report = library.add([Path()])
    assert report.documents == 5
    assert library.stats().documents == 1
    assert {name: file.kind for name, file in statuses(library).items()} == {
        "zinc.xml": "PubMed XML", "zinc.nxml": "JATS XML", "zinc.nbib": "MEDLINE",
        "zinc.ris": "RIS", "zinc.bib": "BibTeX",
    }  # fmt: skip
    assert library.add([Path()]).unchanged_files == 5
    manifest = open_store(workspace.library).manifest
    assert [manifest.count_from(str(Path(name).resolve())) for name in ZINC] == [1] * 5


def test_record_without_abstract_takes_none_away(library: Library) -> None:
    full = {"pmid": "1", "title": "Zinc.", "abstract": "It works.", "mesh": ["Zinc"]}
    library.add([write("full.jsonl", full)])
    report = library.add([write("bare.jsonl", {"pmid": "1", "title": "Zinc", "year": 2001})])
    assert (report.added, report.updated) == (0, 1)
    found = library.article("1")
    assert (found.abstract, found.mesh, found.year) == ("It works.", ["Zinc"], 2001)
    library.add([write("new.jsonl", {"pmid": "1", "title": "Zinc", "abstract": "It does not."})])
    found = library.article("1")
    assert (found.abstract, found.mesh) == ("It does not.", ["Zinc"])
    library.add([write("other.jsonl", {"pmid": "1", "title": "Iron"})])  # an id that was mistyped
    assert library.article("1").abstract == ""


def test_versions_within_a_batch_are_one() -> None:
    old = Document(pmid="1", title="T", abstract="Old.", mesh=["M"])
    new = Document(pmid="1", doi="10.1/a", title="T", abstract="New.")
    again = Document(doi="10.1/a", title="T", abstract="New.", year=2000)
    folded = fold_versions([old, new, again])
    (document,) = folded.documents.values()
    assert folded.older == 1
    assert (document.pmid, document.abstract, document.mesh, document.year) == (
        "1", "New.", ["M"], 2000,
    )  # fmt: skip
    completed = complete_by_older([again], [old.model_copy(update={"doi": "10.1/a"})])
    assert [d.pmid for d in completed.documents.values()] == ["1"]


def test_works_that_share_a_doi_and_no_more_stay_apart(library: Library) -> None:
    book = {"doi": "10.1/book", "title": "Zinc in the common cold", "abstract": "On colds."}
    chapters = [{**book, "title": f"{word} chapter", "abstract": f"On {word}."} for word in
                ("Statin", "Bee venom")]  # fmt: skip
    library.add([write("a.jsonl", book, *chapters)])
    library.add([write("b.jsonl", {**book, "title": "A cited work", "abstract": "On all."})])
    assert library.stats().documents == 4
    assert library.article("10.1/book").title == "Zinc in the common cold"


RETRACTED, DELETED = (
    """<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>99</PMID><Article>
    <ArticleTitle>Retraction of it.</ArticleTitle></Article><CommentsCorrectionsList>
    <CommentsCorrections RefType="RetractionOf"><PMID>1</PMID></CommentsCorrections>
    </CommentsCorrectionsList></MedlineCitation></PubmedArticle></PubmedArticleSet>""",
    "<PubmedArticleSet><DeleteCitation><PMID>1</PMID><PMID>3</PMID></DeleteCitation>"
    "</PubmedArticleSet>",
)


@pytest.mark.parametrize("notice_first", [False, True])
def test_notice_marks_the_article_whichever_comes_first(
    library: Library, notice_first: bool
) -> None:
    article = write("a.jsonl", {"pmid": "1", "title": "Zinc", "abstract": "It works."})
    notice = Path("notice.xml")
    notice.write_text(RETRACTED)
    for path in (notice, article) if notice_first else (article, notice):
        library.add([path])
    assert library.article("1").retracted
    assert not library.article("99").retracted
    assert library.stats().retracted == 1


def test_deleted_records_are_removed(library: Library) -> None:
    records = [{"pmid": str(n), "title": f"Title {n}", "abstract": f"Text {n}."} for n in (1, 2)]
    library.add([write("a.jsonl", *records)])
    Path("update.xml").write_text(DELETED)
    report = library.add([Path("update.xml")])
    assert (report.removed, library.stats().documents) == (1, 1)
    assert [hit.article_id for hit in library.search("Text 1")] == ["2"]
    assert statuses(library)["update.xml"].status == "done"


def test_every_file_is_accounted_for(library: Library, workspace: Workspace) -> None:
    good = write("good.jsonl", {"title": "A"}, {"title": "B"})
    (Path("cut.jsonl.gz")).write_bytes(gzip.compress(good.read_bytes() * 5000)[:-30])
    Path("empty.csv").write_text("")
    Path("junk.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    Path("bad.ris").write_text("TY  - JOUR\nER  - \n")
    Path("none.bib").write_text("% an @article will come here\n")
    seen: list[Progress] = []
    report = library.add([Path()], seen.append)
    found = statuses(library)
    assert {name: file.status for name, file in found.items()} == {
        "good.jsonl": "done", "cut.jsonl.gz": "done", "empty.csv": "done", "junk.pdf": "failed",
        "bad.ris": "failed", "none.bib": "failed",
    }  # fmt: skip
    assert all(file.bytes == Path(name).stat().st_size for name, file in found.items())
    files = open_store(workspace.library).files
    cut, junk = (files.faults(str(Path(name).resolve())) for name in ("cut.jsonl.gz", "junk.pdf"))
    assert "breaks off" in str(cut[-1])
    assert [fault.place for fault in junk] == ["file"]
    assert sum(map(len, report.faults.values())) == sum(file.faults for file in found.values())
    assert all(later.done >= earlier.done for earlier, later in itertools.pairwise(seen))
    assert (seen[-1].done, seen[-1].remaining) == (seen[-1].total, 0.0)


def test_many_faults_are_all_counted(library: Library, workspace: Workspace) -> None:
    Path("bad.jsonl").write_text("{\n" * 2500)
    report = library.add([Path("bad.jsonl")])
    status = statuses(library)["bad.jsonl"]
    assert (status.status, status.faults) == ("failed", 2500)
    assert [len(found) for found in report.faults.values()] == [1000]
    files = open_store(workspace.library).files
    assert len(files.faults(status.path)) == 1000
    files.forget(status.path)
    assert files.faults(status.path) == files.all() == []


def test_file_list_of_an_older_library_is_read(tmp_path: Path) -> None:
    path = tmp_path / "manifest.sqlite"
    with sqlite3.connect(path) as old:
        old.executescript(
            "CREATE TABLE files (path TEXT PRIMARY KEY, sha256 TEXT NOT NULL, status TEXT NOT NULL,"
            "documents INTEGER NOT NULL, faults INTEGER NOT NULL, changed REAL NOT NULL)"
            "WITHOUT ROWID; CREATE TABLE faults (path TEXT, line INTEGER, why TEXT);"
            "INSERT INTO files VALUES ('a', 'x', 'done', 3, 1, 5.0);"
            "INSERT INTO faults VALUES ('a', 7, 'broken');"
        )
    old.close()
    log = FileLog(path)
    assert log.all() == [FileStatus("a", "x", "done", 3, 1, "", 0, 0, 5.0)]
    assert [str(fault) for fault in log.faults("a")] == ["line 7: broken"]
    log.close()


def test_bomb_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "bomb.jsonl.gz"
    with gzip.open(path, "wb") as stream:
        for _ in range(streams.UNQUESTIONED_BYTES // 1_000_000 + 10):
            stream.write(b" " * 999_999 + b"\n")
    (fault,) = (item for item, _ in read_file(path))
    assert isinstance(fault, RowFault)
    assert "times its size" in fault.why


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.ris", "a.nbib", "a.bib"])
def test_absurdly_long_line_costs_its_record(name: str, tmp_path: Path) -> None:
    before, after = {
        "a.jsonl": ('{"title": "One"}\n{"title": "', '"}\n{"title": "Two"}\n'),
        "a.csv": ("title\nOne\n", "\nTwo\n"),
        "a.ris": ("TY  - JOUR\nTI  - One\nAB  - ", "\nER  - \nTY  - JOUR\nTI  - Two\nER  - \n"),
        "a.nbib": ("PMID- 1\nTI  - One\nAB  - ", "\n\nPMID- 2\nTI  - Two\n"),
        "a.bib": ("@misc{a, title={One}}\n@misc{b, title={", "}}\n@misc{c, title={Two}}\n"),
    }[name]
    path = tmp_path / name
    path.write_text(before + "x" * (lines.LONGEST_LINE + 5) + after)
    items = [item for item, _ in read_file(path)]
    assert [item.title for item in items if isinstance(item, Document)] == ["One", "Two"]
    assert sum(isinstance(item, RowFault) for item in items) == 1


def test_xml_record_that_is_not_well_formed_costs_itself(tmp_path: Path) -> None:
    def article(pmid: int, title: str) -> str:
        return (
            f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><ArticleTitle>{title}"
            "</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
        )

    bomb = '<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    damaged = article(4, "D").removesuffix("</PubmedArticle>")
    content = "".join(
        [bomb, "<PubmedArticleSet>", article(1, "A"), article(2, "B &b;"), article(3, "<i>C"),
         damaged, article(5, "E"), article(6, "F")[:-30]],
    )  # fmt: skip
    path = tmp_path / "a.xml"
    path.write_text(content)
    items = [item for item, _ in read_file(path)]
    assert [item.pmid for item in items if isinstance(item, Document)] == ["1", "5"]
    faults = [str(item) for item in items if isinstance(item, RowFault)]
    assert [fault.split(":")[0] for fault in faults] == [f"record {n}" for n in (2, 3, 4, 6)]
    assert "undefined entity" in faults[0]


def test_huge_record_is_passed_over() -> None:
    content = b"<article>" + b"x" * 5000 + b"</article><article>y</article>"
    long, short = split_records(io.BytesIO(content), ("article",), longest=1000)
    assert long.fault
    assert (short.content, short.fault) == (b"<article>y</article>", None)


NAMES = ["zinc.xml", "zinc.nxml", "zinc.nbib", "zinc.ris", "zinc.bib"]
CONTENTS = {name: (DATA / name).read_bytes() for name in NAMES}


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(NAMES),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 60)), max_size=8),
)
def test_damage_costs_no_other_record(name: str, damage: list[tuple[float, bytes, int]]) -> None:
    whole = bytearray(CONTENTS[name])
    start = whole.index(b"90000001") if name == "zinc.xml" else len(whole) // 3
    for share, inserted, dropped in damage:
        at = start + int(share * (len(whole) - start))
        whole[at : at + dropped] = inserted
    source = next(
        s for s in all_sources() if Path(name).suffix in s.suffixes and s.recognises(CONTENTS[name])
    )
    after = CONTENTS[name].replace(b"Zinc lozenges", b"Iron tablets")
    items = list(source.read(io.BytesIO(bytes(whole) + b"\n\n" + after)))
    documents = [item for item in items if isinstance(item, Document)]
    assert documents[-1].title.startswith("Iron tablets")
    for document in documents:
        for section in document.sections:
            assert_inside(document, section)


def assert_inside(document: Document, section: Section) -> None:
    text = document.field(section.field)[section.start : section.end]
    assert text.strip() == text != ""


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([*NAMES, "a.md", "a.csv", "a.jsonl"]), st.binary(max_size=400))
def test_no_bytes_go_unsaid(name: str, content: bytes) -> None:
    sources = [s for s in all_sources() if Path(name).suffix in s.suffixes]
    for source in sources:
        for item in source.read(io.BytesIO(content)):
            assert not isinstance(item, RowFault) or item.why


def test_report_counts_what_was_read(library: Library) -> None:
    report = library.add(
        [write("a.jsonl", *[{"title": f"T {n % 3}", "abstract": "x"} for n in range(9)])]
    )
    assert isinstance(report, Report)
    assert (report.documents, report.added, report.known) == (9, 3, 6)

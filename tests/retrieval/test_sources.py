"""A bad record costs itself only, whatever the bytes."""

import csv
import gzip
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import ToolError
from retrieval.documents.document import Document, RowFault, Section
from retrieval.documents.records import read_record
from retrieval.sources import all_sources, find_source, readable_files
from retrieval.sources.csv import read as read_csv
from retrieval.sources.jsonl import read as read_jsonl
from retrieval.sources.pubmed import read as read_pubmed

ARTICLE = """<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><Article>
<Journal><JournalIssue><PubDate>{date}</PubDate></JournalIssue><Title>The Journal</Title></Journal>
<ArticleTitle>Effect of <i>E. coli</i> on
 mice.</ArticleTitle>{abstract}
<AuthorList><Author><LastName>Smith</LastName><Initials>J</Initials></Author>
<Author><CollectiveName>The Group</CollectiveName></Author></AuthorList>
<PublicationTypeList><PublicationType>{type}</PublicationType></PublicationTypeList></Article>
<CommentsCorrectionsList>{notice}</CommentsCorrectionsList>
<MeshHeadingList><MeshHeading><DescriptorName>Mice</DescriptorName></MeshHeading></MeshHeadingList>
</MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="doi">10.1/{pmid}</ArticleId>
</ArticleIdList></PubmedData></PubmedArticle>"""


def article(
    pmid: int,
    abstract: str = "",
    date: str = "<Year>1999</Year>",
    type: str = "Journal Article",  # noqa: A002
    notice: str = "",
) -> str:
    return ARTICLE.format(pmid=pmid, abstract=abstract, date=date, type=type, notice=notice)


def article_set(*articles: str) -> bytes:
    doctype = '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle" "http://x/pubmed.dtd">'
    inner = "".join(articles)
    return f'<?xml version="1.0"?>{doctype}<PubmedArticleSet>{inner}</PubmedArticleSet>'.encode()


def pubmed(content: bytes) -> tuple[list[Document], list[RowFault]]:
    items = list(read_pubmed(io.BytesIO(content)))
    documents = [item for item in items if isinstance(item, Document)]
    return documents, [item for item in items if isinstance(item, RowFault)]


def test_pubmed_article_is_read_in_full() -> None:
    abstract = (
        '<Abstract><AbstractText Label="AIM">To test.</AbstractText>'
        '<AbstractText Label="RESULTS">It fell to 10<sup>3</sup>.</AbstractText></Abstract>'
    )
    (document,), faults = pubmed(article_set(article(17, abstract)))
    assert not faults
    assert document == Document(
        pmid="17", doi="10.1/17", title="Effect of E. coli on mice.", journal="The Journal",
        abstract="To test. It fell to 103.", year=1999, authors=["Smith J", "The Group"],
        mesh=["Mice"], publication_types=["Journal Article"],
        sections=[Section(label="AIM", start=0, end=8), Section(label="RESULTS", start=9, end=24)],
    )  # fmt: skip


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "Retracted Publication"},
        {"notice": '<CommentsCorrections RefType="RetractionIn"/>'},
    ],
)
def test_pubmed_retraction_is_seen(fields: dict[str, str]) -> None:
    documents, _ = pubmed(article_set(article(1, **fields), article(2)))
    assert [document.retracted for document in documents] == [True, False]
    assert documents[0].label == "Retracted Publication"


def test_pubmed_date_in_words_and_broken_end() -> None:
    content = article_set(
        article(1, date="<MedlineDate>1998 Dec-1999 Jan</MedlineDate>"), article(2)
    )
    documents, faults = pubmed(content[:-200])
    assert [document.year for document in documents] == [1998]
    assert [fault.line for fault in faults] == [2]
    assert "breaks off" in faults[0].why


def test_pubmed_entities_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x><PubmedArticle/>&b;</x>'
    documents, faults = pubmed(bomb)
    assert not documents
    assert len(faults) == 1


def test_article_without_title_costs_only_itself() -> None:
    empty = "<PubmedArticle><MedlineCitation><PMID>5</PMID></MedlineCitation></PubmedArticle>"
    documents, faults = pubmed(article_set(empty, article(6)))
    assert [document.pmid for document in documents] == ["6"]
    assert "article 5" in faults[0].why


def test_jsonl_reports_bad_lines_by_number() -> None:
    lines = [
        b'{"_id": 12, "title": "A", "text": "B"}',
        b"{broken",
        b"",
        b"[1]",
        b'{"pmid": "3"}',
        b"\xff",
    ]
    items = list(read_jsonl(io.BytesIO(b"\n".join(lines))))
    assert isinstance(items[0], Document)
    assert (items[0].article_id, items[0].field("text")) == ("12", "B")
    assert [item.line for item in items[1:] if isinstance(item, RowFault)] == [2, 4, 5, 6]


def test_offsets_count_in_the_source_s_own_field() -> None:
    text = "  Indented. Still the same. "
    (document,) = read_jsonl(io.BytesIO(json.dumps({"id": "x", "abstract": text}).encode()))
    assert isinstance(document, Document)
    assert document.abstract == text


def test_csv_of_pubmed_s_export_and_bad_rows() -> None:
    content = (
        "\ufeffPMID,Title,Abstract,Journal/Book,Publication Year,DOI,Authors\n"
        '1,"A, with comma","Line one\nline two",J,2001,https://doi.org/10.1/A,Smith J; Lee K\n'
        "2,,,,,,\n"
        "3,too,many,fields,2000,x,y,z\n"
        "4,Caf\xe9,Text,J,n.d.,,\n"
    )
    stream = io.BytesIO(content.encode().replace("é".encode(), b"\xe9"))
    items = list(read_csv(stream))
    first, *faults, last = items
    assert isinstance(first, Document)
    assert isinstance(last, Document)
    assert (first.pmid, first.year, first.doi) == ("1", 2001, "10.1/a")
    assert first.authors == ["Smith J", "Lee K"]
    assert (last.title, last.year) == ("Café", None)
    assert [fault.line for fault in faults if isinstance(fault, RowFault)] == [4, 5]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_csv_delimiter_is_found(delimiter: str) -> None:
    rows = [["id", "title", "abstract"], ["a", "T, U", "B"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    (document,) = read_csv(io.BytesIO(text.getvalue().encode()))
    assert isinstance(document, Document)
    assert document.title == "T, U"


def test_labelled_sections_are_found_in_the_abstract() -> None:
    record = {
        "pmid": 9,
        "abstract": "Why. What.",
        "sections": {"A": "Why.", "B": "What.", "C": "No"},
    }
    assert [(s.label, s.start, s.end) for s in read_record(record).sections] == [
        ("A", 0, 4), ("B", 5, 10),
    ]  # fmt: skip


@given(st.binary(max_size=300))
def test_no_bytes_break_a_source(content: bytes) -> None:
    for source in all_sources():
        for item in source.read(io.BytesIO(content)):
            assert isinstance(item, Document | RowFault)


@given(st.lists(st.fixed_dictionaries({"title": st.text(), "abstract": st.text()}), max_size=5))
def test_jsonl_gives_back_what_was_written(records: list[dict[str, str]]) -> None:
    lines = "\n".join(json.dumps(record) for record in records)
    items = list(read_jsonl(io.BytesIO(lines.encode())))
    assert len(items) == len(records)
    for item, record in zip(items, records, strict=True):
        if isinstance(item, Document):
            assert (item.title, item.abstract) == (record["title"], record["abstract"])


def test_files_are_known_by_suffix_content_and_compression(tmp_path: Path) -> None:
    (tmp_path / "a.xml.gz").write_bytes(gzip.compress(article_set()))
    (tmp_path / "other.xml").write_text("<html/>")
    (tmp_path / "notes.JSONL").write_text("")
    (tmp_path / "readme.docx").write_text("")
    found = readable_files([tmp_path])
    assert [path.name for path in found] == ["a.xml.gz", "notes.JSONL"]
    source = find_source(tmp_path / "a.xml.gz")
    assert source is not None
    assert source.name == "PubMed XML"


def test_every_wrong_path_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "x.docx").write_text("")
    with pytest.raises(ToolError) as caught:
        readable_files([tmp_path / "x.docx", tmp_path / "missing.csv"])
    assert len(caught.value.faults) == 2

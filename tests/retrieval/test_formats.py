"""The same article in five formats, and what each format has of its own."""

import gzip
import io
from pathlib import Path

import pytest

from retrieval.documents.document import Document, Notice, RowFault, Section
from retrieval.reading.latex import plain_text
from retrieval.reading.names import short_name
from retrieval.sources import Item, all_sources, find_source, read_file
from retrieval.sources.bibtex import read as read_bibtex
from retrieval.sources.jats import read as read_jats
from retrieval.sources.nbib import read as read_nbib
from retrieval.sources.pubmed import read as read_pubmed
from retrieval.sources.ris import read as read_ris
from retrieval.sources.text import read as read_text

DATA = Path(__file__).parent / "data"
FORMATS = {
    "zinc.xml": "PubMed XML", "zinc.nxml": "JATS XML", "zinc.nbib": "MEDLINE", "zinc.ris": "RIS",
    "zinc.bib": "BibTeX",
}  # fmt: skip
ABSTRACT = (
    "Whether zinc shortens colds is disputed. We gave 75 mg/day of zinc or placebo to 213 adults "
    "with colds of less than 24 h. Colds lasted 4.0 and 7.1 days (p < 0.001; 95% CI 2.2–4.0). "
    "Nausea was as common in both groups (8% and 7%)."
)


def only(items: list[Item]) -> Document:
    (item,) = items
    assert isinstance(item, Document), str(item)
    return item


def golden(name: str) -> Document:
    return only([item for item, _ in read_file(DATA / name)])


@pytest.mark.parametrize("name", FORMATS)
def test_article_is_read_in_full(name: str) -> None:
    document = golden(name)
    assert document.title.rstrip(".") == (
        "Zinc lozenges for the common cold in Österreich: a randomised trial"
    )
    assert document.abstract == ABSTRACT
    assert document.doi == "10.1234/colds.2019.7"
    assert document.pmid == (None if name == "zinc.bib" else "90000001")
    assert (document.year, document.journal) == (2019, "The journal of colds")
    assert document.authors == ["Müller JP", "van der Berg A", "Cold Study Group"]
    assert document.keywords == ["lozenges"]
    parts = [s for s in document.sections if s.field == "abstract"]
    assert [s.label.upper() for s in parts] == ["BACKGROUND", "METHODS", "RESULTS"]
    assert [document.abstract[s.start : s.end][:7] for s in parts] == [
        "Whether", "We gave", "Colds l",
    ]  # fmt: skip


def test_formats_agree_on_the_content() -> None:
    abstracts = {name: golden(name).model_copy(update={"text": ""}) for name in FORMATS}
    assert len({document.hash for document in abstracts.values()}) == 1
    assert {find_source(DATA / name).name: n for n, name in enumerate(FORMATS)} == {  # type: ignore[union-attr]
        kind: n for n, kind in enumerate(FORMATS.values())
    }


@pytest.mark.parametrize("name", FORMATS)
def test_compressed_files_and_wide_encodings_read_the_same(name: str, tmp_path: Path) -> None:
    content = (DATA / name).read_bytes()
    (tmp_path / f"{name}.gz").write_bytes(gzip.compress(content))
    wide = content.decode().replace("utf-8", "utf-16").replace("UTF-8", "UTF-16")
    (tmp_path / name).write_bytes(wide.encode("utf-16"))
    for path in (tmp_path / f"{name}.gz", tmp_path / name):
        assert only([item for item, _ in read_file(path)]) == golden(name)


def test_jats_text_has_its_sections_and_captions() -> None:
    document = golden("zinc.nxml")
    spans = [(s.label, document.text[s.start : s.end]) for s in document.sections
             if s.field == "text"]  # fmt: skip
    assert spans == [
        ("Introduction", "Colds are common [1]."),
        ("Methods", "Adults were asked by telephone."),
        ("Methods: Participants", "We enrolled 213 adults.\n\nFig. 1. Flow of participants."),
        ("Results", "Colds were shorter with zinc.\n\nTable 1. Duration by group."),
    ]
    assert document.pmcid == "PMC9900001"
    assert document.section("text", document.text.index("213")) == "Methods: Participants"


def jats(kind: str, meta: str = "", title: str = "T") -> bytes:
    return (
        f'<pmc-articleset><article article-type="{kind}"><front><article-meta>'
        f'<article-id pub-id-type="doi">10.1/{kind}</article-id><title-group><article-title>{title}'
        f"</article-title></title-group>{meta}</article-meta></front></article></pmc-articleset>"
    ).encode()


LINK = '<related-article related-article-type="{}" ext-link-type="doi" xlink:href="10.1/Old"/>'


@pytest.mark.parametrize(
    ("content", "retracted"),
    [
        (jats("research-article"), False),
        (jats("retracted-article"), True),
        (jats("research-article", LINK.format("retraction-forward")), True),
        (jats("research-article", title="RETRACTED: T"), True),
        (jats("correction", LINK.format("corrected-article")), False),
    ],
)
def test_jats_retraction_is_seen(content: bytes, retracted: bool) -> None:
    document = only(list(read_jats(io.BytesIO(content))))
    assert document.retracted == retracted


def test_jats_notice_names_what_it_retracts_and_is_not_retracted_itself() -> None:
    notice, told = read_jats(io.BytesIO(jats("retraction", LINK.format("retracted-article"))))
    assert isinstance(notice, Document)
    assert not notice.retracted
    assert notice.publication_types == ["Retraction of Publication"]
    assert told == Notice("retracted", "10.1/Old")


def test_pubmed_books_deletions_and_notices() -> None:
    content = b"""<PubmedArticleSet>
    <PubmedBookArticle><BookDocument><PMID>21</PMID><ArticleIdList>
    <ArticleId IdType="bookaccession">NBK9</ArticleId></ArticleIdList>
    <Book><Publisher/><BookTitle>Gene reviews</BookTitle><PubDate><Year>1993</Year></PubDate></Book>
    <ArticleTitle>A syndrome</ArticleTitle><Abstract><AbstractText>It is rare.</AbstractText>
    </Abstract></BookDocument></PubmedBookArticle>
    <PubmedArticle><MedlineCitation><PMID>22</PMID><Article><ArticleTitle>Retraction</ArticleTitle>
    </Article><CommentsCorrectionsList><CommentsCorrections RefType="RetractionOf"><PMID>5</PMID>
    </CommentsCorrections></CommentsCorrectionsList></MedlineCitation></PubmedArticle>
    <DeleteCitation><PMID Version="1">7</PMID><PMID Version="1">8</PMID></DeleteCitation>
    </PubmedArticleSet>"""
    book, notice, *told = read_pubmed(io.BytesIO(content))
    assert isinstance(book, Document)
    assert (book.pmid, book.source_id, book.year, book.journal, book.abstract) == (
        "21", "NBK9", 1993, "Gene reviews", "It is rare.",
    )  # fmt: skip
    assert isinstance(notice, Document)
    assert not notice.retracted
    assert told == [Notice("retracted", "5"), Notice("deleted", "7"), Notice("deleted", "8")]


def test_nbib_retraction_and_bad_records_by_line() -> None:
    content = (
        b"stray line\n\nPMID- 1\nTI  - A\nRIN - J. 2020;1:1. PMID: 2\n\nPMID- 3\nSTAT- x\n\n"
        b"PMID- 2\nTI  - Retraction of A\nROF - J. 2019;1:1. PMID: 1\nPT  - Retraction Notice\n"
    )
    stray, first, empty, second, told = read_nbib(io.BytesIO(content))
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.pmid, first.retracted, second.retracted) == ("1", True, False)
    assert told == Notice("retracted", "1")
    assert [f.line for f in (stray, empty) if isinstance(f, RowFault)] == [1, 7]


def test_ris_of_several_makes() -> None:
    content = (
        "\ufeffTY  - JOUR\r\nT1  - First, without an end\r\nA1  - Smith, J.\r\nY1  - 1999///\r\n"
        "UR  - https://www.ncbi.nlm.nih.gov/pubmed/123\r\n"
        "TY  - CHAP\nTI  - Second\nAB  - Line one\nline two\nID  - 7\nM3  - Review\nER  -\n\n"
        "TY  - JOUR\nID  - 7\nER  - \n"
        "TY  - JOUR\nTI  - RETRACTED: Third\nID  - 7\nER  - \n"
    )
    first, second, empty, third = read_ris(io.BytesIO(content.encode()))
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert isinstance(third, Document)
    assert (first.pmid, first.year, first.authors) == ("123", 1999, ["Smith J"])
    assert (second.abstract, second.source_id) == ("Line one line two", "7")
    assert second.publication_types == ["Review", "Book Chapter"]
    assert (third.retracted, third.source_id) == (True, None)  # its id is another's in this file
    assert isinstance(empty, RowFault)
    assert (empty.line, "neither a title" in empty.why) == (14, True)


def test_bibtex_recovers_after_an_entry_that_is_not_closed() -> None:
    content = rb"""
@comment{jabref-meta: x} text between entries, mail@example.org
@article{broken, title = {Not closed,
  year = {2000}
@article{plain, title = "Quoted {"}in{"} it" # " and " # jan, year = 1999, journaltitle = {J}}
@book(round, title = {In parentheses}, author = {John van Neumann and others})
@article{plain, title = {Same key}, note = {PMID: 77}}
@article{nokey title = {X}}
"""
    broken, first, second, third, nokey = read_bibtex(io.BytesIO(content))
    assert isinstance(broken, RowFault)
    assert isinstance(nokey, RowFault)
    assert (broken.line, nokey.line) == (3, 8)
    assert isinstance(first, Document)
    assert (first.title, first.year) == ('Quoted "in" it and Jan', 1999)
    assert isinstance(second, Document)
    assert (second.authors, second.publication_types) == (["van Neumann J"], ["Book"])
    assert isinstance(third, Document)
    assert (third.source_id, third.pmid) == (None, "77")


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        (r"{\'E}tude de l'\oe uvre", "Étude de l'œuvre"),
        (r"Pr\v{s}a, \c{C}elik, Erd\H{o}s, \AA ngstr\"om", "Prša, Çelik, Erdős, Ångström"),
        (r"$\beta$-{C}atenin \& {TGF-$\beta$1}: 5\% vs.\ 7\,\%", "β-Catenin & TGF-β1: 5% vs. 7 %"),
        (r"\textbf{Bold} and \emph{stress}, p $\leq$ 0.05", "Bold and stress, p ≤ 0.05"),
        (r"S{\~a}o Paulo~--- \'{\i}ndice", "São Paulo — índice"),
        ("plain text", "plain text"),
    ],
)
def test_latex_is_read_as_characters(latex: str, plain: str) -> None:
    assert plain_text(latex) == plain


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Smith, John Paul", "Smith JP"), ("Smith, J. P.", "Smith JP"), ("Smith JP", "Smith JP"),
        ("John P. Smith", "Smith JP"), ("Ludwig van Beethoven", "van Beethoven L"),
        ("King, Martin, Jr.", "King M"), ("Lavoisier, Anne-Marie", "Lavoisier AM"),
        ("Plato", "Plato"),
    ],
)  # fmt: skip
def test_names_are_shortened_as_pubmed_does(name: str, short: str) -> None:
    assert short_name(name) == short


def test_markdown_is_kept_as_written_with_title_front_matter_and_sections() -> None:
    text = (
        '---\ntitle: "On zinc"\nyear: 2020\ndoi: 10.1234/zinc\n---\n# Ignored\n\nWhy.\n\n'
        "## Methods\n\n```\n# no heading\n```\nWe asked.\n\n## Results\nColds fell.\n"
    )
    document = only(list(read_text(io.BytesIO(text.encode()))))
    assert (document.title, document.year, document.doi) == ("On zinc", 2020, "10.1234/zinc")
    assert document.text == text
    assert [(s.label, s.field) for s in document.sections] == [
        ("Methods", "text"), ("Results", "text"),
    ]  # fmt: skip
    assert document.section("text", text.index("fell")) == "Results"


def test_plain_text_has_a_title_pages_and_the_name_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("Zinc in colds\n\nPage one.\fPage two.\n")
    (tmp_path / "bare.md").write_text("One long paragraph only.")
    (tmp_path / "picture.txt").write_bytes(bytes(range(256)) * 40)
    titled, untitled, binary = (
        next(read_file(tmp_path / name))[0] for name in ("note.txt", "bare.md", "picture.txt")
    )
    assert isinstance(titled, Document)
    assert (titled.title, titled.article_id) == ("Zinc in colds", "note.txt")
    assert [titled.page("text", titled.text.index(w)) for w in ("one", "two")] == [1, 2]
    assert isinstance(untitled, Document)
    assert untitled.title == "bare"
    assert isinstance(binary, RowFault)
    assert binary.place == "file"


def test_every_kind_of_file_has_a_source() -> None:
    suffixes = {suffix for source in all_sources() for suffix in source.suffixes}
    assert suffixes >= {
        ".xml", ".nxml", ".nbib", ".ris", ".bib", ".pdf", ".md", ".txt", ".csv", ".jsonl",
    }  # fmt: skip


def test_sections_of_a_document_are_told_by_field() -> None:
    sections = [
        Section(label="A", start=0, end=5),
        Section(label="B", start=0, end=5, field="text"),
    ]
    document = Document(title="T", abstract="12345", text="12345", sections=sections)
    assert (document.section("abstract", 1), document.section("text", 1)) == ("A", "B")
    assert document.section("title", 1) is None

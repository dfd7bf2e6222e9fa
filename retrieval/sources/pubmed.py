"""PubMed XML: baseline and update files, and what efetch gives."""

from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element

from retrieval.documents.document import Document, Notice, RowFault, Section
from retrieval.documents.records import find_year
from retrieval.reading.validation import make_document
from retrieval.reading.xml_records import all_words, parse_record, split_records, words
from retrieval.sources import Item, Source

ARTICLE, BOOK, DELETED = RECORDS = ("PubmedArticle", "PubmedBookArticle", "DeleteCitation")


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yields the document of each article and book, notices, and faults by number of record."""
    for number, record in enumerate(split_records(stream, RECORDS), start=1):
        try:
            element = parse_record(record)
            if element.tag == DELETED:
                yield from (Notice("deleted", pmid) for pmid in all_words(element, "PMID"))
                continue
            yield _book(element) if element.tag == BOOK else _article(element)
            for place in element.iterfind("MedlineCitation/CommentsCorrectionsList/*"):
                pmid = words(place.find("PMID"))
                if place.get("RefType") == "RetractionOf" and pmid:
                    yield Notice("retracted", pmid)
        except (ValueError, RecursionError) as error:
            yield RowFault(number, str(error), "record")


def _article(element: Element) -> Document:
    citation = _require(element, "MedlineCitation")
    article = _require(citation, "Article")
    abstract, sections = _abstract(article)
    notices = [n.get("RefType") for n in citation.iterfind("CommentsCorrectionsList/*")]
    ids = _ids(element, "PubmedData/ArticleIdList/ArticleId")
    return make_document(
        pmid=words(citation.find("PMID")) or None,
        doi=ids.get("doi") or _location(article),
        pmcid=ids.get("pmc"),
        title=words(article.find("ArticleTitle")) or words(article.find("VernacularTitle")),
        abstract=abstract,
        year=_year(article, "Journal/JournalIssue/PubDate", "ArticleDate"),
        journal=words(article.find("Journal/Title")) or None,
        authors=_authors(article),
        mesh=all_words(citation, "MeshHeadingList/MeshHeading/DescriptorName"),
        keywords=all_words(citation, "KeywordList/Keyword"),
        publication_types=all_words(article, "PublicationTypeList/PublicationType"),
        sections=sections,
        retracted="RetractionIn" in notices,
    )


def _book(element: Element) -> Document:
    book = _require(element, "BookDocument")
    abstract, sections = _abstract(book)
    ids = _ids(book, "ArticleIdList/ArticleId")
    return make_document(
        pmid=words(book.find("PMID")) or None,
        doi=ids.get("doi"),
        source_id=ids.get("bookaccession"),
        title=words(book.find("ArticleTitle")) or words(book.find("Book/BookTitle")),
        abstract=abstract,
        year=_year(book, "Book/PubDate", "ContributionDate"),
        journal=words(book.find("Book/BookTitle")) or None,
        authors=_authors(book) or _authors(_require(book, "Book")),
        keywords=all_words(book, "KeywordList/Keyword"),
        publication_types=all_words(book, "PublicationType"),
        sections=sections,
    )


def _abstract(article: Element) -> tuple[str, list[Section]]:
    """Joins the parts of an abstract; labels are kept beside the text, not in it."""
    text, sections = "", []
    for part in article.iterfind("Abstract/AbstractText"):
        inner = words(part)
        if not inner:
            continue
        text += " " if text else ""
        if label := part.get("Label"):
            sections.append(Section(label=label, start=len(text), end=len(text) + len(inner)))
        text += inner
    return text, sections


def _year(article: Element, *places: str) -> int | None:
    parts = (f"{place}/{part}" for place in places for part in ("Year", "MedlineDate"))
    found = (find_year(words(article.find(part))) for part in parts)
    return next(filter(None, found), None)


def _ids(element: Element, path: str) -> dict[str, str]:
    return {id_.get("IdType", ""): words(id_) for id_ in element.iterfind(path)}


def _location(article: Element) -> str | None:
    for place in article.iterfind("ELocationID"):
        if place.get("EIdType") == "doi" and place.get("ValidYN") != "N":
            return words(place) or None
    return None


def _authors(article: Element) -> list[str]:
    names = (
        " ".join(filter(None, (words(author.find(part)) for part in ("LastName", "Initials"))))
        or words(author.find("CollectiveName"))
        for author in article.iterfind("AuthorList/Author")
    )
    return [name for name in names if name]


def _require(element: Element, name: str) -> Element:
    found = element.find(name)
    return found if found is not None else Element(name)


def _recognises(head: bytes) -> bool:
    return any(name.encode() in head for name in RECORDS)


SOURCE = Source("PubMed XML", (".xml",), read, _recognises)

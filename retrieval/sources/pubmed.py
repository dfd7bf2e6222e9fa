"""PubMed XML: baseline and update files, and what efetch gives."""

import gzip
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from pydantic import ValidationError

from retrieval.documents import RETRACTED_TYPE, Document, RowFault, Section
from retrieval.records import find_year, is_retracted
from retrieval.sources import Source

BROKEN = (ParseError, DefusedXmlException, EOFError, gzip.BadGzipFile, zlib.error, UnicodeError)


def read(stream: BinaryIO) -> Iterator[Document | RowFault]:
    """Yields the document of each PubmedArticle, or why there is none."""
    number = 0
    try:
        for _, element in iterparse(stream, events=("end",)):
            if element.tag == "PubmedArticle":
                number += 1
                yield _article_or_fault(element, number)
                element.clear()
    except BROKEN as error:
        yield RowFault(number + 1, f"the file breaks off here: {error}")


def _article_or_fault(element: Element, number: int) -> Document | RowFault:
    try:
        return _article(element)
    except ValidationError as error:
        pmid = _words(element.find("MedlineCitation/PMID")) or "without PMID"
        reasons = (detail["msg"].removeprefix("Value error, ") for detail in error.errors())
        return RowFault(number, f"article {pmid}: {'; '.join(reasons)}")


def _article(element: Element) -> Document:
    citation = _require(element, "MedlineCitation")
    article = _require(citation, "Article")
    title = _words(article.find("ArticleTitle")) or _words(article.find("VernacularTitle"))
    abstract, sections = _abstract(article)
    types = _all(article, "PublicationTypeList/PublicationType")
    notices = [n.get("RefType") for n in citation.iterfind("CommentsCorrectionsList/*")]
    retracted = "RetractionIn" in notices or is_retracted(title, types)
    if retracted and RETRACTED_TYPE not in types:
        types.append(RETRACTED_TYPE)
    return Document(
        pmid=_words(citation.find("PMID")) or None,
        doi=_doi(element, article),
        title=title,
        abstract=abstract,
        year=_year(article),
        journal=_words(article.find("Journal/Title")) or None,
        authors=[
            name for author in article.iterfind("AuthorList/Author") if (name := _name(author))
        ],
        mesh=_all(citation, "MeshHeadingList/MeshHeading/DescriptorName"),
        publication_types=types,
        sections=sections,
        retracted=retracted,
    )


def _abstract(article: Element) -> tuple[str, list[Section]]:
    """Joins the parts of an abstract; labels are kept beside the text, not in it."""
    text, sections = "", []
    for part in article.iterfind("Abstract/AbstractText"):
        words = _words(part)
        if not words:
            continue
        text += " " if text else ""
        if label := part.get("Label"):
            sections.append(Section(label=label, start=len(text), end=len(text) + len(words)))
        text += words
    return text, sections


def _year(article: Element) -> int | None:
    for place in ("Journal/JournalIssue/PubDate", "ArticleDate"):
        date = article.find(place)
        if date is not None and (year := find_year(_words(date))):
            return year
    return None


def _doi(element: Element, article: Element) -> str | None:
    for place in element.iterfind("PubmedData/ArticleIdList/ArticleId"):
        if place.get("IdType") == "doi" and (doi := _words(place)):
            return doi
    for place in article.iterfind("ELocationID"):
        if place.get("EIdType") == "doi" and place.get("ValidYN") != "N":
            return _words(place) or None
    return None


def _name(author: Element) -> str:
    parts = [_words(author.find(part)) for part in ("LastName", "Initials")]
    return " ".join(filter(None, parts)) or _words(author.find("CollectiveName"))


def _all(element: Element, path: str) -> list[str]:
    return [words for found in element.iterfind(path) if (words := _words(found))]


def _words(element: Element | None) -> str:
    """Returns an element's text without its inner marks (italics, superscripts)."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def _require(element: Element, name: str) -> Element:
    found = element.find(name)
    return found if found is not None else Element(name)


def _recognises(head: bytes) -> bool:
    return b"PubmedArticle" in head


SOURCE = Source("PubMed XML", (".xml",), read, _recognises)

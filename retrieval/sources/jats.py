"""JATS XML, as PubMed Central gives it: articles with their full text."""

from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO
from xml.etree.ElementTree import Element

from retrieval.documents.document import Document, Notice, RowFault, Section
from retrieval.documents.records import find_year
from retrieval.reading.jats_text import TextBuilder, add_body
from retrieval.reading.names import initials
from retrieval.reading.validation import make_document
from retrieval.reading.xml_records import all_words, parse_record, split_records, words
from retrieval.sources import Item, Source

RECORD = "article"
NOTICE_TYPE = "retraction"
TYPES = {
    "research-article": "Journal Article", "review-article": "Review",
    "case-report": "Case Reports",
    "rapid-communication": "Journal Article", "brief-report": "Journal Article",
    NOTICE_TYPE: "Retraction of Publication", "correction": "Published Erratum",
}  # fmt: skip
"""PubMed's names of the types; others are written alike."""

WITHDRAWN_TYPES = frozenset({"retracted", "retracted-article", "withdrawn", "withdrawn-article"})
WITHDRAWAL_LINKS = frozenset({"retraction-forward", "retraction", "retracted-by"})
DATES = ("ppub", "collection", "pub", "epub", "epub-ppub")
NO_TITLE = frozenset({"xref", "fn"})
OTHER_ABSTRACTS = frozenset(
    {
        "graphical",
        "teaser",
        "toc",
        "key-points",
        "editor-summary",
        "video",
        "plain-language-summary",
    }
)
LINK = "{http://www.w3.org/1999/xlink}href"


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yields the document of each article, the retractions it tells, and faults by number."""
    for number, record in enumerate(split_records(stream, (RECORD,)), start=1):
        try:
            article = parse_record(record)
            yield _document(article)
            if article.get("article-type") == NOTICE_TYPE:
                yield from _retracted(article)
        except (ValueError, RecursionError) as error:
            yield RowFault(number, str(error), "record")


def _document(article: Element) -> Document:
    meta = article.find("front/article-meta")
    if meta is None:
        meta = article.find("front-stub")
    if meta is None:
        message = "it has no article-meta"
        raise ValueError(message)
    kind = article.get("article-type", "")
    links = {link.get("related-article-type") for link in meta.iterfind("related-article")}
    abstract, body = TextBuilder(" ", "abstract"), TextBuilder("\n\n", "text")
    for part in meta.iterfind("abstract"):
        if part.get("abstract-type") not in OTHER_ABSTRACTS and not abstract.text:
            add_body(abstract, part)
    for part in article.iterfind("body"):
        add_body(body, part)
    return make_document(
        **_ids(meta),
        title=words(meta.find("title-group/article-title"), NO_TITLE),
        abstract=abstract.text,
        text=body.text,
        year=_year(meta),
        journal=words(article.find("front/journal-meta//journal-title")) or None,
        authors=_authors(meta),
        mesh=_keywords(meta, mesh=True),
        keywords=_keywords(meta, mesh=False),
        publication_types=[TYPES.get(kind, kind.replace("-", " ").capitalize())] if kind else [],
        sections=[Section.model_validate(s) for s in chain(abstract.sections, body.sections)],
        retracted=kind in WITHDRAWN_TYPES or bool(links & WITHDRAWAL_LINKS),
    )


def _ids(meta: Element) -> dict[str, str]:
    given = {id_.get("pub-id-type", ""): words(id_) for id_ in meta.iterfind("article-id")}
    pmcid = given.get("pmcid") or given.get("pmc") or ""
    if pmcid.isdigit():
        pmcid = f"PMC{pmcid}"
    ids = {"pmid": given.get("pmid", ""), "doi": given.get("doi", ""), "pmcid": pmcid}
    return {name: value for name, value in ids.items() if value}


def _year(meta: Element) -> int | None:
    dates = {
        date.get("pub-type") or date.get("date-type") or "": find_year(words(date.find("year")))
        for date in meta.iterfind("pub-date")
    }
    known = [dates.get(kind) for kind in DATES] + list(dates.values())
    return next(filter(None, known), None)


def _authors(meta: Element) -> list[str]:
    found = []
    for person in meta.iterfind("contrib-group/contrib"):
        if person.get("contrib-type", "author") != "author":
            continue
        family = words(person.find(".//surname"))
        given = initials(words(person.find(".//given-names")))
        found.append(f"{family} {given}".strip() or words(person.find("collab")))
    return [name for name in found if name]


def _keywords(meta: Element, *, mesh: bool) -> list[str]:
    groups = (
        group
        for group in meta.iterfind("kwd-group")
        if (group.get("kwd-group-type", "").casefold() == "mesh") == mesh
    )
    return [word for group in groups for word in all_words(group, ".//kwd")]


def _retracted(notice: Element) -> Iterator[Notice]:
    for link in notice.iterfind(".//related-article"):
        if link.get("related-article-type") == "retracted-article" and link.get(LINK):
            yield Notice("retracted", link.get(LINK, ""))


def _recognises(head: bytes) -> bool:
    return any(mark in head for mark in (b"<article ", b"<article>", b"JATS", b"NLM//DTD Journal"))


SOURCE = Source("JATS XML", (".xml", ".nxml"), read, _recognises)

"""What sources give: documents, field by field, and what is wrong with the rest."""

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

FieldName = Literal["title", "abstract", "text"]

ID_FIELDS = ("pmid", "doi", "pmcid", "source_id")
BODIES: tuple[FieldName, ...] = ("abstract", "text")

STARTER_TYPE = "Starter evidence note"
RETRACTED_TYPE = "Retracted Publication"
Place = Literal["line", "record", "page", "file"]
DOI_PREFIX = re.compile(r"^(?:doi:\s*|https?://(?:dx\.)?doi\.org/)", re.IGNORECASE)


class Section(BaseModel):
    """A labelled part of the abstract or the text: characters `start` to `end` of it."""

    model_config = ConfigDict(frozen=True)

    label: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    field: FieldName = "abstract"


class Page(BaseModel):
    """A page of the text: it begins at character `start`."""

    model_config = ConfigDict(frozen=True)

    number: int = Field(ge=1)
    start: int = Field(ge=0)


class Document(BaseModel):
    """An article, note or other text of the library.

    Attributes:
        source_id: The source's own id, where it is neither a PMID nor a DOI.
        keywords: The authors' own, other than MeSH.
        pages: Where each page of `text` begins, in order; pages without text are left out.
        retracted: The article was withdrawn; shown wherever it is cited.
    """

    model_config = ConfigDict(frozen=True)

    pmid: str | None = None
    source_id: str | None = None
    doi: str | None = None
    pmcid: str | None = None
    title: str = ""
    abstract: str = ""
    text: str = ""
    year: int | None = Field(None, ge=1000, le=2999)
    journal: str | None = None
    authors: list[str] = []
    mesh: list[str] = []
    keywords: list[str] = []
    publication_types: list[str] = []
    sections: list[Section] = []
    pages: list[Page] = []
    retracted: bool = False

    @field_validator("doi")
    @classmethod
    def _plain_doi(cls, doi: str | None) -> str | None:
        return DOI_PREFIX.sub("", doi).lower() if doi else None

    @model_validator(mode="after")
    def _has_words(self) -> "Document":
        if not re.search(r"\w", self.title + self.abstract + self.text):
            message = "it has neither a title nor an abstract nor a text"
            raise ValueError(message)
        return self

    @property
    def hash(self) -> str:
        """The same content has the same hash, from whatever source it comes.

        Sources differ in white space, in how accents are composed and in whether a title ends
        with a full stop; none of these makes another document.
        """
        fields = [_plain(self.title).rstrip("."), _plain(self.abstract), self.text]
        if not (self.abstract or self.text):  # titles alone recur: "Editorial.", "Reply."
            fields.append(self.pmid or self.doi or self.pmcid or self.source_id or "")
        content = "\x1f".join(fields).encode("utf-8", "surrogatepass")
        return hashlib.sha256(content).hexdigest()[:32]

    @property
    def article_id(self) -> str:
        """The source's own id: PMID, `id`, DOI, else the content hash."""
        return self.pmid or self.source_id or self.doi or self.pmcid or self.hash

    @property
    def is_starter_note(self) -> bool:
        """It is a note of the starter library, not the article itself."""
        return STARTER_TYPE in self.publication_types

    @property
    def label(self) -> str:
        """What must be said of it wherever it is cited; empty for most."""
        kinds = {STARTER_TYPE: self.is_starter_note, RETRACTED_TYPE: self.retracted}
        return ", ".join(kind for kind, holds in kinds.items() if holds)

    def completed_by(self, later: "Document") -> "Document":
        """Returns this document with what a later record of the same content says of it.

        Ids stay; other data are replaced where the later record has them; a retraction stays.
        """
        told = _told(later, exclude={"title", "abstract", "text", "sections", "pages"})
        told |= {name: own for name in ID_FIELDS if (own := getattr(self, name))}
        told |= {
            name: getattr(later, name)
            for name in ("sections", "pages")
            if getattr(later, name) and all(later.field(b) == self.field(b) for b in BODIES)
        }
        return self.model_copy(update=told | _joined(self, later))

    def version_after(self, older: "Document") -> "Document":
        """Returns this newer record of an article with what only an older one tells.

        Texts are taken over only where the titles are the same: ids are mistyped at times, and a
        note of the starter library is no text of the article.
        """
        if older.is_starter_note or _letters(self.title) != _letters(older.title):
            return self
        told = _told(older, exclude=set(_told(self)) | {"sections", "pages"})
        taken = {name for name in BODIES if name in told}
        told["sections"] = [*self.sections, *(s for s in older.sections if s.field in taken)]
        if "text" in taken:
            told["pages"] = older.pages
        return self.model_copy(update=told | _joined(older, self))

    def field(self, name: FieldName) -> str:
        """Returns the text that offsets in a field count in."""
        value: str = getattr(self, name)
        return value

    def page(self, name: FieldName, offset: int) -> int | None:
        """Returns the number of the page that a character of a field is on, where there are any."""
        before = bisect_right(self.pages, offset, key=lambda page: page.start)
        return self.pages[before - 1].number if name == "text" and before else None

    def section(self, name: FieldName, offset: int) -> str | None:
        """Returns the label of the part of a field that a character is in."""
        inside = (s.label for s in self.sections if s.field == name and s.start <= offset < s.end)
        return next(inside, None)


@dataclass(frozen=True)
class RowFault:
    """A record or page that could not be read; it costs only itself.

    Attributes:
        line: Number, from 1, of what `place` names; of a file it means nothing.
        why: What is wrong with it.
        place: Where it is: a line, a record of XML, a page, or the file as a whole.
    """

    line: int
    why: str
    place: Place = "line"

    def __str__(self) -> str:
        return self.why if self.place == "file" else f"{self.place} {self.line}: {self.why}"


@dataclass(frozen=True)
class Notice:
    """What a source says of an article that it does not hold itself.

    Attributes:
        kind: The article was retracted, or its record deleted.
        identifier: Its PMID or DOI.
    """

    kind: Literal["retracted", "deleted"]
    identifier: str


def _told(document: Document, exclude: Iterable[str] = ()) -> dict[str, Any]:
    """Returns what a record says: its fields with other than their default values."""
    names = document.model_dump(exclude_defaults=True, exclude=set(exclude))
    return {name: getattr(document, name) for name in names}


def _joined(older: Document, newer: Document) -> dict[str, Any]:
    """Returns what adds up: an article that was of a type, or was retracted, still is."""
    types = [*newer.publication_types, *older.publication_types]
    retracted = older.retracted or newer.retracted
    return {"publication_types": list(dict.fromkeys(types)), "retracted": retracted}


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _letters(text: str) -> str:
    return "".join(
        char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum()
    )

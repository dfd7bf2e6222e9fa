"""A document as sources give it: bibliographic data and its text, field by field."""

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

FieldName = Literal["title", "abstract", "text"]

ID_FIELDS = ("pmid", "doi", "source_id")

STARTER_TYPE = "Starter evidence note"
RETRACTED_TYPE = "Retracted Publication"
DOI_PREFIX = re.compile(r"^(?:doi:\s*|https?://(?:dx\.)?doi\.org/)", re.IGNORECASE)


class Section(BaseModel):
    """A labelled part of the abstract: characters `start` to `end` of it."""

    model_config = ConfigDict(frozen=True)

    label: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Document(BaseModel):
    """An article, note or other text of the library.

    Attributes:
        source_id: The source's own id, where it is neither a PMID nor a DOI.
        retracted: The article was withdrawn; shown wherever it is cited.
    """

    model_config = ConfigDict(frozen=True)

    pmid: str | None = None
    source_id: str | None = None
    doi: str | None = None
    title: str = ""
    abstract: str = ""
    text: str = ""
    year: int | None = Field(None, ge=1000, le=2999)
    journal: str | None = None
    authors: list[str] = []
    mesh: list[str] = []
    publication_types: list[str] = []
    sections: list[Section] = []
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
        """The same content has the same hash, from whatever source it comes."""
        fields = [self.title, self.abstract, self.text]
        if not (self.abstract or self.text):  # titles alone recur: "Editorial.", "Reply."
            fields.append(self.pmid or self.doi or self.source_id or "")
        return hashlib.sha256("\x1f".join(fields).encode()).hexdigest()[:32]

    @property
    def article_id(self) -> str:
        """The source's own id: PMID, `id`, DOI, else the content hash."""
        return self.pmid or self.source_id or self.doi or self.hash

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
        told = later.model_dump(exclude_defaults=True, exclude={"title", "abstract", "text"})
        ids = {name: getattr(self, name) or told.pop(name, None) for name in ID_FIELDS}
        told = {name: getattr(later, name) for name in told if name not in ID_FIELDS}
        return self.model_copy(update=told | ids | {"retracted": self.retracted or later.retracted})

    def field(self, name: FieldName) -> str:
        """Returns the text that offsets in a field count in."""
        value: str = getattr(self, name)
        return value


@dataclass(frozen=True)
class RowFault:
    """A record that could not be read; it costs only itself.

    Attributes:
        line: Line of a line-based file, number of the record in XML, from 1.
        why: What is wrong with it.
    """

    line: int
    why: str

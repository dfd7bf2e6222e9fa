"""Documents made of what a source gives, with reasons where that is not possible."""

import re
from typing import Any

from pydantic import ValidationError

from retrieval.documents.document import RETRACTED_TYPE, Document

RETRACTED_TITLE = re.compile(r"^\W*(?:RETRACTED(?: ARTICLE)?|WITHDRAWN)\s*:")


def make_document(**values: Any) -> Document:
    """Makes a document; one that is retracted by its type or title is marked so in every way.

    Raises:
        ValueError: It is no document, with its id and the reasons.
    """
    types = values.get("publication_types") or []
    marked = RETRACTED_TYPE in types or RETRACTED_TITLE.match(values.get("title", ""))
    if values.get("retracted") or marked:
        types = list(dict.fromkeys([*types, RETRACTED_TYPE]))
        values |= {"retracted": True, "publication_types": types}
    try:
        return Document(**values)
    except ValidationError as error:
        names = (values.get(name) for name in ("pmid", "doi", "pmcid", "source_id"))
        reasons = (detail["msg"].removeprefix("Value error, ") for detail in error.errors())
        message = f"article {next(filter(None, names), 'without id')}: {'; '.join(reasons)}"
        raise ValueError(message) from None

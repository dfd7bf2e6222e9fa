"""The text of an abstract or a body in JATS: paragraphs under their headings."""

from typing import Any
from xml.etree.ElementTree import Element

from retrieval.documents.document import FieldName
from retrieval.reading.xml_records import words

WITHOUT = frozenset(
    {"table-wrap", "fig", "fig-group", "table", "tex-math", "graphic", "media", "fn", "object-id"}
)
"""Left out of the paragraphs that they are in: captions follow, cells of tables are no prose."""

PARAGRAPHS = frozenset({"p", "disp-quote", "verse-group", "disp-formula", "def"})
FLOATS = frozenset({"fig", "table-wrap", "boxed-text", "fig-group"})
PASSED_OVER = frozenset({"title", "label", "ref-list", "fn-group", "sec-meta", "object-id"})


class TextBuilder:
    """Paragraphs joined to one text, with the span of each section in it.

    Args:
        separator: Between paragraphs.
        field: The document's field that the text is for.
    """

    def __init__(self, separator: str, field: FieldName) -> None:
        self._separator = separator
        self._field = field
        self._parts: list[str] = []
        self._length = 0
        self.sections: list[dict[str, Any]] = []

    @property
    def text(self) -> str:
        """All paragraphs."""
        return "".join(self._parts)

    def add(self, paragraph: str, label: str) -> None:
        """Adds a paragraph that stands under a heading, or none."""
        if not paragraph:
            return
        if self._parts:
            self._parts.append(self._separator)
            self._length += len(self._separator)
        start, end = self._length, self._length + len(paragraph)
        self._parts.append(paragraph)
        self._length = end
        if self.sections and label and self.sections[-1]["label"] == label:
            self.sections[-1]["end"] = end
        elif label:
            span = {"label": label, "start": start, "end": end, "field": self._field}
            self.sections.append(span)


def add_body(builder: TextBuilder, element: Element, label: str = "") -> None:
    """Adds the paragraphs of an element, those of inner sections under their own headings.

    An inner heading is written after the outer ones: `Methods: Participants`.
    """
    for part in element:
        if part.tag == "sec":
            heading = words(part.find("title"))
            add_body(builder, part, ": ".join(filter(None, (label, heading))))
        elif part.tag in FLOATS:
            _add_caption(builder, part, label)
        elif part.tag in PARAGRAPHS:
            builder.add(words(part, WITHOUT), label)
            for inner in part.iter():
                if inner.tag in FLOATS:
                    _add_caption(builder, inner, label)
        elif part.tag not in PASSED_OVER:
            add_body(builder, part, label)


def _add_caption(builder: TextBuilder, part: Element, label: str) -> None:
    if part.tag in {"boxed-text", "fig-group"}:
        add_body(builder, part, label)
        return
    caption = part.find("caption")
    name, text = words(part.find("label")), words(caption, WITHOUT)
    builder.add(f"{name.rstrip('.')}. {text}" if name and text else text, label)

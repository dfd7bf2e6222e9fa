"""Lines joined to running text: paragraphs, hyphens at line ends, and where pages begin."""

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from retrieval.documents.document import Page
from retrieval.reading.pdf.layout import Line

PARAGRAPH = "\n\n"
WIDE_PITCH = 1.4
FEW = 4
OTHER_SIZE = 0.15
INDENT = 0.8
SHORT = 0.8
ENDED = re.compile(r"[.!?:;][\"'”’)\]]*(?:\d{1,3}(?:[,–-]\d{1,3})*)?$")
BROKEN = re.compile(r"(?P<whole>[^\W\d_]{2,})[-\u00ad]$")
TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def join_pages(pages: Sequence[tuple[int, Sequence[Line]]]) -> tuple[str, list[Page]]:
    """Joins the lines of pages in reading order.

    Args:
        pages: The number of each page, from 1, with its lines.

    Returns:
        The text, and where in it each page begins that has any.
    """
    known = _tokens(line.text for _, lines in pages for line in lines)
    parts: list[str] = []
    starts: list[Page] = []
    length, before = 0, None
    pitch, width = 0.0, 0.0
    for number, lines in pages:
        if lines:
            pitch, width = _pitch(lines), median(line.x1 - line.x0 for line in lines)
        for n, line in enumerate(lines):
            text = line.text.strip()
            if before is not None:
                joint, cut = _joint(before, line, known, pitch, width, same_page=n > 0)
                if cut:
                    parts[-1] = parts[-1][:-1]
                    length -= 1
                parts.append(joint)
                length += len(joint)
            if n == 0:
                starts.append(Page(number=number, start=length))
            parts.append(text)
            length += len(text)
            before = line
    return "".join(parts), starts


def _joint(
    before: Line, line: Line, known: set[str], pitch: float, width: float, *, same_page: bool
) -> tuple[str, bool]:
    """Returns what comes between two lines, and whether the first loses its hyphen."""
    if _new_paragraph(before, line, pitch, width, same_page=same_page):
        return PARAGRAPH, False
    text, following = before.text.rstrip(), line.text.lstrip()
    if not text.endswith(("-", "\u00ad")) or not following[:1].isalnum():
        return " ", False
    if text.endswith("\u00ad"):
        return "", True
    found, after = BROKEN.search(text), TOKEN.match(following)
    if not found or not after or not following[0].islower():
        return "", False  # IL-6, 5-year, post-Soviet
    first, second = found["whole"].lower(), after[0].lower()
    compound = f"{first}-{second}" in known and first + second not in known
    return "", not compound


def _new_paragraph(
    before: Line, line: Line, pitch: float, width: float, *, same_page: bool
) -> bool:
    ended = bool(ENDED.search(before.text.rstrip()))
    if abs(line.height - before.height) > OTHER_SIZE * before.height:
        return True
    down = before.y0 - line.y0
    if not same_page or down <= 0:  # on the next page, or in the next column
        return ended
    if down > WIDE_PITCH * pitch:
        return True
    indented = line.x0 > before.x0 + INDENT * line.height
    return ended and (indented or before.x1 - before.x0 < SHORT * width)


def _pitch(lines: Sequence[Line]) -> float:
    """Returns the usual way from a line down to the next."""
    steps = [a.y0 - b.y0 for a, b in pairwise(lines) if a.y0 > b.y0]
    usual = median(line.height for line in lines)
    return median(steps) if len(steps) >= FEW else min([*steps, WIDE_PITCH * usual])


def _tokens(texts: object) -> set[str]:
    return {token for text in texts for token in TOKEN.findall(text.lower())}  # type: ignore[attr-defined]

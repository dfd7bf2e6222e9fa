"""Words put in the order in which people read them, column by column."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from statistics import median

from retrieval.reading.pdf.words import Word

SPACE = 0.8
"""Heights of a line: a wider gap between words may be one between columns."""

SAME_LINE = 0.3
ROW_OVERLAP = 0.5
LEAST_GUTTER = 0.55
LEAST_ROWS = 3
LEAST_CHARACTERS = 18
"""Of an average line of a column of prose; cells of tables have fewer."""

CANDIDATES = 4
DEEPEST = 3


@dataclass(frozen=True)
class Line:
    """A line, or the part of one that is in one column, in its box (points; y grows upwards)."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def height(self) -> float:
        """Of the letters, in points."""
        return max(self.y1 - self.y0, 1.0)


def make_segments(words: Sequence[Word]) -> list[Line]:
    """Joins words that follow each other on a line, up to gaps as wide as those of columns."""
    segments: list[Line] = []
    parts: list[Word] = []
    for word in words:
        if parts and not _follows(parts[-1], word):
            segments.append(_line(parts))
            parts = []
        parts.append(word)
    return [*segments, _line(parts)] if parts else segments


def reading_order(segments: Sequence[Line], depth: int = 0) -> list[Line]:
    """Returns lines in reading order.

    Where two columns of prose lie beside each other, the left one comes first; what reaches over
    both, such as a title, divides what is above it from what is below.
    """
    gutter = _gutter(segments) if depth < DEEPEST else None
    if gutter is None:
        return _rows(segments)
    ordered: list[Line] = []
    band: list[Line] = []
    for segment in sorted(segments, key=lambda s: -(s.y0 + s.y1)):
        if segment.x0 < gutter < segment.x1:
            ordered += _columns(band, gutter, depth)
            ordered.append(segment)
            band = []
        else:
            band.append(segment)
    return ordered + _columns(band, gutter, depth)


def rows(segments: Sequence[Line]) -> list[list[Line]]:
    """Groups what stands at one height, from the top down; each row from left to right."""
    found: list[list[Line]] = []
    for segment in sorted(segments, key=lambda s: -(s.y0 + s.y1)):
        if found and _overlap(found[-1][0], segment) >= ROW_OVERLAP:
            found[-1].append(segment)
        else:
            found.append([segment])
    return [sorted(row, key=lambda s: s.x0) for row in found]


def joined(row: Sequence[Line]) -> Line:
    """Returns the parts of a row as one line."""
    return reduce(
        lambda a, b: Line(
            f"{a.text} {b.text}",
            min(a.x0, b.x0), min(a.y0, b.y0), max(a.x1, b.x1), max(a.y1, b.y1),
        ),
        row,
    )  # fmt: skip


def _rows(segments: Sequence[Line]) -> list[Line]:
    return [joined(row) for row in rows(segments)]


def _columns(band: Sequence[Line], gutter: float, depth: int) -> list[Line]:
    left = [segment for segment in band if segment.x1 <= gutter]
    right = [segment for segment in band if segment.x1 > gutter]
    if not (_prose(left) and _prose(right)):
        return _rows(band)
    return reading_order(left, depth + 1) + reading_order(right, depth + 1)


def _prose(column: Sequence[Line]) -> bool:
    """Tells a column of text from the cells of a table; a short rest of one passes."""
    if not column:
        return True
    return sum(len(line.text) for line in column) >= LEAST_CHARACTERS * len(column)


def _gutter(segments: Sequence[Line]) -> float | None:
    """Returns the middle of the empty strip between two columns, if there is one."""
    if len(segments) < 2 * LEAST_ROWS:
        return None
    low, high = int(min(s.x0 for s in segments)), int(max(s.x1 for s in segments)) + 1
    steps = [0] * (high - low + 2)
    for segment in segments:
        steps[int(segment.x0) - low] += 1
        steps[int(segment.x1) - low + 1] -= 1
    height = median(segment.height for segment in segments)
    strips: list[tuple[int, int, float]] = []  # lines across it, width, middle
    cover, begun = 0, 0
    for at, step in enumerate(steps):
        if step:
            if at - begun >= LEAST_GUTTER * height and begun:
                strips.append((cover, begun - at, low + (begun + at) / 2))
            cover, begun = cover + step, at
    for _, _, middle in sorted(strips)[:CANDIDATES]:
        left = [s for s in segments if s.x1 <= middle]
        right = [s for s in segments if s.x0 >= middle]
        if _prose(left) and _prose(right) and _beside(left, right) >= LEAST_ROWS:
            return middle
    return None


def _beside(left: Sequence[Line], right: Sequence[Line]) -> int:
    """Returns how many lines of the left have one of the right beside them."""
    others = sorted((line.y0, line.y1) for line in right)
    count, at = 0, 0
    for line in sorted(left, key=lambda s: s.y0):
        while at < len(others) and others[at][1] <= line.y0:
            at += 1
        count += at < len(others) and others[at][0] < line.y1
    return count


def _follows(before: Word, word: Word) -> bool:
    height = max(min(before.y1 - before.y0, word.y1 - word.y0), 1.0)
    overlap = min(before.y1, word.y1) - max(before.y0, word.y0)
    gap = word.x0 - before.x1
    tallest = max(before.y1 - before.y0, word.y1 - word.y0)
    return overlap >= SAME_LINE * height and -SPACE * tallest <= gap <= SPACE * tallest


def _overlap(one: Line, other: Line) -> float:
    shared = min(one.y1, other.y1) - max(one.y0, other.y0)
    return shared / min(one.height, other.height)


def _line(words: Sequence[Word]) -> Line:
    """Joins words; the commonest height is the line's, whatever its superscripts."""
    height = median(word.y1 - word.y0 for word in words)
    base = next((w for w in words if w.y1 - w.y0 >= height), words[0])
    return Line(
        " ".join(word.text for word in words),
        min(word.x0 for word in words), base.y0, max(word.x1 for word in words), base.y1,
    )  # fmt: skip

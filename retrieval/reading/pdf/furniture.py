"""Headers, footers and page numbers: what stands at the edge of page after page."""

import re
from collections import defaultdict
from collections.abc import Sequence

from retrieval.reading.pdf.layout import Line, joined, rows

EDGE = 0.12
"""Share of the page's height, at the top and at the bottom, where they are looked for."""

DEEPEST_ROW = 3
LEAST_SHARE = 0.3
"""Of the pages: headers of left and right pages differ, and so may that of the first."""

NUMBER = re.compile(r"\d+|\b[ivxlc]+\b")


class PageLines(list[Line]):
    """The lines of a page, which lie between `bottom` and `top`."""

    def __init__(self, lines: Sequence[Line], bottom: float, top: float) -> None:
        super().__init__(lines)
        self.bottom, self.top = bottom, top


def without_furniture(pages: Sequence[PageLines]) -> list[list[Line]]:
    """Returns each page's lines without those that recur at the edges of others."""
    edges = [_edge_rows(page) for page in pages]
    found: dict[str, set[int]] = defaultdict(set)
    for number, marked in enumerate(edges):
        for key, _ in marked:
            found[key].add(number)
    least = max(2, round(LEAST_SHARE * len(pages)))
    kept: list[list[Line]] = []
    for page, marked in zip(pages, edges, strict=True):
        gone = {id(line) for key, row in marked if len(found[key]) >= least for line in row}
        kept.append([line for line in page if id(line) not in gone])
    return kept


def _edge_rows(page: PageLines) -> list[tuple[str, list[Line]]]:
    """Returns the rows next to each edge, each with what it says apart from its numbers."""
    depth = EDGE * (page.top - page.bottom)
    upper = [line for line in page if line.y0 > page.top - depth]
    lower = [line for line in page if line.y1 < page.bottom + depth]
    marked = [("top", row) for row in rows(upper)[:DEEPEST_ROW]]
    marked += [("bottom", row) for row in rows(lower)[-DEEPEST_ROW:]]
    return [(f"{edge} {_key(row)}", row) for edge, row in marked]


def _key(row: Sequence[Line]) -> str:
    return NUMBER.sub("#", " ".join(joined(row).text.casefold().split()))

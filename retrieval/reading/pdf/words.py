"""The words on a page, with their places, as PDFium finds them."""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

SHOWN = re.compile(r"\S+")
HYPHENS = "\x02\ufffe\uffff\u2010\u2011"
"""PDFium's marks for a hyphen at the end of a line, and hyphens of other forms."""

CLEANED = dict.fromkeys([*range(32), 0x7F, 0x200B, 0xFEFF]) | dict.fromkeys(map(ord, HYPHENS), "-")
LEVEL = 0.1
LEAP, DROP = 1.5, 0.4
"""Heights of a line: a longer way between two characters makes two words of them, as does a way
down and back, from a hyphen to the line below."""

UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff]")


Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""


class Word(NamedTuple):
    """A word in its box, in points; y grows upwards."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


class PageWords(NamedTuple):
    """What a page says.

    Attributes:
        words: In the order of the file, those that run in the page's main direction.
        turned: Text that runs in another direction, such as a stamp along the margin.
        top, bottom: The page's edges in the words' measure.
        drawn: It shows pictures or drawings.
    """

    words: list[Word]
    turned: str
    top: float
    bottom: float
    drawn: bool

    @property
    def readable(self) -> bool:
        """Tells whether most characters are letters, digits or signs that mean something."""
        text = "".join(word.text for word in self.words)
        return 2 * len(UNREADABLE.findall(text)) <= len(text)


class Boxes(dict[int, Box]):
    """The boxes of characters, each asked for once."""

    def __init__(self, text_page: pypdfium2.PdfTextPage) -> None:
        super().__init__()
        self._page = text_page.raw
        self._box = pdfium.FS_RECTF()
        self._reference = ctypes.byref(self._box)

    def __missing__(self, at: int) -> Box:
        box = self._box
        pdfium.FPDFText_GetLooseCharBox(self._page, at, self._reference)
        self[at] = found = (box.left, box.bottom, box.right, box.top)
        return found


def page_words(page: pypdfium2.PdfPage) -> PageWords:
    """Reads a page.

    Raises:
        PdfiumError: It cannot be read.
    """
    width, height = page.get_size()
    text_page = page.get_textpage()
    try:
        turns: Counter[int] = Counter()
        found = []
        for word, turn in _words(text_page):
            turns[turn] += len(word.text)
            found.append((word, turn))
    finally:
        text_page.close()
    found = [(word, turn) for word, turn in found if _on_page(word, width, height)]
    main = turns.most_common(1)[0][0] if turns else 0
    words = [_turned(word, main) if main else word for word, turn in found if turn == main]
    rest = " ".join(word.text for word, turn in found if turn != main)
    edges = _turned(Word("", 0, 0, width, height), main)
    drawn = not words and next(iter(page.get_objects(max_depth=2)), None) is not None
    return PageWords(words, rest, edges.y1, edges.y0, drawn)


def _words(text_page: pypdfium2.PdfTextPage) -> Iterator[tuple[Word, int]]:
    """Yields words with the quarter turns of their direction."""
    count = text_page.count_chars()
    text = text_page.get_text_range() if count > 0 else ""
    if len(text) != count:  # a character outside the basic plane, or one that PDFium leaves out
        text = "".join(_character(text_page, at) for at in range(count))
    boxes = Boxes(text_page)
    for match in SHOWN.finditer(text):
        for first, last in _pieces(boxes, match.start(), match.end() - 1):
            shown = text[first : last + 1].translate(CLEANED)
            if shown:
                left, low, right, high = boxes[first]
                if last > first:
                    x0, y0, x1, y1 = boxes[last]
                    level = x0 > left and abs(y0 - low) < LEVEL * (high - low)
                    left, low = min(left, x0), min(low, y0)
                    right, high = max(right, x1), max(high, y1)
                else:
                    level = False
                turn = 0 if level else _turn(text_page, first)
                yield Word(shown, left, low, right, high), turn


def _on_page(word: Word, width: float, height: float) -> bool:
    """Tells whether a word is where it can be seen, or near; damaged files put some far away."""
    across = -width <= word.x0 <= word.x1 <= 2 * width
    return across and -height <= word.y0 <= word.y1 <= 2 * height


def _character(text_page: pypdfium2.PdfTextPage, at: int) -> str:
    code = pdfium.FPDFText_GetUnicode(text_page, at)
    return " " if 0xD800 <= code <= 0xDFFF else chr(code)


def _turn(text_page: pypdfium2.PdfTextPage, at: int) -> int:
    angle = pdfium.FPDFText_GetCharAngle(text_page, at)
    return round(angle / (math.pi / 2)) % 4 if angle > 0 else 0


def _pieces(boxes: Boxes, first: int, last: int) -> list[tuple[int, int]]:
    """Splits a word whose characters do not lie together, as where a space was not drawn."""
    if last == first:
        return [(first, last)]
    start, end = boxes[first], boxes[last]
    height = max(start[3] - start[1], start[2] - start[0], 1.0)
    level = abs(end[1] - start[1]) <= DROP * height
    if level and abs(end[0] - start[2]) <= height * max(LEAP, 0.9 * (last - first)):
        return [(first, last)]
    pieces, begun, before = [], first, start
    for at in range(first + 1, last + 1):
        box = boxes[at]
        gap = max(box[0] - before[2], before[0] - box[2], 0.0)
        down = abs(box[1] - before[1])
        next_line = down > DROP * height and box[0] < before[0]
        if next_line or max(gap, down) > LEAP * height:
            pieces.append((begun, at - 1))
            begun = at
        before = box
    return [*pieces, (begun, last)]


def _turned(word: Word, turn: int) -> Word:
    """Returns a word on the page turned so that lines run from left to right."""
    text, x0, y0, x1, y1 = word
    if turn == 3:
        return Word(text, y0, -x1, y1, -x0)
    if turn == 2:
        return Word(text, -x1, -y1, -x0, -y0)
    if turn == 1:
        return Word(text, -y1, x0, -y0, x1)
    return word

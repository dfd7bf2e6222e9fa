"""An answer cut into the pieces that are checked one by one, and its quotations."""

import re
from dataclasses import dataclass

BRACKETED = re.compile(r"\[\d{1,3}\]")
CITATION = re.compile(r"\[(\d{1,3})\](?!(?:\.\w+)?: (?:got|expected)\b)")
"""A number in brackets, but not that of a wrong item of a list: smiles[2]: got 'C1CC'."""

MARKS = re.compile(r"\s*((?:\[\d{1,3}\][\s,;]*)*)")
QUOTED = re.compile(
    r"“([^“”]+)”|«([^«»]+)»|„([^„“”]+)[“”]|\"([^\"]+)\""
    r"|(?:(?<=\s)|(?<=^)|(?<=\())['‘]([^'‘’\n]{12,}?)['’](?=[\s.,;:)\]]|$)"
)
LEAST_WORDS = 2
"""Words of a quotation; a single word between marks is a way of speaking."""

SENTENCE_END = re.compile(r"(?<=[.!?”\"\]])\s+(?=[A-Z0-9“\"\-•])|\n+")
NO_END = re.compile(
    r"\b(?:vs|e\.g|i\.e|et al|al|cf|ca|approx|no|fig|dr|resp|[A-Z])\.$", re.IGNORECASE
)
SPELLING = str.maketrans("“”„«»‘’–—−‐‑", '"""""\'\'-----')


@dataclass(frozen=True)
class Quotation:
    """Words between quotation marks, with the numbers of the passages named right after them."""

    words: str
    start: int
    end: int
    cited: tuple[int, ...]


def quotations(text: str) -> list[Quotation]:
    """Returns the quotations in a text."""
    found = []
    for match in QUOTED.finditer(text):
        words = next(group for group in match.groups() if group is not None)
        if len(words.split()) < LEAST_WORDS:
            continue
        marks = MARKS.match(text, match.end())
        cited = tuple(int(n) for n in CITATION.findall(marks[1])) if marks else ()
        found.append(Quotation(words, match.start(), match.end(), cited))
    return found


def sentences(text: str) -> list[str]:
    """Splits an answer into sentences; a quotation is never split."""
    spans = [(quote.start, quote.end) for quote in quotations(text)]
    pieces, start = [], 0
    for end in SENTENCE_END.finditer(text):
        before = text[start : end.start()]
        inside = any(one < end.start() < other for one, other in spans)
        if inside or ("\n" not in end[0] and NO_END.search(before)):
            continue
        pieces.append(before)
        start = end.end()
    pieces.append(text[start:])
    return [piece for piece in map(str.strip, pieces) if piece]


def plain(text: str) -> str:
    """Returns text in the form in which quotations are compared: case, marks and space apart."""
    text = text.translate(SPELLING).replace("\u00ad", "")
    return re.sub(r"\s+", " ", text).strip(" .,;:\"'…").casefold()

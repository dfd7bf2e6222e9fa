"""Sentences of biomedical prose, with their exact places in the text."""

import re
from typing import NamedTuple

ABBREVIATIONS = frozenset(
    "al approx ca cf chap co corp dept dr ed eds eq eqs et etc exp fig figs gen inc incl jr ltd "  # noqa: SIM905  # as words they can be read
    "max med min mr mrs ms no nos nr p pp prof rd ref refs resp sect sp spp sr st suppl tab univ "
    "v var viz vol vols vs e.g i.e a.m p.m ph.d m.d u.s u.k i.v i.m s.c i.p b.i.d t.i.d q.d".split()
)
"""Words that a full stop follows without ending the sentence."""

ENDING_ABBREVIATIONS = frozenset(
    {
        "al",
        "etc",
        "inc",
        "ltd",
        "co",
        "corp",
        "a.m",
        "p.m",
        "ph.d",
        "m.d",
        "u.s",
        "u.k",
        "i.v",
        "i.m",
    }
)
"""Those of them that do end a sentence where the next word is one of `OPENERS`."""

OPENERS = frozenset(
    "the a an this these those that it its we our they their there he she in on at of to for from "  # noqa: SIM905  # as words they can be read
    "by with within without among after before during while when where although though however "
    "moreover furthermore thus therefore hence here as if all both each no not only most some "
    "patients results methods conclusion conclusions background objective one two three".split()
)
"""Words that, with a capital, begin sentences rather than names."""

BOUNDARY = re.compile(r"[.!?]+[)\]\"'”’]*(?=\s+[\[(\"'“‘<≥≤~±+\-]*(?P<next>[^\W_]+))|\n\s*\n")
LAST_WORD = re.compile(r"[(\[\"'“‘]*([^\s(\[]*)$")


class Span(NamedTuple):
    """A piece of a text: characters `start` to `end`, the latter excluded."""

    start: int
    end: int


def split_sentences(text: str) -> list[Span]:
    """Splits text into sentences.

    Full stops within numbers, after abbreviations (vs., e.g., et al.) and after initials (E. coli,
    J. Smith) end none.

    Returns:
        Spans in order, without surrounding white space; nothing but white space is between them.
    """
    spans: list[Span] = []
    start = 0
    for match in BOUNDARY.finditer(text):
        if match["next"] is None or _ends_sentence(text[start : match.start()], match):
            spans.append(_stripped(text, start, match.end()))
            start = match.end()
    spans.append(_stripped(text, start, len(text)))
    return [span for span in spans if span.start < span.end]


def _ends_sentence(before: str, mark: re.Match[str]) -> bool:
    following = mark["next"]
    if not (following[0].isupper() or following[0].isdigit() or following[0] in "αβγδκμ"):
        return False
    if not mark[0].startswith(".") or mark[0].startswith(".."):
        return True
    found = LAST_WORD.search(before)
    word = found[1] if found else ""
    opens = following.casefold() in OPENERS and following[0].isupper()
    if word.casefold() in ABBREVIATIONS:
        return word.casefold() in ENDING_ABBREVIATIONS and opens
    if len(word) == 1 and word.isupper():
        return opens
    return True


def _stripped(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return Span(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))

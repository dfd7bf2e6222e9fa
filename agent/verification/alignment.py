"""Whether a sentence says, in words and numbers, what the one does that it is taken from."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from agent.verification.quantities import Quantity, agree, quantities
from models.text.sentences import split_sentences
from retrieval.indexing.keywords import stems

NEAR = 0.75
"""Share of a sentence's words in one source sentence from which it is held to be that sentence."""

VERBATIM = 0.9
"""Share from which it is held to repeat that sentence nearly word for word."""

ORDERED = 0.9
"""Share of word pairs in the same order from which the numbers must be in that order too."""

CONTEXT = 5
"""Words on each side of a number that say what it is of."""

TELLING = 4
"""Words around a number from which they say what it is of."""

NEGATION = re.compile(
    r"\b(?:not?|nor|neither|never|none|without|cannot|fail(?:ed|s)?|lack(?:ed|s|ing)?|un(?:able|likely"
    r"|related|changed|affected))\b|n['’]t\b|\bnon-?\w",
    re.IGNORECASE,
)
ASIDE = re.compile(r"\([^()]*\)")
FRAME = re.compile(
    r"^\W*(?:according to [^,]{1,60},|(?:the|these|its|their) (?:\w+ )?(?:authors?|study|studies"
    r"|researchers|investigators|results?|findings|data|trial|article|review)\s+(?:also\s+)?(?:report"
    r"|state|conclud|found|find|show|suggest|not(?:e|ed)|indicat|observ|demonstrat)\w*(?:\s+that)?"
    r"|in (?:this|the|that|one|another) (?:\w+ )?(?:study|trial|review|cohort),?"
    r"|(?:notably|however|moreover|overall|furthermore|in addition|in conclusion|also|specifically"
    r"|by contrast|in contrast|importantly|finally),)\s*",
    re.IGNORECASE,
)
"""Says who says it; the claim follows."""

OPPOSITES = [
    ("increas", "decreas|reduc|declin"), ("higher", "lower"), ("improv", "wors|impair"),
    ("better", "wors|poor"), ("more", "less|fewer"), ("greater", "smaller|less|lower"),
    ("longer", "shorter"), ("superior", "inferior"), ("positive", "negative"),
    ("positively", "negatively|inversely"), ("rais|rose|risen", "lower|reduc|fell|fall"),
    ("prevent", "caus|induc"), ("promot", "inhibit"), ("before", "after"), ("benefi", "harm"),
    ("early|earlier", "late|later"), ("all", "none"),
    ("safe", "unsafe"), ("effective", "ineffective"),
]  # fmt: skip
WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Source:
    """A sentence of a passage: its words and numbers."""

    text: str
    words: frozenset[str]
    numbers: tuple[Quantity, ...]


@lru_cache(maxsize=512)
def source_sentences(text: str) -> tuple[Source, ...]:
    """Returns the sentences of a passage."""
    parts = [text[start:end] for start, end in split_sentences(text)]
    return tuple(Source(part, content(part), tuple(quantities(part))) for part in parts)


@lru_cache(maxsize=4096)
def content(text: str) -> frozenset[str]:
    """Returns the stems of a text's words, numbers apart."""
    return frozenset(stem for stem in stems(text) if not stem[0].isdigit())


def contradiction(sentence: str, sources: Sequence[Source]) -> str | None:
    """Returns what a sentence says otherwise than the source sentence that it is taken from."""
    sentence = FRAME.sub("", sentence)
    said = content(sentence)
    if len(said) < 3 or not sources:
        return None
    nearest = max(sources, key=lambda source: len(said & source.words))
    near = len(said & nearest.words) / len(said)
    claimed = quantities(sentence)
    if near >= NEAR:
        wrong = _out_of_order(sentence, claimed, nearest, strict=near >= VERBATIM)
        if wrong:
            return f"{wrong.text.strip()} stands elsewhere in the passage"
        whole = len(said & nearest.words) / max(1, len(nearest.words))
        if near >= VERBATIM and whole >= NEAR and _turned(sentence, nearest.text):
            return "the passage says the opposite"
    misplaced = _misplaced(sentence, claimed, sources)
    return f"{misplaced.text.strip()} is of something else in the passage" if misplaced else None


def _out_of_order(
    sentence: str, claimed: Sequence[Quantity], source: Source, *, strict: bool
) -> Quantity | None:
    """Returns a number that stands in another order than in the source, where the words do not.

    Args:
        sentence, claimed: What is said, and its numbers.
        source: The sentence that it is taken from.
        strict: A number may not stand twice where the source has it once, nor change its unit.
    """
    if _concordance(sentence, source.text) < ORDERED:
        return None
    last = -1
    remaining = list(enumerate(source.numbers))
    for quantity in claimed:
        matches = [place for place, given in remaining if agree(quantity, given)]
        if not matches:
            if strict and any(quantity.value == given.value for given in source.numbers):
                return quantity
            continue
        later = [place for place in matches if place > last]
        if not later:
            return quantity
        last = later[0]
        remaining = [(place, given) for place, given in remaining if place != last]
    return None


def _concordance(one: str, other: str) -> float:
    """Returns the share of pairs of words, each once in both, that stand in the same order."""
    first, second = (_places(text) for text in (one, other))
    shared = [word for word in first if word in second]
    order = [second[word] for word in sorted(shared, key=first.__getitem__)]
    pairs = [(a, b) for k, a in enumerate(order) for b in order[k + 1 :]]
    return sum(a < b for a, b in pairs) / len(pairs) if pairs else 0.0


def _places(text: str) -> dict[str, int]:
    found = [match[0].lower() for match in WORD.finditer(text)]
    return {word: n for n, word in enumerate(found) if found.count(word) == 1}


def _turned(sentence: str, source: str) -> bool:
    """Tells whether one of two like sentences denies what the other states."""
    denials = {len(NEGATION.findall(text)) for text in (source, ASIDE.sub("", source))}
    if len(NEGATION.findall(sentence)) not in denials:
        return True
    for one, other in OPPOSITES:
        up, down = (re.compile(rf"\b(?:{form})", re.IGNORECASE) for form in (one, other))
        for this, that in ((up, down), (down, up)):
            turned = this.search(sentence) and that.search(source)
            if turned and not this.search(source) and not that.search(sentence):
                return True
    return False


def _misplaced(
    sentence: str, claimed: Sequence[Quantity], sources: Sequence[Source]
) -> Quantity | None:
    """Returns a number whose surroundings are those of another number of the sources."""
    for quantity in claimed:
        around = _around(sentence, quantity)
        best = own = 0
        for source in sources:
            for given in source.numbers:
                shared = len(around & _around(source.text, given))
                best = max(best, shared)
                if agree(quantity, given):
                    own = max(own, shared)
        if best >= TELLING and 2 * own <= best:
            return quantity
    return None


def _around(text: str, quantity: Quantity) -> frozenset[str]:
    """Returns the stems of the words beside a number."""
    left = " ".join(WORD.findall(text[: quantity.start])[-CONTEXT:])
    right = " ".join(WORD.findall(text[quantity.end :])[:CONTEXT])
    return frozenset(content(left) | content(right))

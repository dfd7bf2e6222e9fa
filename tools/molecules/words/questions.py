"""What a question about molecules asks for: yes or no, a bound, the most of something."""

import re
from dataclasses import dataclass

_AUXILIARY = r"(?:is|are|does|do|will|would|can|could|has|have|should)"
_CLOSED = re.compile(rf"(?:^|[,.;:?!])\W*{_AUXILIARY}(?:n['’]?t)?\b|\bwhether\b|\bif\b")
_OPEN = re.compile(r"\b(what|how|which)\b|^\W*(can|could|would|will) (you|i|we)\b")
_ASIDE = re.compile(r"\b(?:yes or no|yes/no|or not)\b")
_NOT = re.compile(r"\b(?:not|cannot|never)\b|(?<!^)\b(?:does|is|do|can|will|are)n['’]?t\b")
_NUMBER = r"(?P<{}>[-−]?\d+(?:\.\d+)?)"
_BETWEEN = re.compile(rf"\bbetween {_NUMBER.format('low')} and {_NUMBER.format('high')}")
_ABOVE = re.compile(
    r"(?P<or>\b(?:at least|no less than|not less than)|≥|>=)\s*"
    rf"{_NUMBER.format('at')}|(?:\b(?:above|over|exceed(?:s|ing)?|(?:greater|more|higher|larger|"
    rf"heavier) than)|>)\s*{_NUMBER.format('past')}"
)
_BELOW = re.compile(
    r"(?P<or>\b(?:at most|no more than|not more than|up to)|≤|<=)\s*"
    rf"{_NUMBER.format('at')}|(?:\b(?:below|under|(?:less|lower|smaller|fewer|lighter) than)|<)\s*"
    rf"{_NUMBER.format('past')}"
)
_MOST = re.compile(
    r"\b(highest|higher|most|more|best|better|easiest|easier|largest|larger|biggest|bigger|"
    r"heaviest|heavier|greatest|greater|top|max\w*)\b(?! (about|on|details)\b)"
)
_LEAST = re.compile(
    r"\b(lowest|lower|least|less|worst|worse|hardest|harder|smallest|smaller|lightest|lighter|"
    r"fewest|fewer|min\w*)\b"
)
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNT = rf"(?<!of )\b(\d{{1,6}}|{'|'.join(_WORDS)})\b"
_SUPERLATIVE = r"(?:highest|lowest|most|least|best|worst|top|fewest|\w+(?:est|iest))"
_HOW_MANY = re.compile(
    rf"\b{_SUPERLATIVE}\s+{_COUNT}|{_COUNT}\s+(?:[a-z]\S*\s+){{0,5}}?{_SUPERLATIVE}\b"
)
_WHICH = re.compile(r"^\W*(?:which|what|list|name|show)\b|\bhow many of\b|\bwhich (?:of|ones)\b")


@dataclass(frozen=True)
class Bound:
    """What a number is asked to be within; `included` says whether its ends count."""

    low: float
    high: float
    included: bool

    def holds(self, value: float) -> bool:
        """Tells whether a value is within."""
        if self.included:
            return self.low <= value <= self.high
        return self.low < value < self.high


@dataclass(frozen=True)
class Question:
    """A question in lower case, without the molecules that it is about."""

    words: str

    @property
    def is_closed(self) -> bool:
        """Whether a yes or no is asked for."""
        return bool(_CLOSED.search(self.words)) and not _OPEN.search(self.words)

    @property
    def bound(self) -> Bound | None:
        """Returns the bound that it names: below 500, at least 3, between 1 and 3."""
        if between := _BETWEEN.search(self.words):
            return Bound(_float(between["low"]), _float(between["high"]), included=True)
        if above := _ABOVE.search(self.words):
            return Bound(_float(above["at"] or above["past"]), float("inf"), bool(above["or"]))
        if below := _BELOW.search(self.words):
            return Bound(float("-inf"), _float(below["at"] or below["past"]), bool(below["or"]))
        return None

    @property
    def most(self) -> bool | None:
        """Whether the most or the least is asked for; None for neither or both."""
        words = _BETWEEN.sub("", _ABOVE.sub("", _BELOW.sub("", self.words)))
        most, least = bool(_MOST.search(words)), bool(_LEAST.search(words))
        return None if most == least else most

    @property
    def selects(self) -> bool:
        """Whether those among several are asked for of which something holds."""
        return bool(_WHICH.search(self.words))

    @property
    def how_many(self) -> int:
        """How many of the most or least are asked for: the top 5, the three best."""
        found = _HOW_MANY.search(self.words)
        said = (found[1] or found[2]) if found else "one"
        return int(said) if said.isdigit() else _WORDS.index(said) + 1

    def answers(self, holds: bool, turned: str | None = None) -> str:
        """Returns Yes or No, as the question is put; nothing where it asks for neither.

        Args:
            holds: Whether what is usually asked is so.
            turned: Words that ask for its opposite: breaks, is free of.
        """
        words = _ASIDE.sub("", self.words)
        opposite = bool(turned and re.search(turned, words))
        if not self.is_closed:
            return "" if opposite else _yes(holds)
        return _yes(holds != (opposite != bool(_NOT.search(words))))

    def says(self, text: str, holds: bool, turned: str | None = None) -> str:
        """Returns a sentence, in lower case as given, after what `answers` returns."""
        return begin(self.answers(holds, turned), text)

    def within(self, value: float) -> str | None:
        """Returns whether a value is in the bound that is asked about; None where none is."""
        bound = self.bound if self.is_closed else None
        return self.answers(bound.holds(value)) if bound else None


def begin(said: str | None, text: str) -> str:
    """Puts Yes or No before a sentence in lower case; without one it begins with a capital."""
    return f"{said}: {text}" if said else text[0].upper() + text[1:]


def _yes(holds: bool) -> str:
    return "Yes" if holds else "No"


def _float(text: str) -> float:
    return float(text.replace("−", "-"))

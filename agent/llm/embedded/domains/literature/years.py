"""Publication years: since 2015, between 2001 and 2010, '98, the past five years."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

EARLIEST, LATEST = 1800, 2100

_YEAR = r"(?:(?:19|20)\d\d|['’]\d\d)"
_MONTH = r"(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+|\d{1,2}[/.])?"
Y = rf"{_MONTH}({_YEAR})(?![\d-]*[A-Za-z]\d)\b"
_PUBLISHED = (
    r"(?:(?:that (?:were|was|are)\s+)?(?:published|appeared|appearing|dated|printed|out|"
    r"written|dating)\s+)?"
)
_ONWARDS = (
    r"(?:onwards?|on|and (?:later|newer|after|up|beyond)|or (?:later|newer|after)|\+|to (?:now|"
    r"today|date|present|the present))"
)
_BACK = r"(?:or (?:earlier|older|before)|and (?:earlier|older|before))"
_SPAN = r"(?:years?|yrs?|y|decades?)"


@dataclass(frozen=True)
class YearRange:
    """Years that a request names, and where its words for them stand.

    Attributes:
        first: First year wanted.
        last: Last year wanted.
        start: Index of the first character of the phrase.
        end: Index after it.
    """

    first: int | None
    last: int | None
    start: int
    end: int


Reader = Callable[[re.Match[str], int], tuple[int | None, int | None]]


def _both(match: re.Match[str], _: int) -> tuple[int, int]:
    first, last = _year(match[1]), _year(match[2], near=_year(match[1]))
    return min(first, last), max(first, last)


def _ago(match: re.Match[str], today: int) -> tuple[int, None]:
    number = int(match[1]) if match[1] else 1
    return today - number * (10 if match[2].casefold().startswith("decade") else 1), None


def _decade(match: re.Match[str], _: int) -> tuple[int, int]:
    digits = match[1]
    if len(digits) == 2:
        digits = ("20" if int(digits) < 30 else "19") + digits
    return int(digits), int(digits) + 9


PATTERNS: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern, re.I), reader)
    for pattern, reader in (
        (
            rf"(?<!\w){_PUBLISHED}(?:between|from|in|during)?\s*{Y}\s*(?:-|–|—|to|till?|"
            r"until|through|"
            rf"thru|and|up to|/|\.\.)\s*{_MONTH}({_YEAR}|\d\d)\b(?!\s*(?:year|patient|%|mg))",
            _both,
        ),
        (
            rf"\b{_PUBLISHED}(?:not|no|nothing|none) (?:published )?(?:before|older than|earlier "
            rf"than)\s+{Y}",
            lambda m, _: (_year(m[1]), None),
        ),
        (
            rf"\b{_PUBLISHED}(?:not|no|nothing|none) (?:published )?(?:after|newer than|later "
            rf"than)\s+{Y}",
            lambda m, _: (None, _year(m[1])),
        ),
        (
            rf"\b{_PUBLISHED}(?:in|from|for|during|of)?\s*{Y}(?:\s+(?:only|alone|exclusively)|"
            r"\s*\(only\))",
            lambda m, _: (_year(m[1]), _year(m[1])),
        ),
        (
            rf"\b(?:only|just)\s+{_PUBLISHED}(?:in|from)?\s*{Y}(?!\s*{_ONWARDS})",
            lambda m, _: (_year(m[1]), _year(m[1])),
        ),
        (
            rf"\b{_PUBLISHED}(?:since|starting(?: (?:in|from))?|as of|beginning(?: in)?|(?:>=|"
            rf"≥))\s*(?:the year )?{Y}(?:\s*{_ONWARDS}\b)?",
            lambda m, _: (_year(m[1]), None),
        ),
        (
            rf"\b{_PUBLISHED}(?:from |in )?(?:the year )?{Y}\s*{_ONWARDS}(?!\w)",
            lambda m, _: (_year(m[1]), None),
        ),
        (
            rf"\b{_PUBLISHED}(?:after|later than|newer than|more recent than|past)\s+{Y}",
            lambda m, _: (_year(m[1]) + 1, None),
        ),
        (
            rf"\b{_PUBLISHED}(?:before|prior to|earlier than|older than|pre-?)\s*{Y}",
            lambda m, _: (None, _year(m[1]) - 1),
        ),
        (
            rf"\b{_PUBLISHED}(?:up to|until|till|through|by|to|no later than|up till)\s+(?:and "
            rf"including\s+|the end of\s+)?{Y}",
            lambda m, _: (None, _year(m[1])),
        ),
        (rf"\b{_PUBLISHED}{Y}\s*{_BACK}\b", lambda m, _: (None, _year(m[1]))),
        (
            rf"\b{_PUBLISHED}(?:in|during|within|from|over)?\s*(?:the\s+)?(?:last|past|"
            r"previous|recent|"
            rf"preceding)\s+(\d{{1,2}})?\s*({_SPAN})\b(?! (?:of life|before))",
            _ago,
        ),
        (rf"\b(?:not|no) (?:older|more) than (\d{{1,2}})\s*({_SPAN})(?: old)?\b", _ago),
        (rf"\b(\d{{1,2}})\s*({_SPAN}) (?:back|or newer)\b", _ago),
        (r"\b(?:published |from |in )?(?:this|the current) year\b", lambda _, now: (now, now)),
        (r"\b(?:published |from |in )last year\b", lambda _, now: (now - 1, now - 1)),
        (
            r"\b(?:in|of|from|during)?\s*the (?:(?:late|early|mid)[- ])?['’]?((?:19|"
            r"20)?\d0)['’]?s\b",
            _decade,
        ),
        (
            r"\b(?:since (?:the )?(?:turn of the (?:century|millennium)|millennium)|(?:in )?this "
            r"century)\b",
            lambda *_: (2000, None),
        ),
        (rf"\b{_PUBLISHED}in\s+{Y}", lambda m, _: (_year(m[1]), _year(m[1]))),
        (rf"\b(?:published|from|of|dated)\s+{Y}", lambda m, _: (_year(m[1]), _year(m[1]))),
        (rf"(?:,|\()\s*{Y}\s*\)?\s*$", lambda m, _: (_year(m[1]), _year(m[1]))),
    )
)


def find_years(text: str, today: date | None = None) -> YearRange | None:
    """Returns the years of publication that a request asks for, or None.

    Args:
        text: The request, numbers in digits.
        today: The day from which 'last decade' counts; now by default.
    """
    return _first(text, (today or date.today()).year)


@lru_cache(maxsize=32)  # several arguments ask this of the same request
def _first(text: str, now: int) -> YearRange | None:
    for pattern, reader in PATTERNS:
        for match in pattern.finditer(text):
            first, last = reader(match, now)
            if all(year is None or EARLIEST <= year <= LATEST for year in (first, last)):
                return YearRange(first, last, *match.span())
    return None


def _year(text: str, near: int | None = None) -> int:
    """Reads 2015, '98 or the 12 of 2005-12."""
    digits = text.lstrip("'’")
    if len(digits) == 4:
        return int(digits)
    if near is not None:
        year = near // 100 * 100 + int(digits)
        return year if year >= near else year + 100
    return int(digits) + (2000 if int(digits) < 30 else 1900)

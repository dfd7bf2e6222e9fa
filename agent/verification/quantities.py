"""Numbers in prose with what they measure: value, sign, unit, comparison."""

import re
from dataclasses import dataclass, replace

NUMBER = re.compile(
    r"(?<![\w.])[-−–+]?(?:\d{1,3}(?:[,\u2009\u202f]\d{3})+(?!\d)|\d+)(?:[.·]\d+)?(?:[eE][-+]?\d+)?"
    r"|(?<![\w.])[-−–+]?[.·]\d+"
)
SEPARATORS = str.maketrans({",": "", "\u2009": "", "\u202f": "", "·": "."})

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
WORDS = {word: n for n, word in enumerate(ONES.split())}
WORDS |= {word: 10 * n for n, word in enumerate(TENS.split(), start=2)}
MULTIPLES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_TENS, _DIGITS = "|".join(TENS.split()), "|".join(ONES.split()[1:10])
_UNIT_WORD = rf"(?:(?:{_TENS})(?:[\s-](?:{_DIGITS}))?|{'|'.join(ONES.split())})"
_MULTIPLE = "|".join(MULTIPLES)
NUMBER_WORDS = re.compile(
    rf"\b(?:{_UNIT_WORD}|{_MULTIPLE})(?:\s+(?:{_MULTIPLE})(?:\s+(?:and\s+)?{_UNIT_WORD})?)*\b",
    re.IGNORECASE,
)

UNITS = {
    "%": r"%|percent(?:age)?(?:\s+points?)?|per\s?cent",
    "years": r"years?|yrs?|y(?=[\s.,;)])", "months": r"months?|mo(?=[\s.,;)])",
    "weeks": r"weeks?|wks?", "days": r"days?|d(?=[\s,;)])", "hours": r"hours?|hrs?|h(?=[\s.,;)])",
    "minutes": r"minutes?|mins?", "seconds": r"seconds?|secs?|s(?=[\s,;)])",
    "kg": r"kg|kilograms?", "g": r"g(?=[\s/.,;)])|grams?", "mg": r"mg|milligrams?",
    "µg": r"[µμ]g|mcg|micrograms?", "ng": r"ng", "l": r"[lL](?=[\s/.,;)])|lit(?:er|re)s?",
    "ml": r"m[lL]", "dl": r"dl", "mmol": r"mmol", "µmol": r"[µμ]mol", "nmol": r"nmol",
    "mmhg": r"mm\s?Hg", "m": r"m(?=[\s.,;)])|met(?:er|re)s?", "cm": r"cm", "mm": r"mm(?!\s?Hg)",
    "µm": r"[µμ]m", "iu": r"IU|units?", "fold": r"-?fold|times", "gy": r"Gy", "°": r"°C?|degrees?",
    "points": r"points?", "$": r"dollars?", "hz": r"Hz", "kcal": r"kcal",
}  # fmt: skip
UNIT = re.compile(
    r"[\s-]?(?:"
    + "|".join(f"(?P<u{n}>{form})" for n, form in enumerate(UNITS.values()))
    + r")(?![a-zA-Z])"
)
COMPARISON = re.compile(r"(<|>|≤|≥|=|&lt;|&gt;)\s*(?:or\s*=\s*)?$")
SIDES = {"<": "<", "≤": "<", "&lt;": "<", ">": ">", "≥": ">", "&gt;": ">", "=": "="}
JOINED = re.compile(
    r"^\s*(?:to|,?\s*and|,?\s*or|vs\.?|versus|compared\s+(?:with|to)|through|[-–—−,;/±]|\+/?-)?\s*(?:and\s+)?[<>≤≥]?\s*$"
)
LEVEL = re.compile(
    r"\s*(?:%|percent|per\s?cent)\s*(?:CI|confidence|credib|prediction)", re.IGNORECASE
)
"""Follows the level of an interval, whose unit is not that of the estimate before it."""

COARSEST = 0.1
"""Share of a number that rounding may change."""

ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")


@dataclass(frozen=True)
class Quantity:
    """A number as a text gives it.

    Attributes:
        value: Without its sign.
        decimals: Places after the point.
        unit: A key of `UNITS`, or None.
        side: "<", ">" or "=" right before it, or None.
        spoken: It is written in words.
    """

    text: str
    start: int
    end: int
    value: float
    decimals: int = 0
    negative: bool = False
    unit: str | None = None
    side: str | None = None
    spoken: bool = False


def quantities(text: str) -> list[Quantity]:
    """Returns the numbers of a text in order; units of a list or range are those of its last."""
    found = [_digits(text, match) for match in NUMBER.finditer(text)]
    found += [_spoken(match) for match in NUMBER_WORDS.finditer(text)]
    found = [_with_unit(text, q) for q in sorted(found, key=lambda q: q.start)]
    for k in range(len(found) - 2, -1, -1):
        after = found[k + 1]
        if LEVEL.match(text, after.end):
            continue
        if found[k].unit is None and after.unit and JOINED.match(text[found[k].end : after.start]):
            found[k] = replace(found[k], unit=after.unit)
    return found


def _digits(text: str, match: re.Match[str]) -> Quantity:
    written = match[0]
    bare = written.lstrip("-−–+").translate(SEPARATORS)
    before = text[: match.start()].rstrip()
    # After a number or a word a dash joins; elsewhere it is a sign.
    joins = bool(before) and (before[-1].isdigit() or before[-1] in "%)")
    side = COMPARISON.search(text[max(0, match.start() - 8) : match.start()])
    return Quantity(
        written, match.start(), match.end(), float(bare),
        len(bare.partition(".")[2]) if "e" not in bare.lower() else 0,
        negative=written[0] in "-−–" and not joins,
        side=SIDES[side[1]] if side else None,
    )  # fmt: skip


def _spoken(match: re.Match[str]) -> Quantity:
    total = current = 0
    for word in re.findall(r"[a-z]+", match[0].lower()):
        if word in WORDS:
            current += WORDS[word]
        elif word == "hundred":
            current = max(1, current) * 100
        elif word in MULTIPLES:
            total, current = total + max(1, current) * MULTIPLES[word], 0
    return Quantity(match[0], match.start(), match.end(), float(total + current), spoken=True)


def _with_unit(text: str, quantity: Quantity) -> Quantity:
    unit = UNIT.match(text, quantity.end)
    if not unit or not unit.lastgroup:
        return quantity
    return replace(quantity, unit=list(UNITS)[int(unit.lastgroup[1:])])


def agree(claimed: Quantity, given: Quantity) -> bool:
    """Tells whether a claimed number is a given one, perhaps rounded or as a percentage."""
    if claimed.side and given.side and claimed.side != given.side:
        return False
    if claimed.unit == given.unit or None in (claimed.unit, given.unit):
        if "%" in (claimed.unit, given.unit) and claimed.unit != given.unit:
            return _same_share(claimed, given)
        return _same(claimed.value, claimed.decimals, given.value, given.decimals)
    return False


def _same_share(claimed: Quantity, given: Quantity) -> bool:
    """Compares a percentage with a proportion."""
    if claimed.unit == "%":
        as_share = given.decimals > 0 and given.value <= 1
        places = max(0, given.decimals - 2)
        return as_share and _same(claimed.value, claimed.decimals, given.value * 100, places)
    as_share = claimed.decimals > 0 and claimed.value <= 1
    return as_share and _same(
        claimed.value, claimed.decimals, given.value / 100, given.decimals + 2
    )


def _same(claimed: float, decimals: int, given: float, places: int) -> bool:
    if abs(claimed - given) <= 1e-9 * max(1.0, abs(given)):
        return True
    rounded = abs(claimed - given) <= min(0.5 * 10.0**-decimals, COARSEST * given) * (1 + 1e-9)
    return places > decimals and rounded

"""What a spoken value means for a feature: `grade II`, `2 cm`, `post-menopausal`, `sixty`."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz

from models.data.features import FALSE_WORDS, TRUE_WORDS, Feature
from models.data.readers.cells import parse_number
from models.data.spoken.names import plain

ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}
UNITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "zero": 0,
    "no": 0, "none": 0,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
FACTORS = {
    ("cm", "mm"): 10.0, ("mm", "cm"): 0.1, ("m", "cm"): 100.0, ("months", "years"): 1 / 12,
    ("years", "months"): 12.0, ("g", "kg"): 0.001, ("kg", "g"): 1000.0,
    ("days", "months"): 1 / 30.44,
    ("months", "days"): 30.44, ("weeks", "days"): 7.0, ("years", "days"): 365.25,
    ("kpa", "mmhg"): 7.50062, ("mg/l", "mg/dl"): 0.1, ("mg/dl", "mg/l"): 10.0,
}  # fmt: skip
UNIT_WORDS = {
    "year": "years", "yrs": "years", "yr": "years", "y": "years", "month": "months", "mo": "months",
    "day": "days", "d": "days", "week": "weeks", "centimeter": "cm", "centimetre": "cm",
    "millimeter": "mm", "millimetre": "mm", "bpm": "beats/min", "/min": "beats/min",
}  # fmt: skip
SAME_LEVEL = 85


class UnreadableError(ValueError):
    """A value that fits no value of its feature; the message says what would."""


@dataclass(frozen=True)
class Value:
    """A canonical value, and what has to be said of it."""

    value: float | str
    notes: list[str] = field(default_factory=list)


def read_value(value: Any, feature: Feature, given_name: str) -> Value:
    """Reads a spoken value.

    Args:
        value: A number, truth value or text.
        feature: What it is a value of.
        given_name: How the person called the feature; its words in the value are left out.

    Raises:
        UnreadableError: It means nothing for this feature.
    """
    if feature.type == "numeric":
        return _read_number(value, feature)
    names = [plain(name) for name in (given_name, feature.name, *feature.aliases)]
    if feature.type == "boolean":
        return Value(_read_boolean(value, feature, names))
    return Value(_read_level(_bare(value, names), feature))


def _read_number(value: Any, feature: Feature) -> Value:
    if isinstance(value, int | float):
        number, unit = float(value), ""
    else:
        number, unit = _parse_quantity(str(value))
    notes = []
    wanted = (feature.unit or "").casefold()
    if unit and wanted and unit != wanted:
        factor = FACTORS.get((unit, wanted))
        if factor is None and unit not in ("years", "old"):
            raise UnreadableError(f"a number in {feature.unit}")
        if factor is not None:
            number *= factor
            notes.append(f"{feature.name}: {value} taken as {number:g} {feature.unit}")
    if not math.isfinite(number):
        raise UnreadableError("a finite number")
    low, high = feature.low, feature.high
    if low is not None and high is not None and not low <= number <= high:
        notes.append(
            f"{feature.name} {number:g} lies outside what the model was trained on "
            f"({low:g} to {high:g})"
        )
    return Value(number, notes)


def _parse_quantity(text: str) -> tuple[float, str]:
    """Returns the number and the unit after it, lower case; the unit may be empty."""
    bare = text.strip().casefold().lstrip("<>≤≥~≈= ")
    match = re.match(r"([+-]?[\d.,]*\d(?:e[+-]?\d+)?)\s*(.*)", bare)
    if match:
        number = _number(match.group(1))
        unit = match.group(2).strip(" .").replace("years old", "years").replace("%", "")
        return number, UNIT_WORDS.get(unit, unit)
    words = re.findall(r"[a-z]+", bare)
    return _number_words(words), ""


def _number(text: str) -> float:
    for decimal_comma in (False, True):
        number = parse_number(text, decimal_comma=decimal_comma)
        if number is not None:
            return number
    raise UnreadableError("a number")


def _number_words(words: list[str]) -> float:
    """Reads sixty, sixty five, one hundred and ten; ignores words after the number."""
    total, current, seen = 0, 0, False
    for word in words:
        if word in UNITS or word in TENS:
            current += UNITS.get(word, 0) + TENS.get(word, 0)
        elif word == "hundred":
            current = max(1, current) * 100
        elif word == "thousand":
            total, current = total + max(1, current) * 1000, 0
        elif word != "and":
            break
        seen = True
    if not seen:
        raise UnreadableError("a number")
    return float(total + current)


def _read_boolean(value: Any, feature: Feature, names: list[str]) -> float:
    said = plain(str(value)) or str(value).strip()
    said = said.removesuffix(" 0") if said in ("1 0", "0 0") else said
    if said in names:  # "smoker: smoker"
        return 1.0
    bare = _bare(value, names)
    for number, level in enumerate(feature.levels):
        known = {plain(level), *map(plain, feature.level_aliases.get(level, []))}
        if said in known or bare in known:
            return float(number)
    for word in (said, bare):
        if word in TRUE_WORDS:
            return 1.0
        if word in FALSE_WORDS:
            return 0.0
    raise UnreadableError(" or ".join(_described(feature)))


def _read_level(said: str, feature: Feature) -> str:
    """Returns the level that a text means."""
    known = {
        level: {plain(level) or level, *map(plain, feature.level_aliases.get(level, []))}
        for level in feature.levels
    }
    joined = said.replace(" ", "")
    rules: tuple[Callable[[set[str]], bool], ...] = (
        lambda words: said in words,
        lambda words: joined in {word.replace(" ", "") for word in words},
        lambda words: _arabic(said) in map(_arabic, words),
        lambda words: any(_starts(said, word) or _starts(word, said) for word in words),
        lambda words: any(fuzz.ratio(said, word) >= SAME_LEVEL for word in words),
    )
    for applies in rules:
        found = [level for level, words in known.items() if applies(words)]
        if len(found) == 1:
            return found[0]
    raise UnreadableError(f"one of {', '.join(_described(feature))}")


def _starts(longer: str, shorter: str) -> bool:
    """Tells whether one text abbreviates the other: post and post menopausal, f and female."""
    if len(shorter) == 1:
        return shorter.isalpha() and len(longer) >= 4 and longer.startswith(shorter)
    return bool(shorter) and longer.startswith(shorter) and not shorter.isdigit()


def _arabic(text: str) -> str:
    """Returns a grade or stage in Arabic digits: II is 2, 2.0 is 2."""
    bare = re.sub(r"^(grade|stage|class|level|g|t|n)\s*(?=[ivx\d])", "", text)
    return ROMAN.get(bare, re.sub(r"[ .]0$", "", bare))


def _bare(value: Any, names: list[str]) -> str:
    """Returns a value as plain words, without the name of what it is a value of."""
    text = str(value).strip()
    said = plain(text) or text
    for name in sorted(names, key=len, reverse=True):
        rest = re.sub(rf"\b{re.escape(name)}\b", " ", said).strip() if name else said
        if rest and rest != said:
            return " ".join(rest.split())
    return said


def _described(feature: Feature) -> list[str]:
    return [
        f"{level} ({', '.join(feature.level_aliases[level][:2])})"
        if feature.level_aliases.get(level)
        else level
        for level in sorted(feature.levels)
    ]

"""Numbers in words become digits: two thousand ten, twenty-five, a dozen, half an hour."""

import re
from collections.abc import Sequence

from agent.llm.embedded.mentions import Mention
from agent.words import word_list

UNITS = {
    word: value
    for value, word in enumerate(
        word_list(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
            "fifteen sixteen seventeen eighteen nineteen"
        )
    )
}
TENS = {
    word: 10 * value
    for value, word in enumerate(
        word_list("twenty thirty forty fifty sixty seventy eighty ninety"), start=2
    )
}
SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
ORDINALS = {
    word: value
    for value, word in enumerate(
        word_list("first second third fourth fifth sixth seventh eighth ninth tenth"), start=1
    )
}
WORDS = {**UNITS, **TENS}

_ANY = "|".join([*sorted(WORDS, key=len, reverse=True), *SCALES])
SPELT = re.compile(rf"\b(?:{_ANY})(?:(?:[\s-]+(?:and[\s-]+)?)(?:{_ANY}))*\b", re.I)
COUNTED = re.compile(
    r"^[\s-]+(?:\w+[\s-]+){0,2}?(?:papers?|articles?|abstracts?|refs?|references?|stud(?:y|"
    r"ies)|trials?|reviews?|hits?|results?|"
    r"minutes?|mins?|hours?|seconds?|secs?|molecules?|compounds?|epochs?|years?|publications?|"
    r"images?|pictures?|slices?|scans?|films?|samples?|units?)\b",
    re.I,
)
PHRASES = (
    (re.compile(r"\b(?:half an|half a|1/2 an) hour\b", re.I), "30 minutes"),
    (re.compile(r"\b(?:a|one) quarter of an hour\b", re.I), "15 minutes"),
    (re.compile(r"\b(?:an?|one) hour\b", re.I), "1 hour"),
    (re.compile(r"\b(?:a|one) minute\b", re.I), "1 minute"),
    (re.compile(r"\b(?:a|one) (?=thousand\b|million\b|hundred\b)", re.I), "one "),
    (
        re.compile(r"\b(at least|at most|exactly|more than|no more than|up to) one\b", re.I),
        r"\1 1",
    ),
    (re.compile(r"\ba couple(?: of)?\b", re.I), "2"),
    (re.compile(r"\bhalf a dozen\b", re.I), "6"),
    (re.compile(r"\b(?:a|one) dozen\b", re.I), "12"),
)


KEPT = 0xE100
"""The first of some of Unicode's private characters, which stand for what is kept."""


def in_digits(text: str, kept: Sequence[Mention] = ()) -> str:
    """Writes numbers in words as digits, and leaves a lone 'one' that counts nothing alone.

    Args:
        text: What somebody wrote.
        kept: Names in it, which stay as they are: three.csv.
    """
    names = [text[mention.start : mention.end] for mention in kept]
    for place, mention in reversed(list(enumerate(kept))):
        text = f"{text[: mention.start]}{chr(KEPT + place)}{text[mention.end :]}"
    for pattern, digits in PHRASES:
        text = pattern.sub(digits, text)

    def replace(match: re.Match[str]) -> str:
        words = [word for word in re.split(r"[\s-]+", match[0].casefold()) if word != "and"]
        if words == ["one"] and not COUNTED.match(text[match.end() :]):
            return match[0]
        if words[0] in SCALES and len(words) == 1:
            return match[0]
        return _value(words)

    text = SPELT.sub(replace, text)
    for place, name in enumerate(names):
        text = text.replace(chr(KEPT + place), name)
    return text


def _value(words: list[str]) -> str:
    """Returns the digits of spelt numbers; words that form no one number give several."""
    numbers: list[int] = []
    total = 0
    current: int | None = None
    for word in words:
        if word in SCALES:
            current = (1 if current is None else current) * SCALES[word]
            if word != "hundred":
                total, current = total + current, 0
        elif current is None or current == 0 or _continues(current, WORDS[word]):
            current = (current or 0) + WORDS[word]
        elif 19 <= current <= 20 and WORDS[word] >= 10 and total == 0:
            current = current * 100 + WORDS[word]
        else:
            numbers.append(total + current)
            total, current = 0, WORDS[word]
    numbers.append(total + (current or 0))
    return " ".join(map(str, numbers))


def _continues(current: int, value: int) -> bool:
    """Tells whether `value` can follow: twenty five, two hundred ten, but not five ten."""
    if current % 100 == 0:
        return value < 100
    return current % 10 == 0 and current % 100 >= 20 and value < 10

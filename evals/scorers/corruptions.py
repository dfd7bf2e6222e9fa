"""Answers as language models write them, sound ones and ones with one thing made wrong."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from models.text.sentences import split_sentences

NUMBER = re.compile(r"(?<![\w.,-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w,]*\d)")
PERCENT = re.compile(r"(?<![\w.,-])(\d+(?:\.\d+)?)\s?%")
INTERVAL = re.compile(r"(\d+\.\d+)(\s?(?:-|–|to)\s?)(\d+\.\d+)")
WEIGHT = re.compile(r"(?<=\d)(\s?)(mg|kg|ml|g|cm|mm|years?|months?|weeks?|days?|hours?)\b")
DIGIT_WORDS = dict(enumerate("three four five six seven eight nine ten".split(), start=3))  # noqa: SIM905  # as words they can be read
OPENINGS = (
    "According to the study, ",
    "The authors report that ",
    "In this study, ",
    "Notably, ",
    "",
)
ENDINGS = (" [{n}].", " [{n}]", ". [{n}]")
FILLER = ("a", "the", "of", "in", "to", "and", "with", "were", "was", "had")


@dataclass(frozen=True)
class Article:
    """What an answer can cite."""

    id: str
    title: str
    text: str
    year: int | None


@dataclass(frozen=True)
class Made:
    """An answer with the passages that were retrieved for it.

    Attributes:
        kind: What was done to it.
        sound: Nothing in it is wrong.
    """

    kind: str
    sound: bool
    answer: str
    passages: list[dict[str, Any]]


def make(articles: Sequence[Article], seed: int) -> Iterator[Made]:
    """Makes answers: for each article a sentence of it in every form and fault that it admits."""
    rng = random.Random(seed)  # noqa: S311  # reproducible, nothing secret
    for article in articles:
        others = rng.sample([a for a in articles if a.id != article.id], min(7, len(articles) - 1))
        shown = [article, *others]
        rng.shuffle(shown)
        passages = [
            {"n": n, "id": a.id, "title": a.title, "text": a.text, "year": a.year}
            for n, a in enumerate(shown, start=1)
        ]
        n = shown.index(article) + 1
        spans = [article.text[start:end] for start, end in split_sentences(article.text)]
        spans = [s for s in spans if 60 <= len(s) <= 350 and '"' not in s and "[" not in s]
        if not spans:
            continue
        numbered = [s for s in spans if NUMBER.search(s)]
        for kind, change in SOUND.items():
            text = change(rng.choice(numbered or spans), rng)
            if text:
                yield Made(kind, True, _cited(text, n, rng), passages)
        for kind, spoil in CORRUPT.items():
            text = spoil(rng.choice(numbered or spans), rng)
            if text:
                yield Made(kind, False, _cited(text, n, rng), passages)
        yield from _of_citations(spans, numbered, article, passages, n, rng)


def _of_citations(
    spans: list[str],
    numbered: list[str],
    article: Article,
    passages: list[dict[str, Any]],
    n: int,
    rng: random.Random,
) -> Iterator[Made]:
    wordy = [s for s in spans if not re.search(r"\d", s)]
    wrong = rng.choice([p["n"] for p in passages if p["n"] != n]) if len(passages) > 1 else n + 1
    if wordy:
        claim = rng.choice(wordy)
        yield Made("wrong article, words only", False, _cited(claim, wrong, rng), passages)
        loose = _shortened(claim, rng)
        yield Made("wrong article, paraphrase", False, _cited(loose, wrong, rng), passages)
    if numbered:
        yield Made(
            "wrong article, numbers", False, _cited(rng.choice(numbered), wrong, rng), passages
        )
    yield Made("wrong article, quotation", False, f"“{rng.choice(spans)}” [{wrong}]", passages)
    yield Made(
        "no such passage", False, _cited(rng.choice(spans), len(passages) + 3, rng), passages
    )
    found = [m[0] for p in passages if p["n"] != n for m in NUMBER.finditer(p["text"])]
    foreign = [f for f in found if f not in NUMBER.findall(article.text) and len(f) > 1]
    if numbered and foreign:
        text = NUMBER.sub(rng.choice(foreign), rng.choice(numbered), count=1)
        yield Made("number of another passage", False, _cited(text, n, rng), passages)


def _cited(text: str, n: int, rng: random.Random) -> str:
    bare = text.rstrip(" .")
    return bare + rng.choice(ENDINGS).format(n=n)


def _opened(text: str, rng: random.Random) -> str:
    opening = rng.choice(OPENINGS)
    return opening + (text[0].lower() + text[1:] if opening and text[1:2].islower() else text)


def _quoted(text: str, rng: random.Random) -> str:
    left, right = rng.choice([("“", "”"), ('"', '"')])
    return f"The study reports: {left}{text.rstrip('.')}{right}"


def _part_quoted(text: str, rng: random.Random) -> str | None:
    words = text.rstrip(".").split()
    if len(words) < 12:
        return None
    start = rng.randrange(0, len(words) - 8)
    if words[max(0, start - 1)].lower() in {"not", "no", "nor", "without", "neither", "never"}:
        return None
    return f"The study found “{' '.join(words[start : start + 8])}”"


def _rounded(text: str, _: random.Random) -> str | None:
    match = re.search(r"(?<![\d.,<>=p] )(?<![\w.,<>=])\d{1,3}\.\d+(?![\d-])", text)
    if not match:
        return None
    places = len(match[0].partition(".")[2]) - 1
    if len(f"{float(match[0]):.{places}f}".replace(".", "").strip("0")) < 2:
        return None
    return text[: match.start()] + f"{float(match[0]):.{places}f}" + text[match.end() :]


def _as_share(text: str, _: random.Random) -> str | None:
    match = PERCENT.search(text)
    alone = text.count("%") == 1 and not re.search(
        r"\bCI\b|confidence|±|\+/|\d (?:and|to|vs)", text
    )
    if not match or not alone or float(match[1]) >= 100:
        return None
    places = len(match[1].partition(".")[2]) + 2
    share = f"a proportion of {float(match[1]) / 100:.{places}f}"
    return text[: match.start()] + share + text[match.end() :]


def _percent_word(text: str, _: random.Random) -> str | None:
    return PERCENT.sub(r"\1 percent", text) if PERCENT.search(text) else None


def _range_words(text: str, _: random.Random) -> str | None:
    return INTERVAL.sub(r"\1 to \3", text) if INTERVAL.search(text) else None


def _spoken(text: str, _: random.Random) -> str | None:
    for digit, word in DIGIT_WORDS.items():
        changed = re.sub(
            rf"(?<![\w.,<>=-] )(?<![\w.,·-]){digit}(?= [a-z]{{3,}})", word, text, count=1
        )
        if changed != text:
            return changed
    return None


def _shortened(text: str, rng: random.Random) -> str:
    """Leaves the asides and the small words out, as a summary does."""
    kept = re.sub(r"\s*\([^()]*\)", "", text)
    words = [w for w in kept.split() if w.lower() not in FILLER or rng.random() < 0.5]
    return " ".join(words)


def _altered(text: str, rng: random.Random) -> str | None:
    """Puts one number in another's place, one digit of it changed."""
    match = _some_number(text, rng)
    digits = [k for k, c in enumerate(match[0]) if c.isdigit()] if match else []
    if not match or not digits:
        return None
    k = rng.choice(digits)
    new = rng.choice([d for d in "123456789" if d != match[0][k]])
    changed = match[0][:k] + new + match[0][k + 1 :]
    return text[: match.start()] + changed + text[match.end() :]


def _swapped(text: str, rng: random.Random) -> str | None:
    """Exchanges two numbers of a sentence."""
    found = list(NUMBER.finditer(text))
    pairs = [(a, b) for i, a in enumerate(found) for b in found[i + 1 :] if a[0] != b[0]]
    if not pairs:
        return None
    one, other = rng.choice(pairs)
    between = text[one.end() : other.start()]
    return text[: one.start()] + other[0] + between + one[0] + text[other.end() :]


def _swapped_reworded(text: str, rng: random.Random) -> str | None:
    changed = _swapped(re.sub(r"\s*\([^()]*\)", "", text), rng)
    return _opened(_shortened(changed, rng), rng) if changed else None


def _shifted(text: str, rng: random.Random) -> str | None:
    found = [m for m in NUMBER.finditer(text) if "." in m[0] and float(m[0])]
    if not found:
        return None
    match = rng.choice(found)
    moved = f"{float(match[0]) * rng.choice([10, 0.1]):.6g}"
    return text[: match.start()] + moved + text[match.end() :]


def _signed(text: str, rng: random.Random) -> str | None:
    found = [m for m in NUMBER.finditer(text) if text[m.start() - 1 : m.start()] in (" ", "(")]
    found = [m for m in found if not re.search(r"\d\s*$|\bp\s*$", text[: m.start()])]
    if not found or re.search(
        r"lower|less|decreas|reduc|fell|declin|short|loss|below|negativ", text, re.I
    ):
        return None
    match = rng.choice(found)
    return text[: match.start()] + "-" + text[match.start() :]


def _percent_dropped(text: str, rng: random.Random) -> str | None:
    found = [m for m in PERCENT.finditer(text) if not re.match(r"\s*(?:CI|conf)", text[m.end() :])]
    if not found:
        return None
    match = rng.choice(found)
    return text[: match.start()] + f"{match[1]} patients" + text[match.end() :]


def _bound(text: str, rng: random.Random) -> str | None:
    match = INTERVAL.search(text)
    if not match:
        return None
    high = f"{float(match[3]) + rng.choice([0.11, 0.37, 1.3]):.2f}"
    return text[: match.start(3)] + high + text[match.end(3) :]


def _unit(text: str, rng: random.Random) -> str | None:
    found = list(WEIGHT.finditer(text))
    if not found:
        return None
    match = rng.choice(found)
    group = ("mg", "kg", "g", "ml", "cm", "mm")
    times = ("years", "months", "weeks", "days", "hours")
    pool = group if match[2] in group else times
    new = rng.choice([u for u in pool if u.rstrip("s") != match[2].rstrip("s")])
    return text[: match.start(2)] + new + text[match.end(2) :]


def _comparison(text: str, _: random.Random) -> str | None:
    changed = re.sub(r"([pP]\s*)<(\s*[0.])", r"\1>\2", text, count=1)
    return changed if changed != text else None


def _wrong_word(text: str, rng: random.Random) -> str | None:
    return _spoken(_altered(text, rng) or "", rng)


def _one_word(text: str, rng: random.Random) -> str | None:
    words = text.rstrip(".").split()
    places = [k for k, w in enumerate(words) if w.isalpha() and len(w) > 3]
    if not places:
        return None
    k = rng.choice(places)
    words[k] = rng.choice([w for w in ("markedly", "control", "placebo", "early") if w != words[k]])
    return f"The study states: “{' '.join(words)}”"


def _not_dropped(text: str, _: random.Random) -> str | None:
    changed = re.sub(r"\b(?:not|no)\s", "", text, count=1)
    return f"“{changed.rstrip('.')}”" if changed != text else None


def _not_dropped_plain(text: str, rng: random.Random) -> str | None:
    changed = re.sub(r"\bnot\s", "", text, count=1)
    return _opened(changed, rng) if changed != text else None


def _not_added(text: str, rng: random.Random) -> str | None:
    if re.search(r"\b(?:not?|nor|neither|without|never|none)\b|fail|lack", text, re.I):
        return None
    changed = re.sub(r"\b(was|were|is|are|did|does|had)\s", r"\1 not ", text, count=1)
    return _opened(changed, rng) if changed != text else None


def _invented(text: str, rng: random.Random) -> str | None:
    words = text.rstrip(".").split()
    middle = len(words) // 2
    return f"The authors conclude “{' '.join(words[middle:] + words[:middle])}”"


SOUND: dict[str, Callable[[str, random.Random], str | None]] = {
    "verbatim": lambda text, _: text,
    "with an opening": _opened,
    "quotation": _quoted,
    "part of a sentence quoted": _part_quoted,
    "asides left out": _shortened,
    "a number rounded": _rounded,
    "percent as proportion": _as_share,
    "percent in words": _percent_word,
    "range in words": _range_words,
    "number in words": _spoken,
}
CORRUPT: dict[str, Callable[[str, random.Random], str | None]] = {
    "number altered": _altered,
    "two numbers swapped": _swapped,
    "two numbers swapped, reworded": _swapped_reworded,
    "decimal point moved": _shifted,
    "sign added": _signed,
    "percent to count": _percent_dropped,
    "bound of an interval altered": _bound,
    "unit changed": _unit,
    "p-value's comparison turned": _comparison,
    "number in words altered": _wrong_word,
    "quotation with another word": _one_word,
    "quotation without its not": _not_dropped,
    "quotation invented": _invented,
    "not left out": _not_dropped_plain,
    "not put in": _not_added,
}


def _some_number(text: str, rng: random.Random) -> re.Match[str] | None:
    found = list(NUMBER.finditer(text))
    return rng.choice(found) if found else None

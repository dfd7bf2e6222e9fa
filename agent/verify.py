"""Every citation, quotation and number in an answer is traced to what was retrieved or computed."""

import re
from collections.abc import Iterable
from typing import Any

CITATION = re.compile(r"\[(\d{1,3})\]")
QUOTATION = re.compile(r"[“\"]([^“”\"]{12,})[”\"]\s*((?:\[\d{1,3}\]\s*)*)")
NUMBER = re.compile(
    r"(?<![\w.])[-−–+]?(?:\d{1,3}(?:[,\u2009\u202f]\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?"
)
SENTENCE_END = re.compile(r"(?<=[.!?”\"\]])\s+(?=[A-Z“\"\-•])|\n+")
SEPARATORS = str.maketrans("", "", ",\u2009\u202f")
LIST_MARK = re.compile(r"^\s*(?:[-•*]|\d+[.)])\s+")

UNSUPPORTED = " [unsupported]"


def check(
    answer: str, passages: list[dict[str, Any]], results: Iterable[str], request: str
) -> list[str]:
    """Returns what is wrong with an answer; nothing when all of it is traced.

    Args:
        answer: The text to check.
        passages: Retrieved passages with their number `n`, `title` and `text`.
        results: What tools returned, as text.
        request: What the person said; numbers may repeat it.

    Returns:
        One fault per sentence, each beginning with the sentence's own text in quotation marks.
    """
    sources = {passage["n"]: _source(passage) for passage in passages}
    computed = numbers(" ".join([*results, request]))
    everything = computed | {n for source in sources.values() for n in numbers(source)}
    faults = []
    for sentence in sentences(answer):
        reason = _fault(sentence, sources, computed, everything)
        if reason:
            faults.append(f"{sentence!r}: {reason}")
    return faults


def mark(answer: str, faults: list[str]) -> str:
    """Returns the answer with every faulty sentence marked as unsupported."""
    for sentence in sentences(answer):
        if any(item.startswith(f"{sentence!r}: ") for item in faults):
            answer = answer.replace(sentence, sentence + UNSUPPORTED, 1)
    return answer


def drop(answer: str, faults: list[str]) -> str:
    """Returns the answer without its faulty sentences."""
    for sentence in sentences(answer):
        if any(item.startswith(f"{sentence!r}: ") for item in faults):
            answer = re.sub(rf"\s*(?:^[-•] )?{re.escape(sentence)}", "", answer, count=1)
    return answer.strip()


def sentences(text: str) -> list[str]:
    """Splits an answer into the pieces that are checked one by one."""
    return [piece for piece in map(str.strip, SENTENCE_END.split(text)) if piece]


def numbers(text: str) -> set[float]:
    """Returns the numbers in a text; signs, separators and exponents are read, not compared."""
    return {_value(found) for found in NUMBER.findall(CITATION.sub(" ", text))}


def _fault(
    sentence: str, sources: dict[int, str], computed: set[float], everything: set[float]
) -> str | None:
    cited = [int(n) for n in CITATION.findall(sentence)]
    unknown = [n for n in cited if n not in sources]
    if unknown:
        return f"[{unknown[0]}] is no retrieved passage"
    for words, marks in QUOTATION.findall(sentence):
        own = [int(n) for n in CITATION.findall(marks)] or cited or list(sources)
        if own and not any(plain(words) in plain(sources[n]) for n in own):
            return "the quotation is not in the passage"
    # What cites a passage must have its numbers there; the rest, anywhere in what was found.
    known = everything
    if cited:
        known = computed | {n for source in cited for n in numbers(sources[source])}
    bare = LIST_MARK.sub("", sentence)
    wrong = [n for n in NUMBER.findall(CITATION.sub(" ", bare)) if not _known(n, known)]
    return f"{wrong[0].strip()} is in no passage or result" if wrong else None


def _known(number: str, known: set[float]) -> bool:
    """Tells whether a number is known, or is a known one rounded, or as a percentage."""
    value = _value(number)
    decimals = len(number.partition(".")[2]) if "." in number and "e" not in number.lower() else 0
    candidates = {value, value / 100}
    if candidates & known:
        return True
    half = 0.5 * 10.0**-decimals * (1 + 1e-9)
    return any(
        abs(abs(k) - value) <= half or (decimals <= 1 and abs(abs(k) * 100 - value) <= half)
        for k in known
        if k != int(k)
    )


def _value(number: str) -> float:
    return float(number.lstrip("-−–+").translate(SEPARATORS))


def _source(passage: dict[str, Any]) -> str:
    fields = ("title", "text", "quote", "year", "id")
    return " ".join(str(passage.get(field, "")) for field in fields)


def plain(text: str) -> str:
    """Returns text in the form in which quotations are compared: case, marks and space apart."""
    text = text.translate(str.maketrans("“”‘’–—−", "\"\"''---"))
    return re.sub(r"\s+", " ", text).strip(" .\"'…").casefold()

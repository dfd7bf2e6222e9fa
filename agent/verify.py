"""Every citation, quotation and number in an answer is traced to what was retrieved or computed."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from agent.verification.alignment import Source, contradiction, source_sentences
from agent.verification.pieces import BRACKETED, CITATION, plain, quotations, sentences
from agent.verification.quantities import NUMBER, ORDINAL, SEPARATORS, Quantity, agree, quantities
from agent.verification.support import unsupported

LIST_MARK = re.compile(r"^\s*(?:[-•*]|\d+[.)])\s+")
ELISION = re.compile(r"\s*(?:\[[^\]]*\]|\(?(?:…|\.\.\.)\)?)\s*")
DENIED_BEFORE = re.compile(r"\b(?:not?|nor|never|neither|without|cannot|n't)\s*$")
DENIES = re.compile(r"\b(?:not?|nor|never|neither|without|cannot)\b|n['’]t\b", re.IGNORECASE)
ROUNDLY = re.compile(
    r"(?:about|around|approximately|roughly|nearly|almost|some|over|more than|just (?:over|under)"
    r"|~|≈)\s*$",
    re.IGNORECASE,
)
FALLS = re.compile(
    r"\b(?:decreas|reduc|lower|fell|fall|declin|drop|loss|lost|less|below|negativ|invers|minus|short)",
    re.IGNORECASE,
)
NEARBY = 50
"""Characters on each side of a number where a fall is named that a minus sign may stand for."""

LEAST_SPOKEN = 3
"""Numbers in words from which they are checked: "two groups" is often said of what has two."""

UNSUPPORTED = " [unsupported]"


def check(
    answer: str, passages: list[dict[str, Any]], results: Iterable[str], request: str
) -> list[str]:
    """Returns what is wrong with an answer; nothing when all of it is traced.

    Args:
        answer: The text to check.
        passages: Retrieved passages with their number `n`, `title` and `text`.
        results: What tools returned, as text; what is a passage itself is left out (`traceable`).
        request: What the person said; numbers may repeat it.

    Returns:
        One fault per sentence, each beginning with the sentence's own text in quotation marks.
    """
    sources = {passage["n"]: _source(passage) for passage in passages}
    computed = numbers(" ".join([*results, request]))
    faults = []
    for sentence in sentences(answer):
        reason = _fault(sentence, sources, computed)
        if reason:
            faults.append(f"{sentence!r}: {reason}")
    return faults


def traceable(outcomes: Sequence[Mapping[str, Any]]) -> list[str]:
    """Returns what tools returned as text, without the passages: those are cited, not computed."""
    texts = []
    for outcome in outcomes:
        data = outcome["data"]
        if any(
            {"n", "text"} <= hit.keys() for hit in data.get("results", []) if isinstance(hit, dict)
        ):
            data = {k: v for k, v in data.items() if k != "results"} | {
                "found": len(data["results"])
            }
            texts.append(json.dumps([data, outcome["args"]]))
        else:
            texts.append(json.dumps([outcome["summary"], data, outcome["args"]]))
    return texts


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


def numbers(text: str) -> set[float]:
    """Returns the numbers in a text; signs, separators and exponents are read, not compared."""
    found = NUMBER.findall(BRACKETED.sub(" ", text))
    return {float(number.lstrip("-−–+").translate(SEPARATORS)) for number in found}


def _fault(sentence: str, sources: dict[int, str], computed: set[float]) -> str | None:
    cited = [int(n) for n in CITATION.findall(sentence)]
    unknown = [n for n in cited if n not in sources]
    if unknown:
        return f"[{unknown[0]}] is no retrieved passage"
    rest = sentence
    for quote in reversed(quotations(sentence)):
        own = quote.cited or cited or list(sources)
        if own and not any(_holds(sources[n], quote.words, sentence) for n in own):
            return "the quotation is not in the passage"
        rest = rest[: quote.start] + " " + rest[quote.end :]
    rest = LIST_MARK.sub("", BRACKETED.sub(" ", rest))
    known = [s for n in cited or sources for s in source_sentences(sources[n])]
    wrong = [q for q in quantities(rest) if not _known(q, rest, known, computed)]
    if wrong:
        return f"{wrong[0].text.strip()} is in no passage or result"
    if not cited:
        return None
    return contradiction(rest, known) or unsupported(rest, cited, sources)


def _holds(source: str, words: str, sentence: str) -> bool:
    """Tells whether a passage has the quoted words, in order around what is left out."""
    text, start = plain(source), 0
    for fragment in map(plain, ELISION.split(words)):
        if not fragment:
            continue
        found = re.compile(rf"(?<!\w){re.escape(fragment)}(?!\w)").search(text, start)
        if not found:
            return False
        if not start and DENIED_BEFORE.search(text[: found.start()]):
            outside = sentence.replace(words, "")
            if not DENIES.search(outside):
                return False
        start = found.end()
    return True


def _known(
    claimed: Quantity, sentence: str, sources: Sequence[Source], computed: set[float]
) -> bool:
    """Tells whether a number is computed, or stands in a passage with its sign and unit."""
    ordinal = ORDINAL.match(sentence, claimed.end) and not claimed.negative
    if ordinal or (claimed.spoken and claimed.value < LEAST_SPOKEN):
        return True
    if _computed(claimed, computed):
        return True
    roundly = bool(ROUNDLY.search(sentence[: claimed.start]))
    for source in sources:
        for given in source.numbers:
            if claimed.negative != given.negative:
                text, at = (source.text, given) if claimed.negative else (sentence, claimed)
                if not FALLS.search(text[max(0, at.start - NEARBY) : at.end + NEARBY]):
                    continue
            if agree(claimed, given) or (roundly and _about(claimed, given)):
                return True
    return False


def _about(claimed: Quantity, given: Quantity) -> bool:
    """Tells whether a round number stands for one that is within a twentieth of it."""
    round_enough = claimed.value >= 10 and claimed.value % 5 == 0
    alike = claimed.unit == given.unit
    return round_enough and alike and abs(claimed.value - given.value) <= 0.05 * given.value


def _computed(claimed: Quantity, computed: set[float]) -> bool:
    """Tells whether a number is a computed one, or one rounded, or as a percentage."""
    if {claimed.value, claimed.value / 100} & computed:
        return True
    half = 0.5 * 10.0**-claimed.decimals * (1 + 1e-9)
    return any(
        abs(abs(k) - claimed.value) <= half
        or (claimed.decimals <= 1 and abs(abs(k) * 100 - claimed.value) <= half)
        for k in computed
        if k != int(k)
    )


def _source(passage: Mapping[str, Any]) -> str:
    own = str(passage.get("id") or "")
    # A short id is a row's number, which an answer does not repeat but may happen to state.
    fields = [
        passage.get("title"),
        passage["text"],
        passage.get("year"),
        own if len(own) > 4 else "",
    ]
    return "\n\n".join(str(field or "") for field in fields)

"""What a question claims and what a sentence finds: which way, of what, against what.

A claim goes up or down in a quantity ("raises the risk of fracture"), or is good or bad in value
("improves", "safe"). The two are compared through what the quantity is: fewer deaths are good.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal

from models.text.bearing.words import Spoken, root, tokens
from models.text.claims.wording import (
    ARMS,
    BAD,
    DOWN,
    FALLING,
    GOOD,
    INTRANSITIVE,
    NEGATION,
    NO_EFFECT,
    NONE,
    NOT_FEWER,
    OR_NOT,
    RATIO,
    RISING,
    SIGNIFICANT,
    THAN,
    UNWELCOME,
    UP,
    WELCOME,
)
from models.text.leaning.cues import read_cues


@dataclass(frozen=True)
class Claim:
    """Which way something goes.

    Attributes:
        sign: 1 up or good, -1 down or bad, 0 that there is nothing.
        valued: It says good or bad by itself, not up or down.
        worth: What more of the quantity is: 1 good, -1 bad, 0 not known.
        against: What it is compared with, as written; else empty.
    """

    sign: int
    valued: bool
    worth: int = 0
    against: str = ""

    @property
    def value(self) -> int | None:
        """1 good, -1 bad, 0 no difference; None where that is not known."""
        if self.sign == 0:
            return 0
        if self.valued:
            return self.sign
        return self.sign * self.worth or None


def question_claim(question: str) -> Claim | None:
    """Returns what a question asks for: None where it names no direction."""
    text = re.sub(r"\b(?:not|n['’]t)\b", " ", question)
    return Claim(0, valued=False) if NO_EFFECT.search(text) else _claim(text)


def negated(question: str) -> bool:
    """Tells whether a question asks for the contrary of what its verb says."""
    return bool(NEGATION.search(question)) and not OR_NOT.search(question)


def _claim(text: str) -> Claim | None:
    """Reads the first word of a direction and what it is of."""
    words = tokens(
        re.sub(r"\b[\w]+-(?:lowering|reducing|increasing|raising|induced|promoting)\b", " ", text)
    )
    for n, word in enumerate(words):
        valued = word in GOOD or word in BAD
        if not valued and word not in UP and word not in DOWN:
            continue
        sign = 1 if word in UP or word in GOOD else -1
        after = words[n + 1 :]
        if word.startswith("help") and any(w in UP | DOWN | GOOD | BAD for w in after):
            continue
        if word in {"more", "less", "most", "least", "greater", "lower", "higher", "fewer"}:
            following = next((w for w in after[:2] if w in GOOD | BAD | UP | DOWN), None)
            if following:
                base = 1 if following in GOOD or following in UP else -1
                return Claim(sign * base, following in GOOD | BAD, _worth(after), _against(text))
        sign, worth = _composed(sign, after, words[:n])
        if (
            word in {"cause", "causes", "caused", "causing"}
            and after[:1]
            and after[0] in {"more", "less", "fewer"}
        ):
            sign = -1 if after[0] != "more" else 1
        return Claim(sign, valued, worth, _against(text))
    return None


def _composed(sign: int, after: list[str], before: list[str]) -> tuple[int, int]:
    """Turns the sign for a loss or gain of something, and says what more of that is worth."""
    if after[:1] and after[0] in INTRANSITIVE and (worth := _worth(before[::-1])):
        return sign, worth
    for word in after[:6]:
        if root(word) in FALLING:
            rest = [w for w in after if root(w) not in FALLING]
            return -sign, _worth(rest) or _worth(before) or 1
        if root(word) in RISING and word != after[0]:
            break
    return sign, _worth(after) or _worth(before[::-1])


def _worth(words: list[str]) -> int:
    for word in words[:12]:
        if root(word) in WELCOME:
            return 1
        if root(word) in UNWELCOME:
            return -1
    return 0


def _against(text: str) -> str:
    found = THAN.search(text)
    return " ".join(text[found.end() :].split()[:4]).rstrip("?.,;") if found else ""


def finding_claim(sentence: str, exposure: str = "") -> Claim | None:
    """Returns what a sentence finds of what the question asks about; None where it says nothing.

    Args:
        exposure: What is compared, so that a sentence which names it second is turned.
    """
    arms = ARMS.search(sentence)
    ratio = RATIO.search(sentence)
    claim = _claim(NOT_FEWER.sub(" ", sentence))
    tested = read_cues(sentence)
    if tested.p_high and not tested.p_low:
        return Claim(0, valued=False)
    if NONE.search(sentence) and not SIGNIFICANT.search(sentence):
        return Claim(0, valued=False)
    if ratio and ratio[2]:
        low, high = (float(ratio[k].replace("·", ".")) for k in (2, 3))
        if low < 1 < high:
            return Claim(0, valued=False)
    if claim is None and ratio:
        value = float(ratio[1].replace("·", "."))
        if value != 1:
            claim = Claim(1 if value > 1 else -1, False, _worth(tokens(sentence)))
    if claim is None and arms:
        first, second = (float(arms[k].replace("·", ".")) for k in (1, 3))
        if first != second:
            claim = Claim(1 if first > second else -1, False, _worth(tokens(sentence)))
            if exposure and Spoken(arms[4]).has(exposure):
                claim = replace(claim, sign=-claim.sign)
        return claim
    if claim and exposure:
        than = THAN.search(sentence)
        if than:
            end = sentence[than.end() :].split(",", maxsplit=1)[0]
            if Spoken(end).has(exposure) and not Spoken(sentence[: than.start()]).has(exposure):
                claim = replace(claim, sign=-claim.sign)
    return claim


def compare(asked: Claim, found: Claim, *, safety: bool = False) -> Literal["yes", "no"] | None:
    """Tells whether a finding says what was asked, or the contrary; None where it says neither.

    Args:
        safety: Harm or its absence was asked: no difference is then safe, a benefit says nothing.
    """
    if safety:
        return _safety(asked, found)
    if asked.sign == 0 or found.sign == 0:
        same = asked.sign == found.sign
    elif asked.valued != found.valued:
        if asked.value is None or found.value is None:
            return None
        same = asked.value == found.value
    else:
        same = asked.sign == found.sign
        if asked.worth and found.worth and not asked.valued:
            same ^= asked.worth != found.worth
    return "yes" if same else "no"


def _safety(asked: Claim, found: Claim) -> Literal["yes", "no"] | None:
    value = found.value
    if value is None or (value > 0 and not found.valued):
        return None
    return "yes" if (value < 0) == (asked.sign < 0) else "no"

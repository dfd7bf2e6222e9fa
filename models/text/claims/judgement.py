"""How one study answers a question: its findings against what was asked, its wording beside."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.text.bearing.words import Spoken, asked_words
from models.text.claims.claim import Claim, compare, finding_claim, negated, question_claim
from models.text.claims.wording import ADVERSE, SAFETY
from models.text.leaning.cues import AIM, HEDGE, read_cues
from models.text.leaning.model import Leaning
from models.text.leaning.reading import RESULTS_FROM
from models.text.sentences import split_sentences

Said = Literal["yes", "no", "unclear"]

SURE_YES, SURE_NO = 0.65, 0.45
"""Probabilities of the reader of wording from which its yes or no is said; chosen by nested
cross-validation so that few studies which found nothing are called a yes."""

STATED, IMPLIED = 0.73, 0.70
"""Probability of what is said from a plain finding that has most of the question's words, and from
one that has some or is worded with doubt: the shares that were right on PubMedQA's questions."""

MOST_WORDS, SOME_WORDS = 0.6, 0.3
AS_NEAR = 0.15
"""Share of the question's words by which a finding may be behind the nearest to count with it."""

AGREES = {"yes": 0.5, "null": 0.3}
"""Probability that the wording gives at least to a yes that a finding gives, and to a no for want
of a difference; a finding the other way needs none, since the wording does not tell directions."""

SHORT = 4
"""Sentences up to which a text, such as a note, has no part before its results."""

REFERENCE = re.compile(
    r"\b(?:19|20)\d\d;\s*\d+|\bdoi:|\bet al\.,? .{0,80}\b(?:19|20)\d\d\b", re.IGNORECASE
)
"""An entry of a reference list: the title of another work, and no finding of this one."""

METHOD = re.compile(
    r"\b(?:were|was) (?:randomi[sz]ed|divided|recruited|enrolled|assigned|measured|collected"
    r"|recorded|included in|assessed|evaluated|reviewed|searched|used to)\b"
    r"|\bwe (?:randomi[sz]ed|studied"
    r"|enrolled|recruited|searched|reviewed)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Finding:
    """A sentence that reports something: characters `start` to `end`, and what it claims."""

    text: str
    start: int
    end: int
    shared: float
    claim: Claim | None


@dataclass(frozen=True)
class Judged:
    """How a study answers.

    Attributes:
        probability: That the answer is right, as far as it is yes or no.
        finding: The sentence that says so; None where none does.
    """

    answer: Said
    probability: float
    finding: Finding | None


def findings(question: str, text: str) -> list[Finding]:
    """Returns the sentences of a study that report and speak of the question; the nearest first."""
    asked = asked_words(question)
    found = []
    spans = split_sentences(text)
    for number, (start, end) in enumerate(spans):
        sentence = text[start:end]
        early = len(spans) > SHORT and (number + 1) / len(spans) <= RESULTS_FROM
        if early or sentence.endswith("?") or AIM.search(sentence) or METHOD.search(sentence):
            continue
        if REFERENCE.search(sentence):
            continue
        spoken = Spoken(sentence)
        shared = sum(spoken.has(word) for word in asked) / max(1, len(asked))
        exposure = asked[0] if asked else ""
        found.append(Finding(sentence, start, end, shared, finding_claim(sentence, exposure)))
    return sorted(found, key=lambda one: -one.shared)


def judge(question: str, text: str, leaning: Leaning) -> Judged:
    """Returns how a study answers a question that yes or no answers.

    Args:
        leaning: What the reader of wording says of it.
    """
    found = findings(question, text)
    asked = question_claim(question)
    if asked is None:
        said = _by_wording(leaning, found)
    else:
        said = _by_direction(question, asked, leaning, found)
    return _contrary(said) if negated(question) else said


def _by_direction(
    question: str, asked: Claim, leaning: Leaning, found: Sequence[Finding]
) -> Judged:
    safety = bool(SAFETY.search(question))
    telling = [
        one for one in found
        if one.claim and one.shared >= SOME_WORDS and (not safety or ADVERSE.search(one.text))
    ]  # fmt: skip
    best = max((one.shared for one in telling), default=0.0)
    answers = [
        (answer, one)
        for one in telling
        if one.shared >= best - AS_NEAR
        and one.claim
        and (answer := compare(asked, one.claim, safety=safety))
    ]
    said = {answer for answer, _ in answers}
    brief = len(found) < SHORT
    if len(said) == 1:
        answer, finding = answers[0]
        null = answer == "no" and finding.claim is not None and finding.claim.sign == 0
        weak = answer == "yes" and leaning.yes < AGREES["yes"]
        if not brief and (weak or (null and leaning.no < AGREES["null"])):
            return Judged("unclear", 0.0, finding)
        plain = finding.shared >= MOST_WORDS and not HEDGE.search(finding.text)
        return Judged(answer, STATED if plain else IMPLIED, finding)
    if not said and asked.valued and asked.sign > 0 and not safety and not asked.against:
        return _by_wording(leaning, found)
    return Judged("unclear", 0.0, answers[0][1] if answers else _nearest(found))


def _by_wording(leaning: Leaning, found: Sequence[Finding]) -> Judged:
    if leaning.yes >= SURE_YES:
        return Judged("yes", leaning.yes, _nearest(found))
    if leaning.no >= SURE_NO:
        return Judged("no", leaning.no, _nearest(found))
    return Judged("unclear", 0.0, _nearest(found))


def _nearest(found: Sequence[Finding]) -> Finding | None:
    """Returns the sentence nearest to the question, rather one that states an effect or none."""
    telling = [
        one for one in found if (cues := read_cues(one.text)).finds or cues.denies or one.claim
    ]
    return next(iter(telling or found), None)


def _contrary(said: Judged) -> Judged:
    turned: dict[Said, Said] = {"yes": "no", "no": "yes", "unclear": "unclear"}
    return Judged(turned[said.answer], said.probability, said.finding)

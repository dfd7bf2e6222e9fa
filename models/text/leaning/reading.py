"""A question and an abstract as numbers: what the cues say, where, and of what."""

import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from models.text.leaning.cues import Cues, read_cues
from models.text.leaning.questions import KINDS
from models.text.sentences import split_sentences

Vector = NDArray[np.float64]

RESULTS_FROM = 0.35
"""Share of an abstract's sentences after which results are looked for."""

STEM = 6
"""Letters of a word that are compared: enough to tell words apart, few enough for endings."""

WORD = re.compile(r"[^\W\d_]{3,}")
STOP_WORDS = frozenset(
    """about after all also among and any are because been before being between both but can could
    did does doing during each for from further had has have having her here his how into its more
    most nor not off once only other our out over own same she should some such than that the their
    them then there these they this those through under until very was were what when where which
    while who whom why will with would you your""".split()  # noqa: SIM905  # as words they can be read
)
COEFFICIENT = re.compile(r"\br\s*=\s*-?0?[.·](\d+)")
AREA = re.compile(r"\b(?:AUC|area under the (?:\w+ ){0,4}curve)\D{0,20}0?[.·](\d+)", re.IGNORECASE)
WEAK = 0.35
"""Correlation coefficient, or twice what an area under the curve is above 0.5, that is weak."""

ONLY_FACTOR = re.compile(
    r"\bonly (?:\w+ ){0,4}(?:factor|predictor|variable|parameter)", re.IGNORECASE
)
BUT_NOT = re.compile(r"\b(?:however|but)\b[^.]{0,60}\bnot?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Sentence:
    """A sentence of an abstract.

    Attributes:
        place: Its number over the number of sentences, 0 to 1.
        shared: Share of the question's words in it, 0 to 1.
    """

    text: str
    cues: Cues
    place: float
    shared: float

    @property
    def reports(self) -> bool:
        """It stands where results stand, and states no aim."""
        return self.place > RESULTS_FROM and not self.cues.aims


@dataclass(frozen=True)
class Prepared:
    """A question with an abstract, read but not yet judged."""

    question: str
    cues: Vector
    results: str


def prepare(question: str, abstract: str) -> Prepared | None:
    """Reads an abstract for a question; None where it has no sentence."""
    sentences = read_sentences(question, abstract)
    if not sentences:
        return None
    return Prepared(question, cue_vector(question, sentences), results_text(sentences))


def read_sentences(question: str, abstract: str) -> list[Sentence]:
    """Returns the sentences of an abstract, with what they say and how near the question."""
    asked = words(question)
    texts = [abstract[start:end] for start, end in split_sentences(abstract)]
    whole = max(1, len(asked))
    return [
        Sentence(text, read_cues(text), (n + 1) / len(texts), len(asked & words(text)) / whole)
        for n, text in enumerate(texts)
    ]


def words(text: str) -> frozenset[str]:
    """Returns the beginnings of a text's words, without those that every text has."""
    found = (word.lower() for word in WORD.findall(text))
    return frozenset(word[:STEM] for word in found if word not in STOP_WORDS)


def cue_vector(question: str, sentences: Sequence[Sentence]) -> Vector:
    """Returns the features of a question with an abstract, about forty numbers."""
    kinds = {name: float(bool(kind.search(question))) for name, kind in KINDS.items()}
    table = np.array([astuple(s.cues) for s in sentences], float)
    finds, denies, low, high, good, bad, hedges, contrasts, aims = table.T
    place = np.array([s.place for s in sentences])
    shared = np.array([s.shared for s in sentences])
    reports = np.array([s.reports for s in sentences], float)
    count = max(1.0, reports.sum())

    near = np.exp((1.5 * shared + 0.5 * place - 0.6 * aims) / 0.2)
    weighed = float(near @ (finds - denies) / near.sum())
    sign = -1.0 if kinds["sameness"] else 1.0
    found, denied = finds * reports, denies * reports
    telling = np.flatnonzero(found + denied)
    verdicts = [float(denies[k] - finds[k]) for k in telling] or [0.0]
    text = " ".join(s.text for s in sentences if s.reports)
    strengths = [float(f"0.{digits}") for digits in COEFFICIENT.findall(text)]
    strengths += [2 * abs(float(f"0.{digits}") - 0.5) for digits in AREA.findall(text)]
    means = [float(reports @ column) / count for column in (finds, denies, low, high)]
    tone = [float(reports @ column) / count for column in (good, bad, hedges, contrasts)]
    return np.array(
        [
            *means, *tone, weighed, sign * weighed, sign * (means[0] - means[1]),
            kinds["need"] * weighed,
            (found * shared).max() - (denied * shared).max(),
            float(found @ (shared < 0.15)) / count,
            float(found @ shared - denied @ shared),
            verdicts[0], verdicts[-1],
            float(bool(strengths) and max(strengths) < WEAK),
            float(bool(strengths) and max(strengths) >= WEAK),
            float(bool(re.search(r"\bonly\b", text, re.IGNORECASE))),
            float(bool(BUT_NOT.search(text))),
            float(bool(ONLY_FACTOR.search(text))),
            len(question) / 100, shared.max(), *kinds.values(),
        ]
    )  # fmt: skip


def results_text(sentences: Sequence[Sentence]) -> str:
    """Returns the last sentences that report, with numbers and p-values made alike."""
    reporting = [s.text for s in sentences if s.reports][-7:] or [s.text for s in sentences[-3:]]
    text = " ".join(reporting)
    text = re.sub(r"\bp\s*[<=≤]\s*0?[.·]0[0-4]\d*", " psig ", text, flags=re.IGNORECASE)
    text = re.sub(r"\bp\s*[=>≥]\s*0?[.·]\d+", " pnull ", text, flags=re.IGNORECASE)
    return re.sub(r"\d+(?:[.,·]\d+)*", "0", text)

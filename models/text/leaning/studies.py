"""Several studies on one question: how each leans, and how they do together."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.text.leaning.model import ANSWERS, Answer, Leaning, load_reader
from models.text.leaning.questions import asks_yes_or_no

FALL = 0.1
"""Difference of relevance (0-1) at which a study's weight falls to 1/e of the best one's."""

BY = "a leaning of an extractive reader, which weighs wording; no language model reasoned about it"


@dataclass(frozen=True)
class Study:
    """A passage of a study.

    Attributes:
        relevance: 0 to 1, comparable between the studies of one question.
        retracted: It is read by nobody and counts for nothing.
    """

    text: str
    relevance: float
    retracted: bool = False


@dataclass(frozen=True)
class Balance:
    """How studies lean together.

    Attributes:
        together: Mean of the studies' probabilities, the more relevant ones weighing more.
        each: By study, in order; None for retracted ones.
    """

    together: Leaning
    each: tuple[Leaning | None, ...]

    @property
    def answer(self) -> Answer:
        """What they lean to together."""
        return self.together.answer

    def counts(self) -> dict[Answer, int]:
        """Returns how many studies lean each way."""
        said = [leaning.answer for leaning in self.each if leaning]
        return {answer: said.count(answer) for answer in ANSWERS}

    def summary(self) -> dict[str, Any]:
        """Returns all of it as JSON can hold it."""
        counts = self.counts()
        return {
            "answer": self.answer,
            "studies": {"yes": counts["yes"], "no": counts["no"], "maybe": counts["maybe"]},
            "counted": sum(counts.values()),
            "retracted": sum(leaning is None for leaning in self.each),
            "probabilities": {
                name: round(getattr(self.together, name), 3) for name in ("yes", "no", "maybe")
            },
            "by": BY,
        }


def weigh_studies(question: str, studies: Sequence[Study]) -> Balance | None:
    """Reads studies for a question.

    Returns:
        How they lean; None where the question asks for no yes or no, or no study counts.
    """
    if not asks_yes_or_no(question) or all(study.retracted for study in studies):
        return None
    reader = load_reader()
    each = [None if s.retracted else reader.read(question, s.text) for s in studies]
    best = max(study.relevance for study in studies if not study.retracted)
    weights = [
        0.0 if study.retracted else math.exp((study.relevance - best) / FALL) for study in studies
    ]
    total = sum(weights)

    def mean(name: str) -> float:
        pairs = zip(weights, each, strict=True)
        return float(sum(w * getattr(leaning, name) for w, leaning in pairs if leaning) / total)

    return Balance(Leaning(mean("yes"), mean("no"), mean("maybe")), tuple(each))

"""The reader of leanings is fitted on questions with abstracts and answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from models.text.leaning.model import ANSWERS, Answer, Array, LeaningReader, tempered
from models.text.leaning.reading import Prepared, prepare
from models.text.leaning.words import Vocabulary

CUE_STRENGTHS = (0.01, 0.03, 0.1)
"""Inverse penalties among which cross-validation chooses for the cues."""

WORD_STRENGTHS = {"results": 5.0, "question": 1.0}
TEMPERATURES = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.15)
INNER_FOLDS = 5

Labels = NDArray[np.int64]
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Case:
    """A question with what one study says.

    Attributes:
        abstract: Without its conclusion.
        conclusion: The study's own; each case is learnt from with and without it, since abstracts
            of a library mostly have theirs.
    """

    question: str
    abstract: str
    conclusion: str
    answer: Answer


@dataclass(frozen=True)
class Example:
    """A case, read without and with its conclusion."""

    bare: Prepared
    concluded: Prepared
    label: int

    @classmethod
    def of(cls, case: Case) -> "Example | None":
        """Reads a case; None where its abstract has no sentence."""
        bare = prepare(case.question, case.abstract)
        concluded = prepare(case.question, f"{case.abstract.rstrip()} {case.conclusion}")
        if bare is None or concluded is None:
            return None
        return cls(bare, concluded, ANSWERS.index(case.answer))


@dataclass(frozen=True)
class Fitted:
    """What a fit gives: a reader's arrays and temperature, and the chosen penalty."""

    arrays: dict[str, Array]
    temperature: float
    strength: float

    @property
    def reader(self) -> LeaningReader:
        """The reader."""
        return LeaningReader(self.arrays, {"temperature": self.temperature})


def fit(examples: Sequence[Example], seed: int = 0, progress: Progress = lambda *_: None) -> Fitted:
    """Fits a reader; penalty and temperature are chosen by cross-validation within the examples."""
    labels = _labels(examples)
    folds = StratifiedKFold(INNER_FOLDS, shuffle=True, random_state=seed)
    held = {strength: np.zeros((len(examples), len(ANSWERS))) for strength in CUE_STRENGTHS}
    for n, (train, test) in enumerate(folds.split(labels, labels)):
        progress(n / (INNER_FOLDS + 1), f"fold {n + 1} of {INNER_FOLDS}")
        chosen = [examples[k] for k in train]
        words = _fit_words(chosen)
        for strength, rows in held.items():
            reader = LeaningReader(_fit_cues(chosen, strength) | words, {"temperature": 1.0})
            rows[test] = [reader.judge(examples[k].bare) for k in test]
    losses = {
        (strength, temperature): -float(
            np.log(tempered(rows, temperature)[np.arange(len(labels)), labels]).mean()
        )
        for strength, rows in held.items()
        for temperature in TEMPERATURES
    }
    strength, temperature = min(losses, key=lambda key: losses[key])
    progress(INNER_FOLDS / (INNER_FOLDS + 1), "all cases")
    return Fitted(_fit_cues(examples, strength) | _fit_words(examples), temperature, strength)


def cross_validate(
    examples: Sequence[Example], folds: int, seed: int, progress: Progress = lambda *_: None
) -> dict[bool, NDArray[np.float64]]:
    """Returns held-out probabilities of nested cross-validation, without and with conclusions.

    Returns:
        By whether the conclusion was read: the probabilities of maybe, no and yes, shape (n, 3).
    """
    labels = _labels(examples)
    held = {concluded: np.zeros((len(examples), len(ANSWERS))) for concluded in (False, True)}
    splits = StratifiedKFold(folds, shuffle=True, random_state=seed).split(labels, labels)
    for n, (train, test) in enumerate(splits):
        progress(n / folds, f"outer fold {n + 1} of {folds}")
        reader = fit([examples[k] for k in train], seed).reader
        held[False][test] = [reader.judge(examples[k].bare) for k in test]
        held[True][test] = [reader.judge(examples[k].concluded) for k in test]
    return held


def _fit_cues(examples: Sequence[Example], strength: float) -> dict[str, Array]:
    vectors = np.array([e.bare.cues for e in examples] + [e.concluded.cues for e in examples])
    mean, scale = vectors.mean(0), vectors.std(0)
    scale[scale == 0] = 1.0
    model = LogisticRegression(C=strength, max_iter=3000)
    model.fit((vectors - mean) / scale, np.tile(_labels(examples), 2))
    arrays = {
        "mean": mean, "scale": scale, "coefficients": model.coef_, "intercepts": model.intercept_,
    }  # fmt: skip
    return {f"cues/{name}": array.astype(np.float32) for name, array in arrays.items()}


def _fit_words(examples: Sequence[Example]) -> dict[str, Array]:
    results = [e.bare.results for e in examples] + [e.concluded.results for e in examples]
    labels = _labels(examples)
    questions = [e.bare.question for e in examples]
    return _fit_part("results", results, np.tile(labels, 2)) | _fit_part(
        "question", questions, labels
    )


def _fit_part(part: str, texts: Sequence[str], labels: Labels) -> dict[str, Array]:
    vocabulary = Vocabulary.of(texts)
    weighed = [vocabulary.weigh(text) for text in texts]
    ends = np.cumsum([0, *(len(columns) for columns, _ in weighed)])
    table = csr_array(
        (np.concatenate([w for _, w in weighed]), np.concatenate([c for c, _ in weighed]), ends),
        shape=(len(texts), len(vocabulary.known)),
    )
    model = LogisticRegression(C=WORD_STRENGTHS[part], max_iter=3000).fit(table, labels)
    return {
        f"{part}/terms": np.frombuffer("\n".join(vocabulary.known).encode(), np.uint8),
        f"{part}/rarity": vocabulary.rarity.astype(np.float16),
        f"{part}/coefficients": model.coef_.astype(np.float16),
        f"{part}/intercepts": model.intercept_.astype(np.float32),
    }


def _labels(examples: Sequence[Example]) -> Labels:
    return np.array([example.label for example in examples])

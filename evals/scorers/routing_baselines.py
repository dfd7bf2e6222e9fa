"""What routing looks like without a trained router: the nearest example, and shared words."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import log
from typing import Any

import numpy as np

Classify = Callable[[str], str]


def nearest_example(examples: Mapping[str, Sequence[str]], embedder: Any) -> Classify:
    """Makes a classifier that takes the class of the example with the most similar embedding."""
    labels = [name for name, lines in examples.items() for _ in lines]
    vectors = embedder.encode([line for lines in examples.values() for line in lines])

    def classify(text: str) -> str:
        return labels[int(np.argmax(vectors @ embedder.encode([text])[0]))]

    return classify


def shared_words(examples: Mapping[str, Sequence[str]]) -> Classify:
    """Makes a classifier that takes the class whose typical words the request shares."""
    counts = {name: Counter(_words(" ".join(lines))) for name, lines in examples.items()}
    spread = Counter(word for words in counts.values() for word in words)
    weights = {
        name: {
            word: (number / words.total()) * log(1 + len(counts) / spread[word])
            for word, number in words.items()
        }
        for name, words in counts.items()
    }

    def classify(text: str) -> str:
        words = set(_words(text))
        return max(weights, key=lambda name: sum(weights[name].get(word, 0.0) for word in words))

    return classify


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]{2,}", text.casefold())

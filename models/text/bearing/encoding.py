"""Sentence vectors of the packaged encoder, for training; a search has an embedder of its own."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.text.bearing.features import Encode
from models.text.engine import Engine
from models.text.keeping import published
from models.text.ner.words import CLOSE, OPEN, words_tokenizer
from models.text.weights import packaged_weights

TOKENS = 254


def sentence_encoder() -> Encode:
    """Returns what turns texts into unit vectors; each text is encoded once."""
    weights = packaged_weights()
    tokenizer = words_tokenizer(weights)
    engine = Engine(weights, published())
    known: dict[str, NDArray[np.float32]] = {}

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        encoded = tokenizer.encode_batch(fresh, add_special_tokens=False)
        ids = [[OPEN, *item.ids[:TOKENS], CLOSE] for item in encoded]
        for text, states in zip(fresh, engine.states(ids), strict=True):
            mean = states.mean(axis=0)
            known[text] = mean / np.linalg.norm(mean)
        return np.stack([known[text] for text in texts])

    return encode

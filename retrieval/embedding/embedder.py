"""Sentences to vectors with all-MiniLM-L6-v2, or another embedder from a local folder."""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from models.text.weights import Weights, packaged_weights, read_weights
from retrieval.embedding.backends import Backend, Batch, OpenVinoBackend, TorchBackend

BATCH_TOKENS = 4096
LEAST_ROWS, MOST_ROWS = 8, 64
"""A batch has at most so many tokens and rows; few texts make several batches all the same, so
that each stream of the processor has one."""

RECENT = 64
"""Single texts whose vectors are kept: a turn routes, searches and quotes by one question."""

BackendName = Literal["auto", "openvino", "torch"]
Vectors = NDArray[np.float32]


class Embedder:
    """Turns texts into unit vectors, so that a dot product is the cosine similarity.

    Attributes:
        fingerprint: Names the weights: vectors of one fingerprint can be compared.
        dimensions: Length of a vector.
        precision: bf16 or f32.
    """

    def __init__(self, weights: Weights, backend: Backend) -> None:
        self.fingerprint = f"{weights.pooling}-{weights.max_tokens}-{weights.sha256[:16]}"
        self.dimensions = int(weights.config["hidden_size"])
        self.precision = backend.precision
        self._backend = backend
        self._tokenizer = Tokenizer.from_file(str(weights.folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(weights.max_tokens)
        self._alone = lru_cache(RECENT)(lambda text: self._encode([text]))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embeds texts; the longest are cut after the model's maximal tokens.

        Returns:
            Unit vectors, float32 (texts, dimensions), in the order of the texts.
        """
        return self._alone(texts[0]).copy() if len(texts) == 1 else self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        encoded = self._tokenizer.encode_batch(list(texts))
        self._backend.encode(_batches(encoded), vectors)
        # bf16 outputs are not exactly of unit length.
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


def load_embedder(folder: Path | None = None, backend: BackendName = "auto") -> Embedder:
    """Loads an embedder once per process.

    Args:
        folder: A local folder in sentence-transformers' layout; None for all-MiniLM-L6-v2.
        backend: `auto` is OpenVINO for BERT models and torch for others.

    Raises:
        PrerequisiteError: The packaged weights are missing or not the published ones.
        ToolError: The folder holds no embedder.
    """
    return _loaded(folder, backend)


# Of its own, since a cache takes a default and the same value given for two things.
@cache
def _loaded(folder: Path | None, backend: BackendName) -> Embedder:
    weights = read_weights(folder) if folder else packaged_weights()
    if backend == "auto":
        backend = "openvino" if weights.config.get("model_type") == "bert" else "torch"
    engine = OpenVinoBackend(weights) if backend == "openvino" else TorchBackend(weights)
    return Embedder(weights, engine)


def _batches(encoded: list[Encoding]) -> Iterator[Batch]:
    """Groups texts of like length; the longest come first, so that engines end together."""
    lengths = np.array([len(item.ids) for item in encoded], np.int64)
    order = np.argsort(-lengths, kind="stable")
    most = min(MOST_ROWS, max(LEAST_ROWS, len(order) // 4))
    start = 0
    while start < len(order):
        longest = int(lengths[order[start]])
        rows = min(most, max(1, BATCH_TOKENS // longest))
        texts = order[start : start + rows]
        ids = np.zeros((len(texts), longest), np.int64)
        mask = np.zeros_like(ids)
        for row, text in enumerate(texts):
            ids[row, : lengths[text]] = encoded[text].ids
            mask[row, : lengths[text]] = 1
        yield Batch(texts, ids, mask)
        start += rows

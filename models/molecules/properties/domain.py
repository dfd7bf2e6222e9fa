"""The applicability domain: how near a molecule is to those that a model learnt from."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load, save

from models.molecules.properties.inputs.fingerprints import Fingerprints
from models.molecules.properties.learners.kernel import tanimoto
from models.store.files import write_bytes, write_json

FloatArray = NDArray[np.float64]
WEIGHTS, SMILES = "domain.safetensors", "domain.json"
RARE = 0.05
"""A molecule is outside where only this share of the training molecules stand as far apart."""

NEIGHBOURS = 5
AT_ONCE = 500
BANDS = (0.0, 0.3, 0.5, 0.7, 1.0001)
"""Borders of the bands of similarity by which errors are told."""


@dataclass(frozen=True)
class Neighbours:
    """The nearest training molecules of n molecules.

    Attributes:
        similarity: To the nearest, 0-1, shape (n,).
        nearest: Its position, shape (n,).
        local: Mean of what is known of the nearest few, weighted by similarity, shape (n, tasks).
    """

    similarity: FloatArray
    nearest: NDArray[np.intp]
    local: FloatArray


@dataclass(frozen=True)
class Domain:
    """The training molecules and how far from them predictions may be trusted.

    Attributes:
        bits: Circular substructures of the training molecules, packed, shape (m, bytes).
        smiles: Of the training molecules.
        errors: What is known of each: the size of its error while it was left out, shape (m,
            tasks); NaN where unknown.
        border: Similarity to the nearest training molecule below which a molecule is outside.
    """

    bits: NDArray[np.uint8]
    smiles: Sequence[str]
    errors: FloatArray
    border: float

    @classmethod
    def of(cls, data: Fingerprints, smiles: Sequence[str], errors: FloatArray) -> "Domain":
        """Makes the domain of training molecules; its border comes from their own distances."""
        whole = cls(packed(data), smiles, errors, 0.0)
        alone = whole.neighbours(data, apart=np.arange(len(data)))
        return cls(whole.bits, smiles, errors, float(np.quantile(alone.similarity, RARE)))

    @cached_property
    def _unpacked(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        known = np.unpackbits(self.bits, axis=1).astype(np.float32)
        return known, known.sum(axis=1)

    def neighbours(self, data: Fingerprints, apart: NDArray[np.intp] | None = None) -> Neighbours:
        """Finds the nearest training molecules (Tanimoto, Morgan fingerprints of radius 2).

        Args:
            data: n molecules.
            apart: A number per training molecule; data are the training molecules themselves, and
                those of the same number do not count as neighbours. None for other molecules.
        """
        known, sizes = self._unpacked
        asked = (data.counts > 0).astype(np.float32)
        best = np.empty(len(data))
        nearest = np.empty(len(data), dtype=np.intp)
        local = np.empty((len(data), self.errors.shape[1]))
        for start in range(0, len(data), AT_ONCE):
            rows = slice(start, start + AT_ONCE)
            likeness = tanimoto(asked[rows] @ known.T, asked[rows].sum(axis=1), sizes)
            if apart is not None:
                likeness[apart[rows, None] == apart[None, :]] = -1.0
            nearest[rows] = likeness.argmax(axis=1)
            best[rows] = np.maximum(likeness.max(axis=1), 0.0)
            local[rows] = self._local(likeness)
        return Neighbours(best, nearest, local)

    def _local(self, likeness: FloatArray) -> FloatArray:
        count = min(NEIGHBOURS, likeness.shape[1])
        chosen = np.argpartition(-likeness, count - 1, axis=1)[:, :count]
        weight = np.maximum(np.take_along_axis(likeness, chosen, axis=1), 0.01)[:, :, None]
        values = self.errors[chosen]
        known = np.isfinite(values)
        total = (weight * known).sum(axis=1)
        mean = (weight * np.where(known, values, 0.0)).sum(axis=1) / np.maximum(total, 1e-9)
        overall = np.nanmean(self.errors, axis=0)
        return np.asarray(np.where(total > 0, mean, overall))

    def save(self, folder: Path) -> None:
        """Writes it."""
        arrays: dict[str, NDArray[Any]] = {
            "bits": np.ascontiguousarray(self.bits),
            "errors": np.ascontiguousarray(self.errors),
        }
        write_bytes(folder / WEIGHTS, save(arrays))
        write_json(folder / SMILES, {"border": self.border, "smiles": list(self.smiles)})

    @classmethod
    def load(cls, folder: Path) -> "Domain":
        """Reads what `save` wrote."""
        arrays = load((folder / WEIGHTS).read_bytes())
        kept = json.loads((folder / SMILES).read_text(encoding="utf-8"))
        return cls(arrays["bits"], kept["smiles"], arrays["errors"], kept["border"])


def packed(data: Fingerprints) -> NDArray[np.uint8]:
    """Returns which substructures are present, eight to a byte."""
    return np.packbits(data.counts > 0, axis=1)


def bands_of(similarity: FloatArray) -> list[tuple[str, NDArray[np.intp]]]:
    """Returns each band of similarity in words, and the molecules in it."""
    found = []
    for low, high in pairwise(BANDS):
        rows = np.flatnonzero((similarity >= low) & (similarity < high))
        words = f"{low:.1f} or more" if high > 1 else f"{low:.1f} to {high:.1f}"
        found.append((f"below {high:.1f}" if low == 0 else words, rows))
    return found

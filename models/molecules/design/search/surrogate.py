"""A quick guess at scores, so that more candidates are made than are judged."""

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.Chem import rdFingerprintGenerator as fingerprints  # noqa: N813  # RDKit's own name

SIZE = 2048
RIDGE = 2.0
REFIT = 200
"""Judged molecules between two fits."""

FEWEST = 200


class Surrogate:
    """Ridge regression of scores on counted substructures, kept up to date.

    Newer judgements count more than the first ones, because what is to be told apart changes as
    the search moves on.
    """

    def __init__(self) -> None:
        self._gram = np.eye(SIZE + 1, dtype=np.float32) * RIDGE
        self._moment = np.zeros(SIZE + 1, dtype=np.float32)
        self._weights: NDArray[np.float32] | None = None
        self._seen = 0
        self._fitted = 0
        self._generator = fingerprints.GetMorganGenerator(radius=2, fpSize=SIZE)

    def rows(self, molecules: list[Chem.Mol]) -> NDArray[np.float32]:
        """Returns the features, shape (n, SIZE + 1)."""
        counts = [self._generator.GetCountFingerprintAsNumPy(m) for m in molecules]
        rows = np.sqrt(np.array(counts, dtype=np.float32).reshape(len(molecules), SIZE))
        return np.hstack([rows, np.ones((len(molecules), 1), np.float32)])

    def learn(self, molecules: list[Chem.Mol], scores: list[float]) -> None:
        """Takes in judged molecules."""
        rows = self.rows(molecules)
        self._gram += rows.T @ rows
        self._moment += rows.T @ np.array(scores, np.float32)
        self._seen += len(molecules)
        if self._seen >= FEWEST and self._seen - self._fitted >= REFIT:
            self._weights = np.linalg.solve(self._gram, self._moment)
            self._fitted = self._seen

    def guess(self, molecules: list[Chem.Mol]) -> NDArray[np.float32] | None:
        """Returns guessed scores, shape (n,); None before enough was judged."""
        if self._weights is None:
            return None
        guessed: NDArray[np.float32] = self.rows(molecules) @ self._weights
        return guessed

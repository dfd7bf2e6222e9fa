"""Molecules as numbers: descriptors, counted circular substructures and structural keys."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem, rdBase
from rdkit.Chem import Descriptors
from rdkit.Chem import rdFingerprintGenerator as fingerprints  # noqa: N813  # RDKit's own name
from rdkit.Chem.rdMolDescriptors import GetMACCSKeysFingerprint

FloatArray = NDArray[np.float64]
BITS = 2048
LARGEST_COUNT = 255
LEFT_OUT = frozenset(
    {
        "qed", "Ipc", "AvgIpc", "SPS", "MinAbsEStateIndex", "MaxAbsEStateIndex",
        "MinAbsPartialCharge", "MaxAbsPartialCharge",
    }
)  # fmt: skip
"""Descriptors that cost much, or follow from others."""

# RDKit's stubs know the descriptors only through this list.
_COMPUTE: dict[str, Callable[[Chem.Mol], float]] = {
    name: compute for name, compute in Descriptors.descList if name not in LEFT_OUT
}
DESCRIPTOR_NAMES = tuple(_COMPUTE)
_MORGAN = fingerprints.GetMorganGenerator(radius=2, fpSize=BITS, includeChirality=True)


@dataclass(frozen=True)
class Fingerprints:
    """What the algorithms read of n molecules.

    Attributes:
        descriptors: RDKit's 2-D descriptors, shape (n, descriptors); NaN where undefined.
        counts: Circular substructures up to radius 2, folded and counted, shape (n, BITS), uint8.
        keys: MACCS keys, present or not, shape (n, 167), uint8.
    """

    descriptors: FloatArray
    counts: NDArray[np.uint8]
    keys: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.descriptors)

    def take(self, rows: NDArray[np.intp]) -> "Fingerprints":
        """Returns some of the molecules."""
        return Fingerprints(self.descriptors[rows], self.counts[rows], self.keys[rows])


def fingerprints_of(molecules: Sequence[Chem.Mol]) -> Fingerprints:
    """Computes descriptors and fingerprints.

    Molecules that were seen shortly before cost nothing: trials of several settings, and the same
    set split in several ways, see the same ones again.
    """
    rows = [_row(Chem.MolToSmiles(molecule)) for molecule in molecules]
    return stack(rows)


def fingerprint_of(molecule: Chem.Mol) -> Fingerprints:
    """Computes those of one molecule as it is, also of one that no SMILES describes."""
    return stack([_compute(molecule)])


Row = tuple[FloatArray, NDArray[np.uint8], NDArray[np.uint8]]


def stack(rows: Sequence[Row]) -> Fingerprints:
    """Brings the rows of molecules together."""
    if not rows:
        return Fingerprints(
            np.empty((0, len(DESCRIPTOR_NAMES))),
            np.empty((0, BITS), np.uint8),
            np.empty((0, 167), np.uint8),
        )
    descriptors, counts, keys = zip(*rows, strict=True)
    return Fingerprints(np.stack(descriptors), np.stack(counts), np.stack(keys))


@lru_cache(maxsize=40_000)
def _row(smiles: str) -> Row:
    return _compute(Chem.MolFromSmiles(smiles))


def _compute(molecule: Chem.Mol) -> Row:
    with rdBase.BlockLogs(), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # partial charges of metals are not parameterised
        values = np.array([compute(molecule) for compute in _COMPUTE.values()], dtype=float)
    values[~np.isfinite(values) | (np.abs(values) > 1e8)] = np.nan
    counts = _MORGAN.GetCountFingerprintAsNumPy(molecule)
    keys = np.zeros(167, np.uint8)
    keys[list(GetMACCSKeysFingerprint(molecule).GetOnBits())] = 1
    return values, np.minimum(counts, LARGEST_COUNT).astype(np.uint8), keys

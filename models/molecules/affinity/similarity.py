"""How alike molecules are, and how alike proteins are."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem, DataStructs
from rdkit.Chem import rdFingerprintGenerator
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer

FloatArray = NDArray[np.float64]
BITS = 4096
_DRAWN = (
    rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=BITS, countSimulation=True),
    rdFingerprintGenerator.GetRDKitFPGenerator(fpSize=BITS, countSimulation=True),
    rdFingerprintGenerator.GetAtomPairGenerator(fpSize=BITS, countSimulation=True),
)
Prints = list[tuple[DataStructs.ExplicitBitVect, ...]]

_words = HashingVectorizer(
    analyzer="char", ngram_range=(3, 4), n_features=2**20, norm=None, alternate_sign=False
)


def molecule_prints(smiles: Sequence[str]) -> Prints:
    """Returns the fingerprints of molecules: circular, of paths, of atom pairs."""
    molecules = [Chem.MolFromSmiles(one) for one in smiles]
    return [tuple(drawn.GetFingerprint(one) for drawn in _DRAWN) for one in molecules]


def molecule_similarity(these: Prints, those: Prints) -> FloatArray:
    """Returns Tanimoto similarity, the mean over the fingerprints.

    Args:
        these: Of n molecules.
        those: Of m molecules.

    Returns:
        Shape (n, m), 0-1.
    """
    kinds = list(zip(*those, strict=True))
    rows = [
        np.mean(
            [
                DataStructs.BulkTanimotoSimilarity(mine, list(kind))
                for mine, kind in zip(one, kinds, strict=True)
            ],
            axis=0,
        )
        for one in these
    ]
    return np.array(rows).reshape(len(these), len(those))


def sequence_words(sequences: Sequence[str]) -> csr_matrix:
    """Returns how often each word of three and four residues occurs, log(1 + n), of unit length.

    The spectrum kernel (Leslie et al. 2002, Pac Symp Biocomput 564) is their inner product. A
    protein without a sequence is like no other.
    """
    counts = csr_matrix(_words.transform(sequences))
    counts.data = np.log1p(counts.data)
    length = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel())
    counts.data /= np.repeat(np.maximum(length, 1e-12), np.diff(counts.indptr))
    return counts


def sequence_similarity(these: csr_matrix, those: csr_matrix) -> FloatArray:
    """Returns the cosine of word counts, shape (n, m), 0-1."""
    return np.asarray((these @ those.T).toarray(), dtype=np.float64)

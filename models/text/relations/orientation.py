"""Which of a pair's two entities is the protein: ChemProt's marks do not say.

Every pair has exactly one. Names that end like enzymes or like drugs give a first guess; a
classifier of character n-grams and the partners that a name has been seen with then correct each
other until they agree (expectation-maximisation with one unknown, the orientation, per pair).
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit, logit
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from models.text.relations.pairs import MarkedPair

ROUNDS = 12
PROTEIN_WORDS = re.compile(
    r"kinase|receptor|ases?\b|protein|transporter|channel|\bCYP|factor|enzyme|\bp\d\d\b|"
    r"interleukin|cytochrome|caspase|hormone|albumin|collagen|insulin|globulin"
)
CHEMICAL_WORDS = re.compile(
    r"(?:in|ine|ol|ate|ide|one|ane|ene|acid|oxide|azole|pril|statin|amide|steroid|flavonoid)s?$"
)


def protein_comes_first(pairs: Sequence[MarkedPair]) -> NDArray[np.bool_]:
    """Tells for each pair (n,) whether its first entity is the protein, judged from all of them."""
    spelt = [pair.names for pair in pairs]
    names = sorted({name for both in spelt for name in both})
    place = {name: index for index, name in enumerate(names)}
    first, second = np.array([[place[a], place[b]] for a, b in spelt]).T
    vectorizer = TfidfVectorizer(
        analyzer="char", ngram_range=(1, 5), lowercase=False, sublinear_tf=True
    )
    letters = vectorizer.fit_transform([f"^{name}$" for name in names])
    twice = sparse.vstack([letters, letters])
    kinds = np.repeat([1, 0], len(names))
    seen = np.bincount(np.r_[first, second], minlength=len(names))
    evidence = np.array([_first_guess(name) for name in names])
    for _ in range(ROUNDS):
        # P(the first is the protein), then P(a name is a protein) over all pairs it is in.
        ahead = expit(evidence[first] - evidence[second])
        counted = np.bincount(first, ahead, len(names)) + np.bincount(second, 1 - ahead, len(names))
        share = counted / seen
        spelling = LogisticRegression(C=3, max_iter=500)
        spelling.fit(twice, kinds, sample_weight=np.r_[share, 1 - share])
        partners = logit(np.clip((counted + 0.5) / (seen + 1), 0.02, 0.98))
        evidence = spelling.decision_function(letters) + 2 * partners * np.minimum(1, seen / 3)
    oriented: NDArray[np.bool_] = evidence[first] > evidence[second]
    return oriented


def _first_guess(name: str) -> float:
    """Returns log-odds of a protein by the name's endings alone."""
    if PROTEIN_WORDS.search(name):
        return float(logit(0.9))
    return float(logit(0.1)) if CHEMICAL_WORDS.search(name) else 0.0

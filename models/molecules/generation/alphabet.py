"""Molecules as rows of numbers: tokens of SMILES or SELFIES.

Every row of SELFIES is a molecule (Krenn et al. 2020, doi 10.1088/2632-2153/aba947). Models of
SMILES come nearer to the molecules that they learn from, for they may leave out what is none
(Skinnider 2024, doi 10.1038/s42256-024-00821-x).
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import selfies
from numpy.typing import NDArray
from rdkit import Chem, rdBase

Codes = NDArray[np.uint8]
Language = Literal["smiles", "selfies"]
END = 0
"""Ends a row and pads it."""

MOST_TOKENS = 250
_SMILES = re.compile(r"\[[^\]]*\]|Br|Cl|%\d\d|.")


@dataclass(frozen=True)
class Alphabet:
    """The tokens that a generator writes with.

    Attributes:
        tokens: In the order of their numbers, which begin at 1.
        language: What they spell.
    """

    tokens: tuple[str, ...]
    language: Language = "selfies"

    @classmethod
    def of(cls, texts: Iterable[str], least: int = 1, language: Language = "selfies") -> "Alphabet":
        """Collects the tokens of texts that occur at least so often."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(_split(text, language))
        known = [token for token, count in counts.most_common(MOST_TOKENS) if count >= least]
        return cls(tuple(known), language)

    @property
    def start(self) -> int:
        """The number that stands before a row."""
        return len(self.tokens) + 1

    @property
    def size(self) -> int:
        """How many numbers there are, with the end and the start."""
        return len(self.tokens) + 2

    def encode(self, text: str) -> Codes | None:
        """Returns the numbers of a text with the end; None where a token is unknown."""
        try:
            numbers = [self._numbers[token] for token in _split(text, self.language)]
        except KeyError:
            return None
        return np.array([*numbers, END], np.uint8)

    def decode(self, codes: Sequence[int] | Codes) -> str:
        """Returns the SMILES of a row up to its end; empty where it is no molecule."""
        tokens = []
        for code in codes:
            if code == END:
                break
            tokens.append(self.tokens[int(code) - 1])
        text = "".join(tokens)
        if self.language == "selfies":
            return str(selfies.decoder(text))
        with rdBase.BlockLogs():
            return "" if Chem.MolFromSmiles(text) is None else text

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {token: number for number, token in enumerate(self.tokens, start=1)}


def spelled(smiles: str, language: Language) -> str | None:
    """Returns a molecule in a language; None where it cannot be said."""
    if language == "smiles":
        return smiles
    try:
        return str(selfies.encoder(smiles))
    except selfies.EncoderError:
        return None


def _split(text: str, language: Language) -> Iterable[str]:
    return _SMILES.findall(text) if language == "smiles" else selfies.split_selfies(text)

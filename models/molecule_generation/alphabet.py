"""Molecules as rows of numbers: SELFIES tokens, of which every row is a molecule.

SELFIES: Krenn et al. 2020, doi 10.1088/2632-2153/aba947.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import selfies
from numpy.typing import NDArray

Codes = NDArray[np.uint8]
END = 0
"""Ends a row and pads it."""

MOST_TOKENS = 250


@dataclass(frozen=True)
class Alphabet:
    """The tokens that a generator writes with.

    Attributes:
        tokens: In the order of their numbers, which begin at 1.
    """

    tokens: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str], least: int = 1) -> "Alphabet":
        """Collects the tokens of SELFIES that occur at least so often."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(selfies.split_selfies(text))
        known = [token for token, count in counts.most_common(MOST_TOKENS) if count >= least]
        return cls(tuple(known))

    @property
    def start(self) -> int:
        """The number that stands before a row."""
        return len(self.tokens) + 1

    @property
    def size(self) -> int:
        """How many numbers there are, with the end and the start."""
        return len(self.tokens) + 2

    def encode(self, text: str) -> Codes | None:
        """Returns the numbers of a SELFIES with the end; None where a token is unknown."""
        try:
            numbers = [self._numbers[token] for token in selfies.split_selfies(text)]
        except KeyError:
            return None
        return np.array([*numbers, END], np.uint8)

    def decode(self, codes: Sequence[int] | Codes) -> str:
        """Returns the SMILES of a row up to its end."""
        tokens = []
        for code in codes:
            if code == END:
                break
            tokens.append(self.tokens[int(code) - 1])
        return str(selfies.decoder("".join(tokens)))

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {token: number for number, token in enumerate(self.tokens, start=1)}


def to_selfies(smiles: str) -> str | None:
    """Returns a molecule as SELFIES; None where they cannot say it."""
    try:
        return str(selfies.encoder(smiles))
    except selfies.EncoderError:
        return None

"""An objective: terms, their weights, and how they are brought together."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rdkit import Chem

from models.molecules.design.terms import Term

Mean = Literal["geometric", "arithmetic"]
TOGETHER = 8
"""Molecules: what takes seconds for one can still be ended soon."""


@dataclass(frozen=True)
class Score:
    """What an objective says of a molecule.

    Attributes:
        total: Higher is better.
        values: Of each term, in its own unit.
        wanted: How much each value is wanted, 0-1.
    """

    total: float
    values: tuple[float, ...]
    wanted: tuple[float, ...]


@dataclass(frozen=True)
class Objective:
    """What is wanted of a molecule.

    A geometric mean is 0 where one term is; an arithmetic one lets one make up for another.

    Attributes:
        terms: At least one.
        weights: One per term, above 0.
        mean: How the terms are brought together.
    """

    terms: Sequence[Term]
    weights: Sequence[float]
    mean: Mean = "geometric"

    @classmethod
    def of(cls, *terms: Term, mean: Mean = "geometric") -> "Objective":
        """Makes an objective of terms of equal weight."""
        return cls(terms, [1.0] * len(terms), mean)

    def meets(self, score: Score) -> bool:
        """Tells whether a molecule is within all bounds; of what is only preferred, nothing."""
        return not self.missed(score)

    def missed(self, score: Score) -> list[Term]:
        """Returns the terms whose bounds a molecule is not within."""
        pairs = zip(self.terms, score.values, strict=True)
        return [term for term, value in pairs if term.bounded and not term.wanted.holds(value)]

    def __call__(self, molecule: Chem.Mol) -> Score:
        """Judges a molecule."""
        values = tuple(term.value(molecule) for term in self.terms)
        wanted = tuple(term.wanted(value) for term, value in zip(self.terms, values, strict=True))
        if len(wanted) == 1:
            return Score(wanted[0], values, wanted)
        whole = sum(self.weights)
        pairs = zip(self.weights, wanted, strict=True)
        if self.mean == "arithmetic":
            return Score(sum(w * score for w, score in pairs) / whole, values, wanted)
        if min(wanted) <= 0:
            return Score(0.0, values, wanted)
        log = sum(w * math.log(score) for w, score in pairs) / whole
        return Score(math.exp(log), values, wanted)

    def judge(
        self, molecules: Mapping[str, Chem.Mol], is_over: Callable[[], bool] = lambda: False
    ) -> Iterator[tuple[str, Score]]:
        """Judges molecules, a few at a time: some terms are computed faster together.

        Args:
            molecules: By name.
            is_over: Asked before each few; ends it.
        """
        items = list(molecules.items())
        for start in range(0, len(items), TOGETHER):
            if is_over():
                return
            few = items[start : start + TOGETHER]
            for term in self.terms:
                if term.prepare:
                    term.prepare([molecule for _, molecule in few])
            yield from ((name, self(molecule)) for name, molecule in few)

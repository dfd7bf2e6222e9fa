"""A genetic search over molecular graphs."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from rdkit import Chem

from models.fitting.effort import Effort
from models.molecules.design.objective import Objective, Score
from models.molecules.design.search.crossover import cross
from models.molecules.design.search.mutation import mutate
from models.molecules.design.search.surrogate import Surrogate

POPULATION = 1000
BROOD = 40
"""Molecules judged at a time."""

CANDIDATES = 5
"""Made for each that is judged; the surrogate chooses."""

UNSCREENED = 0.25
"""Share of a brood that is taken whatever the surrogate says."""

CROSSED = 0.6
"""Share of the candidates that have two parents."""

STEEPNESS = 3.0
"""Parents come from the best 10^-u of the population, u drawn evenly from 0 to this."""

FRUITLESS = 50
"""Broods without one new molecule after which the search ends."""

Allowed = Callable[[Chem.Mol], bool]


@dataclass(frozen=True)
class Judged:
    """A molecule that was judged.

    Attributes:
        smiles: Canonical.
        score: What the objective said.
        parents: SMILES it was made from; none for a starting molecule.
        evaluation: When it was judged, counted from 1.
    """

    smiles: str
    score: Score
    parents: tuple[str, ...]
    evaluation: int


@dataclass
class Search:
    """A genetic search, and all that it has judged.

    Parents are drawn by rank with a strong lean to the best (Tripp and Hernández-Lobato 2023,
    arXiv:2310.09267), crossed and mutated as graphs (Jensen 2019), and of the candidates those are
    judged that a ridge regression on substructures, learnt along the way, thinks best of.

    Attributes:
        objective: What is wanted.
        evaluations: Molecules to judge at most.
        effort: Seed, deadline and progress.
        allowed: Molecules that it refuses are never judged.
        enough: Looks at all that was judged, after each brood, and may end the search.
        judged: Everything judged so far, in that order.
    """

    objective: Objective
    evaluations: int
    effort: Effort
    allowed: Allowed = lambda molecule: True
    enough: Callable[[Sequence[Judged]], bool] = lambda judged: False
    judged: list[Judged] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.effort.seed)  # noqa: S311  # no secret hangs on it
        self._known: set[str] = set()
        self._population: list[tuple[float, str, Chem.Mol]] = []
        self._surrogate = Surrogate()

    def run(self, start: Iterable[Chem.Mol]) -> list[Judged]:
        """Judges starting molecules, then their descendants; returns all judged, best first."""
        self._judge([(molecule, ()) for molecule in start])
        fruitless = 0
        while self._population and fruitless < FRUITLESS and not self._is_over():
            before = len(self.judged)
            self._judge(self._brood())
            if self.enough(self.judged):
                break
            fruitless = fruitless + 1 if len(self.judged) == before else 0
        return sorted(self.judged, key=lambda one: (-one.score.total, one.evaluation))

    def _is_over(self) -> bool:
        """Tells how far the search is, which may cancel it, and whether it ends."""
        best = max((total for total, *_ in self._population), default=0.0)
        share = len(self.judged) / self.evaluations
        self.effort.progress(share, f"{len(self.judged)} judged, best {best:.3f}")
        return len(self.judged) >= self.evaluations or self.effort.spent()

    def _brood(self) -> list[tuple[Chem.Mol, tuple[str, ...]]]:
        screened = self._surrogate.guess([]) is not None
        wanted = BROOD * (CANDIDATES if screened else 1)
        made: dict[str, tuple[Chem.Mol, tuple[str, ...]]] = {}
        for _ in range(2 * wanted):
            if len(made) >= wanted:
                break
            child, parents = self._child()
            if child is None:
                continue
            smiles = Chem.MolToSmiles(child)
            if smiles not in self._known and "." not in smiles and self.allowed(child):
                made.setdefault(smiles, (child, parents))
        brood = list(made.values())
        guessed = self._surrogate.guess([child for child, _ in brood]) if brood else None
        if guessed is None:
            return brood[:BROOD]
        order = [brood[index] for index in np.argsort(-guessed, kind="stable")]
        chosen = round(BROOD * (1 - UNSCREENED))
        rest = order[chosen:]
        return order[:chosen] + self._chance.sample(rest, min(len(rest), BROOD - chosen))

    def _child(self) -> tuple[Chem.Mol | None, tuple[str, ...]]:
        first = self._parent()
        if self._chance.random() < CROSSED:
            second = self._parent()
            child = cross(first[1], second[1], self._chance)
            if child is not None and self._chance.random() < 0.3:
                child = mutate(child, self._chance)
            return child, (first[0], second[0])
        child = mutate(first[1], self._chance)
        if child is not None and self._chance.random() < 0.3:
            child = mutate(child, self._chance)
        return child, (first[0],)

    def _parent(self) -> tuple[str, Chem.Mol]:
        share = 10 ** -self._chance.uniform(0, STEEPNESS)
        rank = int(self._chance.random() * max(1, share * len(self._population)))
        _, smiles, molecule = self._population[rank]
        return smiles, molecule

    def _judge(self, candidates: Sequence[tuple[Chem.Mol, tuple[str, ...]]]) -> None:
        left = self.evaluations - len(self.judged)
        new: dict[str, tuple[Chem.Mol, tuple[str, ...]]] = {}
        for molecule, parents in candidates:
            smiles = Chem.MolToSmiles(molecule)
            if smiles not in self._known and len(new) < left:
                new.setdefault(smiles, (molecule, parents))
        learnt: list[tuple[Chem.Mol, float]] = []
        molecules = {smiles: molecule for smiles, (molecule, _) in new.items()}
        for smiles, score in self.objective.judge(molecules, self._is_over):
            molecule, parents = new[smiles]
            self._known.add(smiles)
            self.judged.append(Judged(smiles, score, parents, len(self.judged) + 1))
            self._population.append((score.total, smiles, molecule))
            learnt.append((molecule, score.total))
        if learnt:
            self._surrogate.learn([one for one, _ in learnt], [total for _, total in learnt])
        self._population.sort(key=lambda one: (-one[0], one[1]))
        del self._population[POPULATION:]

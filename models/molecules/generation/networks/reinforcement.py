"""A search that teaches a generator to write what is wanted (policy gradient on a prior)."""

import copy
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

import torch
from rdkit import Chem
from torch import Tensor
from torch.nn import functional

from models.errors import ToolError
from models.fitting.effort import Effort
from models.molecules.design.objective import Objective, Score
from models.molecules.design.search.genetic import Allowed, Judged
from models.molecules.generation.alphabet import Codes, spelled
from models.molecules.generation.fitted import FittedMoleculeGenerator
from models.molecules.generation.networks.batches import padded
from models.molecules.generation.networks.recurrent import Recurrent

BATCH = 64
RATE = 5e-4
PULL = 500.0
"""By how much a score of 1 raises the likelihood that is aimed at, in nats (sigma)."""

REMEMBERED, REPLAYED = 100, 24
ROUNDS = 2
"""Times that remembered molecules are learnt after each batch, each time written anew."""

FRUITLESS = 40
"""Batches without one new molecule after which the search ends."""


@dataclass
class Reinforcement:
    """A policy-gradient search over what a generator writes, and all that it has judged.

    The agent is pulled to the prior's likelihood plus the score (REINVENT; Olivecrona et al. 2017,
    doi 10.1186/s13321-017-0235-x), and learns the best molecules so far again in other words
    (Augmented Memory; Guo and Schwaller 2024, doi 10.1021/jacsau.4c00066).

    Attributes:
        objective: What is wanted.
        evaluations: Molecules to judge at most.
        effort: Seed, deadline and progress.
        generator: The prior, of architecture rnn.
        allowed: Written molecules that it refuses score nothing.
        judged: Everything judged so far, in that order.
    """

    objective: Objective
    evaluations: int
    effort: Effort
    generator: FittedMoleculeGenerator
    allowed: Allowed = lambda molecule: True
    judged: list[Judged] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not isinstance(self.generator.network, Recurrent):
            message = f"A {self.generator.architecture} cannot be taught so: an rnn can."
            raise ToolError(message)
        self._prior = self.generator.network
        self._agent = copy.deepcopy(self._prior)
        self._optimizer = torch.optim.Adam(self._agent.parameters(), RATE)
        self._random = torch.Generator().manual_seed(self.effort.seed)
        self._chance = random.Random(self.effort.seed)  # noqa: S311  # no secret hangs on it
        self._known: dict[str, Score] = {}

    def run(self, start: Iterable[Chem.Mol]) -> list[Judged]:
        """Judges starting molecules, then what the agent writes; returns all judged, best first."""
        self._judge({Chem.MolToSmiles(molecule): molecule for molecule in start})
        fruitless = 0
        while fruitless < FRUITLESS and not self._is_over():
            before = len(self.judged)
            self._step()
            fruitless = fruitless + 1 if len(self.judged) == before else 0
        return sorted(self.judged, key=lambda one: (-one.score.total, one.evaluation))

    def _is_over(self) -> bool:
        """Tells how far the search is, which may cancel it, and whether it ends."""
        best = max((one.score.total for one in self.judged), default=0.0)
        share = len(self.judged) / self.evaluations
        self.effort.progress(share, f"{len(self.judged)} judged, best {best:.3f}")
        return len(self.judged) >= self.evaluations or self.effort.spent()

    def _step(self) -> None:
        rows = self._agent.draw(BATCH, self.generator.longest, self._random)
        texts = [self.generator.alphabet.decode(row) for row in rows.numpy()]
        scores = self._totals(texts)
        drawn: dict[str, tuple[Codes, float]] = {}
        for row, score in zip(rows, scores, strict=True):
            numbers = row.tolist()
            end = numbers.index(0) + 1 if 0 in numbers else len(numbers)
            code = row[:end].numpy().astype("uint8")
            drawn[code.tobytes().hex()] = (code, score)
        self._learn(list(drawn.values()))
        best = sorted(self.judged, key=lambda one: -one.score.total)[:REMEMBERED]
        for _ in range(ROUNDS if best else 0):
            replayed = self._chance.sample(best, min(REPLAYED, len(best)))
            again = [(self._rewritten(one.smiles), one.score.total) for one in replayed]
            self._learn([(code, score) for code, score in again if code is not None])

    def _totals(self, texts: list[str]) -> list[float]:
        """Returns how good what was written is: 0 for what is no molecule, or not allowed."""
        written = [Chem.MolFromSmiles(text) if text else None for text in texts]
        named = ["" if one is None else Chem.MolToSmiles(one) for one in written]
        new = {
            name: one
            for name, one in zip(named, written, strict=True)
            if one is not None and name not in self._known and "." not in name
            and self.allowed(one)
        }  # fmt: skip
        self._judge(new)
        scores = [self._known.get(name) for name in named]
        return [score.total if score else 0.0 for score in scores]

    def _judge(self, molecules: dict[str, Chem.Mol]) -> None:
        new = islice(molecules.items(), self.evaluations - len(self.judged))
        for smiles, score in self.objective.judge(dict(new), self._is_over):
            self._known[smiles] = score
            self.judged.append(Judged(smiles, score, (), len(self.judged) + 1))

    def _rewritten(self, smiles: str) -> Codes | None:
        """Writes a molecule beginning at another atom."""
        seed = self._chance.randrange(2**31)
        molecule = Chem.MolFromSmiles(smiles)
        alphabet = self.generator.alphabet
        other = Chem.MolToRandomSmilesVect(molecule, 1, randomSeed=seed)[0]
        text = spelled(other, alphabet.language)
        return alphabet.encode(text) if text else None

    def _learn(self, rows: list[tuple[Codes, float]]) -> None:
        """Moves the agent's likelihoods towards the prior's plus the score."""
        if not rows:
            return
        read, written = padded([code for code, _ in rows], self.generator.alphabet)
        scores = torch.tensor([score for _, score in rows])
        with torch.no_grad():
            aimed = _likelihood(self._prior, read, written) + PULL * scores
        loss = (aimed - _likelihood(self._agent, read, written)).square().mean()
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._agent.parameters(), 3.0)
        self._optimizer.step()


def _likelihood(network: Recurrent, read: Tensor, written: Tensor) -> Tensor:
    """Returns the logarithm of the likelihood of each row, shape (n,)."""
    scores = network.language(read)[0]
    losses = functional.cross_entropy(
        scores.transpose(1, 2), written, ignore_index=-1, reduction="none"
    )
    return -losses.sum(1)

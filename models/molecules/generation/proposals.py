"""New molecules of a generator that meet constraints: drawn, and where few do, evolved."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from rdkit import Chem

from models.fitting.effort import Effort
from models.molecules.chemistry.distribution import valid
from models.molecules.design.objective import Objective, Score
from models.molecules.design.search.genetic import Search
from models.molecules.design.search.limits import is_harmless, is_plausible
from models.molecules.generation.decoration import decorated, substituents
from models.molecules.generation.fitted import FittedMoleculeGenerator

DRAWN_EACH = 8
"""Molecules that are drawn for each that is wanted."""

FEWEST_DRAWN, MOST_DRAWN = 200, 20_000
EVALUATIONS = 4_000
"""Molecules that may be judged where drawing alone does not do."""

How = Literal["drawn", "decorated", "evolved"]


@dataclass(frozen=True)
class Proposal:
    """A new molecule.

    Attributes:
        smiles: Canonical.
        how: drawn from the generator, decorated from a scaffold, or evolved from such ones.
        score: What the objective says; None without one.
    """

    smiles: str
    how: How
    score: Score | None


@dataclass(frozen=True)
class Proposals:
    """New molecules and how many it took.

    Attributes:
        chosen: What was asked for; fewer where no more could be found.
        written: Rows that the generator wrote.
        raw_validity: The share of them that are molecules.
        drawn: How many molecules were drawn.
        valid: Of these, molecules of one part.
        fit: Of these, different, plausible, harmless and within all bounds.
    """

    chosen: list[Proposal]
    written: int
    raw_validity: float
    drawn: int
    valid: int
    fit: int


def propose(
    generator: FittedMoleculeGenerator,
    count: int,
    objective: Objective | None,
    scaffold: Chem.Mol | None,
    effort: Effort,
) -> Proposals:
    """Makes new molecules that are within all bounds.

    Args:
        generator: Draws them.
        count: How many.
        objective: Bounds to meet, and preferences to rank by; None for whatever comes.
        scaffold: A substructure that each must have; None for any.
        effort: Seed, deadline and progress.
    """
    wanted = min(MOST_DRAWN, max(FEWEST_DRAWN, DRAWN_EACH * count))
    if objective is None and scaffold is None:
        wanted = max(FEWEST_DRAWN, 2 * count)

    def allowed(molecule: Chem.Mol) -> bool:
        fits = scaffold is None or molecule.HasSubstructMatch(scaffold)
        return fits and is_plausible(molecule) and is_harmless(molecule)

    drawn = generator.draw(wanted, effort.part(0, 0.4))
    real = valid(drawn.texts)
    molecules = [Chem.MolFromSmiles(smiles) for smiles in dict.fromkeys(real)]
    how: How = "drawn"
    if scaffold is not None:
        how, chance = "decorated", random.Random(effort.seed)  # noqa: S311  # no secret
        parts = substituents(molecules)
        made = (decorated(scaffold, parts, chance) for _ in range(2 * wanted))
        molecules = [one for one in made if one is not None]
    kept = _unique([one for one in molecules if allowed(one)])
    found = [Proposal(Chem.MolToSmiles(m), how, objective(m) if objective else None) for m in kept]
    fit = [one for one in found if _meets(one, objective)]
    chosen = fit
    if len(fit) < count and objective is not None:
        chosen = fit + _evolved(kept, fit, count, objective, allowed, effort.part(0.4, 1))
    ranked = sorted(chosen, key=lambda one: -one.score.total if one.score else 0.0)
    return Proposals(
        ranked[:count], drawn.rows, drawn.raw_validity, len(drawn.texts), len(real), len(fit)
    )


def _evolved(
    start: Sequence[Chem.Mol],
    fit: Sequence[Proposal],
    count: int,
    objective: Objective,
    allowed: Callable[[Chem.Mol], bool],
    effort: Effort,
) -> list[Proposal]:
    """Searches from what was drawn until enough molecules are within all bounds."""
    known = {one.smiles for one in fit}
    search = Search(objective, EVALUATIONS, effort, allowed,
                    enough=lambda judged: sum(objective.meets(one.score) for one in judged)
                    >= 2 * count)  # fmt: skip
    ranked = search.run(start)
    return [
        Proposal(one.smiles, "evolved", one.score)
        for one in ranked
        if one.smiles not in known and objective.meets(one.score)
    ]


def _unique(molecules: Sequence[Chem.Mol]) -> list[Chem.Mol]:
    return list({Chem.MolToSmiles(one): one for one in molecules}.values())


def _meets(one: Proposal, objective: Objective | None) -> bool:
    return objective is None or (one.score is not None and objective.meets(one.score))

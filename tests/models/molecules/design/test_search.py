"""The genetic search, what it may make, and what is shown of it."""

import numpy as np
import pytest
from rdkit import Chem

from models.fitting.effort import Effort
from models.molecules.design.language import read_objective
from models.molecules.design.objective import Score
from models.molecules.design.search.front import area_under_curve, choose, pareto, running_best
from models.molecules.design.search.genetic import Judged, Search
from models.molecules.design.search.limits import Near, is_harmless, is_plausible
from models.molecules.design.search.start import starting_molecules
from models.molecules.design.search.surrogate import Surrogate

START = [Chem.MolFromSmiles(s) for s in ("CCO", "c1ccccc1CN", "CC(=O)Nc1ccccc1", "C1CCNCC1")]


def judged(*totals: float, wanted: list[tuple[float, ...]] | None = None) -> list[Judged]:
    rows = wanted or [(total,) for total in totals]
    return [
        Judged("C" * (n + 1), Score(sum(row), row, row), (), n + 1) for n, row in enumerate(rows)
    ]


def test_it_finds_what_is_wanted() -> None:
    search = Search(read_objective("rediscover paracetamol"), 1500, Effort(seed=0))
    best = search.run(START)[0]
    assert best.score.total > 0.9
    assert len(search.judged) <= 1500
    assert len({one.smiles for one in search.judged}) == len(search.judged)
    known = {one.smiles for one in search.judged}
    assert all(parent in known for one in search.judged for parent in one.parents)


def test_the_same_seed_gives_the_same_molecules() -> None:
    objective = read_objective("qed, logp 1 to 3")
    runs = [
        [one.smiles for one in Search(objective, 300, Effort(seed)).run(START)]
        for seed in (1, 1, 2)
    ]
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


def test_what_is_not_allowed_is_never_judged() -> None:
    near = Near(START[2:3], 0.3)
    search = Search(read_objective("qed"), 200, Effort(), near)
    search.run(START[2:3])
    assert len(search.judged) > 20
    assert all(near(Chem.MolFromSmiles(one.smiles)) for one in search.judged)


def test_it_ends_when_nothing_new_can_be_made() -> None:
    search = Search(read_objective("qed"), 10_000, Effort(), lambda molecule: False)
    assert len(search.run(START)) == len(START)


def test_cancel_and_time_end_it() -> None:
    search = Search(read_objective("qed"), 10_000, Effort.within(0, 0.5))
    search.run(START)
    assert 0 < len(search.judged) < 10_000


@pytest.mark.parametrize(
    ("smiles", "plausible"),
    [("CC(=O)Oc1ccccc1C(=O)O", True), ("COOC", False), ("CN(C)Cl", False), ("C=C=C", False),
     ("C" * 80, False), ("OC(O)C", False), ("CC(=O)C(=O)C(C)=O", False),
     ("CCNCOC", False), ("CN(C)CNC(C)=O", True), ("c1ccccc1NOC", False), ("CCC=NOC", True),
     ("CNC#CC", False), ("OCOCC", False), ("OC1CCCCO1", False)],
)  # fmt: skip
def test_plainly_unstable_molecules_are_left_out(smiles: str, plausible: bool) -> None:
    assert is_plausible(Chem.MolFromSmiles(smiles)) == plausible


def test_starting_molecules_are_fit_and_harmless() -> None:
    start = starting_molecules([], 300, 0)
    assert len(start) == 300
    assert all(is_harmless(molecule) for molecule in start)
    origin = START[1]
    assert starting_molecules([origin], 300, 0)[0] is origin


def test_a_surrogate_learns_a_linear_score() -> None:
    drugs = starting_molecules([], 300, 0)
    truth = [float(sum(atom.GetSymbol() == "N" for atom in drug.GetAtoms())) for drug in drugs]
    surrogate = Surrogate()
    assert surrogate.guess(drugs) is None
    surrogate.learn(drugs[:250], truth[:250])
    guessed = surrogate.guess(drugs[250:])
    assert guessed is not None
    assert np.corrcoef(guessed, truth[250:])[0, 1] > 0.8


def test_front_and_choice() -> None:
    all_of_them = judged(wanted=[(0.9, 0.1), (0.5, 0.5), (0.4, 0.4), (0.1, 0.9), (0.5, 0.5)])
    assert {one.score.wanted for one in pareto(all_of_them)} == {(0.9, 0.1), (0.5, 0.5), (0.1, 0.9)}
    assert [one.evaluation for one in choose(judged(3, 2, 1), 2)] == [1, 2]
    alike = [
        Judged(smiles, Score(total, (total,), (total,)), (), n)
        for n, (smiles, total) in enumerate([("c1ccccc1CCCCCCC", 3.0), ("c1ccccc1CCCCCCCC", 2.9),
                                             ("C1CCNCC1", 1.0)])
    ]  # fmt: skip
    assert [one.smiles for one in choose(alike, 2)] == ["c1ccccc1CCCCCCC", "C1CCNCC1"]
    assert len(choose(alike, 3)) == 3


def test_area_under_the_curve_by_hand() -> None:
    assert running_best(judged(1, 3, 2), top=2) == [1, 2, 2.5]
    flat = judged(*[0.5] * 200)
    # rises from 0 to .5 over the first hundred, then stays
    assert area_under_curve(flat, 400) == pytest.approx((25 + 50 + 50 + 50) / 400)

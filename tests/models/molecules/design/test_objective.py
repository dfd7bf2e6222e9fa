"""Objectives: their language, and scores with a known value."""

import math

import pytest
from rdkit import Chem

from models.errors import ToolError
from models.molecules.chemistry.properties import log_solubility
from models.molecules.design.desirability import Between, Desirability, Rising
from models.molecules.design.language import read_objective
from models.molecules.design.objective import Objective
from models.molecules.design.quantities import QUANTITIES, penalized_logp
from models.molecules.design.terms import formula_term, pattern_term, similarity_term

ASPIRIN = Chem.MolFromSmiles("CC(=O)Oc1ccccc1C(=O)O")


@pytest.mark.parametrize(
    ("curve", "value", "wanted"),
    [
        (Desirability("near", 3, 0.5), 3.5, math.exp(-0.5)),
        (Desirability("at_least", 90, 10), 95, 1),
        (Desirability("at_least", 90, 10), 80, math.exp(-0.5)),
        (Desirability("at_most", 4, 1), 5, math.exp(-0.5)),
        (Desirability("up_to", 0.75), 0.6, 0.8),
        (Desirability("up_to", 0.75), 0.9, 1),
        (Between(1, 3, 1), 2, 1),
        (Between(1, 3, 1), 4, math.exp(-0.5)),
        (Rising(2.5, 1.0), 2.5, 0.5),
        (Rising(2.5, 1.0, -1), 1.5, 0.841345),
    ],
)
def test_curves(curve: Desirability, value: float, wanted: float) -> None:
    assert curve(value) == pytest.approx(wanted)


def test_means() -> None:
    half = pattern_term("[#6]")
    quarter = similarity_term("CC(=O)Oc1ccccc1C(=O)O", curve=Desirability("scaled", 0.25))
    assert Objective.of(half, quarter)(ASPIRIN).total == pytest.approx(0.5)
    assert Objective.of(half, quarter, mean="arithmetic")(ASPIRIN).total == pytest.approx(0.625)
    weighted = Objective([half, quarter], [1.0, 3.0])
    assert weighted(ASPIRIN).total == pytest.approx(0.25**0.75)
    assert Objective.of(half, pattern_term("[#26]"))(ASPIRIN).total == 0


def test_a_formula_is_met_by_its_isomers_only() -> None:
    term = formula_term("C9H8O4", {"C": 9, "H": 8, "O": 4})
    assert term.value(ASPIRIN) == pytest.approx(1)
    one_oxygen_less = Chem.MolFromSmiles("CC(=O)c1ccccc1C(=O)O")
    assert term.value(one_oxygen_less) == pytest.approx(
        (math.exp(-0.5) * math.exp(-0.5 / 4)) ** 0.25
    )


def test_published_quantities() -> None:
    # Delaney 2004's equation by hand, with RDKit's logP, weight, bonds and atoms of benzene
    benzene = Chem.MolFromSmiles("c1ccccc1")
    assert log_solubility(benzene) == pytest.approx(
        0.16 - 0.63 * 1.6866 - 0.0062 * 78.114 - 0.74, abs=1e-3
    )
    big, small = (Chem.MolFromSmiles(s) for s in ("CC1CCCCCCCCC1", "CC1CCCCC1"))
    assert penalized_logp(big) < penalized_logp(small)
    assert all(math.isfinite(quantity.compute(ASPIRIN)) for quantity in QUANTITIES)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("qed", ["qed"]),
        ("lead-like", ["weight", "logp", "rotatable_bonds"]),
        ("keep the quinazoline core, retaining an amide", ["has quinazoline", "has amide"]),
        ("soluble and easy to make", ["log_solubility", "synthetic_accessibility"]),
        ("logp between 1 and 3, tpsa < 90", ["logp", "tpsa"]),
        ("similar to aspirin; no alerts", ["similarity to aspirin", "alerts"]),
        ("2 * qed, without nitro groups", ["qed", "has no nitro"]),
        ("similarity to aspirin between 0.3 and 0.6, qed", ["similarity to aspirin", "qed"]),
        ("rediscover celecoxib", ["similarity to celecoxib"]),
        ("different from morphine but drug-like", ["similarity to morphine", "qed"]),
        ("contains a sulfonamide, low weight", ["has sulfonamide", "weight"]),
        ("formula C7H8N2O2", ["formula C7H8N2O2"]),
        ("with C(=O)N, hbd at most 2", ["has C(=O)N", "hydrogen_bond_donors"]),
    ],
)
def test_words_become_terms(text: str, names: list[str]) -> None:
    assert [term.name for term in read_objective(text).terms] == names


def test_bounds_and_directions() -> None:
    (term,) = read_objective("logp 1 to 3").terms
    assert (term.wanted(2), term.wanted(5) < 0.1) == (1, True)
    (term,) = read_objective("logp at least 2").terms
    assert (term.wanted(9), term.wanted(0) < 0.1) == (1, True)
    for text in ("similarity to aspirin between 0.3 and 0.6", "similar to aspirin (0.3 to 0.6)"):
        (term,) = read_objective(text).terms
        assert (term.wanted(0.5), term.wanted(1) < 0.1, term.wanted(0) < 0.1) == (1, True, True)
        assert term.value(ASPIRIN) == 1
    high, low = (read_objective(f"{word} logp").terms[0] for word in ("high", "low"))
    assert high.wanted(3) > high.wanted(2)
    assert low.wanted(3) < low.wanted(2)
    assert read_objective("3 * qed, logp < 3").weights == [3, 1]


def test_every_part_that_is_not_understood_is_named() -> None:
    with pytest.raises(ToolError) as raised:
        read_objective("qedd, similar to asprin, logp < 3, with unobtainium")
    got = [(fault.got, fault.suggestion) for fault in raised.value.faults]
    assert [suggestion for _, suggestion in got[:2]] == ["qed", "aspirin"]
    assert len(got) == 3
    for empty in ("", " , ; "):
        with pytest.raises(ToolError):
            read_objective(empty)


@pytest.mark.parametrize(
    ("text", "met", "missed"),
    [
        ("keep logp", "CC(=O)Oc1ccccc1C(=O)O", "CCCCCCCCCCCC"),
        ("keep the weight the same", "CC(=O)Oc1ccccc1C(=O)O", "CCO"),
        ("higher logp by 1", "CC(C)Cc1ccc(cc1)C(C)C(=O)O", "CC(=O)Oc1ccccc1C(=O)O"),
        ("reduce the weight by 50%", "CCO", "CC(=O)Oc1ccccc1C(=O)O"),
        ("higher solubility by 20%", "CCO", "CC(=O)Oc1ccccc1C(=O)O"),
    ],
)
def test_some_bounds_are_relative_to_the_start(text: str, met: str, missed: str) -> None:
    objective = read_objective(text, origins=[ASPIRIN])
    assert objective.meets(objective(Chem.MolFromSmiles(met)))
    assert not objective.meets(objective(Chem.MolFromSmiles(missed)))
    with pytest.raises(ToolError, match="to start from"):
        read_objective(text)


def test_near_means_within_a_stated_tolerance() -> None:
    objective = read_objective("weight near 180")
    assert str(objective.terms[0]) == "weight near 180 (within 15)"
    assert objective.meets(objective(ASPIRIN))
    far = read_objective("weight near 350, hbd at most 0, qed")
    assert [str(term) for term in far.missed(far(ASPIRIN))] == [
        "weight near 350 (within 15)", "hydrogen bond donors at most 0",
    ]  # fmt: skip
    exact = read_objective("rings = 1, hbd 2")
    assert [term.name for term in exact.missed(exact(ASPIRIN))] == ["hydrogen_bond_donors"]


@pytest.mark.parametrize(
    ("text", "possible", "meant"),
    [
        ("qed over 70", "qed is 0 to 1", "qed at least 0.7"),
        ("qed between 60 and 80", "qed is 0 to 1", "qed 0.6 to 0.8"),
        ("qed above 1.5", "qed is 0 to 1", None),
        ("tpsa below -5", "tpsa is at least 0", None),
        ("sa < 0.5", "synthetic accessibility is 1 to 10", None),
        ("hbd -1", "hydrogen bond donors is at least 0", None),
        ("similar to aspirin above 60", "similarity is 0 to 1", "similarity at least 0.6"),
        ("similarity to aspirin between 1.2 and 1.6", "similarity is 0 to 1", None),
    ],
)
def test_a_bound_that_nothing_can_meet_is_refused_with_the_possible_range(
    text: str, possible: str, meant: str | None
) -> None:
    with pytest.raises(ToolError, match="cannot be met") as raised:
        read_objective(f"logp 1 to 3, {text}")
    (fault,) = raised.value.faults
    assert (fault.got, fault.suggestion) == (repr(text), meant)
    assert fault.expected.endswith(possible)


@pytest.mark.parametrize("text", ["logp above 5, logp below 2", "tpsa near 75, tpsa 90 to 120"])
def test_bounds_that_exclude_each_other_are_refused(text: str) -> None:
    with pytest.raises(ToolError, match="go together"):
        read_objective(text)
    assert len(read_objective("logp above 1, logp below 3, qed").terms) == 3


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("qed over 70%", "qed at least 0.7"),
        ("fsp3 at most 50 percent", "fsp3 at most 0.5"),
        ("similar to aspirin above 60%", "similarity to aspirin at least 0.6"),
        ("tpsa above -5", "tpsa at least -5"),
        ("log p above -1", "logp at least -1"),
    ],
)
def test_bounds_that_can_be_met_are_taken(text: str, bound: str) -> None:
    assert [str(term) for term in read_objective(text).terms] == [bound]

import gzip
from pathlib import Path

import pytest
from rdkit import Chem
from rdkit.Chem.rdMolDescriptors import CalcMolFormula

from models.errors import ToolError
from models.molecules.chemistry.hazards import (
    Hazard,
    classify_structure,
    dangerous_structure,
    hazardous_compounds,
    refuse_hazards,
)
from models.molecules.chemistry.names import compounds


def test_structures_have_the_formulas_that_were_written_independently() -> None:
    table = hazardous_compounds()
    wrong = [
        (one.name, one.formula)
        for one in table
        if CalcMolFormula(Chem.MolFromSmiles(one.smiles)) != one.formula
    ]
    assert wrong == []
    assert len({one.name for one in table}) == len(table) >= 120


@pytest.mark.parametrize(
    ("smiles", "kind"),
    [
        ("CCC(C)OP(C)(=O)F", "weapon"),
        ("CCOP(=O)(F)N=C(C)N(CC)CC", "weapon"),
        ("CCCOP(C)(=O)SCCN(CC)CC", "weapon"),
        ("CCOP(=O)(OCC)Oc1ccc(Cl)cc1Cl", "pesticide"),
        ("O=[N+]([O-])c1cc([N+](=O)[O-])c(C)c([N+](=O)[O-])c1O", "explosive"),
        ("CCC(=O)N(c1ccc(F)cc1)C1CCN(CCc2ccccc2)CC1", "synthetic opioid"),
        ("CCN(CC)CCn1c(Cc2ccc(OCCC)cc2)nc2cc([N+](=O)[O-])ccc12", "synthetic opioid"),
        ("CC(=O)Oc1ccc2C[C@H]3N(C)CC[C@@]45[C@@H](Oc1c24)C(=O)CC[C@@H]35", "controlled"),
        ("CCNC(C)Cc1ccc(F)cc1", "controlled"),
        ("COc1cc(CCNCc2ccccc2OC)c(OC)cc1Br", "controlled"),
        ("CCNC(C)C(=O)c1ccc2OCOc2c1", "controlled"),
        ("CCOC(=O)C1C(OC(=O)c2ccccc2)CC2CCC1N2C", "controlled"),
        ("CCN(CC)C(=O)C1CN(CC=C)C2Cc3c[nH]c4cccc(C2=C1)c34", "controlled"),
        ("CCN(C)CCc1c[nH]c2cccc(OC(C)=O)c12", "controlled"),
        ("CCNC1(CCCCC1=O)c1ccccc1F", "controlled"),
        ("COC(=O)C(NC(=O)c1nn(CCCC=C)c2ccccc12)C(C)(C)C", "controlled"),
    ],
)
def test_relatives_of_listed_compounds_are_of_their_class(smiles: str, kind: str) -> None:
    found = classify_structure(smiles)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "[NH3+]C(C)Cc1ccccc1",
        "CC(N)Cc1ccccc1.OS(=O)(=O)O",
        "[2H]C([2H])([2H])C(N)Cc1ccccc1",
        "C[C@H](N)Cc1ccccc1",
        "InChI=1S/C9H13N/c1-8(10)7-9-5-3-2-4-6-9/h2-6,8H,7,10H2,1H3",
    ],
)
def test_salts_charges_isotopes_and_inchi_hide_nothing(text: str) -> None:
    assert str(dangerous_structure(f"it is {text}, thanks")).startswith("amphetamine")


@pytest.mark.parametrize(
    "smiles",
    [
        "C1CNP(=O)(OC1)N(CCCl)CCCl",
        "NC(Cc1ccc(cc1)N(CCCl)CCCl)C(=O)O",
        "CCOC(=O)CC(C(=O)OCC)SP(=S)(OC)OC",
        "CCCCN1CCCCC1C(=O)Nc1c(C)cccc1C",
        "CCOP(=O)(OCC)OCC",
        "CC(NC(C)(C)C)C(=O)c1cccc(Cl)c1",
        "CCNC(C)Cc1cccc(C(F)(F)F)c1",
        "CNS(=O)(=O)Cc1ccc2[nH]cc(CCN(C)C)c2c1",
        "C=CCN1CCC23C4C(=O)CCC2(O)C1Cc1ccc(O)c(O4)c13",
        "CN1C2CCC1CC(OC(=O)C(CO)c1ccccc1)C2",
        "not a molecule",
    ],
)
def test_medicines_and_solvents_are_of_no_class(smiles: str) -> None:
    assert classify_structure(smiles) is None


def test_of_the_known_medicines_only_listed_ones_are_screened_out() -> None:
    found = {one.name for one in compounds() if classify_structure(one.smiles)}
    assert found == {"codeine", "ketamine", "methadone", "methylphenidate", "morphine",
                     "nitroglycerin", "oxycodone"}  # fmt: skip


@pytest.mark.shared_data
def test_compounds_for_sale_are_hardly_ever_screened_out(shared_data: Path) -> None:
    with gzip.open(shared_data / "molecules" / "zinc250k.smi.gz", "rt") as lines:
        smiles = [line.split()[0] for line, _ in zip(lines, range(3000), strict=False)]
    assert sum(classify_structure(one) is not None for one in smiles) <= 2


def test_refusals_name_the_argument_the_compound_and_why() -> None:
    hazard = Hazard("weapon", "sarin")
    with pytest.raises(ToolError) as caught:
        refuse_hazards("Not made:", [("smiles[1]", "CCO", None), ("smiles[2]", "X", hazard)])
    assert caught.value.kind == "unsafe"
    assert [(f.field, f.got) for f in caught.value.faults] == [("smiles[2]", "X: sarin (weapon)")]

import pytest
from rdkit import Chem

from models.molecules.chemistry.structure import (
    LONGEST_SMILES,
    SmilesError,
    identify,
    in_form,
    parse_smiles,
    shorten,
    standardize,
)


@pytest.mark.parametrize(
    ("smiles", "reason"),
    [
        ("C1CC", "unclosed ring"),
        ("c1cccc1", "kekulize"),
        ("c1cccn1", r"\[nH\]: c1ccc\[nH\]1"),
        ("CC(C)(C)(C)C", "valence for atom # 1 C, 5"),
        ("CN=[N", "position 5"),
        ("hello world", "syntax error"),
        ("", "empty"),
        ("  ?", "empty"),
        ("C" * (LONGEST_SMILES + 1), "longer"),
    ],
)
def test_bad_smiles_are_refused_with_rdkits_reason(
    smiles: str, reason: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SmilesError, match=reason):
        parse_smiles(smiles)
    assert capfd.readouterr().err == ""


def test_inchi_is_read_too() -> None:
    assert Chem.MolToSmiles(parse_smiles("InChI=1S/C2H6O/c1-2-3/h3H,2H2,1H3")) == "CCO"
    with pytest.raises(SmilesError, match="no valid InChI"):
        parse_smiles("InChI=1S/C2H6O/c1-9-3")


@pytest.mark.parametrize("given", [" CCO ", "CCO,", '"CCO"', "CCO ?", "`CCO`.", "'CCO';"])
def test_marks_around_a_smiles_are_forgiven(given: str) -> None:
    assert Chem.MolToSmiles(parse_smiles(given)) == "CCO"


@pytest.mark.parametrize(
    ("salt", "parent"),
    [
        ("[Na+].[O-]C(=O)c1ccccc1", "O=C(O)c1ccccc1"),
        ("Cl.CNC(C)C(O)c1ccccc1", "CNC(C)C(O)c1ccccc1"),
        ("CCC(=O)[O-].CCC(=O)[O-].[Ca+2]", "CCC(=O)O"),
        ("CC(=O)OCC[N+](C)(C)C.[Cl-]", "CC(=O)OCC[N+](C)(C)C"),
        ("[NH3+][C@@H](C)C(=O)[O-]", "C[C@H](N)C(=O)O"),
    ],
)
def test_parent_is_the_neutral_main_part_with_its_stereochemistry(salt: str, parent: str) -> None:
    assert Chem.MolToSmiles(standardize(parse_smiles(salt))) == Chem.CanonSmiles(parent)


@pytest.mark.parametrize(
    ("tautomers", "canonical"),
    [
        (("Oc1ccccn1", "O=c1cccc[nH]1", "[Na+].[O-]c1ccccn1"), "O=c1cccc[nH]1"),
        (("CC(O)=CC(C)=O", "CC(=O)CC(C)=O"), "CC(=O)CC(C)=O"),
        (("Cc1c[nH]cn1", "Cc1cnc[nH]1"), "Cc1c[nH]cn1"),
    ],
)
def test_tautomers_have_one_canonical_form(tautomers: tuple[str, ...], canonical: str) -> None:
    found = {Chem.MolToSmiles(in_form(parse_smiles(one), "tautomer")) for one in tautomers}
    assert found == {canonical}


@pytest.mark.parametrize("smiles", ["CC(=O)N[C@@H](C)C(=O)O", "C/C=C/C(C)=O", "C/C=C\\C(C)=O"])
def test_a_tautomer_keeps_its_stereochemistry(smiles: str) -> None:
    assert Chem.MolToSmiles(in_form(parse_smiles(smiles), "tautomer")) == Chem.CanonSmiles(smiles)


def test_salts_and_charges_are_named() -> None:
    salt = identify(parse_smiles("[Na+].[O-]C(=O)c1ccccc1"))
    assert (salt.fragments, salt.formal_charge, salt.formula) == (2, 0, "C7H5NaO2")
    assert "2 parts" in salt.notes[0]
    ion = identify(parse_smiles("CC(=O)OCC[N+](C)(C)C"))
    assert ion.formal_charge == 1
    assert ion.notes == ["It carries a net charge of +1."]
    acid = identify(parse_smiles("CC(=O)[O-]"))
    assert acid.notes == ["It carries a net charge of -1; its neutral form is CC(=O)O."]
    assert identify(parse_smiles("CCO")).notes == []


def test_inchikey_is_the_published_one() -> None:
    """Aspirin and caffeine, whose keys are widely printed."""
    aspirin, caffeine = (
        identify(parse_smiles(smiles)).inchikey
        for smiles in ("CC(=O)Oc1ccccc1C(=O)O", "Cn1cnc2c1c(=O)n(C)c(=O)n2C")
    )
    assert aspirin == "BSYNRYMUTXBXSQ-UHFFFAOYSA-N"
    assert caffeine == "RYYVLZVUVIJVGH-UHFFFAOYSA-N"


def test_what_inchi_cannot_describe_has_no_key() -> None:
    assert identify(parse_smiles("*CC")).inchikey == ""


def test_long_texts_are_cut_for_people() -> None:
    assert shorten("C" * 100, 10) == "CCCCCCCCC…"
    assert shorten(" CCO ") == "CCO"

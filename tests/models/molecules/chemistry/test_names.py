import csv
import re
from collections import Counter
from pathlib import Path

import pytest
from rdkit import Chem, rdBase
from rdkit.Chem.MolStandardize.rdMolStandardize import LargestFragmentChooser
from rdkit.Chem.rdinchi import MolToInchiKey
from rdkit.Chem.rdMolDescriptors import CalcMolFormula

from models.molecules.chemistry.names import compounds, find_compound, known_names, suggest_name
from models.molecules.chemistry.structure import SmilesError, identify, parse_smiles


def elements(formula: str) -> tuple[Counter[str], str]:
    counts: Counter[str] = Counter()
    for element, number in re.findall(r"([A-Z][a-z]?)(\d*)", formula):
        counts[element] += int(number or 1)
    return counts, formula.lstrip("".join(set(formula) - set("+-")))


def test_structures_have_the_formulas_that_were_written_independently() -> None:
    molecules = {compound: parse_smiles(compound.smiles) for compound in compounds()}
    assert [
        (compound.name, compound.formula, CalcMolFormula(molecule))
        for compound, molecule in molecules.items()
        if elements(CalcMolFormula(molecule)) != elements(compound.formula)
    ] == []
    assert [c.name for c, m in molecules.items() if Chem.MolToSmiles(m) != c.smiles] == []


def test_table_is_large_and_no_name_belongs_to_two_compounds() -> None:
    assert len(compounds()) >= 300
    assert len({name.casefold().replace("-", " ") for name in known_names()}) == len(known_names())
    keys = Counter(identify(parse_smiles(compound.smiles)).inchikey for compound in compounds())
    assert [key for key, times in keys.items() if times > 1] == []


def test_no_name_is_a_smiles() -> None:
    def is_smiles(name: str) -> bool:
        try:
            parse_smiles(name)
        except SmilesError:
            return False
        return True

    assert [name for name in known_names() if is_smiles(name)] == []


@pytest.mark.parametrize(
    "name", ["aspirin", "ASPIRIN", "Acetylsalicylic acid", "acetylsalicylic-acid", " aspirin. "]
)
def test_names_resolve_in_any_case_and_by_synonym(name: str) -> None:
    compound = find_compound(name)
    assert compound is not None
    assert compound.name == "aspirin"


@pytest.mark.parametrize(
    ("typo", "name"),
    [("asprin", "aspirin"), ("ibuprofin", "ibuprofen"), ("paracetmol", "paracetamol")],
)
def test_typos_are_suggested_and_not_guessed(typo: str, name: str) -> None:
    assert find_compound(typo) is None
    assert suggest_name(typo) == name


def test_what_is_like_nothing_gets_no_suggestion() -> None:
    assert suggest_name("xyzzyq") is None


@pytest.mark.shared_data
def test_most_structures_occur_in_public_data(shared_data: Path) -> None:
    """A wrong structure of the right formula would hardly be somebody else's molecule too."""
    texts = [
        line.split("\t")[1]
        for line in (shared_data / "drug_response/drug_smiles_223.txt").read_text().splitlines()
    ]
    for name in ("bbbp", "tox21", "delaney"):
        with (shared_data / f"molecules/{name}.csv").open() as stream:
            texts += [row["smiles"] for row in csv.DictReader(stream)]
    seen = {skeleton for text in texts for skeleton in skeletons(text)}
    absent = [c.name for c in compounds() if not set(skeletons(c.smiles)) & seen]
    assert len(absent) / len(compounds()) < 0.13, absent


def skeletons(text: str) -> list[str]:
    with rdBase.BlockLogs():
        molecule = Chem.MolFromSmiles(text)
    if molecule is None:
        return []
    with rdBase.BlockLogs():
        main = LargestFragmentChooser().choose(molecule)
        return [MolToInchiKey(main)[:14]]


# Standard InChIKeys of drugs, most too new for the public data. They were written from memory, not
# looked up: agreement of a hash shows that structure and memory tell the same molecule.
@pytest.mark.parametrize(
    ("name", "inchikey"),
    [
        ("apixaban", "QNZCBYKSOIHPEH-UHFFFAOYSA-N"),
        ("osimertinib", "DUYJMQONPNNFPI-UHFFFAOYSA-N"),
        ("vemurafenib", "GPXBXXGIAQBQNI-UHFFFAOYSA-N"),
        ("ibrutinib", "XYFPWWZEPKGCCK-GOSISDBHSA-N"),
        ("remdesivir", "RWWYLEGWBNMMLJ-YSOARWBDSA-N"),
        ("nirmatrelvir", "LIENCHBZNNMNKG-OJFNHCPVSA-N"),
        ("sitagliptin", "MFFMDFFZMYYVKS-SECBINFHSA-N"),
        ("dolutegravir", "RHWKPHLQXYSBKR-BMIGLBTASA-N"),
        ("venetoclax", "LQBVNQSMGBZMKD-UHFFFAOYSA-N"),
        ("paclitaxel", "RCINICONZNJXQF-MZXODVADSA-N"),
        ("vinblastine", "JXLYSJRDGCGARV-CFWMRBGOSA-N"),
        ("buprenorphine", "RMRJXGBAOAMLHD-IHFGGWKQSA-N"),
        ("escitalopram", "WSEQXVZVJXJVFP-FQEVSTJZSA-N"),
    ],
)
def test_drugs_have_the_inchikey_they_are_known_by(name: str, inchikey: str) -> None:
    compound = find_compound(name)
    assert compound is not None
    assert identify(parse_smiles(compound.smiles)).inchikey == inchikey

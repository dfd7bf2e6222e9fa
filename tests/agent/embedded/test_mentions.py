from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem

from agent.llm.embedded.mentions import MentionFinder, blank
from models.data.builtin import BUILT_IN

FINDER = MentionFinder(BUILT_IN)
SMILES = (
    "CC(=O)Oc1ccccc1C(=O)O",
    "CN1CCC[C@H]1c1cccnc1",
    "[Na+].[O-]C(=O)c1ccccc1",
    "F/C(Cl)=C\\c1ccccc1",
    "C[N+](C)(C)CCO",
    "c1ccc2[nH]ccc2c1",
    "O=C1C=CC(=O)C=C1",
    "CN(C)CCC(c1ccccc1)c1ccccn1.Cl",
)


def values(text: str, kind: str) -> list[str]:
    return [mention.value for mention in FINDER.find(text) if mention.kind == kind]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("describe data/cohort.csv", "data/cohort.csv"),
        ("columns of ~/trial.xlsx?", "~/trial.xlsx"),
        ("see ./a.arff.", "./a.arff"),
        ("(file: x/y_v3(2).csv)", "x/y_v3(2).csv"),
        ("the file 'my data/cohort 2.csv' please", "my data/cohort 2.csv"),
        (r"load C:\study\t.csv now", r"C:\study\t.csv"),
        ("dataset=out.parquet, seed 3", "out.parquet"),
        ("use /mnt/bids/feat.parquet", "/mnt/bids/feat.parquet"),
        ("look at ~/liver data/biopsies.csv", "~/liver data/biopsies.csv"),
    ],
)
def test_paths(text: str, path: str) -> None:
    assert values(text, "path") == [path]


@pytest.mark.parametrize(
    "text", ["yes/no and and/or", "R2/MAE please", "w/ age", "tPA vs. DNase e.g. this", "3.5 mg/dl"]
)
def test_prose_holds_no_path(text: str) -> None:
    assert values(text, "path") == []


@pytest.mark.parametrize("smiles", SMILES)
@pytest.mark.parametrize(
    "frame", ["profile {}", "is {}, drug-like?", "({})", "smiles={}; thanks", "{}."]
)
def test_smiles_anywhere(smiles: str, frame: str) -> None:
    assert values(frame.format(smiles), "smiles") == [smiles]


def test_atoms_count_only_among_molecules() -> None:
    assert values("Profile CCO, CCN and c1ccccc1O", "smiles") == ["CCO", "CCN", "c1ccccc1O"]
    assert values("CCS class II angina after PCI, CNS effects of NO", "smiles") == []
    assert values("CO poisoning in Iceland", "smiles") == []


@pytest.mark.parametrize(
    ("text", "name"), [("SRV-1?", "srv-1"), ("srv 12", "srv-12"), ("model clf_2,", "clf-2")]
)
def test_models(text: str, name: str) -> None:
    assert values(text, "model") == [name]


def test_words_with_numbers_are_no_models() -> None:
    assert values("covid-19, il-6, glp-1 and cox-2", "model") == []


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("PMID: 9488338.", "9488338"),
        ("read 10.1016/S0140-6736(18)31612-X", "10.1016/S0140-6736(18)31612-X"),
        ("(doi:10.1186/s12916-019-1426-2)", "10.1186/s12916-019-1426-2"),
        ("https://pubmed.ncbi.nlm.nih.gov/23806388/", "23806388"),
        ("document 4983", "4983"),
        ("pmc3084216", "PMC3084216"),
        ("open 18847643", "18847643"),
    ],
)
def test_articles(text: str, article: str) -> None:
    assert values(text, "article") == [article]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("the German breast cancer data", "gbsg2"),
        ("Worcester heart attack study", "whas500"),
        ("veteran lung cancer data", "veterans"),
        ("wisconsin breast cancer", "breast_cancer"),
        ("GSE7390", "gse7390"),
        ("the built-in diabetes table", "diabetes"),
    ],
)
def test_spoken_datasets(text: str, name: str) -> None:
    found = [m for m in FINDER.find(text) if m.kind == "dataset"]
    assert [m.value for m in found] == [name]
    assert all(m.certain for m in found)


def test_a_disease_is_no_certain_dataset() -> None:
    assert not any(
        m.certain for m in FINDER.find("fluconazole in people with AIDS") if m.kind == "dataset"
    )


def test_compounds() -> None:
    assert values("profile aspirin and caffeine", "compound") == ["aspirin", "caffeine"]


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read(text: str) -> None:
    mentions = FINDER.find(text)
    assert list(mentions) == sorted(mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))
    assert len(blank(text, mentions)) == len(text)


@given(
    st.lists(
        st.sampled_from(["C", "N", "O", "c1ccccc1", "C(=O)", "S", "F", "Cl"]),
        min_size=4,
        max_size=9,
    )
)
@settings(max_examples=60, deadline=None)
def test_what_rdkit_writes_is_found_whole(parts: list[str]) -> None:
    molecule = Chem.MolFromSmiles("".join([*parts, "C(=O)N"]))
    if molecule is not None:
        smiles = Chem.MolToSmiles(molecule)
        assert values(f"profile {smiles}, please", "smiles") == [smiles]

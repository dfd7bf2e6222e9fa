"""The parts of generators: alphabet, corpus, batches, metrics, decoration."""

import gzip
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem

from models.data.tables import Dataset
from models.errors import ToolError
from models.fitting.effort import Effort
from models.molecules.chemistry.distribution import (
    Molecules,
    cosine,
    distribution_metrics,
    internal_diversity,
    nearest_similarity,
    valid,
)
from models.molecules.chemistry.names import compounds
from models.molecules.design.language import read_objective
from models.molecules.generation.alphabet import END, Alphabet, Language, spelled
from models.molecules.generation.corpus import read_corpus
from models.molecules.generation.decoration import decorated, substituents
from models.molecules.generation.fitted import bigrams
from models.molecules.generation.networks.batches import batches, padded

DRUGS = [compound.smiles for compound in compounds()]
ALPHABET = Alphabet.of(text for smiles in DRUGS[:150] if (text := spelled(smiles, "selfies")))


def dataset(smiles: list[str]) -> Dataset:
    return Dataset("drugs.csv", pd.DataFrame({"smiles": smiles}), None, "0", smiles_column="smiles")


@pytest.mark.parametrize("language", ["smiles", "selfies"])
def test_rows_say_the_molecules_they_were_made_of(language: Language) -> None:
    texts = [text for smiles in DRUGS if (text := spelled(Chem.CanonSmiles(smiles), language))]
    alphabet = Alphabet.of(texts, language=language)
    for text in texts[:200]:
        row = alphabet.encode(text)
        assert row is not None
        assert row[-1] == END
        again = alphabet.decode(np.append(row, [5, 7]))
        assert Chem.CanonSmiles(again) == Chem.CanonSmiles(alphabet.decode(row))
    assert len(texts) > 0.98 * len(DRUGS)


def test_unknown_tokens_are_told() -> None:
    alphabet = Alphabet.of(["[C][O]"])
    assert alphabet.encode("[C][N]") is None
    assert Alphabet.of(["CCO"], language="smiles").encode("CCN") is None


def test_smiles_part_into_atoms_bonds_and_rings() -> None:
    text = "C[C@@H](Cl)c1ccc(Br)cc1-c%10nc[nH]c%10"
    alphabet = Alphabet.of([text], language="smiles")
    assert {"[C@@H]", "Cl", "Br", "%10", "[nH]", "-"} <= set(alphabet.tokens)
    row = alphabet.encode(text)
    assert row is not None
    assert alphabet.decode(row) == text


def test_a_row_of_smiles_that_is_no_molecule_is_empty() -> None:
    alphabet = Alphabet(("C", "(", "O"), "smiles")
    assert alphabet.decode([1, 2, 3, END]) == ""
    assert alphabet.decode([1, 3, END]) == "CO"


@given(st.lists(st.integers(1, 60), max_size=60))
@settings(max_examples=200, deadline=None)
def test_every_row_is_a_molecule(codes: list[int]) -> None:
    rows = [1 + code % len(ALPHABET.tokens) for code in codes]
    smiles = ALPHABET.decode(rows)
    assert Chem.MolFromSmiles(smiles) is not None


def test_corpus_leaves_out_and_says_what() -> None:
    given = [*DRUGS[:120], "C1CC", "nonsense", DRUGS[3], "CCO.Cl"]
    corpus = read_corpus(dataset(given), "smiles", 0, Effort(), "selfies")
    assert any("2 rows are no molecules" in note and "121, 122" in note for note in corpus.notes)
    assert any("1 rows repeat" in note for note in corpus.notes)
    everything = {*corpus.training, *corpus.held_out}
    assert "CCO" in everything
    assert not {*corpus.training} & {*corpus.held_out}
    assert len(corpus.held_out) == round(0.1 * len(everything))
    assert len(corpus.codes) == len(corpus.training)
    again = read_corpus(dataset(given), "smiles", 0, Effort(), "selfies")
    assert again.training == corpus.training


def test_too_few_molecules_are_refused() -> None:
    with pytest.raises(ToolError, match="too few"):
        read_corpus(dataset(DRUGS[:20]), "smiles", 0, Effort(), "selfies")


def test_batches_hold_every_row_once_and_padding_is_not_counted() -> None:
    alphabet = Alphabet(("[C]", "[O]"))
    rows = [np.array([1] * (n % 9) + [2, END], np.uint8) for n in range(500)]
    seen = np.concatenate(list(batches(rows, 32, np.random.default_rng(0))))
    assert sorted(seen.tolist()) == list(range(500))
    read, written = padded([rows[0], rows[3]], alphabet)
    assert read[:, 0].tolist() == [alphabet.start] * 2
    assert written[0].tolist() == [2, END, -1, -1, -1]
    assert read[1].tolist() == [alphabet.start, 1, 1, 1, 2]


def test_metrics_of_known_sets() -> None:
    texts = ["CCO", "OCC", "CCN", "C1CC", "c1ccccc1", "CCO.Cl"]
    assert valid(texts) == ["CCO", "CCO", "CCN", "c1ccccc1"]
    held_out = Molecules(["c1ccccc1", "Cc1ccccc1"])
    found = distribution_metrics(texts, frozenset({"CCN"}), held_out)
    assert found["validity"] == pytest.approx(4 / 6)
    assert found["uniqueness"] == pytest.approx(3 / 4)
    assert found["novelty"] == pytest.approx(2 / 3)
    assert found["scaffold_similarity"] == pytest.approx(1.0)
    assert internal_diversity(Molecules(["CCO", "CCO"])) == pytest.approx(0.0)
    assert nearest_similarity(held_out, held_out) == pytest.approx(1.0)
    assert cosine(Counter("aab"), Counter("ab")) == pytest.approx(3 / np.sqrt(10))
    assert cosine(Counter("a"), Counter("b")) == 0.0


@pytest.mark.shared_data
def test_published_internal_diversity_of_zinc(shared_data: Path) -> None:
    """MOSES (Polykovskiy et al. 2020, table 2) gives 0.856 for drug-like molecules of ZINC."""
    path = shared_data / "molecules" / "zinc250k.smi.gz"
    lines = gzip.decompress(path.read_bytes()).decode().split()
    sample = Molecules(random.Random(0).sample(lines, 1000))
    assert internal_diversity(sample) == pytest.approx(0.86, abs=0.02)


def test_bigrams_follow_the_counts() -> None:
    rows = [np.array([1, 2, END], np.uint8)] * 5
    assert bigrams(rows, 4, 3, 0) == [[1, 2, END]] * 3


def test_decoration_keeps_the_scaffold() -> None:
    scaffold = Chem.MolFromSmiles("c1ccc2[nH]ccc2c1")
    parts = substituents([Chem.MolFromSmiles(smiles) for smiles in DRUGS[:80]])
    assert all(sum(a.GetAtomicNum() == 0 for a in part.GetAtoms()) == 1 for part in parts)
    chance = random.Random(0)
    made = [decorated(scaffold, parts, chance) for _ in range(60)]
    good = [one for one in made if one is not None]
    assert len(good) > 50
    assert all(one.HasSubstructMatch(scaffold) for one in good)
    assert all(one.GetNumAtoms() > scaffold.GetNumAtoms() for one in good)
    assert decorated(Chem.MolFromSmiles("FC(F)(F)F"), parts, chance) is None


def test_rules_are_bounds() -> None:
    objective = read_objective("lipinski, qed")
    assert [term.name for term in objective.terms] == [
        "weight", "logp", "hydrogen_bond_donors", "hydrogen_bond_acceptors", "qed",
    ]  # fmt: skip
    assert objective.meets(objective(Chem.MolFromSmiles("CCO")))
    assert not objective.meets(objective(Chem.MolFromSmiles("C" * 40)))

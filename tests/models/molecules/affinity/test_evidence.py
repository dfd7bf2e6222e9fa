"""Kernel regression, similarity and what is left out behave as their sources say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.molecules.affinity.coordinates import Coordinates
from models.molecules.affinity.evidence import NAMES, Evidence, Seen, solve
from models.molecules.affinity.settings import SETTINGS, Setting, left_out, setting_of
from models.molecules.affinity.similarity import (
    molecule_prints,
    molecule_similarity,
    sequence_similarity,
    sequence_words,
)

KINASE = "MKKFFDSRREQGGSGLGSGSSGGGGSTSGLGSGYIGRVFGIGRQQVTVDEVLAEGGFAIVFLVRTSNGMKCALK"


def kernel(size: int, seed: int) -> np.ndarray:
    points = np.random.default_rng(seed).normal(size=(size, 3))
    return np.exp(-((points[:, None] - points[None]) ** 2).sum(2))


def test_the_kronecker_solution_is_that_of_the_whole_kernel() -> None:
    rng = np.random.default_rng(0)
    left, right, noise = kernel(6, 1), kernel(5, 2), 0.3
    known = rng.random((6, 5)) < 0.7
    values = np.where(known, rng.normal(size=(6, 5)), 0.0)
    weights = solve(values, known, left, right, noise)
    rows, columns = np.nonzero(known)
    whole = left[np.ix_(rows, rows)] * right[np.ix_(columns, columns)]
    wanted = np.linalg.solve(whole + noise * np.eye(len(rows)), values[known])
    np.testing.assert_allclose(weights[known], wanted, atol=1e-2)
    assert not weights[~known].any()


def test_nothing_is_said_of_what_was_never_measured() -> None:
    values = np.array([[5.0, np.nan, 7.0], [6.0, 8.0, np.nan]])
    evidence = Evidence(values, np.eye(2), np.eye(3))
    molecules = Seen(np.array([[1.0, 0.0], [0.2, 0.1]]), np.array([0, -1]))
    proteins = Seen(np.array([[0.0, 1.0, 0.0], [0.1, 0.0, 0.3]]), np.array([1, -1]))
    found = evidence.of(molecules, proteins, np.array([0, 1, 1]), np.array([0, 0, 1]))
    mean = NAMES.index("molecule_mean")
    assert found[0, mean] == pytest.approx(6.0)
    assert np.isnan(found[1:, mean]).all()
    assert found[0, NAMES.index("protein_pairs")] == 1
    assert np.isfinite(found[:, NAMES.index("structure")]).all()
    assert np.isnan(found[2, [NAMES.index("like_molecules_0.05")]]).all()


def test_similarity_of_sequences_and_molecules() -> None:
    mutant = KINASE.replace("LAEGG", "LAVGG")
    words = sequence_words([KINASE, mutant, KINASE[::-1], ""])
    alike = sequence_similarity(words, words)
    np.testing.assert_allclose(np.diag(alike)[:3], 1.0)
    assert alike[0, 1] > 0.9
    assert alike[0, 2] < 0.3
    assert not alike[3].any()
    prints = molecule_prints(["c1ccccc1O", "c1ccccc1N", "CCCCCCCC"])
    near = molecule_similarity(prints, prints)
    np.testing.assert_allclose(np.diag(near), 1.0)
    assert near[0, 1] > near[0, 2]


def test_coordinates_keep_the_similarity() -> None:
    similarity = kernel(9, 3)
    places = Coordinates.of(similarity).of_similar(similarity)
    centred = similarity - similarity.mean(0) - similarity.mean(1)[:, None] + similarity.mean()
    np.testing.assert_allclose(places @ places.T, centred, atol=1e-6)


@given(st.integers(0, 1000), st.sampled_from(SETTINGS))
def test_what_is_left_out_is_new_in_its_setting(seed: int, setting: Setting) -> None:
    rng = np.random.default_rng(seed)
    molecule, protein = rng.integers(0, 8, 60), rng.integers(0, 6, 60)
    for known, out in left_out(setting, molecule, protein, 4, seed):
        of_molecule = np.isin(molecule[out], molecule[known])
        of_protein = np.isin(protein[out], protein[known])
        assert not set(known) & set(out)
        if setting != "pair":
            settings = setting_of(of_molecule, of_protein)
            hidden = {"drug": 1, "protein": 2, "both": 3}[setting]
            assert ((settings == hidden) | (settings == 3)).all()

"""The parts of property models, each against what can be worked out by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from rdkit import Chem

from models.fitting.effort import Effort
from models.molecules.properties.atoms import contributions
from models.molecules.properties.domain import Domain
from models.molecules.properties.fitting import fit_model
from models.molecules.properties.inputs.blocks import inputs_of
from models.molecules.properties.inputs.fingerprints import fingerprints_of
from models.molecules.properties.inputs.graphs import ATOM_SIZE, BOND_SIZE, batch_of, graph_of
from models.molecules.properties.intake.door import measured, prepared
from models.molecules.properties.intake.scaffolds import scaffold_of, scaffold_parts
from models.molecules.properties.intake.targets import Targets
from models.molecules.properties.learners.ensemble import choose, mean_and_spread
from models.molecules.properties.learners.kernel import FittedKernel
from models.molecules.properties.learners.message_passing import FittedNetwork, Setting, fit_network
from models.molecules.properties.learners.network import MessagePassing
from models.molecules.properties.learners.trees import FittedTrees
from models.molecules.properties.uncertainty import Uncertainty

ALCOHOLS = ["C" * n + tail for n in range(1, 16) for tail in ("O", "N", "C(=O)O", "Cl")]
LOGP = Targets(("y",), "regression")


def mols(smiles: list[str]) -> list[Chem.Mol]:
    return [Chem.MolFromSmiles(text) for text in smiles]


def carbons(smiles: list[str]) -> np.ndarray:
    return np.array([[float(text.count("C") - text.count("Cl"))] for text in smiles])


def test_scaffolds_are_bemis_and_murcko_s() -> None:
    assert scaffold_of(Chem.MolFromSmiles("CC(=O)Oc1ccccc1C(=O)O")) == "c1ccccc1"
    assert scaffold_of(Chem.MolFromSmiles("CCO")) == ""
    linked = scaffold_of(Chem.MolFromSmiles("Clc1ccc(CCc2ccncc2)cc1"))
    assert linked == Chem.CanonSmiles("c1ccc(CCc2ccncc2)cc1")


def test_the_commonest_scaffolds_come_first() -> None:
    smiles = ["c1ccccc1" + "C" * n for n in range(6)] + [
        "C1CCCCC1",
        "CC1CCCCC1",
        "c1ccncc1",
        "C1CC1",
    ]
    train, valid, test = scaffold_parts(mols(smiles), [0.6, 0.2, 0.2])
    assert train.tolist() == [0, 1, 2, 3, 4, 5]
    assert valid.tolist() == [6, 7]
    assert sorted(test.tolist()) == [8, 9]


def test_molecules_are_there_once_and_contradictions_unknown() -> None:
    frame = pd.DataFrame(
        {
            "smiles": ["CCO", "OCC", "CC(=O)[O-].[Na+]", "CC(=O)O", "c1ccccc1", "C1CC", None],
            "y": [1.0, 2.0, 5.0, 5.0, np.nan, 1.0, 1.0],
            "toxic": [1, 0, 1, 1, 0, 0, 1],
        }
    )
    values = measured(frame, "smiles", LOGP)
    assert len(values) == 2
    assert values.values[:, 0].tolist() == [1.5, 5.0]
    assert any("row 5: unclosed ring" in note for note in values.notes)
    assert any("differ by up to 1" in note for note in values.notes)
    toxic = Targets(("toxic",), "classification", (("0", "1"),))
    labels = measured(frame, "smiles", toxic)
    assert labels.values[:, 0].tolist() == [1.0, 0.0]
    assert any("1 labels contradict" in note for note in labels.notes)


def test_stereochemistry_is_kept_and_charges_are_not() -> None:
    enantiomers = [prepared(Chem.MolFromSmiles(s)) for s in ("C[C@H](N)C(=O)O", "C[C@@H](N)C(=O)O")]
    assert len({Chem.MolToSmiles(one) for one in enantiomers}) == 2
    zwitterion = prepared(Chem.MolFromSmiles("C[C@H]([NH3+])C(=O)[O-].Cl"))
    assert Chem.MolToSmiles(zwitterion) == Chem.MolToSmiles(enantiomers[0])


def test_messages_do_not_come_straight_back() -> None:
    graph = graph_of(Chem.MolFromSmiles("CO"))
    batch = batch_of([graph], np.zeros((1, 0), np.float32))
    assert batch.origins.tolist() == [0, 1]
    assert batch.ends.tolist() == [1, 0]
    network = MessagePassing(tasks=1, extra=0, width=8, depth=5, dropout=0.0).eval()
    with torch.no_grad():
        shallow = MessagePassing(tasks=1, extra=0, width=8, depth=1, dropout=0.0).eval()
        shallow.load_state_dict(network.state_dict())
        # Two atoms: nothing but its own message could reach a bond again.
        assert torch.equal(network(batch), shallow(batch))


def test_a_batch_gives_what_its_molecules_give_alone() -> None:
    graphs = [graph_of(one) for one in mols(["CCO", "C", "c1ccccc1C(=O)N", "O=C=O"])]
    assert graphs[1].bonds.shape == (0, BOND_SIZE)
    assert graphs[2].atoms.shape[1] == ATOM_SIZE
    network = MessagePassing(tasks=2, extra=3, width=16).eval()
    extra = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
    with torch.no_grad():
        together = network(batch_of(graphs, extra))
        alone = torch.cat(
            [network(batch_of([graph], extra[n : n + 1])) for n, graph in enumerate(graphs)]
        )
    assert torch.allclose(together, alone, atol=1e-6)


def test_the_order_of_atoms_changes_nothing() -> None:
    first, second = mols(["Cc1ccccc1O", "Oc1ccccc1C"])
    network = MessagePassing(tasks=1, extra=0, width=16).eval()
    none = np.zeros((1, 0), np.float32)
    with torch.no_grad():
        made = [network(batch_of([graph_of(one)], none)).item() for one in (first, second)]
    assert made[0] == pytest.approx(made[1], abs=1e-6)


def test_a_network_counts_carbons_and_reads_back_the_same(tmp_path: Path) -> None:
    graphs = [graph_of(one) for one in mols(ALCOHOLS)]
    descriptors = fingerprints_of(mols(ALCOHOLS)).descriptors
    setting = Setting(width=32, epochs=60, batch=16, dropout=0.0)
    values = np.hstack([carbons(ALCOHOLS), -carbons(ALCOHOLS)])
    values[::3, 1] = np.nan
    fitted = fit_network(graphs, descriptors, values, "regression", setting, Effort(0))
    made = fitted.predict(graphs, descriptors)
    assert np.abs(made[:, 0] - values[:, 0]).mean() < 0.5
    assert np.nanmean(np.abs(made[:, 1] - values[:, 1])) < 0.7
    fitted.save(tmp_path, "network_0")
    again = FittedNetwork.load(tmp_path, "network_0")
    assert np.array_equal(again.predict(graphs, descriptors), made)
    same = fit_network(graphs, descriptors, values, "regression", setting, Effort(0))
    assert np.array_equal(same.predict(graphs, descriptors), made)


def test_the_kernel_interpolates_and_reads_back_the_same(tmp_path: Path) -> None:
    data = fingerprints_of(mols(ALCOHOLS))
    kernel = FittedKernel.fit(data, carbons(ALCOHOLS), "regression", 0)
    new = fingerprints_of(mols(["C" * 10 + "OC", "CCCCCCBr"]))
    made = kernel.predict(new)[:, 0]
    assert made[0] == pytest.approx(11, abs=1.5)
    assert made[1] == pytest.approx(6, abs=1.5)
    kernel.save(tmp_path, "kernel")
    assert np.array_equal(FittedKernel.load(tmp_path, "kernel").predict(new)[:, 0], made)


@pytest.mark.parametrize("kind", ["boosting", "trees"])
@pytest.mark.parametrize("task", ["regression", "classification"])
def test_trees_read_back_the_same(kind: str, task: str, tmp_path: Path) -> None:
    data = fingerprints_of(mols(ALCOHOLS))
    values = carbons(ALCOHOLS)
    if task == "classification":
        values = (values > 7).astype(float)
    trees = FittedTrees.fit(data, values, kind, task, 0)  # type: ignore[arg-type]
    made = trees.predict(data)
    if kind == "trees":
        estimator = trees.estimators[0]
        rows = np.hstack(
            [np.nan_to_num(data.descriptors, nan=-999.0), data.counts[:, trees.columns], data.keys]
        )
        theirs = (
            estimator.predict(rows) if task == "regression" else estimator.predict_proba(rows)[:, 1]
        )
        assert np.allclose(made[:, 0], theirs)
    trees.save(tmp_path, kind)
    assert np.array_equal(FittedTrees.load(tmp_path, kind).predict(data), made)


def test_mean_and_spread_are_weighted() -> None:
    made = {"boosting": np.array([[1.0]]), "kernel": np.array([[4.0]])}
    mean, spread = mean_and_spread(made, {"boosting": 2 / 3, "kernel": 1 / 3})  # type: ignore[arg-type, dict-item]
    assert mean.item() == pytest.approx(2)
    assert spread.item() == pytest.approx(np.sqrt(2))


def test_uncertainty_grows_with_its_signs_and_covers() -> None:
    rng = np.random.default_rng(0)
    signs = rng.normal(size=(2000, 3))
    errors = rng.normal(size=2000) * np.exp(0.7 * signs[:, 0])
    fitted = Uncertainty.fit(signs, errors)
    wide, narrow = fitted.deviation(np.array([[2.0, 0, 0], [-2.0, 0, 0]]))
    assert wide / narrow == pytest.approx(np.exp(2.8), rel=0.3)
    assert np.mean(np.abs(errors) <= fitted.quantile * fitted.deviation(signs)) >= 0.95
    new = rng.normal(size=(2000, 3))
    later = rng.normal(size=2000) * np.exp(0.7 * new[:, 0])
    covered = np.mean(np.abs(later) <= fitted.quantile * fitted.deviation(new))
    assert covered == pytest.approx(0.95, abs=0.02)


def test_the_domain_names_the_nearest(tmp_path: Path) -> None:
    data = fingerprints_of(mols(ALCOHOLS))
    domain = Domain.of(data, ALCOHOLS, np.ones((len(ALCOHOLS), 1)))
    new = fingerprints_of(mols(["CCCCCCCO", "c1ccc2[nH]ccc2c1"]))
    near = domain.neighbours(new)
    assert near.similarity[0] == 1
    assert ALCOHOLS[near.nearest[0]].endswith("O")
    assert near.similarity[1] < domain.border
    domain.save(tmp_path)
    assert np.array_equal(Domain.load(tmp_path).neighbours(new).similarity, near.similarity)


def test_groups_stay_in_one_inner_fold() -> None:
    groups = np.repeat(np.arange(10), 6)
    chosen = choose(
        inputs_of(mols(ALCOHOLS)), carbons(ALCOHOLS), "regression", "fingerprint_boosting",
        groups, Effort(0),
    )  # fmt: skip
    assert len(chosen.candidates) == 1
    assert sum(chosen.best.weights.values()) == pytest.approx(1)
    for train, rest in chosen.folds:
        assert not set(groups[train]) & set(groups[rest])


def test_masking_finds_the_atoms_that_matter() -> None:
    smiles = [s for s in ALCOHOLS if s.endswith(("O", "N")) and not s.endswith("=O)O")]
    values = np.array([[5.0 if text.endswith("O") else 0.0] for text in smiles])
    model, _ = fit_model(mols(smiles), values, LOGP, "fingerprint_boosting", None, Effort(0))
    found = contributions(model, Chem.MolFromSmiles("CCCCCCO"))
    assert found.value == pytest.approx(5, abs=0.7)
    assert found.atoms.argmax() == 6
    assert found.atoms[6] > 1
    assert contributions(model, Chem.MolFromSmiles("c1cc[nH]c1")).atoms.shape == (5,)

"""Affinity models: learnt from pairs, asked by name, honest about what is new."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from models.errors import ToolError
from models.molecules.affinity.similarity import molecule_prints, molecule_similarity
from models.store.workspace import Workspace
from tools.contract import ToolResult
from tools.execution import execute

DRUGS = [
    "CC(=O)Oc1ccccc1C(=O)O", "OC(=O)c1ccccc1O", "CC(C)Cc1ccc(cc1)C(C)C(=O)O",
    "COc1ccc2cc(ccc2c1)C(C)C(=O)O", "CC(=O)Nc1ccc(O)cc1", "CCOc1ccc(NC(C)=O)cc1",
    "CN1C=NC2=C1C(=O)N(C(=O)N2C)C", "Cn1cnc2c1c(=O)[nH]c(=O)n2C", "CC(C)NCC(O)COc1cccc2ccccc12",
    "CC(C)NCC(O)COc1ccc(CC(N)=O)cc1", "CC(C)NCC(O)c1ccc(O)c(O)c1", "CNCC(O)c1ccc(O)c(O)c1",
    "CN1CCc2cccc3c2C1Cc1ccc(O)c(O)c13", "CN(C)CCCN1c2ccccc2CCc2ccccc12",
    "CN(C)CCCN1c2ccccc2Sc2ccc(Cl)cc12", "CNCCC(Oc1ccc(cc1)C(F)(F)F)c1ccccc1",
    "CNC1CCC(c2ccc(Cl)c(Cl)c2)c2ccccc12", "OC(CCN1CCCCC1)(c1ccccc1)C1CCCCC1",
    "NC(=O)c1cnccn1", "NNC(=O)c1ccncc1", "Nc1ccc(cc1)S(=O)(=O)Nc1ncccn1",
    "Cc1cc(NS(=O)(=O)c2ccc(N)cc2)no1", "CCN(CC)CCNC(=O)c1ccc(N)cc1", "CCN(CC)CC(=O)Nc1c(C)cccc1C",
]  # fmt: skip


def write_pairs(path: str, noise: float = 0.15) -> pd.DataFrame:
    """Writes pairs whose affinities follow from how alike molecules and proteins are."""
    rng = np.random.default_rng(0)
    parents = ["".join(rng.choice(list("ACDEFGHIKLMNPQRSTVWY"), 120)) for _ in range(4)]
    proteins = {
        f"P{family}{variant}": parents[family][: 110 - 8 * variant] + parents[family - 1][:8]
        for family in range(4)
        for variant in range(4)
    }
    near = molecule_similarity(molecule_prints(DRUGS), molecule_prints(DRUGS))
    effect = np.linalg.cholesky(near + 1e-6 * np.eye(len(DRUGS))) @ rng.normal(size=(len(DRUGS), 4))
    rows = [
        {
            "smiles": smiles,
            "protein": name,
            "sequence": sequence,
            "pkd": 6.5 + 1.2 * effect[n, int(name[1])] + noise * rng.normal(),
        }
        for n, smiles in enumerate(DRUGS)
        for name, sequence in proteins.items()
    ]
    frame = pd.DataFrame(rows)
    frame.drop(columns="sequence").to_csv(path, index=False)
    named = frame.drop_duplicates("protein")
    fasta = [f">{n}\n{s}" for n, s in zip(named["protein"], named["sequence"], strict=True)]
    Path(path).with_suffix(".fasta").write_text("\n".join(fasta) + "\n")
    return frame


def train(workspace: Workspace, **arguments: Any) -> ToolResult:
    return execute(workspace, "train_affinity_model", {"dataset": "pairs.csv"} | arguments)


def predict(workspace: Workspace, **arguments: Any) -> ToolResult:
    return execute(workspace, "predict", {"model": "aff-1"} | arguments)


def test_pairs_are_learnt_kept_and_asked_by_name(workspace: Workspace) -> None:
    frame = write_pairs("pairs.csv")
    result = train(workspace)
    found, baseline = result.data["metrics"], result.data["baseline"]
    assert found["concordance_index"]["value"] > 0.8
    assert found["mse"]["value"] < 0.5 * baseline["mse"]["value"]
    assert baseline["concordance_index"]["value"] == pytest.approx(0.5)
    assert found["coverage_95"]["value"] > 0.85
    assert "sequences from pairs.fasta" in result.data["notes"]
    assert {artifact.kind for artifact in result.artifacts} == {"plot", "table", "card"}
    card = next(a for a in result.artifacts if a.kind == "card")
    assert "matrix completion" in Path(card.path).read_text()

    asked = predict(workspace, smiles=[DRUGS[0], "Clc1ccccc1C(=O)O"], proteins=["p00", "P13"])
    rows = asked.data["predictions"]
    assert [row["protein"] for row in rows] == ["P00", "P13"] * 2
    assert [row["new"] for row in rows] == ["pair", "pair", "drug", "drug"]
    truth = frame.set_index(["smiles", "protein"])["pkd"]
    assert rows[0]["predicted_pkd"] == pytest.approx(truth[DRUGS[0], "P00"], abs=1.0)
    assert all(row["low_95"] < row["predicted_pkd"] < row["high_95"] for row in rows)
    assert "never measured" in asked.summary

    everything = predict(workspace, smiles=[DRUGS[3]])
    strengths = [row["predicted_pkd"] for row in everything.data["predictions"]]
    assert strengths == sorted(strengths, reverse=True)
    assert len(strengths) == 16

    unseen = "".join(np.random.default_rng(9).choice(list("ACDEFGHIKLMNPQRSTVWY"), 90))
    both = predict(workspace, smiles=["CCCCCC"], proteins=[unseen]).data["predictions"][0]
    assert both["new"] == "both"
    with pytest.raises(ToolError) as error:
        predict(workspace, smiles=["not a molecule"], proteins=["P133"])
    assert [fault.field for fault in error.value.faults] == ["smiles[1]", "proteins"]
    assert error.value.faults[1].suggestion == "P13"


def test_a_table_of_pairs_is_predicted_and_judged(workspace: Workspace) -> None:
    frame = write_pairs("pairs.csv").sample(frac=1, random_state=0)
    frame.iloc[:300].to_csv("train.csv", index=False)
    frame.iloc[300:].to_csv("test.csv", index=False)
    result = train(workspace, dataset="train.csv", test_dataset="test.csv")
    assert result.data["split"]["test"] == len(frame) - 300
    again = predict(workspace, dataset="test.csv")
    for name in ("concordance_index", "mse"):
        value = again.data["metrics"][name]["value"]
        assert value == pytest.approx(result.data["metrics"][name]["value"], rel=1e-9)
    frame.iloc[300:320].drop(columns="pkd").to_csv("unknown.csv", index=False)
    alone = predict(workspace, dataset="unknown.csv")
    assert alone.data["rows"] == 20
    assert not alone.data["metrics"]


def test_an_export_of_bindingdb_is_learnt_as_logarithms(workspace: Workspace) -> None:
    frame = write_pairs("pairs.csv").rename(
        columns={
            "smiles": "Ligand SMILES",
            "protein": "Target Name",
            "sequence": "BindingDB Target Chain Sequence",
        }
    )
    frame["Kd (nM)"] = [
        ">10000" if value < 5 else f"{10 ** (9 - value):.4g}" for value in frame.pop("pkd")
    ]
    frame.to_csv("bindingdb.tsv", sep="\t", index=False)
    result = train(workspace, dataset="bindingdb.tsv", split="random")
    assert "to predict pKd (-log10 of Kd (nM) in mol/L)" in result.summary
    assert result.data["columns"] == {
        "smiles_column": "Ligand SMILES", "protein_column": "Target Name",
        "affinity_column": "Kd (nM)", "unit": "nM", "learnt_as": "pKd",
    }  # fmt: skip
    assert any("limits such as >10000" in note for note in result.data["notes"])
    assert "sequences from the table" in result.data["notes"]
    asked = predict(workspace, smiles=[f"{DRUGS[0]}.Cl"], proteins=["P00"])
    assert 4 < asked.data["predictions"][0]["predicted_pKd"] < 11
    assert "Taken as its parent, without Cl." in asked.summary
    again = predict(workspace, dataset="bindingdb.tsv")
    assert again.data["metrics"]["rmse"]["value"] < 1
    assert "pKd" in again.data["predictions"][0]


@pytest.mark.parametrize("split", ["cold_drug", "cold_protein", "cold_both"])
def test_what_is_held_out_is_new(workspace: Workspace, split: str) -> None:
    write_pairs("pairs.csv")
    result = train(workspace, split=split, time_limit=1)
    held_out = pd.read_csv(next(a.path for a in result.artifacts if a.kind == "table"))
    new = {"cold_drug": "drug", "cold_protein": "protein", "cold_both": "both"}[split]
    assert set(held_out["new"]) == {new}
    baseline = result.data["baseline"]["mse"]["value"]
    assert result.data["metrics"]["mse"]["value"] < 1.3 * baseline


def test_data_that_cannot_be_learnt_from(workspace: Workspace) -> None:
    frame = write_pairs("pairs.csv")
    frame.head(40).to_csv("few.csv", index=False)
    with pytest.raises(ToolError, match="too few pairs"):
        train(workspace, dataset="few.csv")
    frame.assign(pkd=5.0).to_csv("same.csv", index=False)
    with pytest.raises(ToolError, match="the same"):
        train(workspace, dataset="same.csv")
    with pytest.raises(ToolError, match="nothing to train on"):
        train(workspace, dataset="pairs.csv", test_dataset="pairs.csv")
    with pytest.raises(ToolError, match="reads pairs"):
        train(workspace, time_limit=1)
        predict(workspace, records=[{"age": 50}])


def test_a_design_raises_the_affinity_for_a_named_protein(workspace: Workspace) -> None:
    write_pairs("pairs.csv")
    train(workspace)
    arguments = {"smiles": [DRUGS[2]], "evaluations": 40, "min_similarity": 0.2}
    wanted = {"objective": "high aff-1 for P21 with low uncertainty"} | arguments
    result = execute(workspace, "optimize_molecules", wanted)
    assert result.data["objective"] == ["aff-1 for P21", "uncertainty of aff-1 for P21"]
    best = result.data["molecules"][0]
    [row] = predict(workspace, smiles=[best["smiles"]], proteins=["P21"]).data["predictions"]
    assert best["values"]["aff-1 for P21"] == pytest.approx(row["predicted_pkd"], abs=1e-3)
    with pytest.raises(ToolError, match="name one"):
        execute(workspace, "optimize_molecules", {"objective": "high aff-1"} | arguments)
    with pytest.raises(ToolError) as caught:
        execute(workspace, "optimize_molecules", {"objective": "aff-1 for P210"} | arguments)
    assert caught.value.faults[0].field == "objective"

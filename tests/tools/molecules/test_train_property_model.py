"""Training property models: good numbers, the same again, and clear words on bad data."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from rdkit import Chem
from rdkit.Chem.Crippen import MolLogP  # type: ignore[attr-defined]

from models.data.tables import load_dataset
from models.errors import ToolError
from models.store.registry import ModelStore
from models.store.workspace import Workspace
from tools.contract import ToolResult
from tools.execution import execute


def nci(rows: int) -> pd.DataFrame:
    """The first molecules of a built-in dataset that RDKit reads, with their logP."""
    smiles = load_dataset("nci5k", Workspace(Path())).frame["smiles"]
    known = [(text, Chem.MolFromSmiles(text)) for text in smiles[: 2 * rows]]
    good = [(text, molecule) for text, molecule in known if molecule][:rows]
    logp = [MolLogP(molecule) for _, molecule in good]
    return pd.DataFrame({"smiles": [text for text, _ in good], "logp_measured": logp})


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return nci(110)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, table: pd.DataFrame) -> Workspace:
    """A workspace with prop-1 (a quantity, fingerprints), prop-2 (two classes, a network)."""
    folder = tmp_path_factory.mktemp("trained")
    workspace = Workspace(folder / "workspace", (folder,))
    table.to_csv(folder / "a.csv", index=False)
    polar = table["logp_measured"].lt(1.5).map({True: "polar", False: "greasy"})
    table.assign(kind=polar)[["smiles", "kind"]].to_csv(folder / "kinds.csv", index=False)
    first = {"dataset": str(folder / "a.csv"), "algorithm": "fingerprint_boosting"}
    second = {"dataset": str(folder / "kinds.csv"), "algorithm": "message_passing"}
    execute(workspace, "train_property_model", first)
    execute(workspace, "train_property_model", second)
    return workspace


def train(workspace: Workspace, dataset: str = "a.csv", **arguments: Any) -> ToolResult:
    arguments = {"dataset": dataset, "algorithm": "fingerprint_boosting"} | arguments
    return execute(workspace, "train_property_model", arguments)


def test_a_quantity_is_learnt_with_its_uncertainty(trained: Workspace) -> None:
    manifest = ModelStore(trained).manifest("prop-1")
    assert manifest["target"] == {"target_column": "logp_measured"}
    assert manifest["metrics"]["r2"]["value"] > 0.7
    assert manifest["metrics"]["coverage_95"]["value"] > 0.8
    assert set(manifest["metrics"]) == set(manifest["baseline"])
    assert manifest["split"]["train"] + manifest["split"]["test"] <= 110
    card = ModelStore(trained).card("prop-1")
    assert "## Applicability domain" in card
    held_out = pd.read_csv(ModelStore(trained).folder("prop-1") / "held_out.csv")
    assert (held_out["low_95"] < held_out["high_95"]).all()
    assert held_out["similarity"].between(0, 1).all()


def test_classes_are_learnt_by_a_network(trained: Workspace) -> None:
    manifest = ModelStore(trained).manifest("prop-2")
    assert manifest["algorithm"] == "message_passing"
    assert manifest["metrics"]["auroc"]["value"] > 0.8
    assert manifest["targets"]["task"] == "classification"
    files = {path.suffix for path in ModelStore(trained).folder("prop-2").iterdir()}
    assert files <= {".safetensors", ".json", ".csv", ".md"}


def test_predictions_for_smiles_and_names(trained: Workspace) -> None:
    given = {"model": "prop-1", "smiles": ["aspirin", "CCCCCCCCCC", "C[Si](C)(C)[Si](C)(C)C"]}
    result = execute(trained, "predict", given)
    rows = result.data["predictions"]
    assert rows[1]["predicted_logp_measured"] > rows[0]["predicted_logp_measured"]
    assert rows[0]["molecule"] == "aspirin"
    assert all(Path(artifact.path).is_file() for artifact in result.artifacts)
    assert "nearest training molecule" in result.summary
    with pytest.raises(ToolError) as caught:
        execute(trained, "predict", {"model": "prop-1", "smiles": ["C1CC", "CCO", "asprin"]})
    assert [fault.field for fault in caught.value.faults] == ["smiles[1]", "smiles[3]"]


def test_predictions_for_a_table(
    trained: Workspace, table: pd.DataFrame, workspace: Workspace
) -> None:
    frame = table.iloc[:20].assign(sample_id=range(100, 120)).rename(columns={"smiles": "SMILES"})
    frame.loc[3, "SMILES"] = "not a molecule"
    frame.to_csv("new.csv", index=False)
    result = execute(trained, "predict", {"model": "prop-1", "dataset": "new.csv"})
    assert result.data["rows"] == 19
    assert [fault["row"] for fault in result.data["invalid"]] == [3]
    assert result.data["metrics"]["r2"]["value"] > 0.8
    written = pd.read_csv(result.artifacts[0].path)
    assert written["sample_id"].tolist() == list(range(100, 120))
    assert written["problem"].notna().tolist() == [n == 3 for n in range(20)]
    single = execute(trained, "predict", {"model": "prop-1", "smiles": [frame.loc[5, "SMILES"]]})
    expected = written.set_index("row").loc[5, "predicted_logp_measured"]
    made = single.data["predictions"][0]["predicted_logp_measured"]
    assert made == pytest.approx(expected, abs=1e-9)


def test_models_of_molecules_and_of_tables_are_told_apart(trained: Workspace) -> None:
    with pytest.raises(ToolError, match="reads molecules"):
        execute(trained, "predict", {"model": "prop-1", "records": [{"age": 60}]})
    execute(trained, "train_regressor", {"dataset": "diabetes", "algorithm": "linear"})
    with pytest.raises(ToolError, match="is a regressor"):
        execute(trained, "predict", {"model": "reg-1", "smiles": ["CCO"]})
    with pytest.raises(ToolError, match="one of dataset, records, smiles"):
        execute(trained, "predict", {"model": "prop-1"})


def test_atoms_explain_a_prediction(trained: Workspace) -> None:
    result = execute(trained, "explain_model", {"model": "prop-1", "smiles": ["CCCCCCO"]})
    atoms = result.data["molecules"][0]["atoms"]
    assert [atom["element"] for atom in atoms] == [*"CCCCCC", "O"]
    assert min(atoms, key=lambda atom: atom["contribution"])["element"] == "O"  # lowers logP
    overall = execute(trained, "explain_model", {"model": "prop-1"})
    assert len(overall.data["molecules"]) == 24
    assert overall.data["groups"]
    assert Path(overall.artifacts[0].path).is_file()
    row = execute(trained, "explain_model", {"model": "prop-2", "row": 5})
    assert row.data["score"] == "probability of kind = polar"
    described = execute(trained, "describe_model", {"model": "prop-1"})
    assert "reads molecules (SMILES) and predicts logp_measured" in described.summary


def test_a_trained_model_steers_a_design(trained: Workspace) -> None:
    objective = "prop-1 above 4 with low uncertainty, qed"
    result = execute(trained, "optimize_molecules", {"objective": objective, "evaluations": 60})
    assert result.data["objective"] == ["prop-1", "uncertainty of prop-1", "qed"]
    best = result.data["molecules"][0]["values"]
    assert best["uncertainty of prop-1"] > 0
    judged = execute(
        trained, "predict", {"model": "prop-1", "smiles": [result.data["molecules"][0]["smiles"]]}
    )
    predicted = judged.data["predictions"][0]["predicted_logp_measured"]
    assert best["prop-1"] == pytest.approx(predicted, abs=1e-3)
    out_of_reach = {"objective": "prop-1 above 99, qed", "evaluations": 30}
    missed = execute(trained, "optimize_molecules", out_of_reach)
    assert "None of them is within the bounds." in missed.summary
    assert "misses prop-1 at least 99" in missed.summary
    with pytest.raises(ToolError, match="prop-2 is 0 to 1"):
        execute(trained, "optimize_molecules", {"objective": "prop-2 above 70"})
    with pytest.raises(ToolError, match="no model prop-9"):
        execute(trained, "optimize_molecules", {"objective": "maximise prop-9"})


def test_a_concentration_is_learnt_as_its_logarithm(
    workspace: Workspace, table: pd.DataFrame
) -> None:
    nanomolar = 10 ** (9 - (5 + table["logp_measured"] / 2))
    written = [">100000" if value > 1e5 else f"{value:.4g}" for value in nanomolar]
    salts = [f"{text}.Cl" if n < 2 else text for n, text in enumerate(table["smiles"])]
    frame = pd.DataFrame({"smiles": salts, "IC50 (nM)": written, "Assay date": range(len(table))})
    frame.to_csv("a.csv", index=False)
    result = train(workspace, target_column="ic50 (nm)")
    assert result.data["targets"] == ["pIC50"]
    assert result.data["potencies"] == [{"target": "pIC50", "column": "IC50 (nM)", "unit": "nM"}]
    assert "pIC50 (pIC50 is -log10 of IC50 (nM) in mol/L)" in result.summary
    assert result.data["metrics"]["rmse"]["value"] < 1
    assert any("learnt as pIC50" in note for note in result.data["notes"])
    assert any(note.startswith("2 molecules are salts") for note in result.data["notes"])
    assert "IC50 (nM) in nM is learnt as pIC50" in ModelStore(workspace).card("prop-1")
    told = execute(workspace, "predict", {"model": "prop-1", "smiles": ["CCCCCCN.Cl"]})
    value = told.data["predictions"][0]["predicted_pIC50"]
    assert 3 < value < 10
    assert f"({10 ** (9 - value):.3g} nM, standard deviation" in told.summary
    assert "Taken as its parent, without Cl." in told.summary
    judged = execute(workspace, "predict", {"model": "prop-1", "dataset": "a.csv"})
    assert judged.data["metrics"]["rmse"]["value"] < 1


def test_a_quantity_over_orders_of_magnitude_is_warned_of(
    workspace: Workspace, table: pd.DataFrame
) -> None:
    wide = table[["smiles"]].assign(count=10 ** table["logp_measured"].clip(-2, 4))
    wide.to_csv("a.csv", index=False)
    (warning,) = [one for one in train(workspace).data["warnings"] if "logarithm" in one]
    assert "count spans" in warning


def test_several_targets_with_gaps(workspace: Workspace, table: pd.DataFrame) -> None:
    frame = table.assign(light=(table["smiles"].str.len() < 20).astype(int))
    frame["polar"] = (frame.pop("logp_measured") < 1.5).astype(int)
    frame.loc[::4, "light"] = np.nan
    frame.to_csv("a.csv", index=False)
    result = train(workspace, algorithm="message_passing")
    assert result.data["targets"] == ["light", "polar"]
    assert set(result.data["by_target"]) == {"light", "polar"}
    each = [found["auroc"]["value"] for found in result.data["by_target"].values()]
    assert result.data["metrics"]["auroc"]["value"] == pytest.approx(np.mean(each))
    assert "all 2 columns of labels" in " ".join(result.data["notes"])


@pytest.mark.slow
def test_auto_compares_and_gives_the_same_again(workspace: Workspace, table: pd.DataFrame) -> None:
    table.iloc[:45].to_csv("a.csv", index=False)
    first = train(workspace, algorithm="auto", split="scaffold", seed=3)
    names = {entry["algorithm"] for entry in first.data["candidates"]}
    assert names == {"fingerprint_boosting", "message_passing", "mean of both"}
    assert "scaffolds" in first.data["split"]["method"]
    second = train(workspace, algorithm="auto", split="scaffold", seed=3)
    assert first.data["metrics"] == second.data["metrics"]


@pytest.mark.slow
def test_published_splits_keep_molecules_apart(workspace: Workspace, table: pd.DataFrame) -> None:
    frame = table.assign(split=np.where(np.arange(len(table)) % 3, "train", "test"))
    twice = frame.iloc[[0]].assign(split="train")
    pd.concat([frame, twice]).to_csv("a.csv", index=False)
    result = train(workspace, algorithm="message_passing")
    assert result.data["split"]["method"] == "the column split"
    assert "1 training molecules that are also held out left out" in result.data["notes"]
    frame.drop(columns="split").iloc[:80].to_csv("b.csv", index=False)
    frame.drop(columns="split").iloc[70:].to_csv("c.csv", index=False)
    apart = train(workspace, "b.csv", test_dataset="c.csv", algorithm="message_passing")
    held_out = set(table["smiles"][70:])
    complexes = {smiles for smiles in held_out if "[Cu" in smiles}
    assert len(complexes) == 1  # without its metal it would be another molecule
    assert apart.data["split"]["test"] == len(held_out - complexes)
    assert any("also held out" in note for note in apart.data["notes"])


@pytest.mark.parametrize(
    ("columns", "arguments", "words"),
    [
        ({"a": "number", "b": "number"}, {}, "Which column"),
        ({"a": "number"}, {"target_column": "c"}, "no column"),
        ({"a": "text"}, {"target_column": "a"}, "cannot be learnt"),
        ({"a": "text"}, {"target_column": "a"}, "7 different texts, such as 't0'"),
        ({"a": "constant"}, {"target_column": "a"}, "values that differ"),
        ({"a": "constant"}, {"target_column": "a"}, "'a' with one value only, '1.0'"),
        ({"a": "one"}, {"target_column": "a"}, "'a' with one value only, 'active'"),
        ({"a": "missing", "b": "number"}, {"target_column": "a"}, "'a' with no value, expected"),
        ({"a": "constant", "b": "missing", "c": "text"}, {}, "no column that can be predicted"),
        ({"a": "constant", "b": "missing"}, {}, "got a: one value only, '1.0'; b: no value"),
        ({}, {}, "got no column beside the molecules"),
        ({"a": "number"}, {"target_column": "a", "task": "classification"}, "two classes"),
        ({"a": "number", "b": "label"}, {"target_columns": ["a", "b"]}, "not both"),
        ({"a": "number", "b": "number"}, {"smiles_column": "b", "target_column": "a"}, "too few"),
    ],
)
def test_what_cannot_be_learnt_is_said(
    workspace: Workspace, columns: dict[str, str], arguments: dict[str, Any], words: str
) -> None:
    smiles = ["C" * n + tail for n in range(1, 14) for tail in ("O", "N", "Cl")]
    rows = len(smiles)
    kinds = {
        "number": np.linspace(0, 1, rows) ** 2, "text": [f"t{n % 7}" for n in range(rows)],
        "missing": [None] * rows, "one": ["active"] * rows,
        "constant": [1.0] * rows, "label": [n % 2 for n in range(rows)],
    }  # fmt: skip
    table = {name: kinds[kind] for name, kind in columns.items()}
    pd.DataFrame({"smiles": smiles} | table).to_csv("a.csv", index=False)
    with pytest.raises(ToolError) as caught:
        train(workspace, **arguments)
    assert words in str(caught.value)
    assert not any(workspace.runs.glob("run-*"))


def test_a_table_without_molecules_is_refused(workspace: Workspace) -> None:
    with pytest.raises(ToolError, match="no column named like SMILES"):
        train(workspace, "diabetes")
    pd.DataFrame({"smiles": ["CCO", "CCN"] * 4, "y": range(8)}).to_csv("a.csv", index=False)
    with pytest.raises(ToolError, match="too few"):
        train(workspace, target_column="y")


def test_predictions_join_back_to_every_row_of_the_file(trained: Workspace) -> None:
    text = "CID,smiles\n2244,CC(=O)Oc1ccccc1C(=O)O\n12,c1ccccc\n0042,N[Pt](N)(Cl)Cl\n702,CCO\n"
    folder = trained.root.parent
    (folder / "new.csv").write_text(text)
    result = execute(trained, "predict", {"model": "prop-1", "dataset": str(folder / "new.csv")})
    kept = pd.read_csv(result.artifacts[0].path, dtype={"CID": str})
    assert kept["CID"].tolist() == ["2244", "12", "0042", "702"]
    assert kept["row"].tolist() == [0, 1, 2, 3]
    assert kept["predicted_logp_measured"].isna().tolist() == [False, True, True, False]
    assert "compound of Pt" in kept["problem"][2]
    assert [row["CID"] for row in result.data["predictions"]] == ["2244", "702"]


def test_a_complex_is_not_predicted_or_explained_as_its_ligand(trained: Workspace) -> None:
    for tool in ("predict", "explain_model"):
        with pytest.raises(ToolError, match="compound of Pt"):
            execute(trained, tool, {"model": "prop-1", "smiles": ["CCO", "N[Pt](N)(Cl)Cl"]})

"""Built-in datasets: rows and events as their packages document them."""

from pathlib import Path

import pytest

from models.data.builtin import BUILT_INS
from models.data.tables import load_dataset, require_columns
from models.errors import ToolError
from models.store.workspace import Workspace

# Rows and events: scikit-survival 0.28, sksurv.datasets documentation.
SURVIVAL = {
    "gbsg2": (686, 299), "whas500": (500, 215), "veterans": (137, 128), "flchain": (7874, 2169),
    "aids": (1151, 96), "gse7390": (198, 51),
}  # fmt: skip
# Rows: scikit-learn 1.9 documentation (first two); lines of the files in the rdkit wheel.
OTHERS = {
    "breast_cancer": 569, "diabetes": 442, "nci5k": 4999, "chembl_sulfonamides": 1017, "egfr": 365,
}  # fmt: skip


@pytest.mark.parametrize("name", SURVIVAL)
def test_survival_tables_know_time_and_event(workspace: Workspace, name: str) -> None:
    dataset = load_dataset(name, workspace)
    rows, events = SURVIVAL[name]
    assert dataset.time_column
    assert dataset.event_column
    assert len(dataset.frame) == rows
    assert set(dataset.frame[dataset.event_column].unique()) == {0, 1}
    assert dataset.frame[dataset.event_column].sum() == events
    assert (dataset.frame[dataset.time_column] >= 0).all()
    entry = BUILT_INS[name]
    assert {*entry.aliases, *entry.units, *entry.level_aliases} <= set(dataset.frame.columns)


@pytest.mark.parametrize("name", OTHERS)
def test_other_tables(workspace: Workspace, name: str) -> None:
    dataset = load_dataset(name, workspace)
    assert len(dataset.frame) == OTHERS[name]
    assert dataset.target_column or dataset.smiles_column
    if dataset.smiles_column:
        assert dataset.frame[dataset.smiles_column].notna().all()


def test_sulfonamides_are_sulfonamides_with_their_activity(workspace: Workspace) -> None:
    frame = load_dataset("chembl_sulfonamides", workspace).frame
    assert frame["activity"].notna().all()
    # First line of CHEMBL2321810_act.csv in the rdkit wheel.
    assert frame.set_index("id").loc["1520012", "activity"] == 5.48


def test_the_same_table_has_the_same_hash(workspace: Workspace) -> None:
    first, second = (load_dataset("gbsg2", workspace) for _ in range(2))
    assert first.sha256 == second.sha256


def test_all_wrong_columns_are_named_at_once(workspace: Workspace) -> None:
    dataset = load_dataset("gbsg2", workspace)
    assert require_columns(dataset, {"time_column": "TIME"}) == {"time_column": "time"}
    with pytest.raises(ToolError) as caught:
        require_columns(dataset, {"time_column": "tme", "features": ["age", "pnode", "tgrad"]})
    found = [(fault.field, fault.suggestion) for fault in caught.value.faults]
    assert found == [("time_column", "time"), ("features", "pnodes"), ("features", "tgrade")]


@pytest.mark.parametrize(
    ("said", "column"),
    [
        ("IC50 (nM)", "IC50 (nM)"), ("ic50 (nm)", "IC50 (nM)"), ("ic50", "IC50 (nM)"),
        ("herg_active", "hERG active"), ("hERG", "hERG active"), ("assay_date", "Assay date"),
        ("Ki", None), ("assay d", None), ("age", "age"),
    ],
)  # fmt: skip
def test_a_column_is_known_by_what_only_it_can_be(
    workspace: Workspace, said: str, column: str | None
) -> None:
    names = ["IC50 (nM)", "Ki (nM)", "Ki (uM)", "hERG active", "Assay date", "age", "age group"]
    Path("a.csv").write_text(",".join(names) + "\n" + ",".join("1234567") + "\n")
    dataset = load_dataset("a.csv", workspace)
    if column:
        assert require_columns(dataset, {"target_column": said}) == {"target_column": column}
        return
    with pytest.raises(ToolError) as caught:
        require_columns(dataset, {"target_column": said})
    assert caught.value.faults[0].suggestion in names

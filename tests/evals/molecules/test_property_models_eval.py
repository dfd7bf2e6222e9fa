"""The eval of property models, on a small table of a folder that is named."""

from pathlib import Path

import pandas as pd
import pytest

from evals.molecules.property_models import run
from evals.registry import EvalOptions
from models.store.workspace import Workspace


@pytest.mark.slow
def test_every_model_is_judged_on_both_splits(workspace: Workspace, tmp_path: Path) -> None:
    tails = ("O", "N", "C(=O)O", "c1ccccc1", "C1CCCCC1", "c1ccncc1")
    smiles = ["C" * n + tail for n in range(1, 11) for tail in tails]
    frame = pd.DataFrame({"smiles": smiles, "expt": [len(text) / 3 for text in smiles]})
    folder = tmp_path / "tables"
    folder.mkdir()
    frame.to_csv(folder / "FreeSolv.csv", index=False)
    frame[["expt"]].to_csv(folder / "other.csv", index=False)
    report = run(EvalOptions(workspace, data=folder, seed=5))
    assert [table.title.split(" split")[0] for table in report.tables] == [
        "freesolv, random", "freesolv, scaffold",
    ]  # fmt: skip
    assert (
        report.figures["freesolv/random/theriac auto"] < report.figures["freesolv/random/trivial"]
    )
    assert report.tables[0].rows[-1][:2] == ["published graph networks", "1.03-1.08"]
    assert any("other.csv left out" in note for note in report.notes)

"""Values of several types in one column are told apart before anything is learnt."""

import numpy as np
import pandas as pd
import pytest

from models.data.tables import Dataset
from models.errors import ToolError
from models.molecules.properties.intake.measurements import of_one_type, refuse_mixtures
from models.molecules.properties.intake.targets import find_targets


@pytest.fixture
def mixed() -> Dataset:
    kinds = ["IC50", "Ki", "Inhibition", "IC50", "IC50"]
    frame = pd.DataFrame(
        {
            "Smiles": ["C" * n for n in range(1, 6)],
            "Standard Type": kinds,
            "Standard Value": [10.0, 20.0, 35.5, 1000.0, 250.0],
            "Standard Units": ["nM", "nM", "%", "nM", "nM"],
        }
    )
    return Dataset("mixed.csv", frame, None, "0" * 64)


def test_mixed_types_are_asked_with_their_counts(mixed: Dataset) -> None:
    with pytest.raises(ToolError, match=r"IC50 \(3\), Ki \(1\), Inhibition \(1\)") as caught:
        find_targets(mixed, ["Standard Value"], None, ["Smiles"])
    assert caught.value.faults[0].field == "measurement_type"


def test_one_type_is_learnt_and_the_others_are_counted_and_keep_their_rows(mixed: Dataset) -> None:
    chosen, notes = of_one_type(mixed, "ic50")
    assert len(chosen.frame) == 5
    assert "Ki (1), Inhibition (1)" in notes[0]
    targets, _ = find_targets(chosen, ["Standard Value"], None, ["Smiles"])
    assert targets.names == ("pIC50",)
    learnt = targets.values(chosen.frame)[:, 0]
    assert np.isnan(learnt).tolist() == [False, True, True, False, False]
    assert learnt[0] == pytest.approx(8.0)


def test_a_type_that_is_not_there_gets_those_that_are(mixed: Dataset) -> None:
    with pytest.raises(ToolError, match="has no EC50"):
        of_one_type(mixed, "EC50")
    with pytest.raises(ToolError, match="no column that states types"):
        of_one_type(Dataset("a.csv", mixed.frame[["Smiles"]], None, "0" * 64), "IC50")


def test_units_that_cannot_be_made_one_are_refused() -> None:
    frame = pd.DataFrame({"Value": [1.0, 2.0], "Units": ["%", "ug.mL-1"]})
    with pytest.raises(ToolError, match="mixes units"):
        refuse_mixtures(frame, "Value")
    refuse_mixtures(frame.assign(Units="%"), "Value")

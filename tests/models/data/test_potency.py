"""Concentrations are known by their headers and learnt as logarithms of mol/L."""

import numpy as np
import pandas as pd
import pytest

from models.data.potency import find_potency, kind_of, other_unit_of, plain, unit_of
from models.errors import ToolError


@pytest.mark.parametrize(
    ("column", "name", "unit", "value", "learnt"),
    [
        ("IC50 (nM)", "pIC50", "nM", 10.0, 8.0),
        ("Ki_uM", "pKi", "uM", 1.0, 6.0),
        ("Kd [µM]", "pKd", "uM", 100.0, 4.0),
        ("kd_nm", "pKd", "nM", 1.0, 9.0),
        ("EC50 nmol/L", "pEC50", "nM", 1000.0, 6.0),
        ("Potency (M)", "pPotency", "M", 1e-7, 7.0),
    ],
)
def test_a_header_states_what_is_measured_and_the_unit(
    column: str, name: str, unit: str, value: float, learnt: float
) -> None:
    frame = pd.DataFrame({column: [value, 0.0, np.nan]})
    found = find_potency(frame, column)
    assert found is not None
    assert (found.name, found.unit, found.assumed) == (name, unit, False)
    assert found.values(frame)[0] == pytest.approx(learnt)
    assert np.isnan(found.values(frame)[1:]).all()
    assert any("1 values" in note and "not above 0" in note for note in found.notes(frame))


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("pIC50", [5.0, 9.0]), ("log IC50 (nM)", [1.0, 4.0]), ("IC50", [5.2, 8.1]),
        ("solubility (uM)", [5.0, 900.0]), ("Ki-67", [5.0, 900.0]), ("IC50 (nM)", [-1.0, 3.0]),
        ("Kinase", ["a", "b"]),
    ],
)  # fmt: skip
def test_logarithms_and_other_numbers_are_left_as_they_are(column: str, values: list[str]) -> None:
    assert find_potency(pd.DataFrame({column: values}), column) is None


def test_large_numbers_without_a_unit_are_taken_for_nanomolar_and_it_is_said() -> None:
    frame = pd.DataFrame({"IC50": [5.0, 20_000.0]})
    found = find_potency(frame, "IC50")
    assert found is not None
    assert (found.unit, found.assumed) == ("nM", True)
    assert "assumed: nothing states it" in found.notes(frame)[0]


def test_columns_beside_state_type_unit_and_relation_of_each_row() -> None:
    frame = pd.DataFrame(
        {
            "Standard Type": ["IC50"] * 4,
            "Standard Value": [100.0, 1.0, 40.0, 10_000.0],
            "Standard Units": ["nM", "uM", "%", "nM"],
            "Standard Relation": ["'='", "'='", "'='", "'>'"],
        }
    )
    found = find_potency(frame, "Standard Value")
    assert found is not None
    assert found.name == "pIC50"
    assert found.values(frame) == pytest.approx([7.0, 6.0, np.nan, 5.0], nan_ok=True)
    said = " ".join(found.notes(frame))
    assert "1 values of Standard Value in other units left out" in said
    assert "1 values of Standard Value are limits (Standard Relation is < or >)" in said
    frame["Standard Type"] = ["IC50", "Inhibition"] * 2
    assert find_potency(frame, "Standard Value") is None


def test_a_logarithm_is_said_as_a_concentration() -> None:
    found = find_potency(pd.DataFrame({"IC50 (nM)": [1.0]}), "IC50 (nM)")
    assert found is not None
    assert found.concentration(7.2) == "63.1 nM"


def test_headers_are_compared_without_blanks_case_and_unit() -> None:
    assert plain("IC50 (nM)") == "ic50"
    assert plain("pChEMBL Value") == "pchembl_value"
    assert (kind_of("BindingDB Ki (nM)"), kind_of("p IC50")) == ("Ki", None)
    assert unit_of("mm of rain") is None


@pytest.mark.parametrize(
    "column",
    ["IC50 (ug/mL)", "IC50 [µg/ml]", "Ki_mg_L", "EC50 ng/mL", "IC50 (mg.L-1)", "IC50 %", "Kd ppm"],
)
def test_a_stated_unit_that_is_not_molar_is_never_read_as_nanomolar(column: str) -> None:
    with pytest.raises(ToolError, match="molecular weight"):
        find_potency(pd.DataFrame({column: [326.0, 579.7]}), column)
    assert other_unit_of("IC50 (nM)") is None
    assert other_unit_of("Ki nmol/L") is None


def test_a_column_of_units_without_a_molar_one_is_named_with_its_counts() -> None:
    frame = pd.DataFrame({"IC50": [200.0, 5.0, 7.0], "Units": ["ug.mL-1", "ug.mL-1", "%"]})
    with pytest.raises(ToolError, match=r"ug\.mL-1 \(2\), % \(1\)"):
        find_potency(frame, "IC50")

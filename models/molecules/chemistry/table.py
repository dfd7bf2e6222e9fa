"""Profiles of many molecules as one table, and what the table says as a whole."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from models.molecules.chemistry.properties import ATOM_COUNTS, DESCRIPTORS

NUMERIC = (*DESCRIPTORS, *ATOM_COUNTS, "synthetic_accessibility", "log_solubility")
IDENTIFIERS = ("row", "label", "name", "smiles", "inchikey", "formula", "formal_charge")


def profile_table(profiles: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Returns one row per profile, with verdicts as booleans and alerts as their names."""
    return pd.DataFrame([_flat(profile) for profile in profiles])


def _flat(profile: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: profile[name] for name in IDENTIFIERS + NUMERIC},
        "functional_groups": "; ".join(
            f"{times} {name}" for name, times in profile["functional_groups"].items()
        ),
        "lipinski_pass": profile["lipinski"]["pass"],
        "lipinski_violations": profile["lipinski"]["violation_count"],
        **{f"{rule}_pass": profile[rule]["pass"] for rule in ("veber", "ghose", "egan", "muegge")},
        "gastrointestinal_absorption": profile["gastrointestinal_absorption"],
        "blood_brain_barrier": profile["blood_brain_barrier"],
        "pains": "; ".join(alert["name"] for alert in profile["pains"]["alerts"]),
        "brenk": "; ".join(alert["name"] for alert in profile["brenk"]["alerts"]),
        "notes": " ".join(profile["notes"]),
    }


def extremes(table: pd.DataFrame, count: int) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Returns which molecules have most and least of each number, the first first.

    Args:
        table: Of `profile_table`.
        count: How many each way at most.

    Returns:
        By number `most` and `least`: rows of `row`, `label`, `smiles` and `value`.
    """

    def shown(rows: pd.DataFrame, name: str) -> list[dict[str, Any]]:
        taken = rows.head(count)[["row", "label", "smiles", name]]
        taken.columns = pd.Index(["row", "label", "smiles", "value"])
        return [dict(row) for row in taken.to_dict("records")]

    return {
        name: {
            "most": shown(table.sort_values(name, ascending=False, kind="stable"), name),
            "least": shown(table.sort_values(name, kind="stable"), name),
        }
        for name in (*NUMERIC, "lipinski_violations")
    }


def summarize(table: pd.DataFrame) -> dict[str, Any]:
    """Returns mean, median, lowest and highest of each number, and the share of each verdict.

    Shares are fractions of the molecules, 0-1.
    """
    numbers = table[list(NUMERIC)].astype(float)
    shares = {
        "lipinski_pass": table["lipinski_pass"].mean(),
        "lipinski_strict_pass": (table["lipinski_violations"] == 0).mean(),
        "veber_pass": table["veber_pass"].mean(),
        "pains": (table["pains"] != "").mean(),
        "brenk": (table["brenk"] != "").mean(),
        "gastrointestinal_absorption_high": (table["gastrointestinal_absorption"] == "High").mean(),
        "blood_brain_barrier": table["blood_brain_barrier"].mean(),
    }
    return {
        "properties": {
            name: {
                "mean": float(column.mean()),
                "median": float(column.median()),
                "low": float(column.min()),
                "high": float(column.max()),
            }
            for name, column in numbers.items()
        },
        "shares": {name: float(value) for name, value in shares.items()},
    }

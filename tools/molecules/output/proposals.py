"""What every tool leaves that makes or describes molecules: picture, table, structures."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from models.store.runs import Run
from tools.contract import Artifact

if TYPE_CHECKING:
    from models.molecules.chemistry.drawing import Panel

DRAWN = 24
"""Most molecules in a picture."""


def keep_molecules(
    run: Run,
    panels: "Sequence[Panel]",
    table: Sequence[Mapping[str, Any]],
    structures: Sequence[Mapping[str, Any]],
    table_name: str = "molecules.csv",
) -> list[Artifact]:
    """Writes molecules into a run.

    Args:
        run: Whose artifacts they become.
        panels: The molecules to draw; the first few dozen are.
        table: Rows of the CSV.
        structures: Rows of the SDF and the SMI, each with its `smiles`; in the SDF, what else they
            hold become properties.
        table_name: Of the CSV.
    """
    import pandas as pd
    from rdkit import Chem

    from models.molecules.chemistry.drawing import draw_grid
    from models.molecules.chemistry.sdf import write_sdf
    from models.store.files import write_bytes, write_text

    picture, csv = run.artifact("molecules.png"), run.artifact(table_name)
    sdf, smi = run.artifact("molecules.sdf"), run.artifact("molecules.smi")
    write_bytes(picture, draw_grid(panels[:DRAWN]))
    write_text(csv, pd.DataFrame(table).to_csv(index=False))
    named = [(row, str(row.get("label", rank))) for rank, row in enumerate(structures, start=1)]
    records = ((Chem.MolFromSmiles(row["smiles"]), name, _flat(row)) for row, name in named)
    write_text(sdf, write_sdf(records))
    write_text(smi, "".join(f"{row['smiles']} {' '.join(name.split())}\n" for row, name in named))
    return [
        Artifact(kind="picture", path=str(picture)),
        Artifact(kind="table", path=str(csv)),
        Artifact(kind="file", path=str(sdf)),
        Artifact(kind="file", path=str(smi)),
    ]


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the values of a row, nested ones under their own names, lists as words."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            flat |= _flat(value)
        elif isinstance(value, list):
            flat[name] = " ".join(map(str, value))
        elif value is not None:
            flat[name] = value
    return flat

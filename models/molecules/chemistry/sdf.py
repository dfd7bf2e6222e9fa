"""Molecules as SDF, with their properties."""

from collections.abc import Iterable, Mapping
from typing import Any

from rdkit import Chem, rdBase
from rdkit.Chem import rdDepictor

LONGEST_TITLE = 80


def write_sdf(records: Iterable[tuple[Chem.Mol, str, Mapping[str, Any]]]) -> str:
    """Returns an SDF of molecules, each with its title and properties.

    Those without coordinates are laid out in the plane. Values of several lines lose their breaks,
    which would end the field.
    """
    return "".join(_record(*record) for record in records)


def _record(molecule: Chem.Mol, title: str, properties: Mapping[str, Any]) -> str:
    one = Chem.Mol(molecule)
    one.SetProp("_Name", " ".join(title.split())[:LONGEST_TITLE])
    with rdBase.BlockLogs():
        if not one.GetNumConformers():
            rdDepictor.Compute2DCoords(one)
        block = Chem.MolToMolBlock(one)
    fields = "".join(
        f">  <{name}>\n{' '.join(str(value).split())}\n\n" for name, value in properties.items()
    )
    return f"{block}{fields}$$$$\n"

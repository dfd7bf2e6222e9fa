"""Structural alerts: PAINS and Brenk filters, with the atoms that match.

Sources: Baell JB, Holloway GA. J Med Chem 2010; 53: 2719-2740 (PAINS, families A to C);
Brenk R et al. ChemMedChem 2008; 3: 435-444 (Brenk). The patterns are RDKit's catalogues.
"""

from functools import cache
from typing import Literal, TypedDict, get_args

from rdkit import Chem
from rdkit.Chem.FilterCatalog import FilterCatalog, FilterCatalogParams

Family = Literal["pains", "brenk"]


class Alert(TypedDict):
    """One catalogue entry that a molecule matches.

    `smarts` is its pattern, `atoms` has the atom indices of each occurrence, `fragment` the SMILES
    of the first.
    """

    name: str
    smarts: str
    fragment: str
    atoms: list[list[int]]


def find_alerts(molecule: Chem.Mol, family: Family) -> list[Alert]:
    """Returns the catalogue entries that match, in the catalogue's order."""
    alerts: list[Alert] = []
    for entry in _catalogue(family).GetMatches(molecule):
        # Every entry of these two catalogues is one pattern; RDKit locates its first occurrence.
        pattern = entry.GetFilterMatches(molecule)[0].filterMatch.GetPattern()
        places = [sorted(place) for place in molecule.GetSubstructMatches(pattern)]
        alerts.append(
            Alert(
                name=entry.GetDescription(),
                smarts=Chem.MolToSmarts(pattern),
                fragment=Chem.MolFragmentToSmiles(molecule, places[0]),
                atoms=places,
            )
        )
    return alerts


def count_alerts(molecule: Chem.Mol) -> int:
    """Returns how many catalogue entries of either family match."""
    return sum(len(_catalogue(family).GetMatches(molecule)) for family in get_args(Family))


@cache
def _catalogue(family: Family) -> FilterCatalog:
    catalogues = FilterCatalogParams.FilterCatalogs
    return FilterCatalog(
        FilterCatalogParams(catalogues.PAINS if family == "pains" else catalogues.BRENK)
    )

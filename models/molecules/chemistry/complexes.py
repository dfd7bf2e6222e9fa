"""Molecules whose organic part is not the molecule: metal complexes and inorganic compounds."""

from rdkit import Chem

COUNTER_IONS = {
    "Li", "Na", "K", "Rb", "Cs", "Mg", "Ca", "Sr", "Ba", "Al", "Zn",
}  # fmt: skip
"""Metals that come as ions beside a drug; alkali and alkaline earth metals also drawn bonded."""
DRAWN_BONDED = COUNTER_IONS - {"Al", "Zn"}
METALLOIDS = {"B", "Si", "As", "Ge", "Sb", "Te", "Se", "At"}
NONMETALS = {
    "H", "He", "C", "N", "O", "F", "Ne", "P", "S", "Cl", "Ar", "Br", "Kr", "I", "Xe", "Rn",
}  # fmt: skip


def unlike_its_parent(molecule: Chem.Mol) -> str | None:
    """Returns why a molecule cannot stand as its organic part; None where it can.

    A sodium salt is its acid; cisplatin is not ammonia.
    """
    metals = [atom for atom in molecule.GetAtoms() if _is_metal(atom.GetSymbol())]
    bound = sorted({atom.GetSymbol() for atom in metals if _is_in_complex(atom)})
    if bound:
        return (
            f"it is a compound of {' and '.join(bound)}; without the metal it would be another "
            "molecule"
        )
    if metals and not any(atom.GetSymbol() == "C" for atom in molecule.GetAtoms()):
        names = sorted({atom.GetSymbol() for atom in metals})
        return f"it is an inorganic compound of {' and '.join(names)}"
    return None


def _is_metal(symbol: str) -> bool:
    return symbol not in NONMETALS | METALLOIDS | {"*"}


def _is_in_complex(atom: Chem.Atom) -> bool:
    symbol = atom.GetSymbol()
    return symbol not in COUNTER_IONS or (atom.GetDegree() > 0 and symbol not in DRAWN_BONDED)

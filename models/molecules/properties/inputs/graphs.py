"""Molecules as graphs of atoms and directed bonds, and batches of them as tensors."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from rdkit import Chem
from torch import Tensor

ELEMENTS = (5, 6, 7, 8, 9, 14, 15, 16, 17, 34, 35, 53, 11, 3, 19, 20, 30, 33)
HYBRIDISATIONS = (
    Chem.HybridizationType.SP, Chem.HybridizationType.SP2, Chem.HybridizationType.SP3,
    Chem.HybridizationType.SP3D, Chem.HybridizationType.SP3D2,
)  # fmt: skip
BONDS = (Chem.BondType.SINGLE, Chem.BondType.DOUBLE, Chem.BondType.TRIPLE, Chem.BondType.AROMATIC)
CHIRAL = (Chem.ChiralType.CHI_TETRAHEDRAL_CW, Chem.ChiralType.CHI_TETRAHEDRAL_CCW)
STEREO = (Chem.BondStereo.STEREOZ, Chem.BondStereo.STEREOE)
ATOM_SIZE = len(ELEMENTS) + 1 + 6 + 5 + 5 + len(HYBRIDISATIONS) + 1 + len(CHIRAL) + 4 + 1
BOND_SIZE = len(BONDS) + 2 + len(STEREO)
FloatArray = NDArray[np.float32]


@dataclass(frozen=True)
class Graph:
    """One molecule.

    Each bond is there in both directions, and the two follow each other.

    Attributes:
        atoms: Features, shape (a, ATOM_SIZE).
        bonds: Features of directed bonds, shape (2b, BOND_SIZE).
        origins: The atom that each directed bond leaves, shape (2b,).
        ends: The atom that it leads to, shape (2b,).
    """

    atoms: FloatArray
    bonds: FloatArray
    origins: NDArray[np.int64]
    ends: NDArray[np.int64]


@dataclass(frozen=True)
class Batch:
    """Several molecules as one graph that falls into parts.

    The two directions of a bond follow each other, as in `Graph`.

    Attributes:
        atoms: Shape (A, ATOM_SIZE).
        bonds: Shape (B, BOND_SIZE).
        origins: Shape (B,).
        ends: Shape (B,).
        molecule: Of each atom, shape (A,).
        extra: Further features of each molecule, shape (molecules, d); d may be 0.
    """

    atoms: Tensor
    bonds: Tensor
    origins: Tensor
    ends: Tensor
    molecule: Tensor
    extra: Tensor

    def __len__(self) -> int:
        return len(self.extra)


def graph_of(molecule: Chem.Mol) -> Graph:
    """Returns a molecule as a graph."""
    atoms = np.array([_atom(atom) for atom in molecule.GetAtoms()], dtype=np.float32)
    bonds, origins, ends = [], [], []
    for bond in molecule.GetBonds():
        first, second = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
        features = _bond(bond)
        bonds += [features, features]
        origins += [first, second]
        ends += [second, first]
    return Graph(
        atoms.reshape(-1, ATOM_SIZE),
        np.array(bonds, dtype=np.float32).reshape(-1, BOND_SIZE),
        np.array(origins, dtype=np.int64),
        np.array(ends, dtype=np.int64),
    )


def graphs_of(molecules: Sequence[Chem.Mol]) -> list[Graph]:
    """Returns molecules as graphs; those seen shortly before cost nothing."""
    return [_known(Chem.MolToSmiles(molecule)) for molecule in molecules]


@lru_cache(maxsize=40_000)
def _known(smiles: str) -> Graph:
    return graph_of(Chem.MolFromSmiles(smiles))


def batch_of(graphs: Sequence[Graph], extra: FloatArray) -> Batch:
    """Brings molecules together.

    Args:
        graphs: At least one.
        extra: Shape (molecules, d).
    """
    atoms = np.array([len(graph.atoms) for graph in graphs])
    first = np.concatenate([[0], np.cumsum(atoms)[:-1]])
    bonds = [len(graph.bonds) for graph in graphs]
    shift = np.repeat(first, bonds)
    return Batch(
        torch.from_numpy(np.concatenate([graph.atoms for graph in graphs])),
        torch.from_numpy(np.concatenate([graph.bonds for graph in graphs])),
        torch.from_numpy(np.concatenate([graph.origins for graph in graphs]) + shift),
        torch.from_numpy(np.concatenate([graph.ends for graph in graphs]) + shift),
        torch.from_numpy(np.repeat(np.arange(len(graphs)), atoms)),
        torch.from_numpy(np.ascontiguousarray(extra, dtype=np.float32)),
    )


def _atom(atom: Chem.Atom) -> list[float]:
    return [
        *_one_of(atom.GetAtomicNum(), ELEMENTS, other=True),
        *_one_of(min(atom.GetTotalDegree(), 5), range(6)),
        *_one_of(max(-2, min(2, atom.GetFormalCharge())), range(-2, 3)),
        *_one_of(min(atom.GetTotalNumHs(), 4), range(5)),
        *_one_of(atom.GetHybridization(), HYBRIDISATIONS),
        float(atom.GetIsAromatic()),
        *_one_of(atom.GetChiralTag(), CHIRAL),
        *(float(atom.IsInRingSize(size)) for size in range(3, 7)),
        atom.GetMass() / 100,
    ]


def _bond(bond: Chem.Bond) -> list[float]:
    return [
        *_one_of(bond.GetBondType(), BONDS),
        float(bond.GetIsConjugated()),
        float(bond.IsInRing()),
        *_one_of(bond.GetStereo(), STEREO),
    ]


def _one_of(value: object, choices: Sequence[object], *, other: bool = False) -> list[float]:
    """Returns 1 at the place of a value, 0 elsewhere; at the last place where it is none."""
    marks = [float(value == choice) for choice in choices]
    return [*marks, float(not any(marks))] if other else marks

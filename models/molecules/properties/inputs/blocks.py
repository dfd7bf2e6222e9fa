"""What the algorithms read of molecules."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from models.molecules.properties.inputs.fingerprints import (
    Fingerprints,
    fingerprint_of,
    fingerprints_of,
)
from models.molecules.properties.inputs.graphs import Graph, graph_of, graphs_of


@dataclass(frozen=True)
class Inputs:
    """n molecules as fingerprints and as graphs.

    Attributes:
        fingerprints: Descriptors, substructures and keys.
        graphs: Atoms and bonds, length n.
    """

    fingerprints: Fingerprints
    graphs: Sequence[Graph]

    def __len__(self) -> int:
        return len(self.graphs)

    def take(self, rows: NDArray[np.intp]) -> "Inputs":
        """Returns some of the molecules."""
        return Inputs(self.fingerprints.take(rows), [self.graphs[n] for n in rows])


def inputs_of(molecules: Sequence[Chem.Mol]) -> Inputs:
    """Returns what the algorithms read of molecules."""
    return Inputs(fingerprints_of(molecules), graphs_of(molecules))


def input_of(molecule: Chem.Mol) -> Inputs:
    """Returns the same of one molecule as it is, also of one that no SMILES describes."""
    return Inputs(fingerprint_of(molecule), [graph_of(molecule)])

"""The docking score of one molecule, for what searches with it as an objective."""

import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from rdkit import Chem
from rdkit.Chem.rdinchi import MolToInchiKey

from models.molecules.docking.docking import Candidate, Docking
from models.molecules.docking.engines import ENGINES
from models.molecules.docking.ligand import UnfitError
from models.molecules.docking.proteins.receptor import packaged_receptor
from models.molecules.docking.proteins.targets import find_target

QUICK = 1
"""Exhaustiveness that an objective can afford: some seconds a molecule."""


class Scorer:
    """Scores molecules against a prepared target; each is docked once.

    Args:
        target: Name of the protein.
        exhaustiveness: Independent searches.
        seed: Decides conformers and searches.
        cpu: Threads of one search.

    Raises:
        ToolError: No target of that name comes prepared.
    """

    def __init__(
        self, target: str, exhaustiveness: int = QUICK, seed: int = 0, cpu: int = 1
    ) -> None:
        found = find_target(target)
        self.target = found.name
        self._job = Docking(
            packaged_receptor(found).pdbqt,
            found.box,
            exhaustiveness,
            poses=1,
            seed=seed,
            cpu=cpu,
            many=exhaustiveness == QUICK,
        )
        self._known: dict[str, float | UnfitError] = {}

    def score(self, molecule: Chem.Mol | str) -> float:
        """Returns the best pose's score in kcal/mol; lower binds better.

        Args:
            molecule: Or its SMILES.

        Raises:
            UnfitError: It cannot be docked; the message is the reason.
        """
        smiles = molecule if isinstance(molecule, str) else Chem.MolToSmiles(molecule)
        key = MolToInchiKey(Chem.MolFromSmiles(smiles)) or smiles
        if key not in self._known:
            docked = self._job(Candidate(1, smiles, smiles))
            reason = docked.refused
            self._known[key] = docked.score if reason is None else UnfitError(reason)
        known = self._known[key]
        if isinstance(known, UnfitError):
            raise known
        return known

    def score_or(self, worst: float) -> Callable[[Chem.Mol], float]:
        """Returns a function that scores, and gives `worst` to what cannot be docked."""

        def scored(molecule: Chem.Mol) -> float:
            try:
                return self.score(molecule)
            except UnfitError:
                return worst

        return scored

    def prepare(self, molecules: Sequence[Chem.Mol]) -> None:
        """Docks several molecules on all cores, so that their scores are known."""
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            # Each search runs in a process of its own: a thread only waits for it.
            list(pool.map(self.score_or(math.nan), molecules))

    def close(self) -> None:
        """Ends the processes that wait for a next molecule."""
        ENGINES.close()

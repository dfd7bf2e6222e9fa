"""One ligand after the other into one protein: the piece of work that executors are given."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from models.molecules.docking.engines import ENGINES, EngineError, Setting
from models.molecules.docking.proteins.box import Box

if TYPE_CHECKING:
    from rdkit import Chem

FIRST_SEED = 974528263
"""The seed of dockstring's published scores; our seed is added to it, so 0 is theirs."""
LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Candidate:
    """A molecule to dock: its row in the request, what it is called, its SMILES."""

    row: int
    label: str
    smiles: str


@dataclass(frozen=True)
class Docked:
    """What became of a candidate.

    Attributes:
        candidate: What was asked for.
        docked: SMILES of what was docked: the parent, with charges and stereochemistry.
        scores: kcal/mol, best (lowest) first; empty where it could not be docked.
        poses: MOL blocks with all hydrogens, in the order of `scores`.
        heavy_atoms: Of what was docked.
        notes: What the reader should know.
        refused: Why it could not be docked; None where it was.
        seconds: What it took.
    """

    candidate: Candidate
    docked: str = ""
    scores: tuple[float, ...] = ()
    poses: tuple[str, ...] = ()
    heavy_atoms: int = 0
    notes: tuple[str, ...] = ()
    refused: str | None = None
    seconds: float = 0.0

    @property
    def score(self) -> float:
        """The best pose's score, in kcal/mol."""
        return self.scores[0]

    @property
    def best_pose(self) -> "Chem.Mol":
        """The best pose, with its hydrogens."""
        from rdkit import Chem

        return Chem.MolFromMolBlock(self.poses[0], removeHs=False)

    @property
    def efficiency(self) -> float:
        """kcal/mol per heavy atom, positive where it binds (Hopkins et al. 2004)."""
        return -self.score / self.heavy_atoms


@dataclass(frozen=True)
class Docking:
    """Docks candidates into one protein; can be sent to another process or machine.

    Attributes:
        receptor: The protein as PDBQT.
        box: Where to search.
        exhaustiveness: Independent searches.
        poses: How many to keep at most.
        seed: Decides conformer and search.
        cpu: Threads of one search; the numbers are the same with any.
        many: Whether one process will dock more than a few; see `Setting`.
        alive: Called again and again while a ligand is docked; may raise to end it. Not sent
            elsewhere.
    """

    receptor: str
    box: Box
    exhaustiveness: int = 8
    poses: int = 9
    seed: int = 0
    cpu: int = 1
    many: bool = False
    alive: Callable[[], None] = field(default=lambda: None, repr=False, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "alive"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, alive=lambda: None)

    def __call__(self, candidate: Candidate) -> Docked:
        """Docks one candidate, or says why not."""
        from rdkit import Chem

        from models.molecules.docking.ligand import UnfitError, prepare
        from models.molecules.docking.poses.poses import place

        start = time.monotonic()
        seed = (FIRST_SEED + self.seed) % LARGEST_SEED or 1
        docked = Docked(candidate)
        try:
            ligand = prepare(Chem.MolFromSmiles(candidate.smiles), seed)
            answer = ENGINES.dock(
                Setting(self.receptor, self.box, seed, self.cpu, self.many),
                ligand.pdbqt,
                self.exhaustiveness,
                self.poses,
                self.alive,
            )
        except (UnfitError, EngineError) as error:
            return replace(docked, refused=str(error))
        if not answer["scores"]:
            return replace(docked, refused="Vina found no pose in the box")
        placed = place(ligand, answer["poses"])
        return replace(
            docked,
            docked=Chem.MolToSmiles(ligand.molecule),
            scores=tuple(round(score, 3) for score in answer["scores"]),
            poses=tuple(Chem.MolToMolBlock(pose) for pose in placed),
            heavy_atoms=ligand.molecule.GetNumHeavyAtoms(),
            notes=ligand.notes,
            seconds=time.monotonic() - start,
        )

"""A packaged protein and one docking into it, done once."""

import pytest

from models.molecules.docking.docking import Candidate, Docked, Docking
from models.molecules.docking.proteins.receptor import Receptor, packaged_receptor
from models.molecules.docking.proteins.targets import Target, find_target


@pytest.fixture(scope="session")
def dhfr() -> Target:
    return find_target("DHFR")


@pytest.fixture(scope="session")
def receptor(dhfr: Target) -> Receptor:
    return packaged_receptor(dhfr)


@pytest.fixture(scope="session")
def job(dhfr: Target, receptor: Receptor) -> Docking:
    """A docking that is as quick as can be: one search, in a part of the box."""
    from models.molecules.docking.proteins.box import Box

    return Docking(receptor.pdbqt, Box(dhfr.box.center, (13, 13, 13)), exhaustiveness=1, poses=3)


@pytest.fixture(scope="session")
def docked(job: Docking) -> Docked:
    from models.molecules.docking.engines import ENGINES

    result = job(Candidate(1, "benzamidine", "NC(=N)c1ccccc1.Cl"))
    ENGINES.close()
    return result

"""Vina's poses and scores: whole molecules, reproducible, cancelled, here and elsewhere."""

import pickle
from dataclasses import replace
from pathlib import Path

import pytest
from rdkit import Chem

from models.errors import ToolError
from models.fitting.effort import Effort
from models.molecules.chemistry.sdf import write_sdf
from models.molecules.docking.docking import Candidate, Docked, Docking
from models.molecules.docking.engines import ENGINES
from models.molecules.docking.scoring import Scorer
from models.molecules.docking.screening import dock_all


def test_poses_are_the_molecule_itself_in_the_box(docked: Docked, job: Docking) -> None:
    assert docked.refused is None
    assert docked.docked == "NC(=[NH2+])c1ccccc1"
    assert list(docked.scores) == sorted(docked.scores)
    assert -9 < docked.score < -3
    assert len(docked.poses) == len(docked.scores) <= 3
    assert docked.efficiency == pytest.approx(-docked.score / 9)
    for block in docked.poses:
        pose = Chem.MolFromMolBlock(block, removeHs=False)
        assert Chem.MolToSmiles(Chem.RemoveHs(pose)) == docked.docked
        assert pose.GetNumAtoms() == 9 + 9
        assert job.box.holds(pose.GetConformer().GetPositions()).all()


def test_the_seed_decides_and_grids_and_threads_do_not(docked: Docked, job: Docking) -> None:
    candidate = docked.candidate
    for same in (job, replace(job, many=True), replace(job, cpu=2)):
        assert same(candidate).poses == docked.poses
    assert replace(job, seed=1)(candidate).poses != docked.poses
    ENGINES.close()


def test_many_come_in_their_order_with_the_reasons_of_the_others(job: Docking) -> None:
    smiles = ["CCO", "C[Hg]C", "CC(=O)NC"]
    candidates = [Candidate(row, s, s) for row, s in enumerate(smiles, start=1)]
    told: list[tuple[float, str]] = []
    effort = Effort(progress=lambda fraction, message: told.append((fraction, message)))
    results = dock_all(job, candidates, effort, workers=2)
    assert [one.candidate for one in results] == candidates
    assert [bool(one.scores) for one in results] == [True, False, True]
    assert "Hg" in str(results[1].refused)
    assert told[-1] == (1.0, "3 of 3 molecules docked")


def test_after_the_time_nothing_is_begun(job: Docking) -> None:
    results = dock_all(job, [Candidate(1, "ethanol", "CCO")], Effort.within(0, 0.0), workers=1)
    assert results[0].refused == "the time was up before it was begun"


def test_a_cancelled_docking_ends_at_once(job: Docking) -> None:
    class StopError(Exception):
        pass

    def stop(fraction: float, message: str) -> None:
        raise StopError

    slow = replace(job, exhaustiveness=256)
    with pytest.raises(StopError):
        dock_all(slow, [Candidate(1, "x", "CCCCCCCCCC")], Effort(progress=stop), workers=1)


def test_vina_that_dies_costs_its_own_molecule(job: Docking) -> None:
    broken = replace(job, receptor="ATOM      1  N   ALA A   1       0.0 nonsense\n")
    one = broken(Candidate(1, "ethanol", "CCO"))
    assert "Vina" in str(one.refused)
    ENGINES.close()


def test_a_job_can_be_sent_elsewhere_without_who_watches_it(job: Docking) -> None:
    watched = replace(job, alive=lambda: None)
    assert pickle.loads(pickle.dumps(watched)) == job  # noqa: S301  # our own bytes


def test_a_scorer_refuses_what_cannot_be_docked() -> None:
    scorer = Scorer("DHFR")
    for _ in range(2):
        with pytest.raises(ValueError, match="contains Hg"):
            scorer.score("C[Hg]C")
    with pytest.raises(ToolError):
        Scorer("no such protein")


def children() -> set[str]:
    """Returns the numbers of this process's children."""
    listed = [path.read_text() for path in Path("/proc/self/task").glob("*/children")]
    return set(" ".join(listed).split())


@pytest.mark.slow
def test_a_scorer_docks_each_molecule_once() -> None:
    scorer = Scorer("DHFR")
    first = scorer.score("NC(=N)c1ccccc1")
    assert -9 < first < -3
    scorer.close()
    before = children()
    assert scorer.score("c1ccccc1C(N)=N") == first
    assert children() == before
    scorer.score("c1ccccc1")
    assert children() != before
    scorer.close()


def test_sdf_is_read_back_with_its_properties(docked: Docked) -> None:
    records = [(Chem.MolFromMolBlock(b, removeHs=False), "a\nb", {"score": s})
               for b, s in zip(docked.poses, docked.scores, strict=True)]  # fmt: skip
    supplier = Chem.SDMolSupplier()
    supplier.SetData(write_sdf(records) + write_sdf([(records[0][0], "bare", {})]))
    *read, bare = list(supplier)
    assert [float(m.GetProp("score")) for m in read] == list(docked.scores)
    assert {m.GetProp("_Name") for m in read} == {"a b"}
    assert not list(bare.GetPropNames())


@pytest.mark.slow
def test_a_ray_cluster_gives_the_same_poses(docked: Docked, job: Docking) -> None:
    pytest.importorskip("ray")
    results = dock_all(job, [docked.candidate], Effort(), workers=1, ray="local")
    assert results[0].poses == docked.poses

"""Evals of molecule design give the same figures however many cores they are spread over."""

import gzip
from pathlib import Path

import pytest

from evals.cores import on_all_cores
from evals.molecules.molecule_improvement import Start, _improved
from evals.registry import EvalOptions, find_eval
from models.store.workspace import Workspace

STARTS = ("CCOC(=O)c1ccccc1N", "O=C(Nc1ccc(F)cc1)C1CCNCC1")


def test_results_come_in_the_order_of_the_items() -> None:
    assert on_all_cores(abs, [-3, 2, -1]) == [3, 2, 1]
    assert on_all_cores(abs, []) == []


@pytest.mark.slow
def test_molecules_are_improved_as_one_by_one(workspace: Workspace) -> None:
    folder = workspace.root / "public/molecules"
    folder.mkdir(parents=True)
    (folder / "opt_valid_logp_sa.txt").write_text("".join(f"{one} -1.0\n" for one in STARTS))
    report = find_eval("molecule_improvement").run(EvalOptions(workspace, data=folder.parent))
    gains = [_improved(Start(smiles, 0.4, 0))[0] for smiles in STARTS]
    assert report.figures["improvement at 0.4"] == round(sum(gains) / 2, 3)
    assert report.figures["success at 0.4"] == 1


def amides(workspace: Workspace, count: int, limit: int) -> EvalOptions:
    """Returns options with so many molecules in the place of ZINC's."""
    folder = workspace.root / "public/molecules"
    folder.mkdir(parents=True)
    with gzip.open(folder / "zinc250k.smi.gz", "wt") as stream:
        stream.writelines(f"{'C' * n}N(C)C(=O)c1ccccc1\n" for n in range(1, count + 1))
    return EvalOptions(workspace, data=Path(folder.parent), limit=limit)


@pytest.mark.slow
def test_every_task_is_searched_with_each_seed(workspace: Workspace) -> None:
    options = amides(workspace, 19, limit=20)
    first, again = (find_eval("molecule_optimization").run(options) for _ in range(2))
    assert first.tables == again.tables
    *rows, total = first.tables[0].rows
    assert len(rows) == 19
    assert total[1] == pytest.approx(sum(row[1] for row in rows))


@pytest.mark.slow
def test_training_and_drawing_are_timed_beside_bare_loops(workspace: Workspace) -> None:
    options = amides(workspace, 39, limit=1)
    report = find_eval("molecule_generation_speed").run(options)
    rows = report.tables[0].rows
    assert {"bare loop", "Theriac"} <= {row[1] for row in rows if row[0] == "training, tokens"}
    assert [row[1] for row in rows if row[0] == "drawing, rows"] == ["bare loop", "Theriac"]
    for what, loop, speed, ratio in rows:
        assert speed > 0
        assert ratio == (1 if loop == "Theriac" else report.figures[f"{what}, to the {loop}"])

"""AutoDock Vina in a process of its own: `python -m models.molecules.docking.engine`.

Vina holds Python's lock while it searches, so it gets a process: several run side by side, and one
can be ended at once. The first line from standard input says which protein and box; each line
after it is a ligand, answered by one line.
"""

import ctypes
import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
"""From <linux/prctl.h>."""
ENERGY_RANGE = 3.0
"""kcal/mol: poses worse than the best by more are left out; Vina's own default."""


def _serve() -> None:
    # What Vina prints must not end up between our lines: it goes to standard error.
    channel = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    _end_with_parent()
    setting = json.loads(sys.stdin.readline())
    place = setting["center"], setting["size"]
    with tempfile.TemporaryDirectory() as folder:
        receptor = Path(folder) / "receptor.pdbqt"
        receptor.write_text(setting["receptor"])
        engine = None
        for line in sys.stdin:
            request = json.loads(line)
            try:
                if engine is None or not setting["many"]:
                    engine = _engine(setting, receptor)
                    if setting["many"]:
                        # Before any ligand is set: the grids of all types of atoms.
                        engine.compute_vina_maps(*place)
                engine.set_ligand_from_string(request["ligand"])
                if not setting["many"]:
                    engine.compute_vina_maps(*place)
                answer = _dock(engine, request["exhaustiveness"], request["poses"])
            except (RuntimeError, TypeError, ValueError) as error:
                answer = {"error": _reason(error)}
            print(json.dumps(answer), file=channel, flush=True)


def _end_with_parent() -> None:
    """Asks Linux to end this process with the one that started it, even if that was killed.

    While Vina searches nothing here runs that could notice.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _engine(setting: dict[str, Any], receptor: Path) -> Any:
    from vina import Vina

    engine = Vina(sf_name="vina", cpu=setting["cpu"], seed=setting["seed"], verbosity=0)
    engine.set_receptor(str(receptor))
    return engine


def _dock(engine: Any, exhaustiveness: int, poses: int) -> dict[str, Any]:
    engine.dock(exhaustiveness=exhaustiveness, n_poses=poses)
    scores = engine.energies(n_poses=poses, energy_range=ENERGY_RANGE)
    return {
        "scores": [float(row[0]) for row in scores],
        "poses": engine.poses(n_poses=poses, energy_range=ENERGY_RANGE),
    }


def _reason(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join(lines)[:300] or type(error).__name__


if __name__ == "__main__":
    _serve()

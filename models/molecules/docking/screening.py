"""Docking many molecules side by side, here or on a Ray cluster."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from models.fitting.effort import Effort
from models.fitting.executors import Executor, Threads, find_executor
from models.molecules.docking.docking import Candidate, Docked, Docking
from models.molecules.docking.engines import ENGINES

TELL_SECONDS = 1.0
"""Between two words about the same work; each is also where a cancelled call ends."""
MANY_PER_WORKER = 4
"""Beyond so many molecules for one process of Vina, grids for all of them pay."""


def dock_all(
    job: Docking,
    candidates: Sequence[Candidate],
    effort: Effort,
    workers: int,
    ray: str | None = None,
) -> list[Docked]:
    """Docks candidates; the result is in their order, whatever the workers.

    Args:
        job: How and into what.
        candidates: What to dock.
        effort: Whom to tell; after its deadline no further candidate is begun.
        workers: How many are docked at a time on this machine.
        ray: Address of a Ray cluster, instead of this machine.

    Raises:
        PrerequisiteError: Ray is not installed, or nothing answers at the address.
    """
    lock = threading.Lock()
    done: list[Docked] = []
    told = [0.0]

    def tell() -> None:
        with lock:
            told[0] = time.monotonic()
            message = f"{len(done)} of {len(candidates)} molecules docked"
            effort.progress(len(done) / len(candidates), message)

    def alive() -> None:
        if time.monotonic() - told[0] >= TELL_SECONDS:
            tell()

    def within_time() -> Iterator[Candidate]:
        for candidate in candidates:
            if effort.spent():
                return
            yield candidate

    many = len(candidates) > MANY_PER_WORKER * workers
    job = replace(job, many=many and not ray, alive=alive)
    # Vina has processes of its own: threads that wait for them are enough.
    executor: Executor = find_executor(ray) if ray else Threads(workers)
    try:
        with executor:
            for result in executor.map(job, within_time()):
                done.append(result)
                tell()
    finally:
        ENGINES.close()
    late = "the time was up before it was begun"
    return done + [Docked(candidate, refused=late) for candidate in candidates[len(done) :]]

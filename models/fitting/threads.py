"""One thread: sums made in one order, and no threads waiting for each other on a busy machine.

OpenMP threads spin while they wait. On small tables that costs more than it brings, and when other
work has the cores it costs everything (measured: 17 ms against 2 ms for one prediction).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import threadpool_limits

MANY_ROWS = 20_000
"""From so many rows on, more threads pay."""


@contextmanager
def one_thread(rows: int = 0) -> Iterator[None]:
    """Runs OpenMP, BLAS and torch on one thread inside the block, unless there are many rows."""
    with threadpool_limits(1 if rows < MANY_ROWS else None):
        yield

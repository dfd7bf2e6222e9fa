"""Where independent pieces of work run: in this process, others beside it, or a Ray cluster."""

import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from multiprocessing import get_context
from types import TracebackType
from typing import Any, Protocol, TypeVar

from models.errors import PrerequisiteError, ToolError, fault

Item = TypeVar("Item")
Result = TypeVar("Result")
SelfT = TypeVar("SelfT", bound="Executor")

WAKE_SECONDS = 0.2
AHEAD = 2
"""Pieces in flight per worker: one that is worked on and one that waits."""


class Executor(Protocol):
    """Applies a function to many items; results come in the order of the items.

    Items are drawn as they are needed, never more than a few ahead, so that they may be endless and
    memory stays bounded. The function and the items must be transferable: a module's own function,
    or an object of a module's own class, with plain data. What it loads it should keep (`cache`):
    a worker applies it many times.
    """

    def __enter__(self: SelfT) -> SelfT:
        """Starts nothing yet; workers start with the first item."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends the workers; what has not begun is given up."""

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yields the result of each item, in order; an error of the function is raised here."""


class InProcess:
    """Everything here, one item after the other."""

    def __enter__(self) -> "InProcess":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yields the result of each item, in order."""
        return map(function, items)


class _Pool:
    """Workers of `concurrent.futures`."""

    def __init__(self, pool: ThreadPoolExecutor | ProcessPoolExecutor, workers: int) -> None:
        self._pool = pool
        self._most = AHEAD * workers

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yields the result of each item, in order."""
        flying: deque[Future[Result]] = deque()
        for item in items:
            flying.append(self._pool.submit(function, item))
            if len(flying) >= self._most:
                yield _result(flying.popleft())
        while flying:
            yield _result(flying.popleft())


def _result(future: Future[Result]) -> Result:
    """Waits in short steps: a signal that another thread got is seen only when this one wakes."""
    while not wait([future], timeout=WAKE_SECONDS).done:
        pass
    return future.result()


class Threads(_Pool):
    """Threads of this process, for work that waits on a server.

    Args:
        workers: How many items are worked on at a time.
    """

    def __init__(self, workers: int) -> None:
        super().__init__(ThreadPoolExecutor(workers), workers)

    def __enter__(self) -> "Threads":
        return self


class Processes(_Pool):
    """Processes on this machine; each starts afresh, so none inherits locks or threads.

    Args:
        workers: How many; at least 1.
    """

    def __init__(self, workers: int) -> None:
        super().__init__(ProcessPoolExecutor(workers, mp_context=get_context("spawn")), workers)

    def __enter__(self) -> "Processes":
        return self


class RayCluster:
    """The workers of a Ray cluster, on which this program is installed as here.

    Args:
        address: As `ray.init` takes it: `auto`, `host:6379`, `ray://host:10001`; `local` starts one
            here.

    Raises:
        PrerequisiteError: Ray is not installed, or nothing answers at the address.
    """

    def __init__(self, address: str) -> None:
        try:
            import ray
        except ImportError:
            message = "Work on a Ray cluster needs the package ray."
            raise PrerequisiteError(message, "pip install 'theriac[ray]'") from None
        options: dict[str, Any] = {"include_dashboard": False} if address == "local" else {}
        try:
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR, **options)
        except (ConnectionError, RuntimeError, ValueError) as error:
            message = f"No Ray cluster answers at {address}: {error}"
            raise PrerequisiteError(message, "ray start --head") from error
        self._ray: Any = ray

    def __enter__(self) -> "RayCluster":
        return self

    def __exit__(self, *_: object) -> None:
        self._ray.shutdown()

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yields the result of each item, in order."""
        shared, remote = self._ray.put(function), self._ray.remote(_apply)
        most = AHEAD * max(1, int(self._ray.cluster_resources().get("CPU", 1)))
        flying: deque[Any] = deque()
        try:
            for item in items:
                flying.append(remote.remote(shared, item))
                if len(flying) >= most:
                    yield self._ray.get(flying.popleft())
            while flying:
                yield self._ray.get(flying.popleft())
        finally:
            for reference in flying:
                self._ray.cancel(reference)


def _apply(function: Callable[[Item], Result], item: Item) -> Result:
    return function(item)


def find_executor(ray: str | None = None, workers: int = 1) -> Executor:
    """Returns the executor that two options name.

    Args:
        ray: Address of a Ray cluster; None for this machine.
        workers: Processes on this machine; 1 is this process alone.

    Raises:
        ToolError: Both were given, or there are more workers than the machine could use.
        PrerequisiteError: Ray is not installed, or nothing answers at the address.
    """
    most = 4 * (os.cpu_count() or 1)
    if not 1 <= workers <= most:
        expected = f"a number from 1 to {most}"
        raise ToolError("So many workers cannot be started.", fault("workers", workers, expected))
    if ray and workers > 1:
        wrong = fault("workers", workers, "1, as the cluster has its own workers")
        raise ToolError("Work goes either to a Ray cluster or to processes here.", wrong)
    if ray:
        return RayCluster(ray)
    return Processes(workers) if workers > 1 else InProcess()

"""Independent pieces of a measurement, on every core that it may use."""

import os
from collections.abc import Callable, Sequence
from typing import TypeVar

from models.fitting.executors import find_executor

Item = TypeVar("Item")
Result = TypeVar("Result")


def on_all_cores(function: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Returns the result for each item, in order.

    Args:
        function: A module's own, that depends on its item alone and works on one thread.
        items: Plain data; with a few of them some cores stay idle.
    """
    # What `taskset` or a container leaves to this process, where the system tells.
    told = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if told else os.cpu_count() or 1
    with find_executor(workers=max(1, min(cores, len(items)))) as executor:
        return list(executor.map(function, items))

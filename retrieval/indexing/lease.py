"""Who may touch a library's indexes now: many readers, or one writer, across processes.

The lock is the operating system's (flock), so a killed process leaves none behind. The locked file
says how often the library was written to and whether the last writer came to its end.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from models.errors import PrerequisiteError

POLL_SECONDS = 0.005
CLOSED, OPEN = "closed", "open"


@dataclass(frozen=True)
class Generation:
    """The state of the indexes: a handle opened in another generation must be opened again.

    Attributes:
        number: Counts the writers.
        settled: The last writer came to its end.
    """

    number: int
    settled: bool


class Lease:
    """The lock file of a library folder.

    Args:
        path: The file, made when missing.
        patience: Seconds to wait for others before giving up.
    """

    def __init__(self, path: Path, patience: float = 120.0) -> None:
        self._path = path
        self._patience = patience

    @contextmanager
    def reading(self) -> Iterator[Generation]:
        """Holds off writers; yields the generation to read."""
        with self._locked(fcntl.LOCK_SH) as handle:
            yield _read(handle)

    @contextmanager
    def writing(self) -> Iterator[tuple[Generation, Generation]]:
        """Holds off everybody; yields the generation found and the one being written.

        The count goes up before the first write, so that whoever has the indexes open learns of a
        writer that was killed half-way.
        """
        with self._locked(fcntl.LOCK_EX) as handle:
            found = _read(handle)
            made = Generation(found.number + 1, settled=False)
            _write(handle, made)
            yield found, made
            _write(handle, Generation(made.number, settled=True))

    @contextmanager
    def _locked(self, kind: int) -> Iterator[int]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            self._wait(handle, kind)
            yield handle
        finally:
            os.close(handle)  # which frees the lock

    def _wait(self, handle: int, kind: int) -> None:
        deadline = time.monotonic() + self._patience
        while True:
            try:
                fcntl.flock(handle, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    message = f"Another process has held the library for {self._patience:.0f} s."
                    raise PrerequisiteError(message, f"fuser {self._path}") from None
                time.sleep(POLL_SECONDS)
            else:
                return


def _read(handle: int) -> Generation:
    words = os.pread(handle, 64, 0).decode(errors="replace").split()
    if len(words) != 2 or not words[0].isdigit():
        return Generation(0, settled=not words)
    return Generation(int(words[0]), settled=words[1] == CLOSED)


def _write(handle: int, generation: Generation) -> None:
    state = CLOSED if generation.settled else OPEN
    os.pwrite(handle, f"{generation.number} {state}\n".ljust(32).encode(), 0)

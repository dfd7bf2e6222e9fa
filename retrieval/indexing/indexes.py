"""The two indexes of a library folder, opened once per process and again after others wrote.

Embedded Chroma is not made for several processes: a handle does not see what another one writes,
and writing through a stale handle makes the other's vectors unfindable, while counts stay right.
So every use is under a lease (`retrieval.indexing.lease`), and a handle from before somebody
else's lease is closed and opened again first.
"""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from retrieval.indexing.chroma import Place
from retrieval.indexing.keywords import KeywordIndex
from retrieval.indexing.lease import Generation, Lease
from retrieval.indexing.storage import damaged, storage_errors
from retrieval.indexing.vectors import VectorIndex

VECTORS, KEYWORDS = "vectors", "keywords"


class Handles:
    """Open handles on both indexes, valid inside the block of the lease that gave them."""

    def __init__(self, folder: Path, place: Place, passages: int) -> None:
        """Opens both.

        Raises:
            PrerequisiteError: One cannot be read, or has fewer passages than are listed.
        """
        with storage_errors(folder, f"index of {VECTORS}"):
            self.vectors = VectorIndex(place)
        try:
            with storage_errors(folder, f"index of {KEYWORDS}"):
                self.keywords = KeywordIndex(folder / KEYWORDS)
            self._require(passages, folder)
        except BaseException:
            self.close()
            raise

    def _require(self, passages: int, folder: Path) -> None:
        with storage_errors(folder, f"index of {VECTORS}"):
            counts = {VECTORS: self.vectors.count(), KEYWORDS: self.keywords.count()}
        for part, count in counts.items():
            if count < passages:
                raise damaged(f"index of {part}", f"{count} of {passages} passages are there")

    def close(self) -> None:
        """Frees the files."""
        self.vectors.close()


class Indexes:
    """Gives out the handles of a folder under leases.

    Args:
        folder: The library.
        place: Tells where the vectors are.
        passages: Tells how many passages the indexes must have.
    """

    def __init__(
        self, folder: Path, place: Callable[[], Place], passages: Callable[[], int]
    ) -> None:
        self._folder = folder
        self._place = place
        self._passages = passages
        self._lease = Lease(folder / "lease")
        self._mutex = threading.RLock()
        self._handles: Handles | None = None
        self._opened: Generation | None = None

    @contextmanager
    def reading(self) -> Iterator[Handles]:
        """Holds off writers and yields handles that see all that was written."""
        with self._mutex:
            while True:
                with self._lease.reading() as generation:
                    if generation.settled:
                        yield self._fresh(generation)
                        return
                with self.writing():  # the last writer was killed: settle what it left
                    pass

    @contextmanager
    def writing(self) -> Iterator[Handles]:
        """Holds off everybody and yields handles to write with.

        Where the writing fails, the handles are closed: they may hold what is not on the disk.
        """
        with self._mutex, self._lease.writing() as (found, made):
            handles = self._fresh(found)
            try:
                yield handles
                self._settle(handles, made)
            except BaseException:
                self.close()
                raise

    @contextmanager
    def rebuilding(self) -> Iterator[Handles]:
        """Holds off everybody, removes both indexes and yields handles on empty ones."""
        with self._mutex, self._lease.writing() as (_, made):
            self.close()
            for name in (VECTORS, KEYWORDS):
                if (self._folder / name).exists():
                    shutil.rmtree(self._folder / name)
            self._handles = Handles(self._folder, self._place(), 0)
            self._handles.vectors.clear()
            yield self._handles
            self._settle(self._handles, made)

    def close(self) -> None:
        """Closes the handles; the next use opens new ones."""
        with self._mutex:
            if self._handles:
                self._handles.close()
            self._handles = self._opened = None

    def _settle(self, handles: Handles, made: Generation) -> None:
        with storage_errors(self._folder, f"index of {VECTORS}"):
            handles.vectors.settle()
        self._opened = Generation(made.number, settled=True)

    def _fresh(self, generation: Generation) -> Handles:
        if self._handles is None or self._opened != generation:
            self.close()
            self._handles = Handles(self._folder, self._place(), self._passages())
            self._opened = generation
        return self._handles

"""What a job has finished, window by window, so that a kill costs at most the windows in flight.

A window is some documents in a row. Its findings lie in a file of their own, which is there whole
or not at all; its first line says of which documents it is, so that a source that has changed since
is mined anew from where it differs.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from models.errors import FieldFault, ToolError
from models.store.files import TEMPORARY_PREFIX, write_json, write_text
from retrieval.documents.document import Document
from retrieval.mining.findings import Outcome

LOCK, DESCRIPTION = "lock", "job.json"


@dataclass(frozen=True)
class Entry:
    """What the journal keeps of a document.

    Attributes:
        document: The source's own id.
        rows: The findings, as rows of the output.
    """

    document: str
    year: int | None
    rows: list[dict[str, Any]]
    dropped: int
    error: str | None


class Journal:
    """The windows of one job; only one process at a time may have it open.

    Args:
        parent: The folder of all jobs.
        job: What tells this job from others; the same job goes on where it stopped.

    Raises:
        ToolError: Another process has the job open.
    """

    def __init__(self, parent: Path, job: dict[str, Any]) -> None:
        name = hashlib.sha256(json.dumps(job, sort_keys=True).encode()).hexdigest()[:16]
        self.folder = parent / name
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            wrong = FieldFault(field="source", expected="to wait until the other has ended")
            message = "Another process is mining the same source for the same task."
            raise ToolError(message, wrong, kind="refused_data") from None
        for leftover in self.folder.glob(f"{TEMPORARY_PREFIX}*"):
            leftover.unlink()
        write_json(self.folder / DESCRIPTION, job)

    def __enter__(self) -> "Journal":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._lock)

    def has(self, window: int, documents: Sequence[Document]) -> bool:
        """Tells whether a window of just these documents is finished."""
        try:
            with self._path(window).open(encoding="utf-8") as stream:
                return stream.readline().strip() == _digest(documents)
        except FileNotFoundError:
            return False

    def put(self, window: int, documents: Sequence[Document], outcomes: Sequence[Outcome]) -> None:
        """Keeps what became of a window's documents."""
        entries = (
            Entry(d.article_id, d.year, [f.row(d) for f in o.findings], o.dropped, o.error)
            for d, o in zip(documents, outcomes, strict=True)
        )
        lines = [_digest(documents), *(json.dumps(asdict(entry)) for entry in entries)]
        write_text(self._path(window), "\n".join(lines) + "\n")

    def count(self, window: int) -> tuple[int, int]:
        """Returns how many documents and findings a finished window has."""
        entries = list(self._read(window))
        return len(entries), sum(len(entry.rows) for entry in entries)

    def entries(self, windows: int) -> Iterator[Entry]:
        """Yields what became of each document of the first windows, in order."""
        for window in range(windows):
            yield from self._read(window)

    def remove(self) -> None:
        """Forgets the job, once its output is written."""
        shutil.rmtree(self.folder)

    def _read(self, window: int) -> Iterator[Entry]:
        with self._path(window).open(encoding="utf-8") as stream:
            stream.readline()
            for line in stream:
                yield Entry(**json.loads(line))

    def _path(self, window: int) -> Path:
        return self.folder / f"{window:08d}.jsonl"


def _digest(documents: Sequence[Document]) -> str:
    keys = "\n".join(f"{d.article_id}\0{d.hash}\0{d.year}" for d in documents)
    return hashlib.sha256(keys.encode()).hexdigest()

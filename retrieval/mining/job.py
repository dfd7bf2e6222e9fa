"""One mining job: read, mine, keep, assemble; it goes on where it stopped."""

import hashlib
import json
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.documents.document import Document
from retrieval.mining.findings import BASE_COLUMNS, Columns, verified
from retrieval.mining.journal import Entry, Journal
from retrieval.mining.miners import Miner
from retrieval.mining.source import Source, Unread
from retrieval.mining.summary import Summary, summarise
from retrieval.mining.tasks import TaskName
from retrieval.mining.writing import require_format, write_table

ERROR_COLUMNS: Columns = {
    "document": "string", "source": "string", "record": "integer", "error": "string",
}  # fmt: skip


@dataclass(frozen=True)
class Progress:
    """How far a job is.

    Attributes:
        share: Of the source, 0–1.
        documents: Finished, those of earlier attempts included.
        findings: In them.
        rate: Documents per second of this attempt.
        seconds_left: At that rate; None while nothing is known.
    """

    share: float
    documents: int
    findings: int
    rate: float
    seconds_left: float | None

    def __str__(self) -> str:
        left = "" if self.seconds_left is None else f", {_spoken(self.seconds_left)} left"
        counts = f"{self.documents:,} documents, {self.findings:,} findings"
        return f"{counts}, {self.rate:.1f} documents/s{left}"


@dataclass(frozen=True)
class Mined:
    """What a job did.

    Attributes:
        output: The findings.
        errors: The side table of what failed; None where nothing did.
        sha256: Of the rows, whatever the format of the output.
        resumed: Documents that an earlier attempt had finished.
        unread: Records of the source that could not be read.
        seconds: Of this attempt.
    """

    output: Path
    errors: Path | None
    summary: Summary
    sha256: str
    resumed: int
    unread: int
    seconds: float


Observer = Callable[[Progress], None]


@dataclass
class _Window:
    index: int
    documents: list[Document]
    share: float


class Job:
    """Mines a source into a file.

    Args:
        source: Where the documents come from.
        miner: Turns them into findings.
        task: Its name.
        output: The file to write; its suffix says how.
        jobs: The folder where unfinished jobs are kept.
        limit: At most so many documents.
        observer: Told the progress after every window; may raise to stop.
    """

    def __init__(
        self,
        source: Source,
        miner: Miner,
        task: TaskName,
        output: Path,
        jobs: Path,
        limit: int | None = None,
        observer: Observer = lambda _: None,
    ) -> None:
        require_format(output)
        self._source, self._miner, self._output, self._limit = source, miner, output, limit
        self._task, self._jobs, self._observer = task, jobs, observer
        self._unread: list[Unread] = []
        self._waiting: deque[_Window] = deque()
        self._windows = self._resumed = self._documents = self._findings = 0
        self._resumed_share = 0.0
        self._started = time.monotonic()

    def run(self) -> Mined:
        """Mines what is not mined yet, then writes the output.

        Raises:
            ToolError: Another process is at the same job.
            PrerequisiteError: Nothing can be mined any more; what was finished is kept.
        """
        with Journal(self._jobs, self._description()) as journal:
            for outcomes in self._miner.mine(self._unfinished(journal)):
                window = self._waiting.popleft()
                pairs = zip(window.documents, outcomes, strict=True)
                checked = [verified(document, outcome) for document, outcome in pairs]
                journal.put(window.index, window.documents, checked)
                self._documents += len(checked)
                self._findings += sum(len(outcome.findings) for outcome in checked)
                self._observer(self._progress(window.share))
            mined = self._assemble(journal)
            journal.remove()
        return mined

    def _description(self) -> dict[str, Any]:
        return {
            "source": self._source.identity, "task": self._task, "limit": self._limit,
            "miner": self._miner.fingerprint, "window": self._miner.window,
        }  # fmt: skip

    def _unfinished(self, journal: Journal) -> Iterator[list[Document]]:
        """Yields the documents of each window that no earlier attempt has finished."""
        for window in self._all_windows():
            self._windows += 1
            if journal.has(window.index, window.documents):
                documents, findings = journal.count(window.index)
                self._resumed += documents
                self._documents += documents
                self._findings += findings
                self._resumed_share = window.share
                continue
            self._waiting.append(window)
            yield window.documents

    def _all_windows(self) -> Iterator[_Window]:
        documents: list[Document] = []
        index = count = 0
        share = 0.0
        for item in self._source.documents():
            if isinstance(item, Unread):
                self._unread.append(item)
                continue
            documents.append(item.document)
            count += 1
            share = max(item.share, count / self._limit if self._limit else 0.0)
            if count == self._limit:
                break
            if len(documents) == self._miner.window:
                yield _Window(index, documents, share)
                index, documents = index + 1, []
        if documents:
            yield _Window(index, documents, share)

    def _progress(self, share: float) -> Progress:
        seconds = max(time.monotonic() - self._started, 1e-9)
        fresh = share - self._resumed_share
        return Progress(
            share=share,
            documents=self._documents,
            findings=self._findings,
            rate=(self._documents - self._resumed) / seconds,
            seconds_left=seconds * (1 - share) / fresh if fresh > 0 else None,
        )

    def _assemble(self, journal: Journal) -> Mined:
        """Writes what the journal holds, the errors first: the output says that all is there."""

        def entries() -> Iterator[Entry]:
            return journal.entries(self._windows)

        summary = summarise(entries, self._task)
        errors = self._write_errors(entries)
        columns = {**BASE_COLUMNS, **self._miner.columns}
        digest = hashlib.sha256()
        write_table(self._output, columns, _hashed(entries(), digest.update))
        return Mined(
            output=self._output,
            errors=errors,
            summary=summary,
            sha256=digest.hexdigest(),
            resumed=self._resumed,
            unread=len(self._unread),
            seconds=time.monotonic() - self._started,
        )

    def _write_errors(self, entries: Callable[[], Iterator[Entry]]) -> Path | None:
        path = self._output.with_name(f"{self._output.stem}.errors.csv")
        failed = [
            {"document": entry.document, "error": entry.error} for entry in entries() if entry.error
        ]
        unread = [{"source": u.source, "record": u.record, "error": u.why} for u in self._unread]
        if not (failed or unread):
            path.unlink(missing_ok=True)
            return None
        write_table(path, ERROR_COLUMNS, [*unread, *failed])
        return path


def _hashed(entries: Iterator[Entry], update: Callable[[bytes], None]) -> Iterator[dict[str, Any]]:
    """Yields the rows of entries, and hashes them on the way."""
    for entry in entries:
        for row in entry.rows:
            update(json.dumps(row).encode())
            yield row


def _spoken(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes}:{rest:02d} min"

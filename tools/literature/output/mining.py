"""A mining job as a tool call or a command: files, tables, pictures and words of its result."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.contract import SUMMARY_LIMIT, Artifact, ToolContext, ToolResult

if TYPE_CHECKING:
    from retrieval.mining.job import Mined, Progress
    from retrieval.mining.miners import Miner
    from retrieval.mining.source import Source
    from retrieval.mining.summary import Summary
    from retrieval.mining.tasks import TaskName

JOBS = "mining"
"""Folder of the workspace where unfinished jobs are kept."""

NAMED = 8


def run_mining(
    source: "Source",
    miner: "Miner",
    task: "TaskName",
    output: Path,
    context: ToolContext,
    limit: int | None = None,
    observer: Callable[["Progress"], None] = lambda _: None,
) -> ToolResult:
    """Mines a source into a file, with tables and plots of what was found in the run's folder.

    Args:
        source: Where the documents come from.
        miner: Turns them into findings.
        task: Its name.
        output: The file to write.
        context: The call; unfinished work is kept in its workspace.
        limit: At most so many documents.
        observer: Told the progress beside the context.

    Raises:
        ToolError: The output's format is unknown, or another process is at the same job.
        PrerequisiteError: Weights or a server are missing.
    """
    from retrieval.mining.job import Job
    from retrieval.mining.plots import draw_summary

    def told(progress: "Progress") -> None:
        observer(progress)
        context.progress(
            progress.share, str(progress), documents=progress.documents, rate=progress.rate
        )

    jobs = context.workspace.root / JOBS
    mined = Job(source, miner, task, output, jobs, limit, told).run()
    run = context.active_run
    data = hashlib.sha256(source.identity.encode()).hexdigest()
    run.record(data_sha256=data, output=str(output), miner=miner.fingerprint)
    tables = _write_tables(mined.summary, run.folder)
    plots = draw_summary(mined.summary, run.folder)
    artifacts = [Artifact(kind="table", path=str(path)) for path in (output, *tables)]
    if mined.errors:
        artifacts.append(Artifact(kind="table", path=str(mined.errors)))
    artifacts += [Artifact(kind="plot", path=str(path)) for path in plots]
    return ToolResult(summary=_words(mined, task), data=_data(mined, task), artifacts=artifacts)


def _write_tables(summary: "Summary", folder: Path) -> list[Path]:
    """Writes counts, co-occurrence and years as CSV."""
    from retrieval.mining.writing import write_table

    counts = [vars(count) for count in (*summary.types, *summary.names)]
    years = [
        {"type": kind, "year": year, "documents": documents}
        for kind, found in summary.years.items()
        for year, documents in found.items()
    ]
    tables: dict[str, list[dict[str, Any]]] = {
        "counts.csv": counts,
        "co_occurrence.csv": [vars(pair) for pair in summary.pairs],
        "by_year.csv": years,
    }
    written = []
    for name, rows in tables.items():
        if rows:
            write_table(folder / name, dict.fromkeys(rows[0], "string"), rows)
            written.append(folder / name)
    return written


def _data(mined: "Mined", task: str) -> dict[str, Any]:
    return {
        "task": task, "path": str(mined.output), "sha256": mined.sha256, "unread": mined.unread,
        "seconds": round(mined.seconds, 2), **mined.summary.as_data(),
    }  # fmt: skip


def _words(mined: "Mined", task: str) -> str:
    found = mined.summary
    lines = [
        f"{found.findings:,} findings for {task} in {found.with_findings:,} of "
        f"{found.documents:,} documents were written to {mined.output}."
    ]
    if found.types:
        kinds = (f"{count.type} {count.findings:,}" for count in found.types[:NAMED])
        lines.append(f"By type: {', '.join(kinds)}.")
    if found.names:
        names = (f"{count.name} ({count.documents:,})" for count in found.names[:NAMED])
        lines.append(f"In most documents: {', '.join(names)}.")
    if found.pairs:
        pairs = (f"{p.first} and {p.second} ({p.documents:,})" for p in found.pairs[:4])
        lines.append(f"Most often together: {', '.join(pairs)}.")
    years = sorted({year for counts in found.years.values() for year in counts})
    if years:
        lines.append(f"Published {years[0]} to {years[-1]}.")
    if mined.resumed:
        lines.append(f"{mined.resumed:,} documents had been mined before an interruption.")
    if found.dropped:
        lines.append(f"{found.dropped:,} findings were dropped: their evidence does not occur.")
    if mined.errors:
        lines.append(
            f"{found.errors:,} documents could not be mined wholly and {mined.unread:,} records "
            f"could not be read: see {mined.errors.name}."
        )
    return _limited(lines)


def _limited(lines: list[str]) -> str:
    """Returns as many of the lines as a summary holds; the first always fits."""
    kept: list[str] = []
    for line in lines:
        if sum(map(len, kept)) + len(kept) + len(line) <= SUMMARY_LIMIT:
            kept.append(line)
    return " ".join(kept)

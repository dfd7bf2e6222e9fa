import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pyarrow import parquet

from models.errors import ToolError
from models.fitting.executors import InProcess
from retrieval.mining.job import Job
from retrieval.mining.miners import LocalMiner
from retrieval.mining.source import FileSource, LibrarySource, find_mining_source

ROOT = Path(__file__).parents[3]
SCRIPT = Path(__file__).parent / "mining_process.py"
KILLS = 6

Articles = Callable[..., Path]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_findings_lie_where_they_say_in_the_order_of_the_source(
    articles: Articles, numbers: SimpleNamespace, tmp_path: Path
) -> None:
    source = articles(50)
    mined = numbers.run(source, tmp_path / "out.jsonl", tmp_path / "jobs", 0.0)
    rows = _rows(mined.output)
    texts = {r["pmid"]: r for line in source.read_text().splitlines() if (r := _read(line))}
    assert all(texts[r["document"]][r["field"]][r["start"] : r["end"]] == r["text"] for r in rows)
    assert [row["document"] for row in rows] == sorted((row["document"] for row in rows), key=int)
    assert list(rows[0]) == [
        "document", "field", "start", "end", "text", "type", "normalised_id", "confidence",
    ]  # fmt: skip
    assert mined.summary.documents == 50
    assert mined.summary.findings == len(rows)
    assert not list((tmp_path / "jobs").iterdir())


def _read(line: str) -> dict[str, Any] | None:
    return json.loads(line) if line.endswith("}") else None


def test_every_format_holds_the_same_rows(
    articles: Articles, numbers: SimpleNamespace, tmp_path: Path
) -> None:
    source = articles(30)
    for suffix in ("jsonl", "csv", "parquet"):
        numbers.run(source, tmp_path / f"out.{suffix}", tmp_path / "jobs", 0.0)
    rows = _rows(tmp_path / "out.jsonl")
    assert parquet.read_table(tmp_path / "out.parquet").to_pylist() == rows
    with (tmp_path / "out.csv").open(newline="") as stream:
        read = list(csv.DictReader(stream))
    assert [(r["document"], int(r["start"]), r["text"]) for r in read] == [
        (r["document"], r["start"], r["text"]) for r in rows
    ]


def test_what_fails_is_listed_beside_and_costs_only_itself(
    articles: Articles, numbers: SimpleNamespace, tmp_path: Path
) -> None:
    source = articles(30)
    with source.open("a") as stream:
        stream.write('{"pmid": "7", "title": "T 8", "abstract": "an unspeakable thing 9"}\n')
    mined = numbers.run(source, tmp_path / "out.csv", tmp_path / "jobs", 0.0)
    assert (mined.unread, mined.summary.errors, mined.summary.documents) == (1, 1, 31)
    with (tmp_path / "out.errors.csv").open(newline="") as stream:
        unread, failed = csv.DictReader(stream)
    assert (unread["source"], unread["record"]) == (str(source), "16")
    assert failed["document"] == "7"
    assert "unspeakable" in failed["error"]
    numbers.run(articles(30, broken=False), tmp_path / "out.csv", tmp_path / "jobs", 0.0)
    assert not (tmp_path / "out.errors.csv").exists()


def test_killed_again_and_again_it_ends_with_the_same_bytes(
    articles: Articles, numbers: SimpleNamespace, tmp_path: Path
) -> None:
    source = articles(240)
    whole = numbers.run(source, tmp_path / "whole.parquet", tmp_path / "jobs", 0.0)
    output, jobs = tmp_path / "killed.parquet", tmp_path / "killed-jobs"
    command = [sys.executable, str(SCRIPT), str(source), str(output), str(jobs), "0.01"]
    chance = random.Random(0)
    progressed = []
    for _ in range(KILLS):
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})
        deadline = time.monotonic() + 20
        before = len(list(jobs.glob("*/0*.jsonl")))
        while len(list(jobs.glob("*/0*.jsonl"))) <= before and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.25))
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        progressed.append(len(list(jobs.glob("*/0*.jsonl"))))
    assert not output.exists()
    assert progressed == sorted(set(progressed))
    mined = numbers.run(source, output, jobs, 0.01)
    assert output.read_bytes() == whole.output.read_bytes()
    assert mined.resumed == 10 * progressed[-1]
    assert mined.summary == whole.summary


def test_it_goes_on_where_it_was_stopped_but_anew_where_the_source_changed(
    articles: Articles, numbers: SimpleNamespace, tmp_path: Path
) -> None:
    def mine(source: FileSource, windows: int) -> int:
        told: list[object] = []

        def stop(progress: object) -> None:
            told.append(progress)
            if len(told) == windows:
                raise KeyboardInterrupt

        miner = LocalMiner(numbers.NumberExtractor(), InProcess(), 10)
        try:
            job = Job(source, miner, "entities", tmp_path / "o.csv", tmp_path / "j", observer=stop)
            return job.run().resumed
        except KeyboardInterrupt:
            return -1

    assert mine(FileSource((articles(40),)), 2) == -1
    assert mine(FileSource((articles(40),)), 0) == 20
    assert mine(FileSource((articles(40),)), 2) == -1
    assert mine(FileSource((articles(41),)), 0) == 0


def test_two_processes_do_not_share_a_job(
    articles: Articles, numbers: SimpleNamespace, tmp_path: Path
) -> None:
    source = FileSource((articles(20),))
    miner = LocalMiner(numbers.NumberExtractor(), InProcess(), 10)
    with pytest.raises(ToolError, match="Another process"):
        _mine_twice_at_once(source, miner, tmp_path)


def _mine_twice_at_once(source: FileSource, miner: LocalMiner, folder: Path) -> None:
    def again(_: object) -> None:
        Job(source, miner, "entities", folder / "c.csv", folder / "j").run()

    Job(source, miner, "entities", folder / "b.csv", folder / "j", observer=again).run()


def test_progress_knows_share_rate_and_time_left(
    articles: Articles, numbers: SimpleNamespace, tmp_path: Path
) -> None:
    told = []
    miner = LocalMiner(numbers.NumberExtractor(0.002), InProcess(), 10)
    source = FileSource((articles(40),))
    Job(source, miner, "entities", tmp_path / "o.csv", tmp_path / "j", 30, told.append).run()
    assert [p.documents for p in told] == [10, 20, 30]
    assert told[-1].share == 1.0
    assert told[-1].seconds_left == 0
    assert told[0].rate > 0
    assert 0 < told[0].seconds_left < 60
    assert "documents/s" in str(told[0])


def test_limit_and_duplicates(articles: Articles, numbers: SimpleNamespace, tmp_path: Path) -> None:
    source = articles(20, broken=False)
    twice = tmp_path / "twice.jsonl"
    twice.write_text(source.read_text() + source.read_text())
    mined = numbers.run(twice, tmp_path / "o.csv", tmp_path / "j", 0.0)
    assert mined.summary.documents == 20


def test_sources_are_named_in_many_ways(articles: Articles, tmp_path: Path) -> None:
    one, two = articles(3, "one.jsonl"), articles(3, "two.jsonl")
    library = tmp_path / "library"
    assert find_mining_source("library", library) == LibrarySource(library)
    assert find_mining_source(str(one), library) == FileSource((one,))
    assert find_mining_source(str(tmp_path), library) == FileSource((one, two))
    assert find_mining_source(str(tmp_path / "t*.jsonl"), library) == FileSource((two,))
    for wrong in (str(tmp_path / "no*.jsonl"), str(tmp_path / "absent.csv")):
        with pytest.raises(ToolError):
            find_mining_source(wrong, library)


def test_an_empty_library_gives_the_starter_notes(tmp_path: Path) -> None:
    read = list(LibrarySource(tmp_path / "library").documents())
    assert len(read) > 100
    assert read[-1].share == 1.0


def test_unknown_formats_are_refused_before_anything_is_read(
    articles: Articles, numbers: SimpleNamespace, tmp_path: Path
) -> None:
    with pytest.raises(ToolError, match="cannot be written") as caught:
        numbers.run(articles(3), tmp_path / "out.docx", tmp_path / "jobs", 0.0)
    assert ".parquet" in caught.value.faults[0].expected

"""How fast abstracts are mined for entities, beside the bare tagger, in one interleaved run."""

import json
import time
from collections import defaultdict
from statistics import median

from evals.registry import EvalOptions, Report, ReportTable, eval_task

ABSTRACTS = 5000
BLOCK = 256
BAR = 0.8


@eval_task("mining_speed", "abstracts per second: mining for entities beside the bare tagger")
def run(options: EvalOptions) -> Report:
    """Mines SciFact's abstracts block by block, from file to file, each block by both in turn."""
    from models.fitting.executors import InProcess
    from models.text.ner.tagger import load_tagger
    from retrieval.mining.job import Job
    from retrieval.mining.miners import LocalMiner
    from retrieval.mining.source import FileSource
    from retrieval.mining.text_models import EntityExtractor

    with (options.folder("scifact") / "corpus.jsonl").open(encoding="utf-8") as stream:
        records = [json.loads(line) for line in stream][: options.limit or ABSTRACTS]
    folder = options.workspace.root
    folder.mkdir(parents=True, exist_ok=True)
    tagger, miner = load_tagger(), LocalMiner(EntityExtractor(), InProcess())
    tagger.find([record["text"] for record in records[:16]])
    seconds: dict[str, list[float]] = defaultdict(list)
    findings = 0
    for start in range(0, len(records), BLOCK):
        block = records[start : start + BLOCK]
        began = time.perf_counter()
        for first in range(0, len(block), miner.window):
            part = block[first : first + miner.window]
            tagger.find([text for record in part for text in (record["title"], record["text"])])
        seconds["bare tagger"].append(time.perf_counter() - began)
        path = folder / f"block-{start}.jsonl"
        path.write_text("".join(json.dumps(r) + "\n" for r in block), encoding="utf-8")
        began = time.perf_counter()
        job = Job(FileSource((path,)), miner, "entities", folder / "found.parquet", folder / "jobs")
        findings += job.run().summary.findings
        seconds["mining"].append(time.perf_counter() - began)
    pairs = zip(seconds["bare tagger"], seconds["mining"], strict=True)
    ratio = median(bare / mined for bare, mined in pairs)
    return Report(
        title="Speed of mining",
        tables=[
            ReportTable(
                title=f"{len(records)} abstracts of SciFact, {findings:,} findings",
                columns=["what", "abstracts per second"],
                rows=[[name, round(len(records) / sum(s), 1)] for name, s in seconds.items()],
            )
        ],
        figures={f"mining / bare tagger (bar {BAR})": ratio},
        notes=[
            "Mining reads a file, normalises names, keeps what it finished and writes Parquet.",
            "The ratio is the median over the blocks; that of tagger to encoder: eval tagging.",
        ],
    )

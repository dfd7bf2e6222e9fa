"""How fast abstracts are embedded and added, beside the bare engines, in one interleaved run."""

import json
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.literature.scifact import CLAIMS, CORPUS, read_claims
from evals.registry import EvalOptions, Report, ReportTable, eval_task

ABSTRACTS = 5000
BLOCK = 256
TOP = 10
PEER_EVERY = 4
"""Of so many blocks, one is embedded by sentence-transformers, too, which takes the longest."""

INGESTION_BAR, EMBEDDER_BAR, OVERLAP_BAR = 0.90, 1.8, 0.99

PEER = "sentence-transformers' default"

Encode = Callable[[list[str]], NDArray[np.float32]]


@eval_task("ingestion", "abstracts per second: library, bare embedder, sentence-transformers")
def run(options: EvalOptions) -> Report:
    """Embeds and adds SciFact's abstracts block by block, each block by all three in turn."""
    from retrieval.embedding.embedder import load_embedder
    from retrieval.library import Library

    folder = options.folder("scifact")
    with (folder / CORPUS).open(encoding="utf-8") as stream:
        records = [json.loads(line) for line in stream][: options.limit or ABSTRACTS]
    reference, embedder = _sentence_transformers(), load_embedder()
    encoders: dict[str, Encode] = {
        PEER: reference, "bare embedder": embedder.encode,
    }  # fmt: skip
    seconds: dict[str, list[float]] = defaultdict(list)
    vectors: dict[str, list[NDArray[np.float32]]] = defaultdict(list)
    options.workspace.root.mkdir(parents=True, exist_ok=True)
    with Library(options.workspace) as library:
        for start in range(0, len(records), BLOCK):
            block = records[start : start + BLOCK]
            texts = [f"{record['title']} {record['text']}" for record in block]
            for name, encode in encoders.items():
                if name == PEER and start // BLOCK % PEER_EVERY:
                    continue
                started = time.perf_counter()
                vectors[name].append(encode(texts))
                seconds[name].append(time.perf_counter() - started)
            file = _write(options.workspace.root / f"block-{start}.jsonl", block)
            started = time.perf_counter()
            library.add([file])
            seconds["library add"].append(time.perf_counter() - started)
    claims = [claim.text for claim in read_claims(folder / CLAIMS)]
    tops = [
        # One question after the other, as in a search.
        _top(
            np.concatenate(_compared(vectors[name], vectors[PEER])),
            np.concatenate([encode([c]) for c in claims]),
        )
        for name, encode in encoders.items()
    ]
    overlap = float(np.mean([len(set(a) & set(b)) / TOP for a, b in zip(*tops, strict=True)]))
    return _report(len(records), seconds, overlap, embedder.precision)


def _report(count: int, seconds: dict[str, list[float]], overlap: float, precision: str) -> Report:
    bare, default = seconds["bare embedder"], seconds[PEER]
    table = ReportTable(
        title=f"{count} abstracts of SciFact, precision {precision}",
        columns=["what", "abstracts per second"],
        rows=[
            [name, round(_abstracts(count, len(values), len(bare)) / sum(values), 1)]
            for name, values in seconds.items()
        ],
    )
    return Report(
        title="Speed of embedding and ingestion",
        tables=[table],
        figures={
            f"library / bare embedder (bar {INGESTION_BAR})": _ratio(bare, seconds["library add"]),
            f"embedder / sentence-transformers (bar {EMBEDDER_BAR})": _ratio(
                default, bare[::PEER_EVERY]
            ),
            f"top-{TOP} overlap of both (bar {OVERLAP_BAR})": overlap,
        },
        notes=["Ratios are medians over the blocks, so that a busy moment of the machine is one."],
    )


def _compared(
    vectors: list[NDArray[np.float32]], peers: list[NDArray[np.float32]]
) -> list[NDArray[np.float32]]:
    """Returns the vectors of the blocks that both embedded."""
    return vectors if len(vectors) == len(peers) else vectors[::PEER_EVERY]


def _abstracts(count: int, blocks: int, all_blocks: int) -> int:
    """Returns how many abstracts so many blocks hold, where only the last is shorter."""
    if blocks == all_blocks:
        return count
    whole = range(0, count, BLOCK)[::PEER_EVERY]
    return sum(min(BLOCK, count - start) for start in whole)


def _ratio(others: list[float], ours: list[float]) -> float:
    return median(other / own for other, own in zip(others, ours, strict=True))


def _sentence_transformers() -> Encode:
    from sentence_transformers import SentenceTransformer

    from models.text.weights import packaged_weights

    model: Any = SentenceTransformer(str(packaged_weights().folder), device="cpu")
    return lambda texts: np.asarray(model.encode(texts, show_progress_bar=False), np.float32)


def _write(path: Path, records: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def _top(documents: NDArray[np.float32], queries: NDArray[np.float32]) -> NDArray[np.int64]:
    return np.argsort(-(queries @ documents.T), axis=1)[:, :TOP]

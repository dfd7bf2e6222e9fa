"""How fast the tagger reads abstracts, beside its encoder alone, in one interleaved run."""

import json
import time
from statistics import median

from evals.registry import EvalOptions, Report, ReportTable, eval_task

ABSTRACTS = 5000
BLOCK = 256
LONGEST = 256
"""Word pieces of an abstract that the bare encoder reads, as the embedder does."""

BAR = 0.8


@eval_task("tagging", "word pieces per second: the tagger of names beside its bare encoder")
def run(options: EvalOptions) -> Report:
    """Reads SciFact's abstracts block by block, each block by both in turn."""
    from models.text.engine import Engine
    from models.text.keeping import SHIPPED, load_text_model
    from models.text.ner.tagger import Tagger
    from models.text.ner.words import words_tokenizer
    from models.text.weights import packaged_weights

    with (options.folder("scifact") / "corpus.jsonl").open(encoding="utf-8") as stream:
        records = [json.loads(line) for line in stream][: options.limit or ABSTRACTS]
    texts = [record["text"] for record in records]
    model = load_text_model(SHIPPED / "entities")
    tagger, engine = Tagger(model), Engine(packaged_weights(), model.encoder)
    tokenizer = words_tokenizer(packaged_weights())
    rates: dict[str, list[float]] = {"bare encoder": [], "tagger": []}
    seconds = dict.fromkeys(rates, 0.0)
    for start in range(0, len(texts), BLOCK):
        block = texts[start : start + BLOCK]
        whole = sum(len(encoding.ids) for encoding in tokenizer.encode_batch(block))
        started = time.perf_counter()
        ids = [encoding.ids[:LONGEST] for encoding in tokenizer.encode_batch(block)]
        engine.states(ids)
        middle = time.perf_counter()
        tagger.find(block)
        ended = time.perf_counter()
        for name, pieces, spent in (
            ("bare encoder", sum(map(len, ids)), middle - started),
            ("tagger", whole, ended - middle),
        ):
            rates[name].append(pieces / spent)
            seconds[name] += spent
    rows = [
        [name, round(median(rates[name])), round(len(texts) / seconds[name], 1)] for name in rates
    ]
    pairs = zip(rates["tagger"], rates["bare encoder"], strict=True)
    return Report(
        title="Speed of finding names",
        tables=[
            ReportTable(
                title=f"{len(texts)} abstracts of SciFact, precision {engine.precision}",
                columns=["what", "word pieces per second", "abstracts per second"],
                rows=rows,
            )
        ],
        figures={f"tagger / bare encoder (bar {BAR})": median(ours / bare for ours, bare in pairs)},
        notes=[
            f"The bare encoder reads the first {LONGEST} word pieces of an abstract, as the "
            "embedder does; the tagger reads all.",
            "The ratio, of word pieces per second, is the median over blocks of abstracts.",
        ],
    )

"""Very many short real passages: sentences of public biomedical sets, pairs and parts of them."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.store.files import write_bytes
from models.text.sentences import split_sentences

BLOCK = 10_000
"""Passages whose vectors are kept in one file."""

CLAUSE_END = re.compile(r"(?<=[,;:]) ")
SHORTEST = 40
"""Characters of a clause."""

WHOLE = 0.75
"""Share of passages that are whole sentences or pairs."""

MARKS = re.compile(r"<<|>>|\[\[|\]\]")
Encode = Callable[[list[str]], NDArray[np.float32]]


def sentence_windows(data: Path, count: int) -> list[str]:
    """Returns distinct passages: sentences, the same after their titles, pairs, then clauses.

    Args:
        data: The folder of public data, with scifact, pubmedqa, nicta_piboso, bc5cdr, chemprot.
        count: At most so many.
    """
    titled = list(_abstracts(data))
    articles = [sentences for _, sentences in titled]
    articles += _nicta(data / "nicta_piboso" / "train.txt")
    whole = chain(
        (sentence for sentences in articles for sentence in sentences),
        _bc5cdr(data / "bc5cdr"),
        _chemprot(data / "chemprot"),
        (f"{title} {sentence}" for title, sentences in titled for sentence in sentences),
        (f"{one} {two}" for sentences in articles for one, two in pairwise(sentences)),
    )
    clauses = (
        clause
        for sentences in articles
        for sentence in sentences
        for clause in CLAUSE_END.split(sentence)
        if len(clause) >= SHORTEST
    )
    most = islice(dict.fromkeys(whole), int(count * WHOLE))
    return list(islice(dict.fromkeys(chain(most, clauses)), count))


def embedded(
    texts: Sequence[str], encode: Encode, fingerprint: str, cache: Path
) -> NDArray[np.float32]:
    """Returns the vectors of texts, float32 (texts, dimensions), from the cache where it has them.

    Args:
        texts: What to embed.
        encode: Embeds texts.
        fingerprint: Names the weights and the precision.
        cache: A folder; files in it are named by what they were made of.
    """
    cache.mkdir(parents=True, exist_ok=True)
    blocks = []
    for start in range(0, len(texts), BLOCK):
        block = list(texts[start : start + BLOCK])
        key = hashlib.sha256("\x1f".join([fingerprint, *block]).encode()).hexdigest()[:24]
        path = cache / f"vectors-{key}.f32"
        if not path.exists():
            write_bytes(path, encode(block).tobytes())
        blocks.append(np.frombuffer(path.read_bytes(), np.float32).reshape(len(block), -1))
    return np.concatenate(blocks)


def _abstracts(data: Path) -> Iterator[tuple[str, list[str]]]:
    """Yields the titles and the sentences of articles."""
    for name, field in (("scifact/corpus.jsonl", "text"), ("pubmedqa/articles.jsonl", "abstract")):
        with (data / name).open(encoding="utf-8") as stream:
            for line in stream:
                record = json.loads(line)
                text = record[field]
                spans = split_sentences(text)
                yield record["title"], [" ".join(text[s.start : s.end].split()) for s in spans]


def _nicta(path: Path) -> Iterator[list[str]]:
    for article in path.read_text(encoding="utf-8").split("\n\n"):
        rows = (line.partition("\t")[2].strip() for line in article.splitlines())
        yield [text for text in rows if text]


def _bc5cdr(folder: Path) -> Iterator[str]:
    for name in ("train.tsv", "devel.tsv"):
        for sentence in (folder / name).read_text(encoding="utf-8").split("\n\n"):
            words = [line.split("\t")[0] for line in sentence.splitlines() if line.strip()]
            if words:
                yield " ".join(words)


def _chemprot(folder: Path) -> Iterator[str]:
    for name in ("train.txt", "dev.txt"):
        with (folder / name).open(encoding="utf-8") as stream:
            for line in stream:
                yield " ".join(MARKS.sub("", json.loads(line)["text"]).split())

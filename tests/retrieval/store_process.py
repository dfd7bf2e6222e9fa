"""A process that writes made-up documents to a library's store, for tests of several at once.

Usage: python store_process.py FOLDER NAME DOCUMENTS BATCH
"""

import hashlib
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.documents.document import Document
from retrieval.documents.passages import Passage
from retrieval.indexing.store import open_store

DIMENSIONS = 384


def make_documents(name: str, count: int) -> list[Document]:
    return [
        Document(source_id=f"{name}-{n}", title=f"Title {n}", abstract=f"Abstract {n} of {name}.")
        for n in range(count)
    ]


def make_passages(documents: list[Document]) -> list[Passage]:
    return [
        Passage(d.hash, "abstract", None, 0, len(d.abstract), d.title, d.abstract)
        for d in documents
    ]


def make_vectors(passages: list[Passage]) -> NDArray[np.float32]:
    """Gives each passage a unit vector of its own, which follows from its text."""
    seeds = [int(hashlib.sha256(p.text.encode()).hexdigest()[:8], 16) for p in passages]
    rows = np.stack([np.random.default_rng(seed).normal(size=DIMENSIONS) for seed in seeds])
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


if __name__ == "__main__":
    folder, name, count, batch = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    documents = make_documents(name, count)
    for start in range(0, count, batch):
        part = documents[start : start + batch]
        passages = make_passages(part)
        open_store(folder).put(part, passages, make_vectors(passages), origin=name)
        print(start, flush=True)  # noqa: T201

"""A process that mines a file for numbers, slowly, to be killed at any moment.

Usage: python mining_process.py SOURCE OUTPUT JOBS PAUSE
"""

import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.fitting.executors import InProcess
from retrieval.documents.document import Document
from retrieval.mining.findings import FIELDS, Columns, Finding, Outcome
from retrieval.mining.job import Job, Mined
from retrieval.mining.miners import LocalMiner
from retrieval.mining.source import find_mining_source

UNREADABLE = "unspeakable"


@dataclass(frozen=True)
class NumberExtractor:
    """Finds whole numbers; a document with a certain word breaks it."""

    pause: float = 0.0
    fingerprint: str = "numbers"

    @property
    def columns(self) -> Columns:
        return {"normalised_id": "string", "confidence": "number"}

    def extract(self, documents: Sequence[Document]) -> list[Outcome]:
        outcomes = []
        for document in documents:
            if UNREADABLE in document.abstract:
                raise RuntimeError(UNREADABLE)
            time.sleep(self.pause)
            found = [
                Finding(name, m.start(), m.end(), m[0], kind, {"normalised_id": m[0].lstrip("0")})
                for name in FIELDS
                for m in re.finditer(r"\d+", document.field(name))
                for kind in ["even" if int(m[0]) % 2 == 0 else "odd"]
            ]
            outcomes.append(Outcome(found))
        return outcomes


def run(source: Path, output: Path, jobs: Path, pause: float, window: int = 10) -> Mined:
    miner = LocalMiner(NumberExtractor(pause), InProcess(), window)
    found = find_mining_source(str(source), jobs / "library")
    return Job(found, miner, "entities", output, jobs).run()


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), float(sys.argv[4]))

import json
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

SCRIPT = Path(__file__).parent / "mining_process.py"

Articles = Callable[..., Path]


@pytest.fixture(scope="session")
def numbers() -> SimpleNamespace:
    """What `mining_process.py` has: NumberExtractor and run."""
    # Registered by name, as dataclasses and other processes look it up.
    sys.path.insert(0, str(SCRIPT.parent))
    try:
        return SimpleNamespace(**runpy.run_path(str(SCRIPT)))
    finally:
        sys.path.remove(str(SCRIPT.parent))


@pytest.fixture
def articles(tmp_path: Path) -> Articles:
    """Writes a JSONL file of articles with numbers, some without, one record broken."""

    def write(count: int, name: str = "articles.jsonl", broken: bool = True) -> Path:
        records: list[Any] = [
            {
                "pmid": str(1000 + n), "title": f"Article {n}", "year": 1990 + n % 20,
                "abstract": f"We saw {n % 7} of {n % 3} cases." if n % 5 else "No number here.",
            }
            for n in range(count)
        ]  # fmt: skip
        lines = [json.dumps(record) for record in records]
        if broken:
            lines.insert(count // 2, '{"pmid": "broken"')
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n")
        return path

    return write

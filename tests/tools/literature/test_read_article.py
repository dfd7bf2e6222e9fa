import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from models.errors import ToolError
from models.store.workspace import Workspace
from retrieval.library import Library
from tools.contract import SUMMARY_LIMIT, ToolResult
from tools.execution import execute

Read = Callable[[str], ToolResult]

RECORDS = [
    {"pmid": "18847643", "doi": "10.1000/ABC", "title": "Zinc", "abstract": "Zinc helps. " * 300,
     "authors": ["A B", "C D", "E F", "G H"], "journal": "J Zinc", "year": 2001, "mesh": ["Zinc"]},
    {"id": "own-7", "title": "RETRACTED: Lead", "text": "Lead is sweet."},
]  # fmt: skip


@pytest.fixture
def read(workspace: Workspace) -> Iterator[Read]:
    path = Path("records.jsonl")
    path.write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
    with Library(workspace) as library:
        library.add([path])
        yield lambda name: execute(workspace, "read_article", {"article_id": name})


@pytest.mark.parametrize("name", ["18847643", "PMID:18847643", "PMID 18847643", "10.1000/abc"])
def test_article_is_read_by_pmid_and_doi(read: Read, name: str) -> None:
    result = read(name)
    assert result.data["abstract"] == RECORDS[0]["abstract"]
    assert result.summary.startswith("Zinc (A B, C D, E F et al.; J Zinc; 2001; PMID 18847643)")
    assert len(result.summary) <= SUMMARY_LIMIT
    assert read(result.data["hash"]).data == result.data


def test_retraction_comes_first(read: Read) -> None:
    result = read("own-7")
    assert result.summary.startswith("This article was retracted.")
    assert result.summary.endswith("Lead is sweet.")


def test_unknown_id_is_answered_with_the_nearest(read: Read) -> None:
    with pytest.raises(ToolError) as caught:
        read("18847634")
    assert caught.value.kind == "not_found"
    assert caught.value.faults[0].suggestion == "18847643"

import json
from pathlib import Path
from typing import Any

import pytest

from models.errors import ToolError
from models.store.workspace import Workspace
from retrieval.library import Library
from tools.execution import execute

NOTES: list[dict[str, Any]] = [
    {"pmid": "1", "title": "Lithium", "year": 1990, "abstract": "Lithium caused tremor."},
    {"pmid": "2", "title": "Lithium again", "year": 1991,
     "abstract": "Tremor followed lithium in many."},
    {"pmid": "3", "title": "Propranolol", "year": 1992, "abstract": "Propranolol relieved tremor."},
    {"pmid": "4", "title": "Propranolol for migraine", "year": 1993,
     "abstract": "Propranolol prevented migraine; tremor subsided."},
    {"pmid": "5", "title": "Migraine", "year": 1994, "abstract": "Migraine was treated."},
]  # fmt: skip


@pytest.fixture
def library(workspace: Workspace) -> Workspace:
    path = Path("notes.jsonl")
    path.write_text("".join(json.dumps(note) + "\n" for note in NOTES))
    with Library(workspace) as library:
        library.add([path])
    return workspace


def test_leads_come_with_both_chains_cited(library: Workspace) -> None:
    result = execute(library, "find_research_leads", {"topic": "lithium"})
    concepts = [lead["concept"] for lead in result.data["leads"]]
    assert "propranolol" in concepts
    lead = result.data["leads"][concepts.index("propranolol")]
    passages = {row["n"]: row for row in result.data["results"]}
    via = lead["via"][0]
    assert via["concept"] == "tremor"
    assert "ithium" in passages[via["first"]]["text"]
    assert "ropranolol" in passages[via["second"]]["text"]
    assert {"id", "title", "year", "quote", "label"} <= passages[1].keys()
    assert f"propranolol, through tremor [{via['first']}] [{via['second']}]" in result.summary
    assert "very few" in result.summary
    assert "a guess to be checked" in result.summary


def test_a_target_is_linked_or_known(library: Workspace) -> None:
    linked = execute(library, "find_research_leads", {"topic": "lithium", "target": "propranolol"})
    assert "through tremor" in linked.summary
    known = execute(library, "find_research_leads", {"topic": "migraine", "target": "propranolol"})
    assert "may be known already [" in known.summary
    assert "no article states it" not in known.summary


def test_an_unknown_topic_names_the_nearest(library: Workspace) -> None:
    with pytest.raises(ToolError) as caught:
        execute(library, "find_research_leads", {"topic": "propanolol"})
    assert caught.value.faults[0].suggestion == "propranolol"

import json
from pathlib import Path

import pytest

from models.errors import ToolError
from models.store.workspace import Workspace
from retrieval.library import Library
from tools.execution import execute


def test_searches_keep_to_journal_type_and_heading(workspace: Workspace) -> None:
    records = [
        {"pmid": "1", "title": "Zinc", "abstract": "Zinc helped.", "journal": "The Lancet",
         "publication_types": ["Review"], "mesh": ["Zinc/therapeutic use"]},
        {"pmid": "2", "title": "Zinc again", "abstract": "Zinc did not help.", "journal": "BMJ"},
    ]  # fmt: skip
    Path("a.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    with Library(workspace) as library:
        library.add([Path("a.jsonl")])
        for given in ({"journal": "lancet"}, {"publication_type": "review"}, {"mesh": "zinc"}):
            result = execute(workspace, "search_literature", {"query": "zinc", **given})
            assert [row["id"] for row in result.data["results"]] == ["1"]
        nothing = {"query": "zinc", "journal": "BMJ", "publication_type": "Review"}
        assert "with BMJ, Review" in execute(workspace, "search_literature", nothing).summary
        with pytest.raises(ToolError) as caught:
            execute(workspace, "search_literature", {"query": "zinc", "journal": "Lancett"})
        assert caught.value.faults[0].suggestion == "The Lancet"

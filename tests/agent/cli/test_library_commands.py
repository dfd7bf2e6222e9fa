"""`theriac library`, as it is typed."""

import json
import runpy
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from agent.cli.main import app
from models.store.workspace import Workspace

ROOT = Path(__file__).parents[3]
SERVER = ROOT / "tests" / "retrieval" / "entrez" / "eutils_server.py"
ARTICLES: list[dict[str, Any]] = [
    {"pmid": "1", "title": "Zinc and colds", "abstract": "Zinc shortened colds.", "year": 1999,
     "journal": "Lancet", "mesh": ["Zinc"], "publication_types": ["Review"]},
    {"pmid": "2", "title": "Zinc lozenges", "abstract": "Zinc cured colds.", "year": 2008,
     "retracted": True},
]  # fmt: skip


def theriac(workspace: Workspace, *arguments: str, **environment: str) -> SimpleNamespace:
    settings = {"THERIAC_WORKSPACE": str(workspace.root), "COLUMNS": "160", **environment}
    done = CliRunner().invoke(app, list(arguments), env=settings)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return SimpleNamespace(code=done.exit_code, out=done.stdout, err=done.stderr)


@pytest.fixture
def filled(workspace: Workspace) -> Workspace:
    text = "".join(json.dumps(record) + "\n" for record in ARTICLES)
    Path("a.jsonl").write_text(text + "{broken\n")
    assert theriac(workspace, "library", "add", "a.jsonl").code == 0
    return workspace


def test_search_status_export_and_remove(filled: Workspace) -> None:
    found = theriac(
        filled, "library", "search", "zinc colds", "--mesh", "ZINC", "--type", "review",
        "--journal", "lancet", "--json",
    )  # fmt: skip
    result = json.loads(found.out)["results"][0]
    assert (result["article_id"], result["journal"]) == ("1", "Lancet")
    assert [result["text"][a:b] for a, b in result["highlights"]] == ["Zinc", "colds"]
    wrong = theriac(filled, "library", "search", "zinc", "--journal", "lancett", "--json")
    assert wrong.code == 2
    assert json.loads(wrong.out)["error"]["fields"][0]["suggestion"] == "Lancet"

    shown = theriac(filled, "library", "status")
    assert "a.jsonl" in shown.out
    assert "line 3" in shown.out
    row = json.loads(theriac(filled, "library", "status", "--json").out)["files"][0]
    assert (row["state"], row["added"], row["failed"]) == ("done", 2, 1)

    written = theriac(filled, "library", "export", "out.ris", "--year-to", "2000", "--json")
    assert json.loads(written.out)["documents"] == 1

    unasked = theriac(filled, "library", "remove", "--retracted")
    assert (unasked.code, "--yes" in unasked.err) == (2, True)
    assert theriac(filled, "library", "remove").code == 2
    gone = theriac(filled, "library", "remove", "--retracted", "--yes", "--json")
    assert json.loads(gone.out) == {"removed": 1, "files": []}
    beside = json.loads(theriac(filled, "library", "neighbours", "1", "--json").out)
    assert (beside["passage"]["article_id"], beside["alike"]) == ("1", [])


@pytest.fixture
def eutils() -> Iterator[Any]:
    module = SimpleNamespace(**runpy.run_path(str(SERVER)))
    running = module.EutilsServer([module.article(n, f"Zinc {n}", "Zinc.") for n in range(1, 4)])
    yield running
    running.close()


def test_fetch_asks_first_and_then_adds(workspace: Workspace, eutils: Any) -> None:
    settings = {"THERIAC_ENTREZ_URL": eutils.url, "NCBI_API_KEY": "k"}
    refused = theriac(workspace, "library", "fetch", "zinc trial", **settings)
    assert refused.code == 3
    assert "theriac library fetch 'zinc trial' --online" in refused.err
    private = theriac(workspace, "library", "fetch", "zinc a@b.org", "--online", **settings)
    assert (private.code, "EMAIL" in private.err) == (2, True)
    assert eutils.requests == []
    done = theriac(workspace, "library", "fetch", "zinc", "--online", "--json", **settings)
    report = json.loads(done.out)
    assert (report["found"], report["fetched"], report["added"]) == (3, 3, 3)
    assert Path(report["file"]).is_relative_to(workspace.library)
    assert {request["api_key"] for request in eutils.requests} == {"k"}

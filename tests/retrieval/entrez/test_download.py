"""The E-utilities client against a server that answers and fails as NCBI's does."""

import runpy
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from models.errors import PrerequisiteError, ToolError
from models.store.workspace import Workspace
from retrieval.entrez.client import EntrezClient
from retrieval.entrez.download import Download, download
from retrieval.entrez.settings import EntrezSettings
from retrieval.library import Library

eutils = SimpleNamespace(**runpy.run_path(str(Path(__file__).parent / "eutils_server.py")))
ARTICLES = [
    eutils.article(n, f"Zinc study {n}", f"Zinc helped in trial {n} with p &lt; 0.05.")
    for n in range(1, 451)
]


@pytest.fixture
def server() -> Iterator[Any]:
    running = eutils.EutilsServer(ARTICLES)
    yield running
    running.close()


def fetch(server: Any, query: str, folder: Path, limit: int = 9999, **settings: Any) -> Download:
    client = EntrezClient(EntrezSettings(entrez_url=server.url, **settings), first_wait=0.01)
    try:
        return download(client, query, folder, limit)
    finally:
        client.close()


def test_results_come_in_batches_and_go_into_the_library(server: Any, workspace: Workspace) -> None:
    got = fetch(server, "zinc study", workspace.library / "fetched", ncbi_api_key="k")
    assert (got.found, got.fetched) == (450, 450)
    fetches = [r for r in server.requests if r["utility"] == "efetch.fcgi"]
    assert [(r["retstart"], r["retmax"]) for r in fetches] == [
        ("0", "200"), ("200", "200"), ("400", "50"),
    ]  # fmt: skip
    assert {(r["tool"], r["api_key"]) for r in server.requests} == {("theriac", "k")}
    with Library(workspace) as library:
        report = library.add([got.path])
        assert (report.added, report.faults) == (450, {})
        found = library.article("450")
        assert found.abstract == "Zinc helped in trial 450 with p < 0.05."
        assert (found.journal, found.mesh, found.year) == ("Journal of Tests", ["Zinc"], 2020)
    assert fetch(server, "zinc study", workspace.library / "fetched").path == got.path


def test_limit_is_kept_to(server: Any, tmp_path: Path) -> None:
    got = fetch(server, "zinc", tmp_path, limit=30)
    assert (got.found, got.fetched) == (450, 30)
    assert got.path.read_text().count("<PubmedArticle>") == 30


@pytest.mark.parametrize(
    "fault",
    [
        eutils.Fault(429, eutils.OVER_LIMIT),
        eutils.Fault(503, "<html>Service Unavailable</html>"),
        eutils.Fault(502, ""),
        eutils.Fault(200, eutils.BACKEND, utility="esearch.fcgi"),
        eutils.Fault(200, eutils.DOCTYPE + "<PubmedArticleSet><Pubmed", utility="efetch.fcgi"),
        eutils.Fault(200, '{"esearchresult":{"cou', utility="esearch.fcgi"),
        eutils.Fault(
            200, "<eFetchResult><ERROR>Unable to connect, try again</ERROR></eFetchResult>",
            utility="efetch.fcgi",
        ),
    ],
    ids=["429", "503", "502", "json error", "cut xml", "cut json", "xml error"],
)  # fmt: skip
def test_errors_that_pass_are_waited_out(server: Any, tmp_path: Path, fault: Any) -> None:
    server.faults = [fault, fault]
    assert fetch(server, "zinc", tmp_path, limit=10).fetched == 10


def test_told_wait_is_kept_to(server: Any, tmp_path: Path) -> None:
    server.faults = [eutils.Fault(429, eutils.OVER_LIMIT, {"Retry-After": "1"})]
    fetch(server, "zinc", tmp_path, limit=1)
    assert server.requests[1]["at"] - server.requests[0]["at"] >= 1


def test_server_that_keeps_failing_is_given_up(server: Any, tmp_path: Path) -> None:
    server.faults = [eutils.Fault(500, "oops")] * 9
    with pytest.raises(PrerequisiteError, match="5 times; at last: HTTP 500"):
        fetch(server, "zinc", tmp_path)
    assert len(server.requests) == 5
    assert list(tmp_path.iterdir()) == []


def test_refused_key_is_said_at_once(server: Any, tmp_path: Path) -> None:
    server.faults = [eutils.Fault(400, eutils.BAD_KEY)]
    with pytest.raises(ToolError, match="API key invalid") as caught:
        fetch(server, "zinc", tmp_path, ncbi_api_key="wrong")
    assert caught.value.faults[0].field == "ncbi_api_key"
    assert len(server.requests) == 1


def test_lost_history_is_searched_for_again(server: Any, tmp_path: Path) -> None:
    server.faults = [eutils.Fault(400, eutils.NO_HISTORY, utility="efetch.fcgi")]
    assert fetch(server, "zinc", tmp_path, limit=5).fetched == 5
    utilities = [request["utility"].split(".")[0] for request in server.requests]
    assert utilities == ["esearch", "efetch", "esearch", "efetch"]
    server.faults = [eutils.Fault(400, eutils.NO_HISTORY, utility="efetch.fcgi")] * 9
    with pytest.raises(ToolError, match="again and again"):
        fetch(server, "zinc", tmp_path)


def test_unknown_words_are_named(server: Any, tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="does not know: zzz") as caught:
        fetch(server, "zzz", tmp_path)
    assert caught.value.kind == "not_found"


@pytest.mark.parametrize(("key", "rate"), [(None, 3), ("k", 10)])
def test_rate_is_kept_to(server: Any, tmp_path: Path, key: str | None, rate: int) -> None:
    client = EntrezClient(EntrezSettings(entrez_url=server.url, ncbi_api_key=key))
    for _ in range(4):
        client.search("zinc")
    client.close()
    times = [request["at"] for request in server.requests]
    assert times[-1] - times[0] >= 3 / rate - 0.05


def test_nobody_there(tmp_path: Path) -> None:
    client = EntrezClient(EntrezSettings(entrez_url="http://127.0.0.1:9"), first_wait=0.001)
    with pytest.raises(PrerequisiteError, match="failed 5 times"):
        download(client, "zinc", tmp_path)
    client.close()

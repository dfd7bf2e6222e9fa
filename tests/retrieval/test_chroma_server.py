"""The vectors on a real Chroma server."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from models.errors import PrerequisiteError, ToolError
from models.store.workspace import Workspace
from retrieval.indexing.chroma import Server
from retrieval.indexing.store import CHROMA_URL, Store
from retrieval.library import Library
from retrieval.search.filters import Filters
from retrieval.search.years import Years
from retrieval.settings import LibrarySettings

pytestmark = pytest.mark.slow

ARTICLES: list[dict[str, Any]] = [
    {"pmid": "11", "title": "Zinc and colds", "abstract": "Zinc shortened colds.", "year": 1999},
    {"pmid": "12", "title": "Statins", "abstract": "Statins lowered stroke risk.", "year": 2005},
]
PATIENCE = 60


class ChromaServer:
    """`chroma run` on a free port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        chroma = Path(sys.executable).parent / "chroma"
        command = [chroma, "run", "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, "--path", str(self.folder)], stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise TimeoutError

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ChromaServer]:
    running = ChromaServer(tmp_path / "chroma")
    yield running
    running.stop()


def add(library: Library, records: list[dict[str, Any]], name: str = "a.jsonl") -> None:
    Path(name).write_text("".join(json.dumps(record) + "\n" for record in records))
    library.add([Path(name)])


def test_library_on_a_server(server: ChromaServer, workspace: Workspace, tmp_path: Path) -> None:
    settings = LibrarySettings(chroma_url=server.url + "/")
    with Library(workspace, settings=settings) as library:
        add(library, ARTICLES)
        assert library.search("cholesterol drugs prevent brain attacks")[0].article_id == "12"
        assert not (workspace.library / "vectors").exists()
    with Library(workspace) as library:  # it knows by itself where its vectors are
        hits = library.search("zinc statins", filters=Filters(Years(2000)))
        assert [hit.article_id for hit in hits] == ["12"]
        library.removal(["12"]).run()
        assert [hit.article_id for hit in library.search("statins zinc")] == ["11"]
    with Library(Workspace(tmp_path / "second"), settings=settings) as other:  # shares nothing
        add(other, [{"id": "x", "title": "Bees", "abstract": "Venom."}], "b.jsonl")
        assert [hit.article_id for hit in other.search("zinc bees venom")] == ["x"]


def test_vectors_move_with_a_repair(server: ChromaServer, workspace: Workspace) -> None:
    with Library(workspace) as library:
        add(library, ARTICLES)
    with Library(workspace, settings=LibrarySettings(chroma_url=server.url)) as library:
        with pytest.raises(PrerequisiteError, match="its own folder") as caught:
            library.search("zinc")
        assert caught.value.command == "theriac library repair"
        library.repair()
        assert not (workspace.library / "vectors").exists()
        assert library.search("zinc")[0].article_id == "11"
    with Library(workspace, settings=LibrarySettings(chroma_url="none")) as library:
        library.repair()
        assert (workspace.library / "vectors").exists()
    server.stop()
    with Library(workspace) as library:
        assert library.search("zinc")[0].article_id == "11"


def test_server_that_is_gone_is_said_and_found_again(
    server: ChromaServer, workspace: Workspace
) -> None:
    with Library(workspace, settings=LibrarySettings(chroma_url=server.url)) as library:
        add(library, ARTICLES)
        server.stop()
        with pytest.raises(PrerequisiteError, match="does not answer") as caught:
            library.search("zinc")
        assert f"chroma run --host 127.0.0.1 --port {server.port}" in caught.value.command
        server.start()
        assert library.search("zinc")[0].article_id == "11"
        assert library.stats().passages == 2


def test_two_stores_that_write_in_turn_see_each_other(
    server: ChromaServer, tmp_path: Path, made: SimpleNamespace
) -> None:
    """The lease holds on a server, too: two handles of one library lose nothing."""
    with closing(Store(tmp_path / "l")) as one, closing(Store(tmp_path / "l")) as two:
        one.manifest.set(CHROMA_URL, server.url)
        documents = made.make_documents("d", 60)
        for start, store in zip(range(0, 60, 10), (one, two) * 3, strict=True):
            part = documents[start : start + 10]
            passages = made.make_passages(part)
            store.put(part, passages, made.make_vectors(passages), "o")
        passages = made.make_passages(documents)
        for passage, vector in zip(passages, made.make_vectors(passages), strict=True):
            for store in (one, two):
                dense, sparse = store.candidates(passage.text, vector, 3)
                assert next(iter(dense)) == next(iter(sparse)) == passage.id


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://host", "http://", "http://h:port"])
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(ToolError, match="no URL"):
        assert Server(url, "c").address

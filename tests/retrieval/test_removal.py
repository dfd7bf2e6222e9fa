"""What leaves the library: removals that are whole after a kill, and exports that come back."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.errors import ToolError
from models.store.workspace import Workspace
from retrieval.indexing.store import open_store
from retrieval.library import Library
from retrieval.search.filters import Filters

ROOT = Path(__file__).parents[2]
FULL: dict[str, Any] = {
    "pmid": "11", "doi": "10.1056/nejm.a1", "pmcid": "PMC1234567",
    "title": "Zinc, “colds” and fever",
    "abstract": "AIM: To test zinc; two\twords. RESULTS: Zinc\nshortened colds, p < 0.05.",
    "sections": [{"label": "AIM", "start": 0, "end": 29}],
    "year": 1999, "journal": "Lancet (London, England)", "authors": ["Smith J", "Müller A"],
    "mesh": ["Common Cold", "Diabetes Mellitus, Type 2"], "keywords": ["zinc; oral"],
    "publication_types": ["Review", "Retracted Publication"], "retracted": True,
}  # fmt: skip
PLAIN: dict[str, Any] = {"id": "own-3", "title": "Statins", "abstract": "Statins lowered risk."}


@pytest.fixture
def library(workspace: Workspace) -> Iterator[Library]:
    with Library(workspace) as opened:
        yield opened


def write(name: str, records: list[dict[str, Any]]) -> Path:
    path = Path(name)
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def assert_gone(library: Library, article_id: str, query: str) -> None:
    with pytest.raises(ToolError):
        library.article(article_id)
    assert article_id not in [hit.article_id for hit in library.search(query)]


def test_removal_by_id_takes_it_out_of_everything(library: Library) -> None:
    library.add([write("a.jsonl", [FULL, PLAIN])])
    assert library.removal(["PMID:11"]).run() == 1
    assert_gone(library, "11", "zinc colds")
    assert library.stats().passages == 1
    assert library.add([Path("a.jsonl")]).unchanged_files == 1
    assert_gone(library, "11", "zinc colds")


def test_removal_by_file_keeps_what_another_file_has(library: Library) -> None:
    library.add([write("a.jsonl", [FULL, PLAIN]), write("b.jsonl", [PLAIN])])
    assert library.removal(files=[Path("a.jsonl")]).run() == 1
    assert_gone(library, "11", "zinc colds")
    assert library.article("own-3").title == "Statins"
    assert [Path(file.path).name for file in library.stats().files] == ["b.jsonl"]
    assert library.add([Path("a.jsonl")]).added == 1


def test_removal_of_the_retracted(library: Library) -> None:
    library.add([write("a.jsonl", [FULL, PLAIN])])
    removal = library.removal(retracted=True)
    assert [document.pmid for document in removal.documents.values()] == ["11"]
    assert library.stats().documents == 2  # nothing happens before it is run
    assert removal.run() == 1
    assert library.stats().retracted == 0


def test_unknown_ids_and_files_are_all_named(library: Library) -> None:
    library.add([write("a.jsonl", [FULL | {"pmid": "18847643"}, PLAIN])])
    with pytest.raises(ToolError) as caught:
        library.removal(["18847634"], [Path("a.json")])
    assert [fault.suggestion for fault in caught.value.faults] == [
        "18847643", str(Path("a.jsonl").resolve()),
    ]  # fmt: skip
    assert library.stats().documents == 2


def test_killed_removal_is_finished_by_the_next(workspace: Workspace) -> None:
    records = [{"id": str(n), "title": f"Title {n}", "abstract": f"Text {n}."} for n in range(900)]
    with Library(workspace) as library:
        library.add([write("many.jsonl", records), write("kept.jsonl", [PLAIN])])
    code = (
        "import sys; from pathlib import Path; from models.store.workspace import Workspace;"
        "from retrieval.library import Library;"
        "removal = Library(Workspace(Path(sys.argv[1]))).removal(files=[Path(sys.argv[2])]);"
        "removal.run(lambda done, total: print(done, flush=True))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(workspace.root), str(Path("many.jsonl").resolve())],
        env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    left = open_store(workspace.library).manifest.count("documents") - 1
    assert left < 900
    with Library(workspace) as library:
        assert library.removal(files=[Path("many.jsonl")]).run() == left
        assert library.stats().documents == 1
        assert {hit.article_id for hit in library.search("Title 5 text")} <= {"own-3"}
        assert library.search("statins")[0].article_id == "own-3"


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv"])
def test_export_comes_back_the_same(library: Library, workspace: Workspace, name: str) -> None:
    library.add([write("a.jsonl", [FULL | {"keywords": ["zinc"]}, PLAIN])])
    before = {document.article_id: document for document in library.documents()}
    assert library.export(Path(name)) == 2
    with Library(Workspace(workspace.root / "other")) as other:
        assert other.add([Path(name)]).added == 2
        after = {document.article_id: document for document in other.documents()}
    lost = {"sections"} if name.endswith("csv") else set()
    assert before.keys() == after.keys() == {"11", "own-3"}
    for key, document in before.items():
        assert after[key].hash == document.hash
        assert after[key].model_dump(exclude=lost) == document.model_dump(exclude=lost)


def test_ris_keeps_what_it_has_tags_for(library: Library, workspace: Workspace) -> None:
    library.add([write("a.jsonl", [FULL, PLAIN])])
    library.export(Path("out.ris"))
    with Library(Workspace(workspace.root / "other")) as other:
        other.add([Path("out.ris")])
        for name in ("11", "own-3"):
            before, after = library.article(name), other.article(name)
            assert after.hash == before.hash
            kept = {"pmid", "doi", "pmcid", "source_id", "year", "journal", "authors", "retracted"}
            assert after.model_dump(include=kept) == before.model_dump(include=kept)
            assert set(before.publication_types) <= set(after.publication_types)
            assert [*before.mesh, *before.keywords] == after.keywords


def test_export_of_a_part_and_to_bad_places(library: Library, tmp_path: Path) -> None:
    library.add([write("a.jsonl", [FULL, PLAIN])])
    assert library.export(Path("part.jsonl"), Filters(mesh=("common cold",))) == 1
    with pytest.raises(ToolError, match="JSONL, CSV or RIS"):
        library.export(Path("out.xlsx"))
    with pytest.raises(ToolError, match="cannot be written"):
        library.export(tmp_path / "nowhere" / "out.csv")

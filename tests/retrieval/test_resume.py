"""Kills in the midst of files of all formats: the library ends as if there had been none."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from models.store.workspace import Workspace
from retrieval.indexing.store import open_store
from retrieval.library import Library

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"
KILLS = 10
CODE = (
    "import sys; from pathlib import Path; from retrieval.embedding.embedder import load_embedder;"
    "from retrieval.ingestion import Ingestion; from retrieval.indexing.store import open_store;"
    "print('begun', flush=True);"
    "Ingestion(open_store(Path(sys.argv[1])), load_embedder(), batch=4).run([Path(sys.argv[2])]);"
    "print('done', flush=True)"
)


def make_files(folder: Path) -> None:
    folder.mkdir()
    for path in DATA.glob("zinc.*"):
        (folder / path.name).write_bytes(path.read_bytes())
    for n in range(6):
        canvas = Canvas(str(folder / f"{n}.pdf"), invariant=True)
        for page in range(3):
            for line in range(30):
                canvas.drawString(60, 750 - 14 * line, f"File {n}, page {page}, line {line}: zinc.")
            canvas.showPage()
        canvas.save()
    records = "".join(
        f"TY  - JOUR\nTI  - Title {n}\nAB  - Text {n} on iron.\nER  - \n" for n in range(80)
    )
    (folder / "many.ris").write_text(records + "TY  - JOUR\nER  - \n")
    (folder / "update.xml").write_text(
        "<PubmedArticleSet><DeleteCitation><PMID>4</PMID></DeleteCitation></PubmedArticleSet>"
    )


def contents(folder: Path) -> tuple[dict[str, str], set[str], list[tuple[object, ...]]]:
    store = open_store(folder)
    documents = store.manifest.documents_after("", 10_000)
    passages = set(store.manifest.passages_of(list(documents)))
    files = [(f.path, f.status, f.documents, f.faults, f.pages) for f in store.files.all()]
    return {key: d.model_dump_json() for key, d in documents.items()}, passages, files


@pytest.mark.slow
def test_kills_leave_no_trace(tmp_path: Path) -> None:
    make_files(tmp_path / "files")
    chance = random.Random(0)
    command = [sys.executable, "-c", CODE, str(tmp_path / "killed" / "library"),
               str(tmp_path / "files")]  # fmt: skip
    kills = 0
    while kills < KILLS:
        process = subprocess.Popen(
            command, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        process.stdout.readline()
        time.sleep(chance.uniform(0, 2.5))
        process.send_signal(signal.SIGKILL)
        finished = "done" in process.communicate()[0]
        kills += 1
        if finished:
            break
    for name in ("killed", "whole"):
        with Library(Workspace(tmp_path / name)) as library:
            report = library.add([tmp_path / "files"])
            assert not report.removed
            assert library.search("iron Title 33", top_k=1)[0].title == "Title 33"
    killed, whole = (contents(Workspace(tmp_path / n).library) for n in ("killed", "whole"))
    assert killed == whole

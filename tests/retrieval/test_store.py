"""Several processes, kills, damage and full disks."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from models.errors import PrerequisiteError
from retrieval.documents.document import Document
from retrieval.indexing.store import Store, close_store, open_store
from retrieval.search.filters import Filters
from retrieval.search.years import Years

Start = Callable[[Path, str, int, int], "subprocess.Popen[str]"]


def put(store: Store, made: SimpleNamespace, documents: list[Document], origin: str = "o") -> None:
    passages = made.make_passages(documents)
    store.put(documents, passages, made.make_vectors(passages), origin)


def assert_all_found(store: Store, made: SimpleNamespace, documents: list[Document]) -> None:
    """Every vector leads to its own passage, and every word to its document."""
    passages = made.make_passages(documents)
    for passage, vector in zip(passages, made.make_vectors(passages), strict=True):
        dense, sparse = store.candidates(passage.text, vector, 5)
        assert next(iter(dense)) == passage.id
        assert next(iter(sparse)) == passage.id
    assert set(store.manifest.listed([p.id for p in passages])) == {p.id for p in passages}


def test_two_writing_processes_and_a_searching_one_lose_nothing(
    store: Store, made: SimpleNamespace, start_writer: Start
) -> None:
    count, batch = 240, 20
    own = made.make_documents("own", count // 2)
    put(store, made, own[:batch])
    writers = [start_writer(store.folder, name, count, batch) for name in ("a", "b")]
    searches = 0
    for start in range(batch, len(own), batch):  # this process writes and searches beside them
        put(store, made, own[start : start + batch])
        passages = made.make_passages(own[:1])
        dense, _ = store.candidates("Abstract", made.make_vectors(passages)[0], 3)
        assert next(iter(dense)) == passages[0].id
        searches += 1
    for writer in writers:
        assert writer.wait(timeout=120) == 0
    everything = [*own, *made.make_documents("a", count), *made.make_documents("b", count)]
    assert searches
    assert store.manifest.count("passages") == len(everything)
    assert_all_found(store, made, everything)


def test_killed_writer_costs_at_most_its_batch(
    store: Store, made: SimpleNamespace, start_writer: Start
) -> None:
    for kill_after in (1, 3, 4):
        writer = start_writer(store.folder, "k", 200, 20)
        assert writer.stdout
        for _ in range(kill_after):
            writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        listed = store.manifest.count("passages")
        assert listed >= 20 * kill_after
        assert listed % 20 == 0
        documents = made.make_documents("k", 200)
        kept = store.manifest.documents([d.hash for d in documents])
        assert_all_found(store, made, [d for d in documents if d.hash in kept])
    assert start_writer(store.folder, "k", 200, 20).wait(timeout=120) == 0
    assert store.manifest.count("passages") == 200
    assert_all_found(store, made, made.make_documents("k", 200))


def test_new_version_takes_the_place_of_the_old(store: Store, made: SimpleNamespace) -> None:
    old = Document(pmid="7", title="Old", abstract="First version.")
    new = Document(pmid="7", title="New", abstract="Second version.")
    put(store, made, [old])
    put(store, made, [new], origin="elsewhere")
    assert store.manifest.count("documents") == 1
    found = store.manifest.find("7")
    assert found is not None
    assert found.title == "New"
    dense, sparse = store.candidates("version", made.make_vectors(made.make_passages([old]))[0], 9)
    assert list(dense) == list(sparse) == [made.make_passages([new])[0].id]


def test_same_own_id_in_two_files_is_two_documents(store: Store, made: SimpleNamespace) -> None:
    put(store, made, [Document(source_id="1", title="A")], origin="a.csv")
    put(store, made, [Document(source_id="1", title="B")], origin="b.csv")
    assert store.manifest.count("documents") == 2
    put(store, made, [Document(source_id="1", title="C")], origin="b.csv")
    assert store.manifest.count("documents") == 2


def test_changed_year_is_filtered_by(store: Store, made: SimpleNamespace) -> None:
    before = Document(source_id="1", abstract="Dated text.")
    put(store, made, [before])
    vector = made.make_vectors(made.make_passages([before]))[0]
    assert store.candidates("dated", vector, 5, Filters(Years(2001, 2003))) == ({}, {})
    store.describe([before.model_copy(update={"year": 2002})], "o")
    dense, sparse = store.candidates("dated", vector, 5, Filters(Years(2001, 2003)))
    assert len(dense) == len(sparse) == 1
    assert store.candidates("dated", vector, 5, Filters(Years(2003))) == ({}, {})


def corrupt(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


def remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.mark.parametrize(
    ("victim", "harm"),
    [
        ("vectors/chroma.sqlite3", corrupt),
        ("vectors/*/header.bin", corrupt),
        ("vectors", remove),
        ("keywords/meta.json", corrupt),
        ("keywords", remove),
    ],
)
def test_damaged_index_names_the_repair_which_mends_it(
    store: Store, made: SimpleNamespace, victim: str, harm: Callable[[Path], Any]
) -> None:
    documents = made.make_documents("d", 300)
    put(store, made, documents)
    folder = store.folder
    close_store(folder)
    harm(next(folder.glob(victim)))
    damaged = open_store(folder)
    vector = np.eye(1, 384, dtype=np.float32)[0]
    with pytest.raises(PrerequisiteError) as caught:
        damaged.candidates("abstract", vector, 5)
    assert caught.value.command == "theriac library repair"
    seen: list[tuple[int, int]] = []
    by_text = {p.context: v for p, v in _pairs(made, documents)}
    damaged.rebuild(lambda texts: np.stack([by_text[t] for t in texts]), lambda *n: seen.append(n))
    assert seen[-1] == (300, 300)
    assert_all_found(damaged, made, documents)


def _pairs(made: SimpleNamespace, documents: list[Document]) -> Iterator[tuple[Any, Any]]:
    passages = made.make_passages(documents)
    return zip(passages, made.make_vectors(passages), strict=True)


def test_damaged_manifest_is_said_to_be(store: Store) -> None:
    folder = store.folder
    close_store(folder)
    for file in folder.glob("manifest.sqlite*"):
        corrupt(file)
    with pytest.raises(PrerequisiteError, match="manifest") as caught:
        open_store(folder)
    assert caught.value.command == f"mv {folder} {folder}.damaged"


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 14 MB."""
    folder = Path(tempfile.mkdtemp(prefix="theriac-disk-"))
    command = ["mount", "-t", "tmpfs", "-o", "size=14m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()


@pytest.mark.parametrize("reserve", [0, 8_000_000])
def test_full_disk_is_said_and_costs_nothing(
    small_disk: Path, made: SimpleNamespace, reserve: int
) -> None:
    documents = made.make_documents("f", 20_000)
    kept = 0
    with (
        closing(Store(small_disk / "library", reserve=reserve)) as store,
        pytest.raises(PrerequisiteError, match="full"),
    ):
        for start in range(0, len(documents), 500):
            put(store, made, documents[start : start + 500])
            kept = start + 500
    assert kept
    subprocess.run(["mount", "-o", "remount,size=200m", str(small_disk)], check=True)
    with closing(Store(small_disk / "library", reserve=0)) as again:
        assert again.manifest.count("passages") == kept
        assert_all_found(again, made, documents[:kept:50])
        put(again, made, documents[kept : kept + 500])
        assert_all_found(again, made, documents[kept : kept + 500 : 50])


def test_folder_removed_beside_an_open_store_is_made_anew(
    store: Store, made: SimpleNamespace
) -> None:
    put(store, made, made.make_documents("x", 3))
    shutil.rmtree(store.folder)
    anew = open_store(store.folder)
    assert anew.manifest.count("passages") == 0
    put(anew, made, made.make_documents("y", 3))
    assert_all_found(anew, made, made.make_documents("y", 3))

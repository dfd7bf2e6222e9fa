import threading
import time
from pathlib import Path

import pytest

from models.errors import PrerequisiteError
from retrieval.indexing.lease import Generation, Lease


def test_writers_are_counted_and_readers_see_the_count(tmp_path: Path) -> None:
    lease = Lease(tmp_path / "lease")
    with lease.reading() as before:
        assert before == Generation(0, settled=True)
    with lease.writing() as (found, made):
        assert (found, made) == (before, Generation(1, settled=False))
    with lease.reading() as after:
        assert after == Generation(1, settled=True)


def test_writer_that_fails_leaves_its_mark(tmp_path: Path) -> None:
    lease = Lease(tmp_path / "lease")
    with pytest.raises(KeyError), lease.writing():
        raise KeyError
    with lease.reading() as left:
        assert left == Generation(1, settled=False)


def test_readers_share_and_a_writer_waits_for_them(tmp_path: Path) -> None:
    lease = Lease(tmp_path / "lease")
    written = threading.Event()

    def write() -> None:
        with lease.writing():
            written.set()

    with lease.reading(), Lease(tmp_path / "lease").reading():
        thread = threading.Thread(target=write)
        thread.start()
        time.sleep(0.05)
        assert not written.is_set()
    thread.join(timeout=10)
    assert written.is_set()


def test_waiting_ends(tmp_path: Path) -> None:
    hasty = Lease(tmp_path / "lease", patience=0.05)
    with (
        Lease(tmp_path / "lease").writing(),
        pytest.raises(PrerequisiteError, match="held"),
        hasty.reading(),
    ):
        pass

"""Writing that is whole or absent: a temporary name first, then a rename."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TEMPORARY_PREFIX = ".partial-"


def write_bytes(path: Path, content: bytes) -> None:
    """Writes the file whole, or leaves what was there before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY_PREFIX)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    """Writes UTF-8 text whole, or leaves what was there before."""
    write_bytes(path, text.encode())


def write_json(path: Path, content: object) -> None:
    """Writes indented JSON whole, or leaves what was there before."""
    write_text(path, json.dumps(content, indent=2, ensure_ascii=False, default=str) + "\n")


def sha256_file(path: Path) -> str:
    """Returns the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def numbered_folder(parent: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    """Yields the next free name `prefix-N` and a temporary folder that becomes it on success.

    The number is reserved by an exclusive lock, so two processes never get the same one, and a
    folder that is left by an error or a kill never carries a name that anybody reads.
    """
    parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=parent, prefix=f"{TEMPORARY_PREFIX}{os.getpid()}-"))
    try:
        name = reserve_number(parent, prefix)
        yield name, temporary
        temporary.rename(parent / name)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def reserve_number(parent: Path, prefix: str) -> str:
    """Returns `prefix-N` for a number never given before in this folder, across processes."""
    import fcntl

    parent.mkdir(parents=True, exist_ok=True)
    with (parent / ".numbers.json").open("a+") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        stream.seek(0)
        text = stream.read()
        counters: dict[str, int] = json.loads(text) if text.strip() else {}
        number = counters.get(prefix, 0) + 1
        while (parent / f"{prefix}-{number}").exists():
            number += 1
        counters[prefix] = number
        # One short write in place: the lock must stay on this inode.
        stream.seek(0)
        stream.truncate()
        stream.write(json.dumps(counters))
        stream.flush()
    return f"{prefix}-{number}"


def remove_abandoned(parent: Path) -> list[Path]:
    """Removes temporary folders whose process is gone (kill -9, power cut); returns them."""
    removed = []
    for folder in parent.glob(f"{TEMPORARY_PREFIX}*-*"):
        pid = folder.name.removeprefix(TEMPORARY_PREFIX).split("-")[0]
        if folder.is_dir() and pid.isdigit() and not process_alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(folder)
    return removed


def process_alive(pid: int) -> bool:
    """Tells whether a process of that number runs on this machine."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

"""What goes wrong with files, in words that say what mends it."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.errors import PrerequisiteError, ToolError

FULL = ("disk is full", "no space left", "disk full", "(code: 13)", "os error 28")
LEAST_FREE = 1_000_000
"""Bytes; where fewer are free, an index that fails (Chroma says not why) fails for that."""

REPAIR = "theriac library repair"


@contextmanager
def storage_errors(folder: Path, part: str, remedy: str = REPAIR) -> Iterator[None]:
    """Turns a full disk or a damaged index into an error that names its remedy.

    Args:
        folder: Where the library lies.
        part: What is worked on, for the message.
        remedy: The command that mends it when it is damaged.

    Raises:
        PrerequisiteError: The disk is full, or the part is damaged.
    """
    try:
        yield
    except (PrerequisiteError, ToolError):
        raise
    except BaseException as error:
        if not _of_storage(error):
            raise
        if _full(error) or shutil.disk_usage(folder).free < LEAST_FREE:
            raise disk_full(folder) from error
        raise damaged(part, str(error), remedy) from error


def require_space(folder: Path, reserve: int) -> None:
    """Refuses to begin a write that the disk may not hold.

    Raises:
        PrerequisiteError: Fewer than `reserve` bytes are free.
    """
    if shutil.disk_usage(folder).free < reserve:
        raise disk_full(folder)


def disk_full(folder: Path) -> PrerequisiteError:
    """Makes the error for a disk without room."""
    message = f"The disk that holds {folder} is full; what was added before is safe."
    return PrerequisiteError(message, f"df -h {folder}")


def damaged(part: str, why: str, remedy: str = REPAIR) -> PrerequisiteError:
    """Makes the error for a part of the library that cannot be read."""
    first = why.strip().splitlines()[0] if why.strip() else "unreadable"
    return PrerequisiteError(f"The library's {part} is damaged ({first}).", remedy)


def _full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return any(words in str(error).lower() for words in FULL)


def _of_storage(error: BaseException) -> bool:
    """Tells the errors of files and indexes from bugs and interrupts.

    Chroma's core panics (a BaseException of its own) on some damaged files; tantivy says all with
    ValueError.
    """
    from chromadb.errors import ChromaError

    panic = type(error).__name__ == "PanicException"
    return panic or isinstance(error, OSError | sqlite3.Error | ChromaError | ValueError)

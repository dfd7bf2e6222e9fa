"""Lines of a file, none of them too long to hold."""

from collections.abc import Iterator
from typing import BinaryIO

LONGEST_LINE = 64_000_000
"""Bytes; the longest article is far below."""


class LongLineError(ValueError):
    """A line of more than `LONGEST_LINE` bytes, which was passed over."""

    def __init__(self) -> None:
        super().__init__(f"the line is longer than {LONGEST_LINE // 1_000_000} MB")


class Lines(Iterator[bytes]):
    """The lines of a stream, with the number of the last one given.

    A line that is too long raises `LongLineError` once; the next call gives the line after it.
    """

    def __init__(self, stream: BinaryIO, longest: int = LONGEST_LINE) -> None:
        self._stream = stream
        self._longest = longest
        self.number = 0

    def __next__(self) -> bytes:
        line = self._stream.readline(self._longest)
        if not line:
            raise StopIteration
        self.number += 1
        if self.number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if len(line) == self._longest and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = self._stream.readline(self._longest)
            raise LongLineError
        return line


def decode(line: bytes) -> str:
    """Reads UTF-8, and what is none as Windows's Western encoding."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")

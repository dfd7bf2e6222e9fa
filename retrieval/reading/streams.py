"""Compressed files and files in wide encodings as streams of UTF-8 bytes."""

import codecs
import gzip
import io
from pathlib import Path
from typing import BinaryIO, cast

COMPRESSED = ".gz"
HIGHEST_RATIO = 300
"""Text is compressed by 3 to 30 times, gzip's own limit is 1,032."""

UNQUESTIONED_BYTES = 100_000_000
"""Up to this any ratio is fine."""

WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class Inflated(io.RawIOBase):
    """The content of a gzip file, as long as it grows no more than text can."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._gzip = gzip.GzipFile(fileobj=raw, mode="rb")
        self._written = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fills the buffer.

        Raises:
            BadGzipFile: The content is damaged, or grows beyond what text could.
        """
        count = self._gzip.readinto(buffer)  # type: ignore[arg-type]
        self._written += count
        allowed = max(UNQUESTIONED_BYTES, HIGHEST_RATIO * self._raw.tell())
        if self._written > allowed:
            message = f"it grows to more than {HIGHEST_RATIO} times its size when unpacked"
            raise gzip.BadGzipFile(message)
        return count


def open_content(raw: BinaryIO, path: Path) -> BinaryIO:
    """Returns the stream that a file's content is read from: unpacked, UTF-16 made UTF-8."""
    stream = raw
    if path.suffix.lower() == COMPRESSED:
        stream = cast(BinaryIO, io.BufferedReader(Inflated(raw)))
    head = cast(io.BufferedReader, stream).peek(2)[:2]
    if head not in WIDE:
        return stream
    codec, utf8 = codecs.lookup(WIDE[head]), codecs.lookup("utf-8")
    recoded = codecs.StreamRecoder(
        stream, utf8.encode, utf8.decode, codec.streamreader, codec.streamwriter
    )
    return cast(BinaryIO, recoded)

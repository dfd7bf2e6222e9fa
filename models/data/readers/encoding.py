"""Bytes to text: which encoding, and whether it is text at all."""

import codecs

from models.data.readers.chinese import chinese_encoding
from models.errors import ToolError

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MAGIC = {
    b"PK\x03\x04": "a ZIP archive or Excel workbook (.xlsx)",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls)",
    b"PAR1": "a Parquet file (.parquet)",
    b"\x1f\x8b": "a gzip archive (.gz)",
    b"%PDF": "a PDF document",
    b"\x89PNG": "a PNG picture",
}
SAMPLE_BYTES = 200_000
# The likeliest comes first: it wins a draw.
LEGACY_ENCODINGS = ["cp1252", "cp1250", "cp1251", "cp1253", "shift_jis", "gb18030"]


def decode(content: bytes, name: str) -> tuple[str, str]:
    """Returns the text and the encoding it was in.

    Raises:
        ToolError: The bytes are no text; says what they look like.
    """
    if not content.strip(b"\x00 \t\r\n"):
        raise ToolError(f"{name} is empty.", kind="refused_data")
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _decode(content, encoding, name)
    for magic, what in MAGIC.items():
        if content.startswith(magic):
            message = f"{name} is not text but {what}; give it the suffix that says so."
            raise ToolError(message, kind="refused_data")
    if b"\x00" in content[:SAMPLE_BYTES]:
        return _decode(content, _wide_encoding(content[:SAMPLE_BYTES], name), name)
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        start = max(0, error.start - SAMPLE_BYTES // 2)
        return _decode(content, _legacy_encoding(content[start : start + SAMPLE_BYTES]), name)


def _decode(content: bytes, encoding: str, name: str) -> tuple[str, str]:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        if encoding.startswith("utf"):
            raise _binary(name) from None
        text, encoding = content.decode("latin-1"), "latin-1"
    control = sum(text.count(chr(code)) for code in (*range(1, 9), *range(14, 27)))
    if control > len(text) / 100:
        raise _binary(name)
    return text, encoding


def _wide_encoding(sample: bytes, name: str) -> str:
    """UTF-16 without a byte order mark leaves every other byte of Latin text zero."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) < len(sample) / 5 or min(even, odd) > len(sample) / 50:
        raise _binary(name)
    return "utf-16-le" if odd > even else "utf-16-be"


def _legacy_encoding(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    if chinese := chinese_encoding(sample):
        return chinese
    matches = from_bytes(sample, cp_isolation=LEGACY_ENCODINGS)
    likely = {
        encoding
        for match in matches
        if match.chaos <= matches[0].chaos
        for encoding in match.could_be_from_charset
    }
    return min(likely, key=LEGACY_ENCODINGS.index) if likely else "latin-1"


def _binary(name: str) -> ToolError:
    message = f"{name} is a binary file, not a table of text."
    return ToolError(message, kind="refused_data")

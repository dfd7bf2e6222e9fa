"""Tables written row by row: CSV, JSON Lines or Parquet, whole or not at all."""

import csv
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from models.errors import FieldFault, ToolError
from models.store.files import TEMPORARY_PREFIX
from retrieval.mining.findings import ColumnKind, Columns

FORMATS = {
    ".csv": "CSV", ".jsonl": "JSON Lines", ".ndjson": "JSON Lines",
    ".parquet": "Parquet", ".pq": "Parquet",
}  # fmt: skip
ROW_GROUP = 20_000
"""Rows of a Parquet file that are held in memory at a time."""

Row = Mapping[str, Any]


def require_format(path: Path, field: str = "output") -> str:
    """Returns the suffix that says how to write a file.

    Raises:
        ToolError: It is none of those known.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        expected = f"a file name that ends in {', '.join(FORMATS)}"
        wrong = FieldFault(field=field, got=repr(path.name), expected=expected)
        raise ToolError("Findings cannot be written so.", wrong)
    return suffix


def write_table(path: Path, columns: Columns, rows: Iterable[Row]) -> int:
    """Writes rows in the format that the suffix names; returns how many.

    Raises:
        ToolError: The suffix is none of those known.
    """
    write = {"CSV": _csv, "JSON Lines": _jsonl, "Parquet": _parquet}[FORMATS[require_format(path)]]
    with _replacing(path) as stream:
        return write(stream, columns, rows)


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """Yields a stream whose content takes the file's place at the end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY_PREFIX)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _csv(stream: BinaryIO, columns: Columns, rows: Iterable[Row]) -> int:
    import io

    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([_flat(row.get(name), kind) for name, kind in columns.items()])
        count += 1
    text.detach()  # the stream is its opener's to close
    return count


def _jsonl(stream: BinaryIO, columns: Columns, rows: Iterable[Row]) -> int:
    count = 0
    for row in rows:
        content = {name: row.get(name) for name in columns}
        stream.write(json.dumps(content, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        count += 1
    return count


def _parquet(stream: BinaryIO, columns: Columns, rows: Iterable[Row]) -> int:
    import pyarrow as pa
    from pyarrow import parquet

    kinds: dict[ColumnKind, Any] = {
        "string": pa.string(), "json": pa.string(), "integer": pa.int64(),
        "number": pa.float64(), "boolean": pa.bool_(),
    }  # fmt: skip
    schema = pa.schema([(name, kinds[kind]) for name, kind in columns.items()])
    count = 0
    with parquet.ParquetWriter(stream, schema) as writer:
        for group in _groups(rows):
            held = {
                name: [_flat(row.get(name), kind) for row in group]
                for name, kind in columns.items()
            }
            writer.write_table(pa.table(held, schema=schema))
            count += len(group)
    return count


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    for row in rows:
        group.append(row)
        if len(group) == ROW_GROUP:
            yield group
            group = []
    if group:
        yield group


def _flat(value: Any, kind: ColumnKind) -> Any:
    """Returns a value as a cell can hold it."""
    if value is None:
        return None
    if kind == "json" or isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value

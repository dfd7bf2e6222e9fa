"""Which reader a file needs, by its suffix."""

import gzip
import io
import zipfile
from pathlib import Path

import pandas as pd

from models.data.readers.arff import read_arff
from models.data.readers.delimited import SEPARATORS, read_delimited
from models.data.readers.encoding import decode
from models.data.readers.molecules import read_sdf, read_smiles
from models.errors import FieldFault, ToolError

DELIMITED = {".csv": None, ".tsv": "\t", ".tab": "\t", ".txt": None, ".dat": None}
BINARY = (".parquet", ".pq", ".xlsx", ".xlsm", ".sdf", ".sd")
SUFFIXES = (*DELIMITED, ".arff", ".smi", ".smiles", *BINARY, ".gz")
MAXIMUM_BYTES = 4 * 1024**3
READABLE = "a table: .csv, .tsv, .parquet, .xlsx, .arff, .smi or .sdf (also .gz)"


def read_table(path: Path, field: str) -> tuple[pd.DataFrame, list[str]]:
    """Reads a file as its suffix says.

    Args:
        path: An existing file.
        field: The argument that named it, for messages.

    Returns:
        The table as the file has it, and notes on what had to be guessed.

    Raises:
        ToolError: The suffix is unknown, or the content is not what it says.
    """
    suffixes = [suffix.casefold() for suffix in path.suffixes]
    zipped = suffixes[-1:] == [".gz"]
    suffix = (suffixes[:-1] if zipped else suffixes)[-1:]
    kind = suffix[0] if suffix else ""
    if kind not in SUFFIXES or kind == ".gz":
        wrong = FieldFault(field=field, got=repr(path.name), expected=READABLE)
        raise ToolError(f"{path.name} has no suffix of a table.", wrong)
    content = _content(path, zipped=zipped)
    if not content:
        raise ToolError(f"{path.name} is empty.", kind="refused_data")
    match kind:
        case ".parquet" | ".pq":
            return _parquet(content, path.name), []
        case ".xlsx" | ".xlsm":
            return _workbook(content, path.name)
        case ".sdf" | ".sd":
            return read_sdf(content)
    text, encoding = decode(content, path.name)
    notes = [] if encoding == "utf-8" else [f"read as {encoding} text"]
    if kind == ".arff":
        return read_arff(text, path.name), notes
    if kind in (".smi", ".smiles"):
        frame, told = read_smiles(text)
        return frame, [*notes, *told]
    frame, separator = read_delimited(text, path.name, DELIMITED[kind])
    usual = DELIMITED[kind] or ","
    named = SEPARATORS.get(separator, repr(separator))
    return frame, [*notes, *([] if separator == usual else [f"columns separated by {named}"])]


def _content(path: Path, *, zipped: bool) -> bytes:
    if path.stat().st_size > MAXIMUM_BYTES:
        size = path.stat().st_size / 1024**3
        raise ToolError(f"{path.name} has {size:.0f} GiB; at most 4 are read.", kind="refused_data")
    if not zipped:
        return path.read_bytes()
    try:
        with gzip.open(path) as stream:
            content = stream.read(MAXIMUM_BYTES + 1)
    except (OSError, EOFError) as error:
        raise ToolError(f"{path.name} is not a whole gzip archive.", kind="refused_data") from error
    if len(content) > MAXIMUM_BYTES:
        raise ToolError(f"{path.name} unpacks to more than 4 GiB.", kind="refused_data")
    return content


def _parquet(content: bytes, name: str) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(pa.BufferReader(content)).to_pandas()
    except pa.ArrowInvalid as error:
        raise ToolError(f"{name} is not a Parquet file: {error}", kind="refused_data") from error


def _workbook(content: bytes, name: str) -> tuple[pd.DataFrame, list[str]]:
    try:
        sheets = pd.read_excel(io.BytesIO(content), sheet_name=None, engine="openpyxl")
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise ToolError(f"{name} is not an Excel workbook.", kind="refused_data") from error
    filled = [sheet for sheet, frame in sheets.items() if not frame.empty]
    if not filled:
        raise ToolError(f"{name} has no rows on any sheet.", kind="refused_data")
    others = ", ".join(filled[1:])
    notes = [f"sheet {filled[0]!r} read; not read: {others}"] if others else []
    return sheets[filled[0]], notes

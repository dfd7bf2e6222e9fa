"""ARFF, the format of Weka and of scikit-survival's datasets."""

import io
import re

import pandas as pd

from models.errors import ToolError

ATTRIBUTE = re.compile(r"@attribute\s+('(?:[^'\\]|\\.)*'|\"[^\"]*\"|\S+)\s+(.*)", re.IGNORECASE)
NUMERIC = ("numeric", "real", "integer")


def read_arff(text: str, name: str) -> pd.DataFrame:
    """Reads dense ARFF; nominal, string and date attributes become text.

    Raises:
        ToolError: It is not ARFF, is sparse, or a row has the wrong number of cells.
    """
    header, mark, body = _cut(text)
    if not mark:
        raise ToolError(f"{name} has no @data section: not ARFF.", kind="refused_data")
    attributes = [match.groups() for line in header if (match := ATTRIBUTE.match(line.strip()))]
    lines = [line for line in body if line.strip() and not line.lstrip().startswith("%")]
    if not attributes or not lines:
        raise ToolError(f"{name} has no attributes or no rows.", kind="refused_data")
    if lines[0].lstrip().startswith("{"):
        raise ToolError(f"{name} is sparse ARFF, which is not read.", kind="refused_data")
    names = [attribute.strip("'\"").replace("\\'", "'") for attribute, _ in attributes]
    quote = "'" if any("'" in line for line in lines) else '"'
    try:
        frame = pd.read_csv(
            io.StringIO("\n".join(lines)),
            names=names,
            na_values=["?"],
            keep_default_na=False,
            quotechar=quote,
            escapechar="\\",
            skipinitialspace=True,
            dtype=str,
            index_col=False,
        )
        for column, (_, kind) in zip(names, attributes, strict=True):
            if kind.strip().casefold() in NUMERIC:
                frame[column] = pd.to_numeric(frame[column])
    except ValueError as error:
        raise ToolError(f"{name} is not regular ARFF: {error}", kind="refused_data") from error
    return frame


def _cut(text: str) -> tuple[list[str], bool, list[str]]:
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line.strip().casefold() == "@data":
            return lines[:number], True, lines[number + 1 :]
    return lines, False, []

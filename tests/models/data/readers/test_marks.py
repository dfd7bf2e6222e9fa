"""Decimal and thousands marks, decided from all cells of a file."""

from pathlib import Path

import pytest

from models.data.tables import load_dataset
from models.store.workspace import Workspace

HEAD = ["id", "creatinine", "platelets"]
POINTS = [("0,805", "335.000"), ("1,116", "129.750"), ("1,182", "51.800")]
MIXED = [("0,8", "335.000,5"), ("1,1", "129.750"), ("1,2", "51.800")]
SMALL = [("0,805", "3.25"), ("1,116", "12.5"), ("1,182", "51.800")]


def write(folder: Path, rows: list[tuple[str, str]], mark: str, quote: str = "") -> Path:
    lines = [
        HEAD,
        *([str(n), *(f"{quote}{cell}{quote}" for cell in row)] for n, row in enumerate(rows, 7)),
    ]
    path = folder / ("t.tsv" if mark == "\t" else "t.csv")
    path.write_text("\n".join(mark.join(line) for line in lines) + "\n")
    return path


@pytest.mark.parametrize(
    ("rows", "mark", "quote", "platelets"),
    [
        (POINTS, ";", "", [335000, 129750, 51800]),
        (POINTS, "\t", "", [335000, 129750, 51800]),
        (MIXED, ";", "", [335000.5, 129750, 51800]),
        (SMALL, ";", "", [3.25, 12.5, 51.8]),
    ],
)
def test_points_beside_decimal_commas(
    rows: list[tuple[str, str]], mark: str, quote: str, platelets: list[float],
    tmp_path: Path, workspace: Workspace,
) -> None:  # fmt: skip
    data = load_dataset(
        str(write(tmp_path, rows, mark, quote)), Workspace(workspace.root, (tmp_path,))
    )
    expected = [float(cell.replace(",", ".")) for cell, _ in rows]
    assert data.frame["creatinine"].tolist() == expected
    assert data.frame["platelets"].tolist() == platelets
    told = any("points between thousands" in note for note in data.notes)
    assert told == (platelets[0] > 1000)


@pytest.mark.parametrize(("mark", "quote"), [("\t", ""), (",", '"')])
def test_a_comma_after_zero_is_no_thousands_mark(
    mark: str, quote: str, tmp_path: Path, workspace: Workspace
) -> None:
    rows = [("1,006", "335000"), ("0,805", "411500"), ("1,182", "231200")]
    path = write(tmp_path, rows, mark, quote)
    data = load_dataset(str(path), Workspace(workspace.root, (tmp_path,)))
    assert data.frame["creatinine"].tolist() == [1.006, 0.805, 1.182]

"""The eval of the tagger, on a few sentences in the layout of the corpora."""

from pathlib import Path

import pytest

from evals.literature.bc5cdr import COLUMNS, run
from evals.registry import EvalOptions
from models.store.workspace import Workspace

SENTENCE = """Lithium\tB-Chemical
caused\tO
tremor\tB-Disease
and\tO
bipolar\tB-Disease
disorder\tI-Disease
.\tO

"""


@pytest.fixture
def options(workspace: Workspace, tmp_path: Path) -> EvalOptions:
    folder = tmp_path / "data" / "bc5cdr"
    folder.mkdir(parents=True)
    for part in ("train", "devel"):
        (folder / f"{part}.tsv").write_text(SENTENCE)
    return EvalOptions(workspace, data=tmp_path / "data")


def test_scores_test_parts_where_they_are(options: EvalOptions) -> None:
    assert options.data
    (options.data / "bc5cdr" / "test.tsv").write_text(SENTENCE * 2)
    (options.data / "ncbi_disease").mkdir()
    (options.data / "ncbi_disease" / "test.tsv").write_text(SENTENCE.replace("B-Chemical", "O"))
    report = run(options)
    assert report.figures == {
        "F1 on the test part (bar .86)": 1.0,
        "F1 of diseases on NCBI-disease (bar .56)": 1.0,
    }
    assert [row[0] for row in report.tables[0].rows] == ["Chemical", "Disease", "all"]
    assert [row[0] for row in report.tables[1].rows] == ["Disease"]
    assert report.tables[0].rows[-1][COLUMNS.index("names there")] == 6


def test_without_a_test_part_the_figures_are_those_kept_with_the_model(
    options: EvalOptions,
) -> None:
    report = run(options)
    [(name, value)] = report.figures.items()
    assert name == "F1 on the development part, trained on the training part"
    assert 0.7 < value < 1
    assert "as measured when the shipped model was made" in report.tables[0].title

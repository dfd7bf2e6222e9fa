"""Tables as people have them: encodings, separators, decimal commas, broken files."""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.data.tables import Dataset, load_dataset
from models.errors import ToolError
from models.store.files import sha256_file
from models.store.workspace import Workspace


def load(workspace: Workspace, name: str, content: str | bytes) -> Dataset:
    path = Path.cwd() / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return load_dataset(name, workspace)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le", "utf-32"]
)
def test_encodings_give_the_same_table(workspace: Workspace, encoding: str) -> None:
    text = "größe;name;crp\n170;Müller;1,5\n182;Jäger;12,25\n"
    dataset = load(workspace, "a.csv", text.encode(encoding))
    assert list(dataset.frame.columns) == ["größe", "name", "crp"]
    assert dataset.frame["name"].tolist() == ["Müller", "Jäger"]
    assert dataset.frame["crp"].tolist() == [1.5, 12.25]
    assert dataset.frame["größe"].tolist() == [170, 182]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_found(workspace: Workspace, separator: str) -> None:
    rows = [["age", "text"], ["1", '"a, b; c"'], ["2", '"d\ne"']]
    content = "\n".join(separator.join(row) for row in rows)
    frame = load(workspace, "a.csv", content).frame
    assert frame.shape == (2, 2)
    assert frame["text"].tolist() == ["a, b; c", "d\ne"]


def test_excel_hint_r_row_names_and_blank_separated_text(workspace: Workspace) -> None:
    assert load(workspace, "a.csv", "sep=;\na;b\n1;2\n").frame.columns.tolist() == ["a", "b"]
    r_table = '"age" "sex"\n"1" 30 "m"\n"2" 41 "f"\n'
    assert load(workspace, "r.txt", r_table).frame["age"].tolist() == [30, 41]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["12,5", "3,25"], [12.5, 3.25]),
        (["1.234,5", "12,0"], [1234.5, 12.0]),
        (["1,234", "12,345,678"], [1234.0, 12345678.0]),
        (["45%", "50 %"], [45.0, 50.0]),
        (["<0.5", "3.1"], [0.5, 3.1]),
        (["5.1", "not done"], [5.1, np.nan]),
    ],
)
def test_numbers_as_people_write_them(
    workspace: Workspace, cells: list[str], expected: list[float]
) -> None:
    content = "id,value\n" + "".join(f'{n},"{cell}"\n' for n, cell in enumerate(cells, 1))
    dataset = load(workspace, "a.csv", content)
    np.testing.assert_array_equal(dataset.frame["value"].to_numpy(), expected)
    assert any(note.startswith("value:") for note in dataset.notes)


def test_codes_with_leading_zeros_and_words_stay_text(workspace: Workspace) -> None:
    frame = load(workspace, "a.csv", "fips,comorbidity\n01,None\n06,CHF\nUS,None\n").frame
    assert frame["fips"].tolist() == ["01", "06", "US"]
    assert frame["comorbidity"].tolist() == ["None", "CHF", "None"]


def test_blank_and_repeated_columns_and_empty_rows(workspace: Workspace) -> None:
    dataset = load(workspace, "a.csv", ",a,a,\n1,2,3,\n2,5,6,\n,,,\n")
    assert list(dataset.frame.columns) == ["a", "a.2"]
    assert len(dataset.frame) == 2
    assert any("row numbers" in note for note in dataset.notes)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"\n\n", "empty"),
        ("a.csv", b"a,b\n", "no rows"),
        ("a.csv", bytes(range(256)) * 8, "binary"),
        ("a.csv", b"PK\x03\x04....", "Excel"),
        ("a.xlsx", b"a,b\n1,2\n", "not an Excel workbook"),
        ("a.parquet", b"a,b\n1,2\n", "not a Parquet file"),
        ("a.csv.gz", b"a,b\n1,2\n", "gzip"),
        ("a.csv", b"a,b\n1,2\n1,2,3\n", "not a regular table"),
        ("a.pdf", b"%PDF-1.4", "suffix"),
        ("a.arff", b"hello", "@data"),
        ("a.smi", b"smiles id\n", "no molecules"),
        ("a.sdf", b"nonsense", "molecule|records"),
    ],
)
def test_what_is_no_table_is_refused(
    workspace: Workspace, name: str, content: bytes, words: str
) -> None:
    with pytest.raises(ToolError, match=words):
        load(workspace, name, content)


def test_every_format_gives_the_same_frame(workspace: Workspace) -> None:
    frame = pd.DataFrame({"age": [30.5, 41.0, 52.25], "sex": ["m", "f", "f"]})
    frame.to_csv("a.csv", index=False)
    frame.to_csv("a.tsv", index=False, sep="\t")
    frame.to_parquet("a.parquet")
    frame.to_excel("a.xlsx", index=False)
    Path("a.csv.gz").write_bytes(gzip.compress(Path("a.csv").read_bytes()))
    arff = "% c\n@relation r\n@attribute age numeric\n@attribute 'sex' {m, f}\n@data\n"
    Path("a.arff").write_text(arff + "30.5, m\n41, f\n52.25, 'f'\n")
    for name in ("a.csv", "a.tsv", "a.parquet", "a.xlsx", "a.csv.gz", "a.arff"):
        dataset = load_dataset(name, workspace)
        pd.testing.assert_frame_equal(
            dataset.frame.astype({"sex": object}), frame.astype({"sex": object})
        )
        assert dataset.sha256 == sha256_file(Path(name))


def test_molecule_files(workspace: Workspace) -> None:
    smiles = load(workspace, "a.smi", "CCO ethanol\nc1ccccc1 benzene ring\n")
    assert smiles.smiles_column == "smiles"
    assert smiles.frame["id"].tolist() == ["ethanol", "benzene ring"]
    table = load(workspace, "b.csv", "Canonical_SMILES,y\nCCO,1\n")
    assert table.smiles_column == "Canonical_SMILES"


def test_paths_that_lead_out_are_refused(workspace: Workspace, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("a,b\n1,2\n")
    (Path.cwd() / "link.csv").symlink_to(outside)
    for reference in ("../outside.csv", str(outside), "link.csv"):
        with pytest.raises(ToolError) as caught:
            load_dataset(reference, workspace)
        assert caught.value.kind == "refused_path"


def test_misspelt_datasets_get_the_nearest(workspace: Workspace) -> None:
    Path("cohort.csv").write_text("a,b\n1,2\n")
    for reference, suggestion in (("gbgs2", "gbsg2"), ("cohrt.csv", "cohort.csv")):
        with pytest.raises(ToolError) as caught:
            load_dataset(reference, workspace)
        assert caught.value.faults[0].suggestion == suggestion


def test_a_million_rows(workspace: Workspace) -> None:
    rows = 1_000_000
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"age": rng.integers(20, 90, rows), "sex": rng.choice(["m", "f"], rows), "crp": "1,5"}
    )
    frame.to_csv("big.csv", index=False, sep=";")
    dataset = load_dataset("big.csv", workspace)
    assert dataset.frame.shape == (rows, 3)
    assert dataset.frame["crp"].dtype == float


cells = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters='"'),
    min_size=1, max_size=8,
).filter(lambda text: text.strip() == text and any(c.isalpha() for c in text))  # fmt: skip


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(cells, cells), min_size=2, max_size=6), st.sampled_from(",;\t|"))
def test_quoted_text_survives(
    workspace: Workspace, rows: list[tuple[str, str]], separator: str
) -> None:
    lines = ["first" + separator + "second"]
    lines += [separator.join(f'"x{cell}"' for cell in row) for row in rows]
    frame = load(workspace, "a.csv", "\n".join(lines)).frame
    assert [tuple(row) for row in frame.to_numpy()] == [(f"x{a}", f"x{b}") for a, b in rows]

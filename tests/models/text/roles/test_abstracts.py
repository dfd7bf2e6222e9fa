"""Files of abstracts with roles."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import ToolError
from models.text.roles.abstracts import ROLES, read_abstracts

SENTENCES = st.lists(
    st.tuples(
        st.sampled_from(ROLES),
        st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1).filter(str.strip),
    ),
    min_size=1,
    max_size=5,
)


@given(abstracts=st.lists(SENTENCES, min_size=1, max_size=4))
def test_what_is_written_in_the_layout_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, abstracts: list[list[tuple[str, str]]]
) -> None:
    path = tmp_path_factory.mktemp("abstracts") / "train.txt"
    parts = [
        "\n".join([f"###{number}", *(f"{role}\t{text}" for role, text in sentences), ""])
        for number, sentences in enumerate(abstracts)
    ]
    path.write_text("\n".join(parts), encoding="utf-8")
    read = read_abstracts(path)
    assert [list(zip(own.roles, own.sentences, strict=True)) for own in read] == [
        [(role, text.strip()) for role, text in sentences] for sentences in abstracts
    ]
    assert [own.name for own in read] == [str(number) for number in range(len(abstracts))]


def test_every_wrong_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "dev.txt"
    path.write_text("outcome\tToo early .\n###1\nresult\tIt fell .\noutcome It rose .\n\n###2\n")
    with pytest.raises(ToolError) as caught:
        read_abstracts(path)
    assert [fault.field for fault in caught.value.faults] == [
        "dev.txt, line 1",
        "dev.txt, line 3",
        "dev.txt, line 4",
    ]
    assert "population" in caught.value.faults[1].expected


def test_a_file_without_abstracts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "train.txt"
    path.write_text("\n###1\n\n")
    with pytest.raises(ToolError, match="holds no abstract"):
        read_abstracts(path)

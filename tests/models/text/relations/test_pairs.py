"""Pairs and ChemProt's files of them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import ToolError
from models.text.relations.labels import GROUPS, NAMES
from models.text.relations.pairs import MarkedPair, read_pairs

PLAIN = st.text(st.characters(categories=("L", "N", "Zs")), max_size=12)
NAME = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8)


@given(parts=st.tuples(PLAIN, NAME, PLAIN, NAME, PLAIN), turned=st.booleans())
def test_marks_are_read_wherever_they_stand(parts: tuple[str, ...], turned: bool) -> None:
    before, first, between, second, after = parts
    marks = [("[[ ", " ]]"), ("<< ", " >>")] if turned else [("<< ", " >>"), ("[[ ", " ]]")]
    one, other = first.join(marks[0]), second.join(marks[1])
    pair = MarkedPair.parse(f"{before}{one}{between}{other}{after}")
    assert pair.text == "".join(parts)
    assert pair.names == (first, second)
    assert pair == MarkedPair.between(pair.text, pair.second, pair.first)


def test_brackets_of_chemical_names_are_no_marks() -> None:
    pair = MarkedPair.parse("<< COX >> is blocked by [[ 1-[[(3-iodo)methyl]amino]-purine ]] here.")
    assert pair.names == ("COX", "1-[[(3-iodo)methyl]amino]-purine")


def test_a_missing_mark_is_named() -> None:
    with pytest.raises(ToolError, match="lacks the marks"):
        MarkedPair.parse("<< aspirin >> inhibits COX-1.")


@pytest.mark.parametrize("other", [(3, 9), (5, 5), (20, 99)])
def test_entities_that_cannot_be_marked_are_refused(other: tuple[int, int]) -> None:
    with pytest.raises(ToolError, match="cannot be marked"):
        MarkedPair.between("aspirin inhibits COX-1", (0, 7), other)


def test_every_wrong_line_is_named(tmp_path: Path) -> None:
    good = {"text": "<< aspirin >> inhibits [[ COX-1 ]].", "label": "INHIBITOR"}
    lines = [good, good | {"label": "FRIEND"}, {"text": "no label"}, good | {"text": "no marks"}]
    path = tmp_path / "train.txt"
    path.write_text("\n".join([*map(json.dumps, lines), "{", ""]))
    with pytest.raises(ToolError) as caught:
        read_pairs(path)
    assert [fault.field[-6:] for fault in caught.value.faults] == [
        f"line {n}" for n in (2, 3, 4, 5)
    ]
    path.write_text("\n")
    with pytest.raises(ToolError, match="holds no pair"):
        read_pairs(path)


def test_every_label_has_a_name_and_a_group() -> None:
    assert set(NAMES) == set(GROUPS)
    assert set(GROUPS.values()) == {"CPR:3", "CPR:4", "CPR:5", "CPR:6", "CPR:9"}


@pytest.mark.shared_data
def test_chemprot_is_read_whole(shared_data: Path) -> None:
    assert len(read_pairs(shared_data / "chemprot" / "train.txt")) == 4169

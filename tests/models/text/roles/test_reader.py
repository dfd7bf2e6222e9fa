"""The shipped reader of roles."""

import shutil
from pathlib import Path

import pytest

from models.errors import PrerequisiteError
from models.text.keeping import SHIPPED
from models.text.roles.abstracts import ROLES
from models.text.roles.reader import load_roles

TRIAL = [
    ("background", "Chronic low back pain is common and often resists treatment."),
    ("background", "The aim of this study was to find out whether yoga relieves it."),
    ("population", "Ninety adults aged 18 to 65 years with chronic low back pain took part."),
    ("intervention", "They practised yoga for twelve weeks or were given an advice booklet."),
    ("other", "Pain was measured on a visual analogue scale at baseline and at twelve weeks."),
    ("outcome", "At twelve weeks pain had fallen by 2.1 points with yoga and by 0.6 without."),
    ("outcome", "No serious adverse events occurred."),
    ("outcome", "Yoga is an effective treatment of chronic low back pain."),
]
SERIES = [
    ("background", "Acute appendicitis in pregnancy is hard to diagnose."),
    ("population", "Twenty-four pregnant women with suspected appendicitis were included."),
    ("outcome", "Ultrasound was correct in 19 of them (79%)."),
    ("outcome", "We conclude that ultrasound should be the first examination."),
]


def test_abstracts_of_our_own_are_read_as_a_person_would() -> None:
    read = load_roles().read([[text for _, text in own] for own in (TRIAL, SERIES)])
    expected = [role for own in (TRIAL, SERIES) for role, _ in own]
    found = [role.label for roles in read for role in roles]
    assert sum(map(str.__eq__, expected, found)) >= len(expected) - 2, found


def test_confidence_is_a_probability_and_labels_are_known() -> None:
    for role in load_roles().read([[text for _, text in TRIAL]])[0]:
        assert role.label in ROLES
        assert 0 < role.confidence <= 1


def test_order_of_abstracts_and_empty_ones_change_nothing() -> None:
    reader = load_roles()
    trial, series = ([text for _, text in own] for own in (TRIAL, SERIES))
    one, none, other = reader.read([trial, [], series])
    turned = reader.read([series, trial])
    assert none == []
    assert [role.label for role in one] == [role.label for role in turned[1]]
    assert [role.label for role in other] == [role.label for role in turned[0]]
    assert reader.read([]) == []


def test_odd_sentences_are_read() -> None:
    odd = ["", " ", "☃", "word " * 2000, "a\x00b\ud7ff"]
    assert len(load_roles().read([odd])[0]) == len(odd)


def test_a_damaged_model_is_named_with_what_mends_it(tmp_path: Path) -> None:
    folder = tmp_path / "roles"
    shutil.copytree(SHIPPED / "roles", folder)
    weights = folder / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)
    with pytest.raises(PrerequisiteError, match="damaged") as caught:
        load_roles(folder)
    assert "text train" in caught.value.command
    weights.unlink()
    with pytest.raises(PrerequisiteError):
        load_roles(folder)


def test_the_model_is_small_and_has_a_card() -> None:
    folder = SHIPPED / "roles"
    assert sum(path.stat().st_size for path in folder.iterdir()) < 8_000_000
    assert "micro-F1" in (folder / "card.md").read_text(encoding="utf-8")

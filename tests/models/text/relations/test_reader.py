"""The shipped reader of relations."""

import shutil
from pathlib import Path

import pytest

from models.errors import PrerequisiteError
from models.text.keeping import SHIPPED
from models.text.relations.labels import GROUPS, NAMES, NONE
from models.text.relations.pairs import MarkedPair
from models.text.relations.reader import load_relations

PAIRS = [
    ("<< Sildenafil >> is a selective inhibitor of [[ phosphodiesterase type 5 ]].", "INHIBITOR"),
    ("<< Naloxone >> is a competitive antagonist of the [[ mu-opioid receptor ]].", "ANTAGONIST"),
    (
        "<< Salbutamol >>, an agonist of the [[ beta2-adrenoceptor ]], relaxed the airways.",
        "AGONIST",
    ),
    ("<< Midazolam >> is metabolised by [[ CYP3A4 ]].", "SUBSTRATE"),
    ("The enzyme << aromatase >> catalyses the formation of [[ oestradiol ]].", "PRODUCT-OF"),
    ("[[ Captopril ]] inhibits the << angiotensin-converting enzyme >>.", "INHIBITOR"),
]
SENTENCE = "Warfarin inhibits vitamin K epoxide reductase and is metabolised by CYP2C9."


def test_pairs_of_our_own_are_classified_as_a_person_would() -> None:
    found = load_relations().classify([MarkedPair.parse(text) for text, _ in PAIRS])
    right = [relation.label == label for relation, (_, label) in zip(found, PAIRS, strict=True)]
    assert sum(right) >= len(PAIRS) - 1, found
    for relation in found:
        assert relation.name == NAMES[relation.label]
        assert relation.group == GROUPS[relation.label]
        assert 0 < relation.confidence <= 1


def test_order_and_company_change_nothing() -> None:
    reader, pairs = load_relations(), [MarkedPair.parse(text) for text, _ in PAIRS]
    together = reader.classify(pairs)
    assert [relation.label for relation in reader.classify(pairs[::-1])] == [
        relation.label for relation in together[::-1]
    ]
    assert [reader.classify([pair])[0].label for pair in pairs] == [
        relation.label for relation in together
    ]
    assert reader.classify([]) == []


def test_proteins_are_found_where_they_stand() -> None:
    (found,) = load_relations().proteins([SENTENCE])
    names = [SENTENCE[protein.start : protein.end] for protein in found]
    assert "CYP2C9" in names
    assert any("reductase" in name for name in names)
    assert all(0 < protein.confidence <= 1 for protein in found)


def test_related_pairs_are_found_in_plain_sentences() -> None:
    text = "Midazolam is metabolised by CYP3A4."
    (found, none) = load_relations().find([text, "It rained."], [[(0, 9)], []])
    assert none == []
    (one,) = found
    assert one.chemical == (0, 9)
    assert text[one.protein.start : one.protein.end] == "CYP3A4"
    assert one.relation.label == "SUBSTRATE"


def test_the_users_own_proteins_are_used() -> None:
    start = SENTENCE.index("CYP2C9")
    (found,) = load_relations().find([SENTENCE], [[(0, 8)]], [[(start, start + 6), (0, 4)]])
    assert [(one.protein.start, one.protein.confidence) for one in found] == [(start, 1.0)]


def test_only_mining_may_answer_that_there_is_no_relation() -> None:
    pair = MarkedPair.parse(
        "<< Paracetamol >> was given to all patients, and [[ albumin ]] was measured in serum."
    )
    reader = load_relations()
    assert reader.classify([pair])[0].label != NONE
    relation = reader.classify([pair], may_be_none=True)[0]
    assert relation.group == GROUPS.get(relation.label, "")


def test_a_damaged_model_is_named_with_what_mends_it(tmp_path: Path) -> None:
    folder = tmp_path / "relations"
    shutil.copytree(SHIPPED / "relations", folder)
    (folder / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(PrerequisiteError, match="damaged") as caught:
        load_relations(folder)
    assert "text train" in caught.value.command


def test_the_model_is_small_and_has_a_card() -> None:
    folder = SHIPPED / "relations"
    assert sum(path.stat().st_size for path in folder.iterdir()) < 8_000_000
    assert "micro-F1" in (folder / "card.md").read_text(encoding="utf-8")

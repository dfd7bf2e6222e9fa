"""Corpora of marked names, their scores and the trivial tagger."""

from pathlib import Path

import pytest

from models.errors import ToolError
from models.text.ner.corpus import Name, Sentence, read_corpus
from models.text.ner.dictionary import Dictionary
from models.text.ner.scoring import Score, score_names

CORPUS = """Lithium\tB-Chemical
induced\tO
renal\tB-Disease
failure\tI-Disease

No\tO
failure\tO

"""


def test_reads_sentences(tmp_path: Path) -> None:
    path = tmp_path / "train.tsv"
    path.write_text(CORPUS)
    first, second = read_corpus(path)
    assert first.words == ["Lithium", "induced", "renal", "failure"]
    assert first.names == [Name(0, 1, "Chemical"), Name(2, 4, "Disease")]
    assert first.owners([0, 8, 16, 22, 28]) == [0, 1, 2, 3, 3]
    assert second.names == []


def test_names_every_line_that_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "train.tsv"
    path.write_text(CORPUS + "word\tB-Drug\nword O\n")
    with pytest.raises(ToolError) as caught:
        read_corpus(path)
    assert [wrong.field for wrong in caught.value.faults] == ["train.tsv, line 9",
                                                              "train.tsv, line 10"]  # fmt: skip
    with pytest.raises(ToolError, match=r"There is no .*devel\.tsv"):
        read_corpus(tmp_path / "devel.tsv")


def test_scores_by_hand() -> None:
    wanted = [[Name(0, 1, "Chemical"), Name(2, 4, "Disease")], [Name(0, 1, "Disease")]]
    found = [[Name(0, 1, "Chemical"), Name(2, 3, "Disease")], []]
    assert score_names(found, wanted) == {
        "Chemical": Score(1.0, 1.0, 1.0, 1),
        "Disease": Score(0.0, 0.0, 0.0, 2),
        "all": Score(0.5, pytest.approx(1 / 3), pytest.approx(0.4), 3),
    }


def test_dictionary_marks_the_longest_known_name() -> None:
    taught = [
        Sentence(["renal", "failure"], ["B-Disease", "I-Disease"]),
        Sentence(["failure", "of", "lead"], ["B-Disease", "O", "B-Chemical"]),
        Sentence(["they", "lead"], ["O", "O"]),
        Sentence(["I", "lead"], ["O", "O"]),
    ]
    known = Dictionary(taught)
    words = ["Renal", "failure", "and", "failure", "lead"]
    assert known.find(words) == [Name(0, 2, "Disease"), Name(3, 4, "Disease")]

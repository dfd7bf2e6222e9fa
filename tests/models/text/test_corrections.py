"""What is changed after the chain: abbreviations, modifiers, words tagged both ways."""

import pytest

from models.text.ner.abbreviations import AFTER, TaggedWords, spread_abbreviations
from models.text.ner.consistency import REACH, vote
from models.text.ner.corpus import TAGS
from models.text.ner.modifiers import take_in_modifiers

CHEMICAL, DISEASE = {"C": "B-Chemical", "c": "I-Chemical"}, {"D": "B-Disease", "d": "I-Disease"}
MARKS = CHEMICAL | DISEASE | {".": "O"}


def _tagged(text: str, marks: str, confidence: float = 0.9) -> TaggedWords:
    words = text.split()
    return TaggedWords(words, [MARKS[mark] for mark in marks], [confidence] * len(words))


@pytest.mark.parametrize(
    ("text", "marks", "later", "before", "after"),
    [
        ("They had bipolar disorder ( BD ) .", "..Dd....", "BD was common", "...", "D.."),
        ("We gave cisplatin ( CPL ) daily .", "..C.....", "High CPL doses", ".D.", ".C."),
        ("We gave cisplatin ( Nichols ) daily", "..C....", "By Nichols alone", "...", "..."),
        ("With magnetic resonance imaging ( MRI )", ".......", "On MRI nothing", ".D.", "..."),
        ("They had bipolar disorder ( BD ) .", "..Dd....", "The BD scale", ".Dd", ".Dd"),
        ("They had bipolar disorder ( 12 ) .", "..Dd....", "After 12 weeks", "...", "..."),
    ],
)
def test_definition_governs(text: str, marks: str, later: str, before: str, after: str) -> None:
    sentences = [_tagged(text, marks), _tagged(later, before, 0.6)]
    spread_abbreviations(sentences)
    assert sentences[1].tags == [MARKS[mark] for mark in after]
    changed = [ours != theirs for ours, theirs in zip(before, after, strict=True)]
    assert sentences[1].confidence == [0.9 if other else 0.6 for other in changed]
    assert all(tag in TAGS for tag in sentences[0].tags)


def test_definition_does_not_reach_other_texts() -> None:
    definition = _tagged("They had bipolar disorder ( BD ) .", "..Dd....")
    far = [_tagged("BD was common", "...") for _ in range(AFTER + 1)]
    spread_abbreviations([definition, *far])
    assert [sentence.tags[0] for sentence in far] == AFTER * ["B-Disease"] + ["O"]
    assert definition.tags[5] == "B-Disease"


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("Familial adenomatous polyposis runs", ".Dd.", "Ddd."),
        ("the X - linked ataxia", "....D", ".Dddd"),
        ("familial and hereditary cancer", "...D", "..Dd"),
        ("hereditary aspirin asthma", ".CD", ".CD"),
    ],
)
def test_modifiers_begin_names_of_diseases(text: str, before: str, after: str) -> None:
    words, tags, confidence = _tagged(text, before)
    take_in_modifiers(words, tags, confidence)
    assert tags == [MARKS[mark] for mark in after]
    assert confidence == [0.9] * len(words)


def test_majority_decides_nearby() -> None:
    near = [_tagged("Oxprenolol was given", "C.."), _tagged("more oxprenolol then", ".C.")]
    odd, lower = _tagged("With oxprenolol only", "...", 0.6), _tagged("all AS as before", ".C..")
    far = [_tagged("Nothing", ".") for _ in range(REACH)]
    last = _tagged("With oxprenolol only", "...", 0.6)
    vote([*near, odd, lower, *far, last])
    assert odd.tags == ["O", "B-Chemical", "O"]
    assert odd.confidence[1] == pytest.approx(1.8 / 2.4)
    assert lower.tags == ["O", "B-Chemical", "O", "O"]
    assert last.tags == ["O", "O", "O"]


def test_a_tie_changes_nothing() -> None:
    sentences = [_tagged("lead was high", "C.."), _tagged("these lead to", "...")]
    vote(sentences)
    assert [sentence.tags for sentence in sentences] == [["B-Chemical", "O", "O"], ["O"] * 3]

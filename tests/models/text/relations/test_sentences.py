"""Sentences with all their pairs, and what is taught about their tokens."""

import numpy as np
import pytest

from models.text.ner.words import words_tokenizer
from models.text.relations.labels import NONE
from models.text.relations.orientation import protein_comes_first
from models.text.relations.pairs import LabelledPair, MarkedPair
from models.text.relations.places import REACH, Read, read_sentences
from models.text.relations.sentences import Sentence, gather
from models.text.relations.tags import (
    CHEMICAL,
    OUTSIDE,
    PROTEIN,
    TAGS,
    known_spans,
    tagged_spans,
    token_tags,
)
from models.text.sentences import Span
from models.text.weights import packaged_weights

TWO_DRUGS = [
    "<< Losartan >> blocks the [[ AT1 receptor ]] and naproxen blocks prostaglandin synthase.",
    "Losartan blocks the AT1 receptor and << naproxen >> blocks [[ prostaglandin synthase ]].",
]


def labelled(*marked: str) -> list[LabelledPair]:
    return [LabelledPair(MarkedPair.parse(text), "INHIBITOR") for text in marked]


def read(text: str) -> Read:
    return read_sentences(words_tokenizer(packaged_weights()), [text])[0]


def test_what_is_not_listed_together_is_unrelated() -> None:
    (sentence,) = gather(labelled(*TWO_DRUGS))
    unrelated = {pair.pair.names for pair in sentence.pairs if pair.label == NONE}
    assert unrelated == {
        ("Losartan", "prostaglandin synthase"),
        ("AT1 receptor", "naproxen"),
    }
    assert len(sentence.pairs) == 4


def test_another_mention_of_a_related_name_is_not_unrelated() -> None:
    (sentence,) = gather(
        labelled(
            "<< Naproxen >> blocks [[ prostaglandin synthase ]], and naproxen binds it.",
            "Naproxen blocks << prostaglandin synthase >>, and [[ naproxen ]] binds it.",
        )
    )
    assert all(pair.label != NONE for pair in sentence.pairs)


def test_proteins_are_told_by_spelling_and_by_their_partners() -> None:
    pairs = labelled(
        *TWO_DRUGS,
        "[[ acetylcholinesterase ]] is inhibited by << XQ >>.",
        "<< donepezil >> and [[ acetylcholinesterase ]]",
        "<< tyrosine kinase >> and [[ imatinib mesylate ]]",
    )
    assert protein_comes_first([pair.pair for pair in pairs]).tolist() == [
        False, False, True, False, True,
    ]  # fmt: skip


def test_tokens_of_an_entity_spell_it() -> None:
    text = "Etoricoxib (MK-0663) selectively inhibits COX-2."
    tokens = read(text)
    for name in ("Etoricoxib", "MK-0663", "COX-2"):
        start = text.index(name)
        first, last = tokens.tokens(Span(start, start + len(name)))
        assert text[tokens.starts[first] : tokens.ends[last - 1]] == name


def test_regions_divide_the_sentence_at_the_entities() -> None:
    pair = MarkedPair.parse("So << aspirin >> inhibits [[ thrombin ]] too.")
    tokens = read(pair.text)
    assert tokens.regions(pair).tolist() == sorted(tokens.regions(pair))
    assert set(tokens.regions(pair)) == {0, 1, 2, 3, 4}


def test_distances_count_tokens_from_each_entity() -> None:
    pair = MarkedPair.parse("So << aspirin >> inhibits [[ thrombin ]] too.")
    tokens = read(pair.text)
    first, second = tokens.distances(pair) - REACH
    assert (first == 0).tolist() == (tokens.regions(pair) == 1).tolist()
    assert (second == 0).tolist() == (tokens.regions(pair) == 3).tolist()
    assert (np.diff(first) >= 0).all()
    assert first[-1] > second[-1] > 0 > first[0] > second[0]


@pytest.mark.parametrize("words", [0, 400])
def test_entities_beyond_what_is_read_still_have_tokens(words: int) -> None:
    pair = MarkedPair.parse("word " * words + "<< aspirin >>[[ thrombin ]]")
    regions = read(pair.text).regions(pair)
    assert (regions == 1).any()
    assert (regions == 3).any()


def test_a_name_marked_somewhere_is_known_everywhere() -> None:
    text = "Naproxen blocks prostaglandin synthase; naproxen and prostaglandin synthase meet."
    marked = Sentence(text, [], {Span(16, 38)}, {Span(0, 8)})
    spans = known_spans([marked])[0]
    assert [(text[slice(*span)], kind) for span, kind in sorted(spans.items())] == [
        ("Naproxen", CHEMICAL),
        ("prostaglandin synthase", PROTEIN),
        ("prostaglandin synthase", PROTEIN),
    ]
    tokens = read(text)
    scores = np.eye(TAGS, dtype=np.float32)[token_tags(tokens, spans)] * 9
    assert [span for span, _ in tagged_spans(text, tokens, scores, PROTEIN)] == [
        Span(16, 38), Span(53, 75),
    ]  # fmt: skip


def test_entities_end_where_words_end() -> None:
    text = "Two COX-2-selective drugs."
    tokens = read(text)
    scores = np.zeros((len(tokens.ids), TAGS), np.float32)
    scores[:, OUTSIDE] = 3
    first, _ = tokens.tokens(Span(text.index("COX"), text.index("COX") + 1))
    scores[first, PROTEIN] = 9
    ((span, sure),) = tagged_spans(text, tokens, scores, PROTEIN)
    assert text[slice(*span)] == "COX-2"
    assert 0.3 < sure <= 1
    assert tagged_spans(text, tokens, scores, CHEMICAL) == []

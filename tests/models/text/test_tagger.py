"""The tagger: what it learns, where it finds names, and the model that is shipped."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from models.fitting.effort import Effort
from models.text.batches import batches
from models.text.encoder import Encoder
from models.text.engine import Engine
from models.text.fitting import Schedule
from models.text.keeping import CARD, SHIPPED, load_text_model, published
from models.text.ner.corpus import TYPES, Sentence
from models.text.ner.head import Layout, TagHead
from models.text.ner.scores import Head
from models.text.ner.scoring import find_names
from models.text.ner.tagger import Tagger, load_tagger
from models.text.ner.task import fit_tagger
from models.text.ner.words import cut_words, pack, split_long, words_tokenizer
from models.text.weights import packaged_weights

ABSTRACT = (
    "BACKGROUND: Lithium is a first-line treatment of bipolar disorder (BD), but it may cause "
    "nephrogenic diabetes insipidus. METHODS: Forty patients with BD who took lithium carbonate "
    "or valproic acid for 2.5 years were compared. RESULTS: Polyuria was seen in 12 patients; "
    "amiloride 5 mg/day relieved it. Hypokalemia, nausea and seizures did not occur."
)
NAMED = {
    ("Lithium", "Chemical"), ("bipolar disorder", "Disease"), ("BD", "Disease"),
    ("nephrogenic diabetes insipidus", "Disease"), ("lithium carbonate", "Chemical"),
    ("valproic acid", "Chemical"), ("Polyuria", "Disease"), ("amiloride", "Chemical"),
    ("Hypokalemia", "Disease"), ("nausea", "Disease"), ("seizures", "Disease"),
}  # fmt: skip

TAUGHT = [
    ("Zorvex calmed plimmia in mice .", {"Zorvex": "Chemical", "plimmia": "Disease"}),
    ("No one had plimmia after Zorvex .", {"Zorvex": "Chemical", "plimmia": "Disease"}),
    ("The mice were fed and weighed .", {}),
    ("Quandrol - induced grebbitis was mild .", {"Quandrol": "Chemical", "grebbitis": "Disease"}),
]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load_tagger()


def _taught() -> list[Sentence]:
    sentences = []
    for text, kinds in TAUGHT:
        words = text.split()
        tags = [f"B-{kinds[word]}" if word in kinds else "O" for word in words]
        sentences.append(Sentence(words, tags))
    return sentences


def test_learns_a_few_sentences_by_heart(tmp_path: Path) -> None:
    told: list[float] = []
    effort = Effort(progress=lambda fraction, message: told.append(fraction))
    fit_tagger(
        _taught(),
        tmp_path,
        Schedule(epochs=16, rate=5e-4, head_rate=5e-3),
        effort,
        {"about": "four"},
    )
    assert told == sorted(told)
    model = load_text_model(tmp_path)
    assert (model.config["task"], model.config["about"]) == ("entities", "four")
    found = find_names(Tagger(model), _taught())
    assert [[item.name for item in own] for own in found] == [s.names for s in _taught()]


def test_finds_the_obvious_names(tagger: Tagger) -> None:
    [title, abstract, empty] = tagger.find(["Lithium-induced tremor", ABSTRACT, " "])
    assert {(e.text, e.type) for e in title} == {("Lithium", "Chemical"), ("tremor", "Disease")}
    found = {(entity.text, entity.type) for entity in abstract}
    assert len(NAMED & found) >= 10
    assert len(found - NAMED) <= 2
    assert empty == []


def test_reads_texts_with_spaces_between_all_words_alike(tagger: Tagger) -> None:
    sentence = "Cisplatin (CDDP)-induced nephrotoxicity in patients with Hodgkin's disease."
    spaced = "Cisplatin ( CDDP ) - induced nephrotoxicity in patients with Hodgkin ' s disease ."
    whole, apart = tagger.find([sentence, spaced])
    assert [e.text.replace(" ", "") for e in apart] == [e.text.replace(" ", "") for e in whole]


TEXTS = st.lists(
    st.one_of(
        st.sampled_from([ABSTRACT, "5-HT", "aspirin.", "β-carotene", "İ", "\u200b", "ﬁbrosis"]),
        st.text(max_size=60),
    ),
    max_size=3,
).map(" ".join)


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(TEXTS, max_size=4))
def test_places_are_those_of_the_text(texts: list[str]) -> None:
    found = load_tagger().find(texts)
    assert len(found) == len(texts)
    for text, entities in zip(texts, found, strict=True):
        end = 0
        for entity in entities:
            assert end <= entity.start < entity.end
            assert text[entity.start : entity.end] == entity.text == entity.text.strip()
            assert entity.type in TYPES
            assert 0 <= entity.confidence <= 1
            end = entity.end


def test_a_text_is_read_alike_alone_and_among_others() -> None:
    exact = Tagger(load_text_model(SHIPPED / "entities"), precision="f32")
    [alone] = exact.find([ABSTRACT])
    _, _, among = exact.find(["Other.", ABSTRACT * 3, ABSTRACT])
    assert [entity[:4] for entity in among] == [entity[:4] for entity in alone]
    np.testing.assert_allclose([e.confidence for e in among], [e.confidence for e in alone],
                               atol=1e-3)  # fmt: skip


def test_numpy_and_openvino_compute_what_torch_computes() -> None:
    model = load_text_model(SHIPPED / "entities")
    encoder = Encoder(packaged_weights(), arrays=model.encoder).eval()
    encoder.precision = torch.float32
    head = TagHead(384).eval()
    head.load_state_dict({name: torch.from_numpy(array) for name, array in model.head.items()})
    texts = [ABSTRACT[:90], "A dose of aspirin."]
    sentences = cut_words(words_tokenizer(packaged_weights()), texts)
    ids = [[101, *words.pieces, 102] for words in sentences]
    states = Engine(packaged_weights(), model.encoder, "f32").states(ids)
    lengths = [len(words.texts) for words in sentences]
    texts = [text for words in sentences for text in words.texts]
    with torch.no_grad():
        expected = [encoder(torch.tensor([row]), torch.ones(1, len(row)))[0] for row in ids]
        flat = torch.cat([vectors[1:-1] for vectors in expected])
        owners = np.concatenate([
            np.repeat(np.arange(len(w.firsts)), np.diff([*w.firsts, len(w.pieces)])) + shift
            for w, shift in zip(sentences, [0, lengths[0]], strict=True)
        ])  # fmt: skip
        layout = Layout(torch.arange(len(flat)), torch.from_numpy(owners), texts, lengths)
        scores = head(flat[None], layout).numpy()
    for ours, theirs in zip(states, expected, strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), atol=2e-4)
    means = np.stack([flat.numpy()[owners == word].mean(axis=0) for word in range(len(texts))])
    np.testing.assert_allclose(Head(model.head).scores(means, texts, lengths), scores, atol=1e-3)


def test_bf16_finds_what_f32_finds(tagger: Tagger) -> None:
    exact = Tagger(load_text_model(SHIPPED / "entities"), precision="f32")
    assert {e[:4] for e in exact.find([ABSTRACT])[0]} == {e[:4] for e in tagger.find([ABSTRACT])[0]}


def test_long_sentences_are_read_in_parts() -> None:
    [words] = cut_words(words_tokenizer(packaged_weights()), ["aspirin and hydroxyurea " * 200])
    parts = list(split_long(words, most=100))
    assert [text for part in parts for text in part.texts] == words.texts
    assert [piece for part in parts for piece in part.pieces] == words.pieces
    assert max(len(part.pieces) for part in parts) <= 100


def test_windows_hold_all_sentences_in_order() -> None:
    sizes = [100, 80, 40, 300, 10]
    windows = pack(sizes, 192)
    assert [place for window in windows for place in window] == list(range(5))
    assert [sum(sizes[place] for place in window) for window in windows] == [180, 40, 300, 10]
    assert pack(sizes, [1, 192]) == [range(1), range(1, 3), range(3, 4), range(4, 5)]


def test_batches_hold_every_sequence_once() -> None:
    sequences: Sequence[list[int]] = [[1] * size for size in (5, 900, 30, 1, 0, 200, 31)]
    for rng in (None, np.random.default_rng(0)):
        made = batches(sequences, 512, rng)
        assert sorted(row for batch in made for row in batch.rows) == list(range(7))
        for batch in made:
            assert batch.ids.size <= 512 or len(batch.rows) == 1
            np.testing.assert_array_equal(
                batch.mask.sum(axis=1), [len(sequences[row]) for row in batch.rows]
            )


def test_card_says_what_it_is() -> None:
    card = (SHIPPED / "entities" / CARD).read_text()
    for heading in ("Intended use", "Not for", "Data", "Figures", "Calibration", "Limits"):
        assert f"## {heading}\n" in card
    assert "CC BY 4.0" in card
    config = load_text_model(SHIPPED / "entities").config
    assert f"{config['held_out']['all'][2]:.4f}" in card


def test_untouched_weights_are_the_published_ones() -> None:
    model = load_text_model(SHIPPED / "entities")
    name = "embeddings.word_embeddings.weight"
    np.testing.assert_array_equal(model.encoder[name], published()[name])

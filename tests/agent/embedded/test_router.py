from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from agent.llm.embedded.mentions import MentionFinder
from agent.llm.embedded.router import OTHER_INTENTS, Router, read_examples
from agent.llm.embedded.routing.weights import Weights, load_weights, save_weights
from agent.llm.embedded.spelling import Speller

EXAMPLES = {
    "bake": [
        "bake a cake",
        "bake bread",
        "please bake a pie",
        "can you bake rolls",
        "baking a tart",
    ],
    "drive": [
        "drive home",
        "drive to the sea",
        "please drive slowly",
        "can you drive",
        "driving north",
    ],
}


class CountingEmbedder:
    """Embeds a text by its letters, and counts how many texts it was given."""

    fingerprint = "letters"

    def __init__(self) -> None:
        self.texts = 0

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        self.texts += len(texts)
        rows = [[text.count(letter) + 0.1 for letter in "abcdefghijklmnop"] for text in texts]
        vectors = np.asarray(rows, dtype=np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("THERIAC_CACHE", str(tmp_path))
    return tmp_path


def router(embedder: CountingEmbedder, examples: dict[str, list[str]] = EXAMPLES) -> Router:
    return Router(examples, embedder, MentionFinder(()))


def test_it_learns_from_the_examples() -> None:
    reading = router(CountingEmbedder()).read(["please bake me a cake"])[0]
    assert reading.best == "bake"
    assert sum(reading.scores.values()) == pytest.approx(1.0, abs=1e-4)


def test_trained_weights_are_kept(cache: Path) -> None:
    router(CountingEmbedder())
    assert len(list(cache.glob("router-*.safetensors"))) == 1
    second = CountingEmbedder()
    router(second)
    assert second.texts == 0


def test_new_examples_train_anew(cache: Path) -> None:
    router(CountingEmbedder())
    router(CountingEmbedder(), EXAMPLES | {"sing": ["sing a song", "sing loudly", "please sing"]})
    assert len(list(cache.glob("router-*.safetensors"))) == 2


def test_a_broken_cache_is_no_cache(cache: Path) -> None:
    router(CountingEmbedder())
    path = next(cache.glob("router-*.safetensors"))
    path.write_bytes(b"broken")
    assert router(CountingEmbedder()).read(["bake bread"])[0].best == "bake"


def test_weights_round_trip() -> None:
    weights = Weights(["a", "b"], np.ones((3, 2), np.float32), np.zeros(2, np.float32))
    save_weights("key", weights)
    kept = load_weights("key")
    assert kept is not None
    assert kept.classes == weights.classes
    np.testing.assert_array_equal(kept.matrix, weights.matrix)
    assert load_weights("other") is None


@pytest.mark.parametrize("intent", OTHER_INTENTS)
def test_every_intent_has_many_examples(intent: str) -> None:
    lines = read_examples(intent)
    assert len(lines) >= 120
    assert len(set(lines)) == len(lines)


ENGLISH = frozenset({"train", "model", "classifier", "survival", "the", "months", "statins"})


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("trian a modle", "train a model"),
        ("surivval clasifier", "survival classifier"),
        ("data/modle.csv and clsfr_x", "data/modle.csv and clsfr_x"),
        ("statins for months", "statins for months"),
        ("procalcitonin", "procalcitonin"),
    ],
)
def test_spelling(text: str, mended: str) -> None:
    speller = Speller(ENGLISH, ["train the model survival classifier"] * 3)
    assert speller.mend(text) == mended

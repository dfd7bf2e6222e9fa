"""Trained text models on disk."""

import json
from pathlib import Path

import numpy as np
import pytest

from models.errors import PrerequisiteError
from models.text.differences import pack, unpack
from models.text.keeping import CONFIG, WEIGHTS, load_text_model, published, save_text_model

NAME = "encoder.layer.0.attention.self.query"


@pytest.fixture
def tuned() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    return {
        name: published()[name] + rng.normal(0, 1e-2, published()[name].shape).astype(np.float32)
        for name in (f"{NAME}.weight", f"{NAME}.bias")
    }


@pytest.fixture
def folder(tmp_path: Path, tuned: dict[str, np.ndarray]) -> Path:
    save_text_model(tmp_path / "kept", tuned, {"scores": np.eye(2, dtype=np.float32)}, {"a": 1})
    return tmp_path / "kept"


def test_differences_survive_four_bits(tuned: dict[str, np.ndarray]) -> None:
    merged = unpack(pack(tuned, published()), published())
    for name, array in tuned.items():
        move = array - published()[name]
        error = np.abs(merged[name] - array).max()
        assert error <= np.abs(move).max() / 14 * 1.01
    assert merged["embeddings.LayerNorm.bias"] is published()["embeddings.LayerNorm.bias"]


def test_what_did_not_move_stays_exactly() -> None:
    name = f"{NAME}.weight"
    merged = unpack(pack({name: published()[name]}, published()), published())
    np.testing.assert_array_equal(merged[name], published()[name])


def test_loads_what_was_saved(folder: Path, tuned: dict[str, np.ndarray]) -> None:
    model = load_text_model(folder)
    assert model.config["a"] == 1
    np.testing.assert_array_equal(model.head["scores"], np.eye(2))
    np.testing.assert_allclose(model.encoder[f"{NAME}.bias"], tuned[f"{NAME}.bias"], atol=1e-4)
    assert set(model.encoder) == set(published())
    assert model.fingerprint == load_text_model(folder).fingerprint


def test_damage_is_told_with_what_mends_it(folder: Path) -> None:
    weights = folder / WEIGHTS
    content = bytearray(weights.read_bytes())
    content[-100] ^= 1
    weights.write_bytes(content)
    with pytest.raises(PrerequisiteError, match="damaged") as caught:
        load_text_model(folder)
    assert "theriac text train" in caught.value.command


@pytest.mark.parametrize("lost", [WEIGHTS, CONFIG])
def test_a_missing_file_is_told(folder: Path, lost: str) -> None:
    (folder / lost).unlink()
    with pytest.raises(PrerequisiteError, match="no whole text model"):
        load_text_model(folder)


def test_other_published_weights_are_told(folder: Path) -> None:
    config = json.loads((folder / CONFIG).read_text())
    (folder / CONFIG).write_text(json.dumps(config | {"published_sha256": "0" * 64}))
    with pytest.raises(PrerequisiteError, match="other published weights"):
        load_text_model(folder)


def test_the_order_in_memory_does_not_matter(tmp_path: Path) -> None:
    turned = np.arange(6, dtype=np.float32).reshape(2, 3).T
    save_text_model(tmp_path, {}, {"turned": turned}, {})
    assert (load_text_model(tmp_path).head["turned"] == turned).all()

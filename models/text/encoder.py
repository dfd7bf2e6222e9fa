"""The MiniLM encoder in torch, for training; `models.text.engine` is what runs a trained one."""

from collections.abc import Iterator, Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file
from torch import Tensor, nn
from torch.nn import functional

from models.text.processor import multiplies_bf16
from models.text.weights import Weights

Arrays = Mapping[str, NDArray[np.float32]]

LAYER_PARTS = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attended": "attention.output.dense",
    "attended_norm": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "outer_norm": "output.LayerNorm",
}
"""Our names of a layer's parts, and those in the published file."""


class Encoder(nn.Module):
    """Token ids to contextual vectors. The embeddings are frozen, the layers train.

    Frozen embeddings keep what distinguishes words never seen in training, and a trained model
    small: it is kept as its layers' difference from the published weights.

    Args:
        weights: Of a BERT model.
        dropout: Share of activations left out in training (0-1).
        arrays: Weights by the file's names, instead of those in the file.
    """

    def __init__(
        self, weights: Weights, dropout: float = 0.1, arrays: Arrays | None = None
    ) -> None:
        super().__init__()
        arrays = arrays or load_file(weights.folder / "model.safetensors")
        config = weights.config
        self.dropout = dropout
        self.precision = torch.bfloat16 if multiplies_bf16() else torch.float32
        epsilon = float(config["layer_norm_eps"])
        self.layers = nn.ModuleList(
            _Layer(config["hidden_size"], config["intermediate_size"],
                   config["num_attention_heads"], epsilon, dropout)
            for _ in range(config["num_hidden_layers"])
        )  # fmt: skip
        for name, parameter in self.named_weights():
            parameter.data.copy_(torch.from_numpy(arrays[name]))
        embeddings = {key: torch.from_numpy(array) for key, array in arrays.items()
                      if key.startswith("embeddings.")}  # fmt: skip
        self.words = nn.Buffer(embeddings["embeddings.word_embeddings.weight"], persistent=False)
        first = embeddings["embeddings.token_type_embeddings.weight"][0]
        positions = embeddings["embeddings.position_embeddings.weight"] + first
        self.positions = nn.Buffer(positions, persistent=False)
        norm = nn.LayerNorm(config["hidden_size"], epsilon)
        norm.load_state_dict(
            {part: embeddings[f"embeddings.LayerNorm.{part}"] for part in ("weight", "bias")}
        )
        self.norm = norm.requires_grad_(False)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Encodes tokens.

        Args:
            ids: Token ids, int64 (rows, tokens).
            mask: 1 where a token is, 0 where padding is, of the same shape.

        Returns:
            Vectors, float32 (rows, tokens, dimensions).
        """
        states = self.norm(self.words[ids] + self.positions[: ids.shape[1]])
        states = functional.dropout(states, self.dropout, self.training).to(self.precision)
        bias = torch.zeros(mask.shape, dtype=self.precision).masked_fill(mask == 0, -1e9)
        for layer in self.layers:
            states = layer(states, bias[:, None, None, :])
        encoded: Tensor = states.float()
        return encoded

    def named_weights(self) -> Iterator[tuple[str, nn.Parameter]]:
        """Yields the trained weights under the names of the published file."""
        for number, layer in enumerate(self.layers):
            for ours, theirs in LAYER_PARTS.items():
                for part, parameter in getattr(layer, ours).named_parameters():
                    yield f"encoder.layer.{number}.{theirs}.{part}", parameter


class _Layer(nn.Module):
    """Self-attention and a feed-forward part, each with a residual and normalised after it."""

    def __init__(self, width: int, inner: int, heads: int, epsilon: float, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.query, self.key, self.value, self.attended = (
            nn.Linear(width, width) for _ in range(4)
        )
        self.attended_norm = nn.LayerNorm(width, epsilon)
        self.inner, self.outer = nn.Linear(width, inner), nn.Linear(inner, width)
        self.outer_norm = nn.LayerNorm(width, epsilon)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        rows, tokens, width = states.shape
        query, key, value = (
            _linear(part, states).view(rows, tokens, self.heads, -1).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        # Short rows train faster so than through torch's fused attention, whose gradient is slow.
        scores = query @ key.transpose(2, 3) * query.shape[-1] ** -0.5 + bias
        mixed = scores.softmax(dim=-1) @ value
        mixed = _linear(self.attended, mixed.transpose(1, 2).reshape(rows, tokens, width))
        states = _normalise(self.attended_norm, states + self._drop(mixed))
        fed = _linear(self.outer, functional.gelu(_linear(self.inner, states)))
        return _normalise(self.outer_norm, states + self._drop(fed))

    def _drop(self, states: Tensor) -> Tensor:
        return functional.dropout(states, self.dropout, self.training)


def _linear(layer: nn.Linear, states: Tensor) -> Tensor:
    """Multiplies in the states' precision; the weights themselves stay in fp32."""
    return functional.linear(states, layer.weight.to(states.dtype), layer.bias.to(states.dtype))


def _normalise(norm: nn.LayerNorm, states: Tensor) -> Tensor:
    weight, bias = norm.weight.to(states.dtype), norm.bias.to(states.dtype)
    return functional.layer_norm(states, norm.normalized_shape, weight, bias, norm.eps)

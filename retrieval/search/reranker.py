"""An optional cross-encoder, which reads query and passage together."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import FieldFault, ToolError

NEEDED = ("config.json", "model.safetensors", "tokenizer.json")
BATCH = 16
MOST_TOKENS = 512


class Reranker:
    """Scores passages for a query.

    Args:
        folder: A sequence classifier in transformers' layout, with weights in safetensors: one
            output that grows with relevance, or two of which the second is "relevant".

    Raises:
        ToolError: The folder holds no such model.
    """

    def __init__(self, folder: Path) -> None:
        missing = [name for name in NEEDED if not (folder / name).is_file()]
        if missing:
            expected = f"a folder with {', '.join(NEEDED)}"
            wrong = FieldFault(field="reranker", got=repr(str(folder)), expected=expected)
            raise ToolError(f"{folder} lacks {', '.join(missing)}.", wrong, kind="not_found")
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        read: dict[str, Any] = {"local_files_only": True}
        self._tokenizer = AutoTokenizer.from_pretrained(folder, **read)
        model = AutoModelForSequenceClassification.from_pretrained(
            folder, use_safetensors=True, **read
        )
        self._model = model.eval()
        self._longest = min(MOST_TOKENS, int(model.config.max_position_embeddings))
        if model.config.num_labels > 2:
            expected = "a model with one or two outputs"
            wrong = FieldFault(
                field="reranker", got=f"{model.config.num_labels}", expected=expected
            )
            raise ToolError(f"{folder} holds no cross-encoder.", wrong)

    def scores(self, query: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Returns how relevant each passage is, 0 to 1, float32 (passages,)."""
        import torch

        found = np.zeros(len(passages), np.float32)
        order = sorted(range(len(passages)), key=lambda n: -len(passages[n]))
        with torch.inference_mode():
            for start in range(0, len(order), BATCH):
                rows = order[start : start + BATCH]
                tokens = self._tokenizer(
                    [query] * len(rows), [passages[n] for n in rows],
                    truncation="longest_first", max_length=self._longest, padding=True,
                    return_tensors="pt",
                )  # fmt: skip
                logits = self._model(**tokens).logits.float()
                likely = logits[:, 0] if logits.shape[1] == 1 else logits[:, 1] - logits[:, 0]
                found[rows] = likely.sigmoid().numpy()
        return found


@cache
def load_reranker(folder: Path) -> Reranker:
    """Loads a cross-encoder once per process.

    Raises:
        ToolError: The folder holds none.
    """
    return Reranker(folder)

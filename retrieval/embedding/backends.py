"""The engines that turn batches of tokens into vectors."""

from collections.abc import Iterable
from threading import Lock
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from models.text.weights import Weights


class Batch(NamedTuple):
    """Token ids and attention mask, both int64 (rows, tokens), and which texts the rows are."""

    texts: NDArray[np.int64]
    ids: NDArray[np.int64]
    mask: NDArray[np.int64]


class Backend(Protocol):
    """An engine for one embedder; may be called from several threads."""

    precision: str

    def encode(self, batches: Iterable[Batch], vectors: NDArray[np.float32]) -> None:
        """Fills the rows of `vectors` (texts, dimensions) that the batches name."""


class OpenVinoBackend:
    """OpenVINO: many batches in bf16 where the processor multiplies it natively, one in f32.

    What fits one batch is a question, or a few: there exactness costs milliseconds, and with exact
    questions bf16 documents are ranked more like f32 ones (99.2% of the first ten instead of 98.5%
    on SciFact).

    Args:
        weights: A BERT model.
        precision: Of many batches, `bf16` or `f32`; None is the processor's better one.
    """

    def __init__(self, weights: Weights, precision: str | None = None) -> None:
        import openvino as ov

        from models.text.bert import bert_graph

        graph, core = bert_graph(weights), ov.Core()
        # A thread that is pinned waits for whatever else runs on its core: ten times as long on a
        # busy machine.
        exact = core.compile_model(
            graph, "CPU", {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32",
                           "ENABLE_CPU_PINNING": False},
        )  # fmt: skip
        chosen = {"INFERENCE_PRECISION_HINT": precision} if precision else {}
        fast = core.compile_model(graph, "CPU", {"PERFORMANCE_HINT": "THROUGHPUT", **chosen})
        self.precision = str(fast.get_property("INFERENCE_PRECISION_HINT").to_string())
        # A question that comes while documents are embedded has a request of its own. Inputs are
        # copied: with share_inputs this version writes past int64 arrays and corrupts the heap.
        self._single, self._single_lock = exact.create_infer_request(), Lock()
        self._queue, self._queue_lock = ov.AsyncInferQueue(fast), Lock()

    def encode(self, batches: Iterable[Batch], vectors: NDArray[np.float32]) -> None:
        """Runs one batch at once, several by as many requests as the processor has streams."""
        work = list(batches)
        if len(work) == 1:
            with self._single_lock:
                self._single.infer([work[0].ids, work[0].mask])
                vectors[work[0].texts] = self._single.get_output_tensor().data
            return

        def keep(request: Any, texts: NDArray[np.int64]) -> None:
            vectors[texts] = request.get_output_tensor().data

        with self._queue_lock:
            self._queue.set_callback(keep)
            try:
                for batch in work:
                    self._queue.start_async([batch.ids, batch.mask], userdata=batch.texts)
            finally:
                self._queue.wait_all()


class TorchBackend:
    """Transformers on torch in fp32: the reference, and the engine for other than BERT models."""

    precision = "f32"

    def __init__(self, weights: Weights) -> None:
        from transformers import AutoModel

        self._model = AutoModel.from_pretrained(
            weights.folder, local_files_only=True, use_safetensors=True
        ).eval()
        self._pooling = weights.pooling

    def encode(self, batches: Iterable[Batch], vectors: NDArray[np.float32]) -> None:
        """Runs the batches one after the other."""
        import torch

        with torch.inference_mode():
            for batch in batches:
                ids, mask = torch.from_numpy(batch.ids), torch.from_numpy(batch.mask)
                states = self._model(input_ids=ids, attention_mask=mask).last_hidden_state
                if self._pooling == "cls":
                    vectors[batch.texts] = states[:, 0].numpy()
                    continue
                kept = mask.unsqueeze(-1).to(states.dtype)
                vectors[batch.texts] = ((states * kept).sum(1) / kept.sum(1)).numpy()

"""Runs a trained encoder: OpenVINO, in bf16 where the processor multiplies it natively."""

from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

import numpy as np
import openvino as ov
from numpy.typing import NDArray

from models.text.batches import Batch, batches
from models.text.bert import states_graph
from models.text.weights import Weights

BATCH_TOKENS = 2048
Array = NDArray[np.float32]


class Engine:
    """An encoder that is ready to run; may be called from several threads.

    Args:
        weights: Say how the model is made.
        tensors: Its weights, by the names of the published file.
        precision: `bf16` or `f32`; None is the processor's better one.

    Attributes:
        precision: The one that runs.
    """

    def __init__(
        self, weights: Weights, tensors: Mapping[str, Array], precision: str | None = None
    ) -> None:
        chosen = {"INFERENCE_PRECISION_HINT": precision} if precision else {}
        compiled = ov.Core().compile_model(
            states_graph(weights, tensors), "CPU", {"PERFORMANCE_HINT": "THROUGHPUT", **chosen}
        )
        self.precision = str(compiled.get_property("INFERENCE_PRECISION_HINT").to_string())
        # Inputs are copied: with share_inputs this version writes past int64 arrays.
        self._queue, self._lock = ov.AsyncInferQueue(compiled), Lock()

    def states(self, sequences: Sequence[Sequence[int]]) -> list[Array]:
        """Encodes sequences of token ids.

        Returns:
            Vectors of each sequence, float32 (tokens, dimensions), in the order given.
        """
        found: list[Array] = [np.empty((0, 0), np.float32)] * len(sequences)

        def keep(request: Any, batch: Batch) -> None:
            data = request.get_output_tensor().data
            for place, row in enumerate(batch.rows):
                found[row] = data[place, : len(sequences[row])].copy()

        with self._lock:
            self._queue.set_callback(keep)
            try:
                for batch in batches(sequences, BATCH_TOKENS):
                    self._queue.start_async([batch.ids, batch.mask], userdata=batch)
            finally:
                self._queue.wait_all()
        return found

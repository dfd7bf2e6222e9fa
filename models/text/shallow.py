"""The lower layers of the published encoder, which tasks share and no training changes."""

from dataclasses import replace
from functools import cache

from models.text.engine import Engine
from models.text.keeping import published
from models.text.weights import packaged_weights


@cache
def shallow_engine(layers: int) -> Engine:
    """Returns the first so many layers of the published encoder, once per process."""
    weights = packaged_weights()
    config = weights.config | {"num_hidden_layers": layers}
    return Engine(replace(weights, config=config), published())

"""Low-rank adapters (LoRA): a few weights beside the frozen ones, added to them in the end."""

import warnings
from typing import Any


def attach(model: Any, rank: int) -> Any:
    """Returns the model with a trainable adapter of this rank at every linear layer but the last.

    Args:
        model: Its own weights are frozen from here on.
        rank: Rank of the adapters' matrices.
    """
    from peft import LoraConfig, TaskType, get_peft_model

    config = LoraConfig(
        task_type=TaskType.CAUSAL_LM, r=rank, lora_alpha=2 * rank, target_modules="all-linear"
    )
    with warnings.catch_warnings():
        # peft asks for gradient checkpointing by the name that transformers is giving up
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)
        return get_peft_model(model, config)


def merge(model: Any) -> Any:
    """Returns the model itself, the adapters added to its weights."""
    return model.merge_and_unload()

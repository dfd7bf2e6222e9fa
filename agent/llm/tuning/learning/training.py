"""The training loop: any causal language model, on the tokens of the replies alone."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from agent.llm.tuning.learning.encoding import IGNORED, Example, batches
from models.errors import ToolError
from models.text.processor import multiplies_bf16

WARM_UP = 0.04
"""Share of the training in which the learning rate rises."""
LAST_RATE = 0.05
"""Share of the learning rate that is left at the end."""
LOSSES_SHOWN = 50
"""Steps over which the reported loss is averaged."""


@dataclass(frozen=True)
class Schedule:
    """How a model is trained.

    Attributes:
        rate: Highest learning rate.
        epochs: Times that every dialogue is seen.
        batch_tokens: Tokens of a step, padding included.
        seconds: The longest time; the rate then falls with the time, not the steps.
        seed: Decides the order.
        decay: Weight decay.
        clip: Largest norm of a gradient.
    """

    rate: float = 2e-4
    epochs: int = 1
    batch_tokens: int = 8192
    seconds: float | None = None
    seed: int = 0
    decay: float = 0.01
    clip: float = 1.0


@dataclass(frozen=True)
class Progress:
    """How far a training is.

    Attributes:
        fraction: 0-1.
        step: Steps done.
        loss: Mean loss per token of the last steps, in nats.
        tokens_per_second: Of prompts and replies, padding left out.
        seconds_left: At this rate.
    """

    fraction: float
    step: int
    loss: float
    tokens_per_second: float
    seconds_left: float

    def __str__(self) -> str:
        minutes, seconds = divmod(round(self.seconds_left), 60)
        return (
            f"step {self.step}, loss {self.loss:.3f}, {self.tokens_per_second:,.0f} tokens/s, "
            f"{minutes} min {seconds:02d} s left"
        )


def train(
    model: Any,
    examples: Sequence[Example],
    padding: int,
    schedule: Schedule,
    report: Callable[[Progress], None] = lambda _: None,
) -> Progress:
    """Trains a model's trainable weights in place.

    Args:
        model: A causal language model of transformers, or one wrapped by peft.
        examples: What is learnt.
        padding: The padding token.
        schedule: How.
        report: Told after every step; may raise to end the training.

    Returns:
        Where it ended.

    Raises:
        ToolError: There is nothing to learn, or the loss is not finite.
    """
    import torch

    if not examples:
        raise ToolError("There are no dialogues to learn from.")
    random_ = random.Random(schedule.seed)  # noqa: S311  # an order, nothing secret
    torch.manual_seed(schedule.seed)
    optimiser = _optimiser(model, schedule)
    weights = [p for group in optimiser.param_groups for p in group["params"]]
    device = weights[0].device
    lengths = sum(len(e.tokens) for e in examples)
    total = lengths * schedule.epochs
    started = time.monotonic()
    losses: list[float] = []
    done, step = 0, 0
    progress = Progress(0.0, 0, float("nan"), 0.0, 0.0)
    model.train()
    for _ in range(schedule.epochs):
        for batch in batches(examples, schedule.batch_tokens, padding, random_):
            gone = time.monotonic() - started
            fraction = done / total
            if schedule.seconds:
                fraction = max(fraction, gone / schedule.seconds)
            if fraction >= 1:
                return progress
            for group in optimiser.param_groups:
                group["lr"] = schedule.rate * _share(fraction)
            with torch.autocast(device.type, torch.bfloat16, enabled=fast_in_bfloat16(device.type)):
                loss = _loss(model, batch, device)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights, schedule.clip)
            optimiser.step()
            losses.append(loss.item())
            if losses[-1] != losses[-1]:
                message = f"The loss is not a number after {step} steps: try a lower --rate."
                raise ToolError(message)
            done += int(batch.mask.sum())
            step += 1
            progress = _progress(started, done, total, step, losses, schedule)
            report(progress)
    return progress


def fast_in_bfloat16(device: str) -> bool:
    """Tells whether the hardware multiplies bfloat16: where it does not, float32 is faster."""
    import torch

    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    return device == "cpu" and multiplies_bf16()


def _loss(model: Any, batch: Any, device: Any) -> Any:
    """Returns the mean loss per reply token; other positions get no logits."""
    import torch

    reply = batch.labels.shape[1]
    tokens, mask = batch.tokens.to(device), batch.mask.to(device)
    positions = (mask.cumsum(1) - 1).clamp(min=0)
    logits = model(
        input_ids=tokens, attention_mask=mask, position_ids=positions,
        logits_to_keep=reply + 1, use_cache=False,
    ).logits[:, :-1]  # fmt: skip
    wanted = batch.labels.to(device)
    kept = wanted != IGNORED
    return torch.nn.functional.cross_entropy(logits[kept].float(), wanted[kept])


def _optimiser(model: Any, schedule: Schedule) -> Any:
    """Returns AdamW; vectors (norms, biases) are not decayed."""
    import torch

    weights = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in weights if p.ndim > 1], "weight_decay": schedule.decay},
        {"params": [p for p in weights if p.ndim <= 1], "weight_decay": 0.0},
    ]
    used = [group for group in groups if group["params"]]
    return torch.optim.AdamW(used, lr=schedule.rate, betas=(0.9, 0.98))


def _share(fraction: float) -> float:
    """Returns the share of the learning rate: up in a line, then down in a line."""
    if fraction < WARM_UP:
        return max(fraction / WARM_UP, 0.01)
    return LAST_RATE + (1 - LAST_RATE) * (1 - fraction) / (1 - WARM_UP)


def _progress(
    started: float, done: int, total: int, step: int, losses: list[float], schedule: Schedule
) -> Progress:
    gone = time.monotonic() - started
    speed = done / gone
    left = (total - done) / speed
    if schedule.seconds:
        left = max(0.0, min(left, schedule.seconds - gone))
    recent = losses[-LOSSES_SHOWN:]
    return Progress(gone / (gone + left), step, sum(recent) / len(recent), speed, left)

"""A very small Qwen3 that learns a few conversations by heart: enough for vLLM to serve."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from evals.agents.tiny_model import END, make_model, make_tokenizer, save

EPOCHS, RATE = 120, 3e-3
LEARNT = 2e-3
"""Mean loss per reply token, in nats, at which each example counts as learnt."""


@dataclass(frozen=True)
class Example:
    """One request to the server and the reply that is to be learnt.

    Attributes:
        messages: In the OpenAI form.
        tools: Schemas in the OpenAI form, as far as any were sent.
        reply: The text that the model is to generate.
    """

    messages: list[dict[str, Any]]
    tools: list[dict[str, Any]] | None
    reply: str


def call_text(name: str, arguments: dict[str, Any]) -> str:
    """Returns a tool call as the model writes it."""
    return f'<tool_call>\n{{"name": "{name}", "arguments": {json.dumps(arguments)}}}\n</tool_call>'


def learn(examples: Sequence[Example], folder: Path) -> None:
    """Trains a model until it gives the examples' replies, and writes it as a folder.

    Raises:
        AssertionError: It has not learnt them after the longest training.
    """
    texts = [json.dumps([e.messages, e.tools], ensure_ascii=False) + e.reply for e in examples]
    tokenizer = make_tokenizer(texts)
    model = make_model(len(tokenizer), tokenizer.convert_tokens_to_ids(END))
    pairs = [tokens_of(tokenizer, example) for example in examples]
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.0)
    order = random.Random(0)  # the same order every time
    model.train()
    for epoch in range(EPOCHS):
        worst = 0.0
        for prompt, reply in order.sample(pairs, len(pairs)):
            tokens = torch.tensor([prompt + reply])
            states = model.model(input_ids=tokens).last_hidden_state[0, len(prompt) - 1 : -1]
            loss = torch.nn.functional.cross_entropy(
                model.lm_head(states), tokens[0, len(prompt) :]
            )
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            for group in optimiser.param_groups:
                group["lr"] = RATE * min(1.0, (epoch + 1) / 10) * (1 - epoch / EPOCHS)
            optimiser.step()
            worst = max(worst, loss.item())
        if worst < LEARNT:
            break
    assert worst < 10 * LEARNT, f"not learnt after {EPOCHS} epochs: {worst}"
    save(model, tokenizer, folder)


def tokens_of(tokenizer: Any, example: Example) -> tuple[list[int], list[int]]:
    """Returns the tokens of an example's prompt, as vLLM makes them, and of its reply."""
    messages = [
        message | {"tool_calls": [_read(call) for call in message.get("tool_calls") or []]}
        for message in example.messages
    ]
    prompt = tokenizer.apply_chat_template(
        messages, tools=example.tools, add_generation_prompt=True, tokenize=False
    )
    encode = tokenizer.encode
    return encode(prompt, add_special_tokens=False), encode(
        example.reply + END, add_special_tokens=False
    )


def _read(call: dict[str, Any]) -> dict[str, Any]:
    function = call["function"]
    return {"function": function | {"arguments": json.loads(function["arguments"])}}

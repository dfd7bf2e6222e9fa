"""A very small Qwen3 that learns a few conversations by heart: enough for vLLM to serve."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

VOCABULARY = 1500
CONTEXT = 6144
END = "<|im_end|>"

EPOCHS, RATE = 120, 3e-3
LEARNT = 2e-3
"""Mean loss per reply token, in nats, at which each example counts as learnt."""

TEMPLATE = """\
{%- set system = messages[0].content if messages[0].role == 'system' else '' -%}
{%- if system or tools -%}
{{ '<|im_start|>system\\n' + system }}
{%- if tools %}{{ '\\n\\nTools:\\n<tools>' }}
{%- for tool in tools %}
{{- '\\n' ~ tool.function.name ~ ' ' ~ (tool.function.parameters | tojson) }}
{%- endfor %}{{ '\\n</tools>' }}{% endif %}{{ '<|im_end|>\\n' }}
{%- endif %}
{%- for message in messages if message.role != 'system' -%}
{{ '<|im_start|>' + ('user' if message.role == 'tool' else message.role) + '\\n' }}
{%- if message.role == 'tool' %}{{ '<tool_response>\\n' + message.content + '\\n</tool_response>' }}
{%- else %}{{ message.content or '' }}{% endif %}
{%- for call in message.tool_calls or [] -%}
{{ '<tool_call>\\n{"name": "' + call.function.name + '", "arguments": ' }}
{{- (call.function.arguments | tojson) + '}\\n</tool_call>' }}
{%- endfor %}{{ '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"""


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


def make_tokenizer(texts: Sequence[str]) -> Any:
    """Returns a byte-level BPE tokenizer, trained on the texts, with the chat template."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    bare = Tokenizer(models.BPE())
    bare.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bare.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=["<|im_start|>", END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bare.train_from_iterator(texts, trainer)
    made = PreTrainedTokenizerFast(
        tokenizer_object=bare, eos_token=END, pad_token=END, model_max_length=CONTEXT
    )
    made.chat_template = TEMPLATE
    return made


def make_model(vocabulary: int, end: int, seed: int = 0) -> Any:
    """Returns a 2-layer Qwen3 with random weights."""
    from transformers import Qwen3Config, Qwen3ForCausalLM

    torch.manual_seed(seed)
    return Qwen3ForCausalLM(
        Qwen3Config(
            vocab_size=vocabulary, hidden_size=128, intermediate_size=384, num_hidden_layers=2,
            num_attention_heads=4, num_key_value_heads=2, head_dim=32, eos_token_id=end,
            max_position_embeddings=CONTEXT, tie_word_embeddings=True,
        )
    )  # fmt: skip


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


def save(model: Any, tokenizer: Any, folder: Path) -> None:
    """Writes a model folder that vLLM can serve."""
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)

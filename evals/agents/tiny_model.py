"""A very small Qwen3 that vLLM serves on any machine: for measuring clients, not answers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

VOCABULARY = 1500
CONTEXT = 6144
END = "<|im_end|>"

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
    fast: Any = PreTrainedTokenizerFast  # untyped
    made = fast(tokenizer_object=bare, eos_token=END, pad_token=END, model_max_length=CONTEXT)
    made.chat_template = TEMPLATE
    return made


def make_model(vocabulary: int, end: int, seed: int = 0) -> Any:
    """Returns a 2-layer Qwen3 with random weights."""
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    torch.manual_seed(seed)
    return Qwen3ForCausalLM(
        Qwen3Config(
            vocab_size=vocabulary, hidden_size=128, intermediate_size=384, num_hidden_layers=2,
            num_attention_heads=4, num_key_value_heads=2, head_dim=32, eos_token_id=end,
            max_position_embeddings=CONTEXT, tie_word_embeddings=True,
        )
    )  # fmt: skip


def save(model: Any, tokenizer: Any, folder: Path) -> None:
    """Writes a model folder that vLLM can serve."""
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)

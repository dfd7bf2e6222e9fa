"""A small language model of our own, from nothing: Qwen3's architecture, Hermes tool calls."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from agent.llm.schemas import arguments_schema
from agent.llm.server.families import CHATML, HERMES_TOOLS
from agent.llm.tuning.dialogues.dialogue import Dialogue
from agent.llm.tuning.learning.encoding import DialogueEncoder
from tools.registry import all_tools

START, END = "<|im_start|>", "<|im_end|>"
PIECES = 5000
"""Pieces of words in the vocabulary; whole phrases come on top."""
LEAST_PHRASE = 12
"""Characters of a line or sentence that may become one token."""
COMMON = 0.002
"""Share of the dialogues that have a line for it to become one token."""
CONTEXT = 4096

WORD_BREAKS = r"\p{L}+|\d|[^\p{L}\d]"
"""Words, digits and signs stand alone, blanks too: a name has the same tokens wherever it stands,
so that copying it from a request into a call is copying tokens."""
SENTENCES = re.compile(r"(?<=[.?!:]) |\\n")
"""Where the sentences of a reply's JSON string part."""


def make_tokenizer(dialogues: Sequence[Dialogue]) -> Any:
    """Returns a tokenizer learnt from the dialogues.

    What every prompt repeats (instructions, descriptions of tools) and what JSON repeats is one
    token a phrase: prompts get five times shorter, and the model learns from the rest.
    """
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, pre_tokenizers, trainers
    from tokenizers import models as kinds

    bare = Tokenizer(kinds.BPE())
    bare.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORD_BREAKS), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    bare.decoder = decoders.ByteLevel()
    encoder = DialogueEncoder(_wrapped(bare))
    phrases = _phrases(dialogues, encoder)
    texts = ["".join(encoder.texts(dialogue)) for dialogue in dialogues]
    pattern = re.compile("|".join(map(re.escape, sorted(phrases, key=len, reverse=True))))
    trainer = trainers.BpeTrainer(
        vocab_size=PIECES,
        special_tokens=[START, END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bare.train_from_iterator([pattern.sub("\n", text) for text in texts], trainer)
    bare.add_tokens([AddedToken(phrase, normalized=False) for phrase in phrases])
    return _wrapped(bare)


def make_model(tokenizer: Any, width: int, layers: int, seed: int) -> Any:
    """Returns a model with random weights.

    Args:
        tokenizer: Its tokenizer.
        width: Size of the hidden states; a multiple of 64.
        layers: Number of layers.
        seed: Decides the weights.
    """
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    torch.manual_seed(seed)
    heads = width // 64
    return Qwen3ForCausalLM(
        Qwen3Config(
            vocab_size=-(-len(tokenizer) // 64) * 64, hidden_size=width,
            intermediate_size=3 * width, num_hidden_layers=layers,
            num_attention_heads=heads, num_key_value_heads=heads, head_dim=64,
            max_position_embeddings=CONTEXT, tie_word_embeddings=True,
            eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id,
            bos_token_id=None,
        )
    )  # fmt: skip


def _wrapped(bare: Any) -> Any:
    """Returns a tokenizer with its ends and its chat template."""
    from transformers import PreTrainedTokenizerFast

    kind: Any = PreTrainedTokenizerFast
    made = kind(tokenizer_object=bare, eos_token=END, pad_token=END, model_max_length=CONTEXT)
    made.chat_template = HERMES_TOOLS.read_text() + CHATML.read_text()
    return made


def _phrases(dialogues: Sequence[Dialogue], encoder: DialogueEncoder) -> list[str]:
    """Returns what is to be one token: common lines and sentences, and the joints of JSON.

    What a person wrote is never counted: it must be read word by word.
    """
    counts: Counter[str] = Counter()
    for dialogue in dialogues:
        prompt, _ = encoder.texts(dialogue)
        content = dialogue.reply["content"]
        told = json.loads(content).get("message", "") if dialogue.kind == "plan" else content
        sentences = SENTENCES.split(json.dumps(told, ensure_ascii=False)[1:-1])
        counts.update({*prompt.replace(dialogue.request, "").split("\n"), *sentences})
    least = max(3, COMMON * len(dialogues))
    common = [
        s for s, n in counts.items() if n >= least and len(s) >= LEAST_PHRASE and "<|" not in s
    ]
    return list(dict.fromkeys([*common, *_joints()]))


def _joints() -> Iterable[str]:
    """Yields the parts of plans and calls that are the same whatever is asked."""
    yield from ('{"outcome":"act","steps":[{"request":"', '"}}],"message":""}', '"}},{"request":"')
    yield from ('}}],"message":""}', '}},{"request":"', "<tool_call>", "</tool_call>")
    for outcome in ("needs_input", "refused", "chat"):
        yield f'{{"outcome":"{outcome}","steps":[],"message":"'
    for tool in all_tools().values():
        yield f'","tool":"{tool.name}","args":{{'
        yield f'{{"name": "{tool.name}", "arguments": {{'
        for name in arguments_schema(tool).get("properties", {}):
            yield from (f'"{name}":', f'"{name}": ', f',"{name}":', f', "{name}": ')

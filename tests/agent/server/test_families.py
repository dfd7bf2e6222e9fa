import json
from pathlib import Path
from typing import Any

import pytest

from agent.llm.server.families import FAMILIES, dialect_of, parsers_of
from models.errors import PrerequisiteError

# Each kind of model is recognised by words that its published chat template contains.
PUBLISHED = [
    ("qwen3", "{% if enable_thinking %}<think>{% endif %}<tool_call>", "hermes", "qwen3"),
    ("qwen3_moe", "<tool_call>", "hermes", None),
    ("qwen3_moe", "<tool_call>\n<function=", "qwen3_coder", None),
    ("qwen2", "<tool_call>", "hermes", None),
    ("llama", "{% if tools %} ipython <|python_tag|>", "llama3_json", None),
    ("mistral", "[AVAILABLE_TOOLS][TOOL_CALLS]", "mistral", None),
    ("mistral3", "[TOOL_CALLS][THINK]", "mistral", "mistral"),
    ("gpt_oss", "{% if tools %}<|channel|>analysis", "openai", "openai_gptoss"),
    ("gemma4", "{% if tools %}<|channel>thought", "gemma4", "gemma4"),
    ("phi3", "<|tool|>{{ tools }}<|/tool|>", "phi4_mini_json", None),
    ("olmo2", "{{ tools }}<tool_call>", "hermes", None),
]


def model_folder(folder: Path, kind: str, template: Any) -> Path:
    (folder / "config.json").write_text(json.dumps({"model_type": kind}))
    (folder / "tokenizer_config.json").write_text(json.dumps({"chat_template": template}))
    return folder


@pytest.mark.parametrize(("kind", "template", "tools", "thinking"), PUBLISHED)
def test_family_is_read_from_config_and_template(
    tmp_path: Path, kind: str, template: str, tools: str, thinking: str | None
) -> None:
    found = dialect_of(model_folder(tmp_path, kind, template))
    assert (found.tools, found.thinking, found.template) == (tools, thinking, None)


@pytest.mark.parametrize("kind", ["gemma3", "phi3", "never_seen"])
def test_template_without_tools_is_given_a_place_for_them(tmp_path: Path, kind: str) -> None:
    own = "{% for m in messages %}<turn>{{ m.role }}: {{ m.content }}\n{% endfor %}"
    found = dialect_of(model_folder(tmp_path, kind, own))
    assert found.tools == "hermes"
    assert "no place for tools" in found.reason
    assert found.template and found.template.endswith(own)
    said = rendered(found.template)
    assert said.index("<tools>") < said.index("Be brief.") < said.index("\n\nhi")
    assert '<tool_call>\n{"name": "look", "arguments": {"word": "x"}}\n</tool_call>' in said
    assert "<turn>user: <tool_response>\nfound\n</tool_response>" in said
    assert "system" not in said  # some templates know no such role


def test_model_without_any_template_is_served_with_chatml(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "gpt2"}')
    found = dialect_of(tmp_path)
    assert found.template and "<|im_start|>user\nYou may call" in rendered(found.template)


def test_template_for_tools_is_preferred_where_there_are_several(tmp_path: Path) -> None:
    named = [
        {"name": "default", "template": "plain"},
        {"name": "tool_use", "template": "<tool_call>"},
    ]
    assert dialect_of(model_folder(tmp_path, "qwen2", named)).template is None


def test_parser_that_this_vllm_lacks_is_not_chosen(tmp_path: Path) -> None:
    folder = model_folder(tmp_path, "qwen3_moe", "<tool_call>\n<function=")
    assert dialect_of(folder, {"hermes"}).tools == "hermes"


def test_folder_without_a_model_is_said(tmp_path: Path) -> None:
    with pytest.raises(PrerequisiteError, match="holds no model"):
        dialect_of(tmp_path)


@pytest.mark.slow
def test_every_parser_is_one_of_the_installed_vllm(vllm: Path) -> None:
    names = {f.tools for f in FAMILIES} | {f.thinking for f in FAMILIES if f.thinking}
    assert names | {"deepseek_r1"} <= parsers_of(vllm)


def rendered(template: str) -> str:
    """Renders a conversation with a tool call as vLLM does."""
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    call = {"function": {"name": "look", "arguments": {"word": "x"}}}
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(template).render(
        messages=[
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "hi"}]},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "content": "found"},
        ],
        tools=[{"type": "function", "function": {"name": "look"}}],
        add_generation_prompt=True,
    )

"""Which of vLLM's parsers and which chat template a model wants, from the files it comes with."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import PrerequisiteError

HERE = Path(__file__).parent
HERMES_TOOLS = HERE / "templates" / "hermes_tools.jinja"
"""Goes before a model's own chat template that has no place for tools."""

CHATML = HERE / "templates" / "chatml.jinja"
"""For models that come without any chat template."""

PARSER_NAME = re.compile(r'^ {4}"([\w.-]+)": \(', re.MULTILINE)


@dataclass(frozen=True)
class Family:
    """Models that write tool calls and thoughts in one way.

    Attributes:
        name: As people call it.
        mark: What its chat template contains where it has a place for tools.
        tools: vLLM's tool-call parser.
        thinking: vLLM's reasoning parser, where the template contains `thinks`.
        thinks: The mark of a template whose model thinks before it answers.
    """

    name: str
    types: tuple[str, ...]
    mark: str
    tools: str
    thinking: str | None = None
    thinks: str = "<think>"


QWEN3 = ("qwen3", "qwen3_moe", "qwen3_next", "qwen3_5", "qwen3_5_moe", "qwen3_vl")
LLAMA = ("llama", "mllama")
MISTRAL = ("mistral", "mistral3", "ministral3", "mixtral")

FAMILIES = (
    Family("Qwen3 (XML calls)", QWEN3, "<function=", "qwen3_coder", "qwen3"),
    Family("Qwen3", QWEN3, "<tool_call>", "hermes", "qwen3"),
    Family("Qwen2.5", ("qwen2", "qwen2_moe", "qwen2_5_vl"), "<tool_call>", "hermes", "deepseek_r1"),
    Family("Llama 4", ("llama4",), "tools", "llama4_pythonic"),
    Family("Llama 3", LLAMA, "ipython", "llama3_json"),
    Family("Mistral", MISTRAL, "[TOOL_CALLS]", "mistral", "mistral", "[THINK]"),
    Family("gpt-oss", ("gpt_oss",), "tools", "openai", "openai_gptoss", "<|channel|>"),
    Family("Gemma 4", ("gemma4", "gemma4_text"), "tools", "gemma4", "gemma4", "<|channel>"),
    Family("Phi-4-mini", ("phi3", "phi4mm", "phi"), "<|tool|>", "phi4_mini_json"),
    Family("Granite 4", ("granitemoehybrid",), "tools", "granite4"),
    Family("GLM 4.5", ("glm4_moe",), "<arg_key>", "glm45", "glm45"),
)
"""From the more to the less specific; a model belongs to the first whose type and mark it has."""


@dataclass(frozen=True)
class Dialect:
    """What vLLM is told about a model.

    Attributes:
        family: The family's name.
        tools: The tool-call parser.
        thinking: The reasoning parser, if the model thinks.
        template: The text of a chat template in place of the model's own.
        reason: Why so, in one sentence.
    """

    family: str
    tools: str
    thinking: str | None
    template: str | None
    reason: str


def dialect_of(model: Path, parsers: set[str] | None = None) -> Dialect:
    """Reads a model folder's config and chat template.

    Args:
        model: A folder in the Hugging Face form.
        parsers: Names that the installed vLLM has; None when they are not known.

    Raises:
        PrerequisiteError: The folder holds no model.
    """
    kind = model_type(model)
    template = chat_template(model)
    for family in FAMILIES:
        if kind in family.types and family.mark in template and _known(family.tools, parsers):
            thinking = family.thinking if family.thinks in template else None
            if not thinking or not _known(thinking, parsers):
                thinking = None
            reason = f"{kind} with {family.mark} in its chat template"
            return Dialect(family.name, family.tools, thinking, None, reason)
    thinking = "deepseek_r1" if "<think>" in template else None
    name = next((f.name for f in FAMILIES if kind in f.types), kind)
    if "<tool_call>" in template:
        return Dialect(name, "hermes", thinking, None, "its chat template writes Hermes tool calls")
    if not template:
        reason = "it comes without a chat template: ChatML with Hermes tool calls is used"
        return Dialect(name, "hermes", None, HERMES_TOOLS.read_text() + CHATML.read_text(), reason)
    reason = "its chat template has no place for tools: Hermes tool calls are put before it"
    return Dialect(name, "hermes", thinking, HERMES_TOOLS.read_text() + template, reason)


def model_type(model: Path) -> str:
    """Returns the `model_type` of a model folder's config.

    Raises:
        PrerequisiteError: There is no config that can be read.
    """
    try:
        return str(json.loads((model / "config.json").read_text())["model_type"])
    except (OSError, ValueError, KeyError) as error:
        message = f"{model} holds no model: its config.json is missing or names no model_type."
        raise PrerequisiteError(
            message, f"hf download ORGANISATION/MODEL --local-dir {model}"
        ) from error


def chat_template(model: Path) -> str:
    """Returns a model's own chat template, the one for tools where it has several; else ''."""
    alone = model / "chat_template.jinja"
    if alone.is_file():
        return alone.read_text()
    for name in ("chat_template.json", "tokenizer_config.json"):
        path = model / name
        found: Any = json.loads(path.read_text()).get("chat_template") if path.is_file() else None
        if isinstance(found, list):
            named = {item["name"]: item["template"] for item in found}
            found = named.get("tool_use", named.get("default"))
        if isinstance(found, str):
            return found
    return ""


def parsers_of(python: Path) -> set[str]:
    """Returns the tool-call and reasoning parsers of an installed vLLM, without importing it."""
    names: set[str] = set()
    for folder in python.parent.parent.glob("lib/python3*/site-packages/vllm"):
        for package in ("tool_parsers", "reasoning"):
            path = folder / package / "__init__.py"
            names.update(PARSER_NAME.findall(path.read_text()) if path.is_file() else [])
    return names


def _known(parser: str, parsers: set[str] | None) -> bool:
    return not parsers or parser in parsers

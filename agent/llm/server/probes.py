"""Looks whether a language model can do what the agent asks of it."""

import json
from collections.abc import Callable
from typing import Any

from langchain_core.exceptions import ModelInvalidRequestError
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage

from agent import prompts
from agent.llm.backends import connect, served_model, server_urls
from agent.llm.budget import CHARACTERS_PER_TOKEN, context_tokens
from agent.llm.schemas import call_schema
from agent.plan import Memory, Plan
from agent.planning import TOOLS_SHOWN
from agent.settings import Settings
from models.errors import PrerequisiteError
from tools.contract import SUMMARY_LIMIT
from tools.registry import all_tools

Check = Callable[[], str]

SERVE = "theriac llm serve MODEL"

ASKED = "Look up the word aspirin: call the function look_up."
FUNCTION: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "look_up",
        "description": "Looks a word up.",
        "parameters": {
            "type": "object",
            "properties": {"word": {"type": "string", "maxLength": 40}},
            "required": ["word"],
            "additionalProperties": False,
        },
        "strict": True,
    },
}
COLOUR: dict[str, Any] = {
    "title": "Colour",
    "type": "object",
    "properties": {"colour": {"enum": ["red", "green"]}},
    "required": ["colour"],
    "additionalProperties": False,
}
MARKS = {
    "<tool_call>\n<function=": "qwen3_coder",
    "<tool_call>": "hermes",
    "[TOOL_CALLS]": "mistral",
    "<|python_tag|>": "llama3_json",
    "functools[": "phi4_mini_json",
}
"""What a call looks like that the server's parser did not recognise, and whose it is."""


def checks(settings: Settings) -> dict[str, Check]:
    """Returns what there is to check of the setting `llm`: each tells what it found.

    A check raises PrerequisiteError with the command that mends what it found wrong.
    """
    found: dict[str, Check] = {"language model": lambda: reachable(settings)}
    if settings.llm == "embedded":
        return found
    try:
        model, name = connect(settings)
    except PrerequisiteError:
        return found
    if name != "embedded":
        found |= {
            "tool calls": lambda: tool_calls(model),
            "structured output": lambda: structured_output(model),
            "context length": lambda: context_length(model, settings),
        }
    return found


def reachable(settings: Settings) -> str:
    """Tells which model answers where.

    Raises:
        PrerequisiteError: One of the servers is silent.
    """
    if not settings.llm.startswith(("http://", "https://")):
        _, name = connect(settings)
        none = "the embedded planner (no server answers or none is named); it needs no GPU"
        return none if name == "embedded" else name
    served = {url: served_model(url, settings) for url in server_urls(settings)}
    silent = [url for url, model in served.items() if model is None]
    if silent:
        message = f"No language model answers at {', '.join(silent)}."
        raise PrerequisiteError(message, SERVE)
    return ", ".join(f"{model.name} at {url}" for url, model in served.items() if model)


def tool_calls(model: BaseChatModel) -> str:
    """Tells how the model calls tools.

    Raises:
        PrerequisiteError: Its calls are not recognised, or it makes none.
    """
    try:
        free = model.bind_tools([FUNCTION]).invoke(ASKED)
    except ModelInvalidRequestError as error:
        message = f"The server refuses tools: {_first_line(error)}"
        raise PrerequisiteError(
            message, f"{SERVE}  # or vLLM's --enable-auto-tool-choice --tool-call-parser NAME"
        ) from error
    if _called(free):
        return "the model calls a function, and the server's parser reads the call"
    parser = next((name for mark, name in MARKS.items() if mark in free.text), None)
    if parser:
        message = "The model makes calls that the server's parser does not recognise."
        raise PrerequisiteError(message, f"{SERVE} --tool-call-parser {parser}")
    held = model.bind_tools([FUNCTION], tool_choice="look_up").invoke(ASKED)
    if _called(held):
        return "the model makes a call when it is held to one, which the agent does"
    message = "The model makes no call; the agent then makes those that its planner proposes."
    raise PrerequisiteError(message, f"{SERVE}  # a model that was trained to call tools")


def structured_output(model: BaseChatModel) -> str:
    """Tells whether a reply keeps to a JSON schema.

    Raises:
        PrerequisiteError: It does not.
    """
    reply: object
    try:
        reply = model.with_structured_output(COLOUR).invoke("Name a colour, as JSON.")
    except (ModelInvalidRequestError, ValueError) as error:
        reply = _first_line(error)
    if isinstance(reply, dict) and reply.get("colour") in ("red", "green"):
        return "replies keep to a JSON schema"
    message = f"A reply that should keep to a JSON schema was {str(reply)[:80]!r}."
    raise PrerequisiteError(message, f"{SERVE}  # vLLM holds replies to their schema")


def context_length(model: BaseChatModel, settings: Settings) -> str:
    """Tells whether the longest of our prompts fits into the model's context.

    Raises:
        PrerequisiteError: It does not.
    """
    prompt = longest_prompt()
    room = context_tokens(model)
    if room is None:
        return f"not told by the server; about {prompt + settings.answer_tokens} tokens are needed"
    answer = int(getattr(model, "max_tokens", None) or settings.answer_tokens)
    context, needed = room + answer, prompt + answer
    if context < needed:
        message = f"{context} tokens; about {needed} are needed for prompt, tools and answer."
        raise PrerequisiteError(message, f"{SERVE} --context-length {needed}")
    return f"{context} tokens; about {needed} are needed"


def longest_prompt() -> int:
    """Returns about how many tokens the longest prompt of a turn has, without its history."""
    tools = sorted(all_tools().values(), key=lambda tool: -len(json.dumps(call_schema(tool))))
    shown = tools[:TOOLS_SHOWN]

    planning = len(prompts.planning_prompt(shown, Memory(), Plan(outcome="act")))
    stepping = len(prompts.ROLE + prompts.STEPPING + json.dumps(call_schema(shown[0])))
    return (max(planning, stepping) + 2 * SUMMARY_LIMIT) // CHARACTERS_PER_TOKEN


def _called(said: AIMessage) -> bool:
    return any(
        call["name"] == "look_up" and isinstance(call["args"].get("word"), str)
        for call in said.tool_calls
    )


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]

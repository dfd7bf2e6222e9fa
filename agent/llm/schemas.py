"""JSON schemas as a language model's server is given them: short, and complete in themselves."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from agent.plan import MAXIMUM_STEPS, Plan
from tools.registry import Tool

OURS = ("title", "role", "synonyms", "sensitive")
"""Keys of an argument that other parts of the program read and a server does not."""

BEYOND_GRAMMARS = (
    "multipleOf", "uniqueItems", "contains", "minContains", "maxContains", "propertyNames",
    "patternProperties", "unevaluatedProperties",
)  # fmt: skip
"""What no server can hold a reply to while it is written: some refuse the whole request for it."""


def call_schema(tool: Tool) -> dict[str, Any]:
    """Returns a tool in the form of the chat API; the server holds its arguments to the schema."""
    return {
        "type": "function",
        "function": {
            "name": tool.name,
            "description": tool.description,
            "parameters": arguments_schema(tool),
            "strict": True,
        },
    }


def plan_schema(tools: Sequence[Tool]) -> dict[str, Any]:
    """Returns the schema of a plan whose steps call these tools, each with its own arguments."""
    plan = _plan_form()
    steps = [
        {
            "type": "object",
            "properties": {
                "request": {"type": "string"},
                "tool": {"const": tool.name},
                "args": arguments_schema(tool),
            },
            "required": ["request", "tool", "args"],
            "additionalProperties": False,
        }
        for tool in tools
    ]
    listed = {"type": "array", "items": {"anyOf": steps}, "maxItems": MAXIMUM_STEPS}
    return plan | {
        "title": "Plan",
        "properties": plan["properties"] | {"steps": listed},
        "required": ["outcome", "steps", "message"],
        "additionalProperties": False,
    }


@cache
def arguments_schema(tool: Tool) -> dict[str, Any]:
    """Returns the schema of a tool's arguments as a server is given it; not to be changed."""
    return servable(tool.schema)


def servable(schema: dict[str, Any]) -> dict[str, Any]:
    """Returns a schema that a server can hold a reply to; it may allow more than the one given."""

    def reduced(part: Any, *, names: bool = False) -> Any:
        if isinstance(part, list):
            return [reduced(item) for item in part]
        if not isinstance(part, dict):
            return part
        dropped = set() if names else _beyond_grammars(part)
        return {
            key: reduced(value, names=key == "properties" and not names)
            for key, value in part.items()
            if key not in dropped
        }

    result: dict[str, Any] = reduced(lean(schema))
    return result


def _beyond_grammars(part: dict[str, Any]) -> set[str]:
    """Returns the keys of a schema that say more than a grammar can."""
    found = {key for key in BEYOND_GRAMMARS if key in part}
    if "patternProperties" in found:
        found.add("additionalProperties")
    if "pattern" in part or "format" in part:
        found |= {"minLength", "maxLength"}
    if len(part.get("allOf", ())) > 1:
        found.add("allOf")
    return found


def lean(schema: dict[str, Any]) -> dict[str, Any]:
    """Returns a schema without our own keys, and with what it refers to in place."""
    definitions = schema.get("$defs", {})

    def reduced(part: Any, *, names: bool = False) -> Any:
        if isinstance(part, list):
            return [reduced(item) for item in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part and not names:
            target = definitions[part["$ref"].rpartition("/")[2]]
            return reduced({**target, **{k: v for k, v in part.items() if k != "$ref"}})
        return {
            key: reduced(value, names=key == "properties" and not names)
            for key, value in part.items()
            if names or (key not in OURS and key != "$defs")
        }

    result: dict[str, Any] = reduced(schema)
    return result


@cache
def _plan_form() -> dict[str, Any]:
    return lean(Plan.model_json_schema())

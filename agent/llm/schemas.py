"""JSON schemas as a language model's server is given them: short, and complete in themselves."""

from collections.abc import Sequence
from typing import Any

from agent.plan import MAXIMUM_STEPS, Plan
from tools.registry import Tool

OURS = ("title", "role", "synonyms", "sensitive")
"""Keys of an argument that other parts of the program read and a server does not."""


def call_schema(tool: Tool) -> dict[str, Any]:
    """Returns a tool in the form of the chat API; the server holds its arguments to the schema."""
    return {
        "type": "function",
        "function": {
            "name": tool.name,
            "description": tool.description,
            "parameters": lean(tool.schema),
            "strict": True,
        },
    }


def plan_schema(tools: Sequence[Tool]) -> dict[str, Any]:
    """Returns the schema of a plan whose steps call these tools, each with its own arguments."""
    plan = lean(Plan.model_json_schema())
    steps = [
        {
            "type": "object",
            "properties": {
                "request": {"type": "string"},
                "tool": {"const": tool.name},
                "args": lean(tool.schema),
            },
            "required": ["request", "tool", "args"],
            "additionalProperties": False,
        }
        for tool in tools
    ]
    plan["properties"]["steps"] = {
        "type": "array", "items": {"anyOf": steps}, "maxItems": MAXIMUM_STEPS,
    }  # fmt: skip
    plan["required"] = ["outcome", "steps", "message"]
    plan["additionalProperties"] = False
    return plan | {"title": "Plan"}


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

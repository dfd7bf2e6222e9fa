"""Answers from tool results only: quoted sentences with citations, or the tool's own words."""

from typing import Any

from langchain_core.messages import ToolMessage

from tools.registry import all_tools

QUOTED_SENTENCES = 4


def write_answer(question: str, message: ToolMessage) -> str:
    """Returns the answer that a tool's result gives to a question."""
    artifact = message.artifact
    if message.status == "error" or not isinstance(artifact, dict):
        return message.text
    tool = all_tools()[str(message.name)]
    data = artifact["data"]
    if tool.name == "search_literature" and data.get("results"):
        return _quotations(data["results"])
    focused = tool.focus(question, data) if tool.focus else None
    return focused or message.text


def _quotations(results: list[dict[str, Any]]) -> str:
    lines = ["The library has this on the question, in its own words:"]
    for hit in results[:QUOTED_SENTENCES]:
        lines.append(f"- “{hit['quote']['text']}” [{hit['n']}]")
    if len(results) > QUOTED_SENTENCES:
        more = ", ".join(f"[{hit['n']}]" for hit in results[QUOTED_SENTENCES:])
        lines.append(f"See also {more}.")
    return "\n".join(lines)

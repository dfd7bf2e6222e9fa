"""Answers from tool results only: quoted sentences with citations, or the tool's own words."""

from typing import Any

from langchain_core.messages import ToolMessage

from tools.registry import all_tools

QUOTED = 4
"""Passages that an answer quotes."""

AS_RELEVANT = 0.7
"""Share of the best passage's score and similarity below which a passage is not quoted."""


def write_answer(question: str, message: ToolMessage) -> str:
    """Returns the answer that a tool's result gives to a question."""
    artifact = message.artifact
    if message.status == "error" or not isinstance(artifact, dict):
        return message.text
    tool = all_tools()[str(message.name)]
    data = artifact["data"]
    if tool.name == "search_literature" and data.get("results"):
        return _quotations(data["results"], close=data["close"])
    focused = tool.focus(question, data) if tool.focus else None
    return focused or message.text


def _quotations(results: list[dict[str, Any]], *, close: bool) -> str:
    """Quotes the passages that are about as relevant as the best one."""
    relevant = [hit for hit in results if _as_relevant(hit, results[0])][:QUOTED]
    lines = [f"- “{hit['quote']['text']}” [{hit['n']}]" for hit in relevant]
    if not close:
        return "\n".join(["Nothing in the library is close to this; the nearest it has:", *lines])
    if len(relevant) == 1:
        return f"The library answers with one study: {lines[0].removeprefix('- ')}"
    return "\n".join([f"The library has {len(relevant)} studies that bear on this:", *lines])


def _as_relevant(hit: dict[str, Any], best: dict[str, Any]) -> bool:
    near = (hit["similarity"] or 0.0) >= AS_RELEVANT * (best["similarity"] or 0.0)
    return hit is best or (near and hit["score"] >= AS_RELEVANT * best["score"])

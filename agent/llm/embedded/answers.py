"""Answers from tool results only: quoted sentences with citations, or the tool's own words."""

from typing import Any

from langchain_core.messages import ToolMessage

from tools.registry import all_tools

FAR = 4
"""Passages that are quoted where none is close to the question."""

GROUPS: dict[str, dict[str, str]] = {
    "yes": {"yes": "What supports this:", "no": "Against this:", "maybe": "Neither way clearly:"},
    "no": {"no": "What supports this:", "yes": "Against this:", "maybe": "Neither way clearly:"},
    "maybe": {"yes": "For yes:", "no": "For no:", "maybe": "Neither way clearly:"},
}
"""By what the studies lean to together: the headings of those that lean each way, in order."""


def write_answer(question: str, message: ToolMessage) -> str:
    """Returns the answer that a tool's result gives to a question."""
    artifact = message.artifact
    if message.status == "error" or not isinstance(artifact, dict):
        return message.text
    tool = all_tools()[str(message.name)]
    data = artifact["data"]
    if tool.name == "search_literature" and data.get("results"):
        return _from_literature(data)
    focused = tool.focus(question, data) if tool.focus else None
    return focused or message.text


def _from_literature(data: dict[str, Any]) -> str:
    """Quotes the articles that bear on the question: first the leaning, where it has one."""
    results = data["results"]
    if not data["close"]:
        lines = [_line(hit) for hit in results[:FAR]]
        return "\n".join(["Nothing in the library is close to this; the nearest it has:", *lines])
    bearing = [hit for hit in results if hit["bears"]]
    if "leaning" in data:
        return _balanced(data["leaning"], bearing)
    sound = [hit for hit in bearing if not hit["retracted"]]
    withdrawn = [hit for hit in bearing if hit["retracted"]]
    if len(sound) == 1 and not withdrawn:
        return f"The library answers with one study: {_line(sound[0]).removeprefix('- ')}"
    opening = f"The library has {len(sound)} studies that bear on this:" if sound else ""
    return "\n".join(filter(None, [opening, *map(_line, sound), *_retracted(withdrawn)]))


def _balanced(leaning: dict[str, Any], bearing: list[dict[str, Any]]) -> str:
    """Begins with the plain word, then says who leans how, then quotes both sides."""
    said = leaning["answer"]
    counts = {name: count for name, count in leaning["studies"].items() if count}
    if leaning["counted"] == 1:
        ways = "the one study that bears on this leans this way"
    else:
        each = ", ".join(f"{count} {name}" for name, count in counts.items())
        ways = f"of {leaning['counted']} studies that bear on this, {each}"
    lines = [f"{said.capitalize()}: {ways}. This is {leaning['by']}."]
    if leaning["counted"] == len(bearing) == 1:
        return "\n".join([*lines, *map(_line, bearing)])
    for name, heading in GROUPS[said].items():
        hits = [hit for hit in bearing if hit["leaning"] == name]
        lines += [heading, *map(_line, hits)] if hits else []
    return "\n".join([*lines, *_retracted([hit for hit in bearing if hit["retracted"]])])


def _retracted(hits: list[dict[str, Any]]) -> list[str]:
    return ["Retracted, so not counted:", *map(_line, hits)] if hits else []


def _line(hit: dict[str, Any]) -> str:
    """Returns an article's sentences that answer, in their order, with its number."""
    quoted = " … ".join(f"“{quote['text']}”" for quote in hit["quotes"])
    return f"- {quoted} [{hit['n']}]"

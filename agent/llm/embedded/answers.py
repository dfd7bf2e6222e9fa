"""Answers from tool results only: quoted sentences with citations, or the tool's own words."""

import re
from typing import Any

from langchain_core.messages import ToolMessage

from tools.registry import all_tools

SURE = 0.8
"""Probability from which a yes or no stands without a word of doubt."""

PERSON = re.compile(
    r"\bmy (?:\S+ )?(?:mother|father|mum|mom|dad|wife|husband|son|daughter|child|baby|patient"
    r"|grandmother|grandfather)\b|\b(?:can|should|may) I\b",
    re.IGNORECASE,
)
OWN_DATA = re.compile(
    r"\b(?:adjust(?:ing|ed) for|hazard ratio (?:of|for)|odds ratio (?:of|for)|p[- ]value|column"
    r"|coefficient|(?:is|are) \w+ significant)\b",
    re.IGNORECASE,
)
NO_DATA = "If this is about data of your own, name the file; articles do not answer that."
WARNING = "This is what studies found and no advice for a person: that is for their physician."
GROUPS = {
    "yes": "Studies that say yes:", "no": "Studies that say no:",
    "unclear": "Studies that do not say clearly:",
}  # fmt: skip
LONGEST_LIST = 3
"""Words that are named as missing from the nearest article."""


def write_answer(question: str, message: ToolMessage) -> str:
    """Returns the answer that a tool's result gives to a question."""
    artifact = message.artifact
    if message.status == "error" or not isinstance(artifact, dict):
        return message.text
    tool = all_tools()[str(message.name)]
    data = artifact["data"]
    if tool.name == "search_literature" and data.get("results"):
        said = _from_literature(data)
        if not data["close"] and OWN_DATA.search(question):
            said = f"{said}\n{NO_DATA}"
        return f"{said}\n{WARNING}" if PERSON.search(question) else said
    focused = tool.focus(question, data) if tool.focus else None
    return focused or message.text


def _from_literature(data: dict[str, Any]) -> str:
    """Says what the articles that bear answer together, then quotes them one by one."""
    results = data["results"]
    bearing = [hit for hit in results if hit["bears"]]
    if not bearing:
        return _nothing(results[0])
    sound = [hit for hit in bearing if not hit["retracted"]]
    withdrawn = [hit for hit in bearing if hit["retracted"]]
    verdict = data.get("verdict")
    if verdict and verdict.get("of") == "retraction":
        return _retraction(verdict["answer"], withdrawn or sound)
    if verdict and sound:
        return "\n".join([*_judged(verdict, sound), *_retracted(withdrawn)])
    if len(sound) == 1 and not withdrawn:
        return f"The library answers with one study: {_line(sound[0]).removeprefix('- ')}"
    opening = f"The library has {len(sound)} studies that bear on this:" if sound else ""
    return "\n".join(filter(None, [opening, *map(_line, sound), *_retracted(withdrawn)]))


def _nothing(nearest: dict[str, Any]) -> str:
    """Says that nothing answers, and in one line what is nearest and why it is not enough."""
    said = "Nothing in the library answers this."
    missing = nearest.get("missing", [])[:LONGEST_LIST]
    title = (nearest["title"] or "an untitled article").rstrip(".")
    lacks = f"does not speak of: {', '.join(missing)}" if missing else "reports no finding on it"
    return f"{said}\nThe nearest article ({title}) {lacks}."


def _judged(verdict: dict[str, Any], sound: list[dict[str, Any]]) -> list[str]:
    """Begins with the plain word and its doubt, then shows which studies say what."""
    counts = {name: count for name, count in verdict["studies"].items() if count}
    each = ", ".join(f"{count} {name}" for name, count in counts.items())
    ways = "by the one study that bears on this" if len(sound) == 1 else f"studies: {each}"
    lines = [f"{_headline(verdict)} ({ways}). No language model reasoned about it."]
    if len(sound) == 1:
        return [*lines, _line(sound[0])]
    for name, heading in GROUPS.items():
        hits = [hit for hit in sound if hit.get("answer") == name]
        lines += [heading, *map(_line, hits)] if hits else []
    return lines


def _headline(verdict: dict[str, Any]) -> str:
    answer = verdict["answer"]
    if answer == "mixed":
        return "Mixed: the studies contradict each other"
    if answer not in ("yes", "no"):
        return "Unclear: what bears on this says neither yes nor no plainly"
    return answer.capitalize() if verdict["probability"] >= SURE else f"Probably {answer}"


def _retraction(answer: str, hits: list[dict[str, Any]]) -> str:
    if answer == "yes":
        return "\n".join(["Yes: the library's record is marked as retracted.", *map(_line, hits)])
    said = "No retraction is recorded in the library; a later notice would not be seen here."
    return "\n".join([said, *map(_line, hits)])


def _retracted(hits: list[dict[str, Any]]) -> list[str]:
    return ["Retracted, so not counted:", *map(_line, hits)] if hits else []


def _line(hit: dict[str, Any]) -> str:
    """Returns an article's sentences that answer, in their order, with what study it is."""
    finding = hit.get("finding")
    spans = [finding] if finding else hit["quotes"]
    quoted = " … ".join(f"“{quote['text']}”" for quote in spans)
    size = f"n = {hit['size']}" if hit.get("size") else ""
    facts = [hit.get("design") or "", size, str(hit["year"] or "")]
    study = ", ".join(filter(None, facts))
    return f"- {quoted} [{hit['n']}]" + (f" ({study})" if study else "")

"""The model card of a tuned language model."""

from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from agent.llm.tuning.learning.measure import Figures

NAMES = {
    "right_tool": "right tool, question or refusal",
    "right_tool_and_arguments": "right arguments too",
    "declined_rightly": "declined rightly",
    "requests": "requests",
    "dialogues": "dialogues",
}


def write_card(
    name: str,
    origin: str,
    kinds: Mapping[str, int],
    training: Mapping[str, Any],
    figures: Mapping[str, tuple[Figures | None, Figures | None]],
) -> str:
    """Returns the card in Markdown.

    Args:
        name: The folder's name.
        origin: What the model was before.
        kinds: Dialogues by kind.
        training: How it was trained.
        figures: Figures before and after by what they were measured on; None where not measured.
    """
    lines = [
        f"# {name}",
        f"A language model that plans and calls tools for Theriac: {origin}. It was trained on "
        "dialogues that were generated from the registered tools: their schemas, their example "
        "requests with exchanged values, and real results of the tools.",
        "## Intended use",
        f"`theriac llm serve {name}`, then `theriac ask --llm URL`. Plans, calls and answers are "
        "checked by the agent as those of any other model.",
        "## Not for",
        "- Questions outside Theriac's tools.\n- Medical advice: numbers come from the tools and "
        "statements from cited passages, never from this model's memory.",
        "## Data",
        f"{sum(kinds.values())} generated dialogues ("
        + ", ".join(f"{number} {kind}" for kind, number in kinds.items())
        + "). One example request in ten is held out with all its words. No request of an eval is "
        "trained on. Arguments are labelled by the embedded planner's grammar with the tool known, "
        "so its mistakes are among the labels.",
        "## Training",
        "\n".join(f"- {key}: {value}" for key, value in training.items())
        + f"\n- torch {version('torch')}, transformers {version('transformers')}",
        "## Figures",
        *[_table(what, *pair) for what, pair in figures.items()],
    ]
    if not figures:
        lines.append("Nothing was measured.")
    return "\n\n".join(lines) + "\n"


def _table(what: str, before: Figures | None, after: Figures | None) -> str:
    rows = [f"On {what}:", "", "| figure | before | after |", "|---|---|---|"]
    for key, title in NAMES.items():
        shown = [figures[key] if figures and key in figures else "-" for figures in (before, after)]
        if shown != ["-", "-"]:
            rows.append(f"| {title} | {shown[0]} | {shown[1]} |")
    return "\n".join(rows)


def as_rows(options: Any) -> dict[str, Any]:
    """Returns a dataclass's fields that are set, by name."""
    return {key: value for key, value in asdict(options).items() if value is not None}

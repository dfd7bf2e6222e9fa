"""The tool `describe_model`."""

import re
from typing import Any

from pydantic import Field

from models.store.registry import ModelStore
from tools.contract import SUMMARY_LIMIT, Artifact, ToolArguments, ToolContext, ToolResult
from tools.images.output.held_out import PICTURE, held_out_folder, worst_cases
from tools.registry import tool

WORST = re.compile(
    r"\b(?:worst|hardest|poorest|mistakes?|errors?|wrong(?:ly)?|mis-?classif\w*|confus\w+|fail\w*|"
    r"missed)\b", re.I,
)  # fmt: skip
"""Asks for the images that a model did worst on."""

SHOWN_WORST = 3
SHOWN_PROTEINS = 10


def focus(question: str, data: dict[str, Any]) -> str | None:
    """Answers which held-out images a model did worst on; None where that is not asked."""
    if not data["worst"] or not WORST.search(question):
        return None
    return f"The held-out images that {data['model']} did worst on: {'; '.join(data['worst'])}."


class Arguments(ToolArguments):
    """Which model."""

    model: str = Field(
        description="The model's short name, such as srv-1.", json_schema_extra={"role": "model"}
    )


@tool(heavy=False, computes=False, focus=focus)
def describe_model(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Tell how a trained model was made, how good it is on held-out data, and what it is not for.

    When to use: the person asks for a model's card, performance, inputs, data or limits, or which
    held-out images it got wrong. When not: for which inputs drive its predictions (explain_model),
    or to list models (list_models).
    """
    store = ModelStore(context.workspace)
    manifest = store.manifest(arguments.model)
    card = store.folder(arguments.model) / "card.md"
    sentences = [
        f"{manifest['name']} is a {manifest['kind']} model ({manifest['algorithm']}), trained on "
        f"{manifest['dataset']} on {manifest['created'][:10]}.",
        f"On held-out data: {_figures(manifest['metrics'])}.",
        f"The trivial model there: {_figures(manifest['baseline'])}.",
        _inputs(manifest),
    ]
    worst = worst_cases(manifest, context.workspace)
    if worst:
        sentences.append(f"Worst of the held-out images: {'; '.join(worst[:SHOWN_WORST])}.")
    data = {key: value for key, value in manifest.items() if key != "versions"}
    artifacts = [Artifact(kind="card", path=str(card))]
    folder = held_out_folder(manifest, context.workspace)
    if folder and (folder / PICTURE).exists():
        artifacts.append(Artifact(kind="picture", path=str(folder / PICTURE)))
    return ToolResult(
        summary=_within("\n".join(sentences)),
        data=data | {"model": manifest["name"], "card": card.read_text(), "worst": worst},
        artifacts=artifacts,
    )


def _inputs(manifest: dict[str, Any]) -> str:
    """Names the columns of a model on tables; says what a model on images tells of them."""
    inputs = [feature["name"] for feature in manifest["features"]["features"]]
    if inputs:
        return f"Inputs ({len(inputs)}): {', '.join(inputs)}"
    if manifest["kind"] == "affinity_model":
        known = list(manifest["proteins"])
        more = f" and {len(known) - SHOWN_PROTEINS} more" if len(known) > SHOWN_PROTEINS else ""
        listed = ", ".join(known[:SHOWN_PROTEINS]) or "none"
        return f"It reads pairs of SMILES and proteins; known by name are {listed}{more}."
    if manifest["kind"] == "property_model":
        return f"It reads molecules (SMILES) and predicts {manifest['target']['target_column']}."
    told = [value for value in manifest["target"].values() if value]
    words = [", ".join(value) if isinstance(value, list) else str(value) for value in told]
    return f"It works on images: {'; '.join(words)}."


def _figures(metrics: dict[str, dict[str, Any]]) -> str:
    return ", ".join(
        f"{name} {m['value']:.3f}"
        + (f" (95% CI {m['low']:.3f}–{m['high']:.3f})" if m.get("low") is not None else "")
        for name, m in metrics.items()
        if m.get("value") is not None
    )


def _within(text: str) -> str:
    return (
        text if len(text) <= SUMMARY_LIMIT else text[: SUMMARY_LIMIT - 2].rsplit(",", 1)[0] + " …"
    )

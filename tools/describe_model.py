"""The tool `describe_model`."""

from typing import Any

from pydantic import Field

from models.registry import ModelStore
from tools.contract import SUMMARY_LIMIT, Artifact, ToolArguments, ToolContext, ToolResult
from tools.registry import tool


class Arguments(ToolArguments):
    """Which model."""

    model: str = Field(
        description="The model's short name, such as srv-1.", json_schema_extra={"role": "model"}
    )


@tool(heavy=False, computes=False)
def describe_model(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Tell how a trained model was made, how good it is on held-out data, and what it is not for.

    When to use: the person asks for a model's card, performance, inputs, data or limits. When not:
    for which inputs drive its predictions (explain_model), or to list models (list_models).
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
    data = {key: value for key, value in manifest.items() if key != "versions"}
    return ToolResult(
        summary=_within("\n".join(sentences)),
        data=data | {"model": manifest["name"], "card": card.read_text()},
        artifacts=[Artifact(kind="card", path=str(card))],
    )


def _inputs(manifest: dict[str, Any]) -> str:
    """Names the columns of a model on tables; says what a model on images tells of them."""
    inputs = [feature["name"] for feature in manifest["features"]["features"]]
    if inputs:
        return f"Inputs ({len(inputs)}): {', '.join(inputs)}"
    if manifest["kind"] == "affinity_model":
        return f"It reads pairs of SMILES and proteins ({len(manifest['proteins'])} known by name)."
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

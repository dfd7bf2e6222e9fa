"""The tool `list_models`."""

from typing import Any

from models.store.registry import ModelStore
from tools.contract import SUMMARY_LIMIT, ToolArguments, ToolContext, ToolResult
from tools.registry import tool

SHOWN_METRICS = 3


class Arguments(ToolArguments):
    """No arguments."""


@tool(heavy=False, computes=False)
def list_models(arguments: Arguments, context: ToolContext) -> ToolResult:
    """List the models that were trained in this workspace, newest first.

    When to use: the person asks which models exist, what was trained so far, or needs a model's
    name. When not: for how good or how made one model is (describe_model), or to predict (predict).
    """
    found = [_row(manifest) for manifest in ModelStore(context.workspace).all()]
    if not found:
        summary = "No model has been trained in this workspace yet."
        return ToolResult(summary=summary, data={"models": []})
    lines = [f"There {'is 1 model' if len(found) == 1 else f'are {len(found)} models'}:"]
    for row in found:
        known = {name: value for name, value in row["metrics"].items() if value is not None}
        figures = ", ".join(f"{name} {value:.3f}" for name, value in known.items())
        line = (
            f"- {row['model']}: {row['kind']}, {row['algorithm']} on {row['dataset']} ({figures})"
        )
        if sum(map(len, lines)) + len(line) > SUMMARY_LIMIT - 60:
            lines.append(f"- and {len(found) - len(lines) + 1} older ones.")
            break
        lines.append(line)
    return ToolResult(summary="\n".join(lines), data={"models": found})


def _row(manifest: dict[str, Any]) -> dict[str, Any]:
    metrics = list(manifest["metrics"].items())[:SHOWN_METRICS]
    return {
        "model": manifest["name"], "kind": manifest["kind"], "algorithm": manifest["algorithm"],
        "dataset": manifest["dataset"], "created": manifest["created"],
        "metrics": {name: figure["value"] for name, figure in metrics},
    }  # fmt: skip

"""Model cards in Markdown."""

from collections.abc import Mapping, Sequence
from typing import Any

from models.metrics.intervals import Interval, show_interval


def model_card(
    manifest: Mapping[str, Any],
    *,
    intended_use: str,
    not_for: Sequence[str],
    calibration: str,
    limits: Sequence[str],
    sections: Mapping[str, str] | None = None,
) -> str:
    """Writes the card of a model.

    Args:
        manifest: kind, algorithm, dataset, target, features, metrics, baseline, split, run, seed.
        intended_use: What the model is for.
        not_for: What it must not be used for.
        calibration: How far its numbers can be taken at their word.
        limits: Warnings and notes from training.
        sections: Further sections by heading, in Markdown.

    Returns:
        Markdown; `{name}` stands for the model's name, which the registry fills in.
    """
    target = ", ".join(str(value) for value in manifest["target"].values() if value)
    parts = [
        "# {name}",
        f"A {manifest['kind']} model ({manifest['algorithm']}) of {target}, trained by Theriac "
        f"in {manifest['run']}.",
        "## Intended use",
        intended_use,
        "## Not for",
        _bullets(not_for),
        "## Data",
        _data(manifest),
        "## Metrics on held-out rows",
        metric_table(manifest["metrics"], manifest["baseline"]),
        "## Calibration",
        calibration,
    ]
    for heading, text in (sections or {}).items():
        parts += [f"## {heading}", text]
    parts += ["## Limits", _bullets(limits or ["No warnings were raised in training."])]
    parts += ["## Features", _features(manifest["features"]["features"])]
    return "\n\n".join(parts) + "\n"


def metric_table(
    metrics: Mapping[str, Interval], baseline: Mapping[str, Interval], digits: int = 3
) -> str:
    """Returns metrics beside the baseline's, as a Markdown table."""
    rows = ["| metric | model | baseline |", "|---|---|---|"]
    for name, interval in metrics.items():
        beside = show_interval(baseline[name], digits) if name in baseline else "-"
        rows.append(f"| {name} | {show_interval(interval, digits)} | {beside} |")
    return "\n".join(rows)


def _data(manifest: Mapping[str, Any]) -> str:
    split = manifest["split"]
    return _bullets(
        [
            f"Dataset: {manifest['dataset']} (SHA-256 {manifest['data_sha256']})",
            f"Rows: {split['train']} to train, {split['test']} held out ({split['method']})",
            f"Seed: {manifest['seed']}",
        ]
    )


def _features(features: Sequence[Mapping[str, Any]]) -> str:
    rows = ["| feature | type | values seen | assumed when not given | missing |",
            "|---|---|---|---|---|"]  # fmt: skip
    for feature in features:
        seen = (
            f"{feature['low']:g} to {feature['high']:g}"
            if feature["type"] == "numeric"
            else ", ".join(feature["levels"])
        )
        assumed = feature["assumed"]
        if feature["type"] == "boolean":
            assumed = feature["levels"][int(assumed)]
        shown = f"{assumed:g}" if isinstance(assumed, float) else assumed
        cells = [feature["name"], feature["type"], seen, shown, f"{feature['missing']:.0%}"]
        rows.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)

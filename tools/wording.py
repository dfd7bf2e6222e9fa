"""Sentences and figures as summaries have them."""

from typing import Any

from tools.contract import SUMMARY_LIMIT


def within_limit(sentences: list[str]) -> str:
    """Joins sentences into a summary; the last that do not fit are cut short."""
    text = " ".join(filter(None, sentences))
    if len(text) <= SUMMARY_LIMIT:
        return text
    return text[: SUMMARY_LIMIT - 2].rsplit(" ", 1)[0] + " …"


def figures(metrics: Any, names: list[str], *, intervals: bool = True) -> str:
    """Returns metrics in words, each with its confidence interval unless told otherwise."""
    from models.metrics.intervals import show_interval

    shown = []
    for name in names:
        interval = metrics[name]
        if not intervals and interval["value"] is not None:
            shown.append(f"{name} {interval['value']:.3f}")
        else:
            shown.append(f"{name} {show_interval(interval)}")
    return ", ".join(shown)

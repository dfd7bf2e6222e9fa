"""Pictures of a survival model: curves by predicted risk, calibration, predicted curves."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from models.metrics.follow_up import FollowUp
from models.metrics.kaplan_meier import FloatArray, KaplanMeier, log_rank_p_value
from models.metrics.plots import BLUE, GREY, RED, new_figure, save_figure
from models.metrics.survival_calibration import CalibrationGroup, risk_groups

RISK_NAMES = {1: ("all",), 2: ("lower risk", "higher risk"),
              3: ("low risk", "medium risk", "high risk")}  # fmt: skip
COLOURS = (BLUE, "#d98e04", RED)
MOST_CURVES = 12


def risk_group_plot(outcome: FollowUp, log_risk: FloatArray, unit: str, path: Path) -> float | None:
    """Draws Kaplan-Meier curves by tertile of predicted risk, with numbers at risk.

    Args:
        outcome: Follow-up of the n held-out rows.
        log_risk: Their predicted risk, shape (n,).
        unit: Of the follow-up time.
        path: Where to write the PNG.

    Returns:
        The log-rank p value between the groups; None where there is but one, or no event.
    """
    group = risk_groups(log_risk, 3)
    names = RISK_NAMES[int(group.max()) + 1]
    figure = new_figure(size=(6.0, 5.0))
    axes = figure.axes[0]
    ticks = _ticks(outcome.time)
    for number, name in enumerate(names):
        rows = outcome[group == number]
        _step(axes, KaplanMeier.fit(rows.time, rows.event), rows.time.max(), name, COLOURS[number])
        _at_risk(axes, ticks, rows.time, -0.24 - 0.055 * number, COLOURS[number])
    p_value = log_rank_p_value(outcome.time, outcome.event, group)
    shown = "p < 0.001" if p_value < 0.001 else f"p = {p_value:.3f}"
    axes.set(title=f"Held-out rows by predicted risk (log-rank {shown})", ylim=(0, 1.02))
    axes.set(xlabel=f"time ({unit})", ylabel="event-free", xticks=ticks)
    axes.legend(fontsize=8)
    axes.text(0, -0.185, "at risk", transform=axes.get_xaxis_transform(), fontsize=8, ha="center")
    save_figure(figure, path)
    return p_value if np.isfinite(p_value) else None


def calibration_plot(
    groups: Sequence[CalibrationGroup], time: float, unit: str, path: Path
) -> None:
    """Draws observed against predicted survival at one time, by predicted risk."""
    figure = new_figure()
    axes = figure.axes[0]
    predicted = np.array([group.predicted for group in groups])
    observed = np.array([group.observed for group in groups])
    below = observed - np.array([group.low for group in groups])
    above = np.array([group.high for group in groups]) - observed
    axes.errorbar(
        predicted, observed, np.maximum([below, above], 0), marker="o", color=BLUE, capsize=3
    )
    axes.plot([0, 1], [0, 1], linestyle=":", color="black", linewidth=1)
    axes.set(
        title=f"Calibration at {time:g} {unit}, held-out rows",
        xlabel="predicted event-free",
        ylabel="observed event-free (Kaplan-Meier, 95% CI)",
        xlim=(-0.02, 1.02),
        ylim=(-0.02, 1.02),
    )
    save_figure(figure, path)


def curves_plot(times: FloatArray, survival: FloatArray, names: Sequence[str], unit: str,
                path: Path) -> None:  # fmt: skip
    """Draws the predicted survival curves of up to a dozen rows, shape (n, t)."""
    figure = new_figure(size=(6.0, 4.2))
    axes = figure.axes[0]
    for name, curve in list(zip(names, survival, strict=True))[:MOST_CURVES]:
        axes.step(times, curve, where="post", label=name)
    axes.axhline(0.5, linestyle=":", color=GREY, linewidth=1)
    axes.set(title="Predicted survival", xlabel=f"time ({unit})", ylabel="event-free")
    axes.set(ylim=(0, 1.02))
    axes.legend(fontsize=8)
    save_figure(figure, path)


def _step(axes: Axes, curve: KaplanMeier, end: float, name: str, colour: str) -> None:
    """Draws one Kaplan-Meier curve with its 95% band."""
    times = np.concatenate([[0.0], curve.times, [end]])
    low, high = curve.interval_at(times)
    axes.step(times, curve.at(times), where="post", color=colour, label=name)
    axes.fill_between(times, low, high, step="post", color=colour, alpha=0.12, linewidth=0)


def _at_risk(axes: Axes, ticks: FloatArray, time: FloatArray, height: float, colour: str) -> None:
    """Writes under each tick how many are still at risk."""
    for tick in ticks:
        axes.text(
            tick,
            height,
            str(np.count_nonzero(time >= tick)),
            transform=axes.get_xaxis_transform(),
            color=colour,
            fontsize=8,
            ha="center",
        )


def _ticks(time: FloatArray) -> FloatArray:
    """Returns five round times from 0 over the follow-up."""
    step = time.max() / 4
    size = 10.0 ** np.floor(np.log10(step))
    ticks: FloatArray = np.arange(5) * size * max(np.floor(step / size), 1.0)
    return ticks

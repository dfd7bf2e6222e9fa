"""The product's loop beside bare ones, by turns, so that a busy moment of the machine meets all."""

import statistics
from collections.abc import Callable, Mapping
from functools import partial

BARE, HALVED, OURS = "bare loop", "bare loop in bfloat16", "Theriac"
Way = Callable[[], float]
"""Does the work once; returns its speed."""


def loops(bare: Callable[..., float], ours: Way) -> dict[str, Way]:
    """Returns the ways by name.

    Args:
        bare: Takes `halved`, whether it computes in bfloat16; it does where the machine is faster
            in it, as ours then does.
        ours: The product's.
    """
    from models.fitting.hardware import has_fast_bfloat16

    found: dict[str, Way] = {BARE: partial(bare, halved=False)}
    if has_fast_bfloat16():
        found[HALVED] = partial(bare, halved=True)
    return found | {OURS: ours}


def compared(
    what: str, ways: Mapping[str, Way], turns: int
) -> tuple[list[list[str | float]], dict[str, float]]:
    """Goes each way in each turn.

    Returns:
        A row for each way (what, its name, its median speed, the median of our speed to its), and
        the ratios to the others, as figures.
    """
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(turns):
        for name, way in ways.items():
            speeds[name].append(way())
    ratios = {
        name: round(statistics.median(o / b for o, b in zip(speeds[OURS], found, strict=True)), 3)
        for name, found in speeds.items()
    }
    rows: list[list[str | float]] = [
        [what, name, round(statistics.median(found), 3), ratios[name]]
        for name, found in speeds.items()
    ]
    return rows, {f"{what}, to the {name}": ratios[name] for name in ratios if name != OURS}

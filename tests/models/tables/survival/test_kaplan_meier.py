"""Golden numbers: 6-mercaptopurine against placebo (Freireich et al. 1963, as in Gehan 1965)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.metrics.kaplan_meier import KaplanMeier, log_rank_p_value

TREATED = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
TIME = np.array(TREATED + PLACEBO, float)
EVENT = np.array(RELAPSED + [1] * 21, bool)
ON_PLACEBO = np.repeat([0.0, 1.0], 21)


def test_published_curve() -> None:
    curve = KaplanMeier.fit(TREATED, RELAPSED)
    published = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert curve.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.survival == pytest.approx(published, abs=5e-4)
    assert curve.median() == 23
    assert curve.at([0, 6, 8, 100]) == pytest.approx([1, 0.857, 0.807, 0.448], abs=5e-4)


def test_published_log_rank() -> None:
    # chi-squared 16.79 with one degree of freedom (Klein & Moeschberger 2003, section 7.3)
    assert log_rank_p_value(TIME, EVENT, ON_PLACEBO) == pytest.approx(4.17e-5, rel=0.01)


def test_interval_contains_the_estimate() -> None:
    curve = KaplanMeier.fit(TIME, EVENT)
    low, high = curve.interval_at(curve.times)
    assert (low <= curve.survival).all()
    assert (high >= curve.survival).all()
    assert low[0] > 0.5


def test_median_is_not_reached_without_enough_events() -> None:
    assert KaplanMeier.fit([1, 2, 3, 4], [1, 0, 0, 0]).median() is None


def test_log_rank_needs_two_groups() -> None:
    assert np.isnan(log_rank_p_value([1, 2], [1, 1], [0, 0]))


def test_censoring_curve_lets_events_leave_first() -> None:
    # at time 1 one of two subjects has the event, so the other is alone when censored
    assert KaplanMeier.fit_censoring([1, 1], [1, 0]).at([1]) == pytest.approx([0.0])


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=40))
def test_curve_falls_within_zero_and_one(rows: list[tuple[int, bool]]) -> None:
    time, event = zip(*rows, strict=True)
    survival = KaplanMeier.fit(time, event).at(np.arange(22))
    assert ((survival >= 0) & (survival <= 1)).all()
    assert (np.diff(survival) <= 0).all()

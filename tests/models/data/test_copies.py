"""Copies of rows, and people who are alike by chance."""

import numpy as np
import pandas as pd
import pytest

from models.data.copies import copied, held_out_too


def people(rows: int, seed: int, *, measured: bool = False) -> pd.DataFrame:
    """Makes people of a few categories that depend on each other, perhaps with a measurement."""
    rng = np.random.default_rng(seed)
    severe = rng.random(rows) < 0.4
    frame = pd.DataFrame(
        {
            "sex": rng.choice(["m", "f"], rows),
            "grade": np.where(severe, "III", rng.choice(["I", "II"], rows)),
            "week": np.where(severe, rng.integers(1, 20, rows), 52),
            "event": severe.astype(int),
        }
    )
    return frame.assign(crp=rng.normal(size=rows)) if measured else frame


@pytest.mark.parametrize("rows", [60, 300, 2000])
@pytest.mark.parametrize("seed", range(3))
def test_people_who_are_alike_by_chance_are_no_copies(rows: int, seed: int) -> None:
    frame = people(rows, seed)
    copies, alike = copied(frame)
    assert not copies.any()
    assert alike == frame.duplicated().sum() > 0


@pytest.mark.parametrize("seed", range(3))
def test_a_table_of_categories_that_was_appended_to_itself_is_found(seed: int) -> None:
    frame = people(300, seed).assign(age=np.random.default_rng(seed).integers(30, 80, 300))
    copies, alike = copied(pd.concat([frame, frame], ignore_index=True))
    assert alike == 0
    assert copies.iloc[300:].all()


@pytest.mark.parametrize("times", [1, 5])
def test_measured_people_are_copies_when_equal(times: int) -> None:
    frame = people(50, 0, measured=True)
    copies, alike = copied(pd.concat([frame, frame.head(times)], ignore_index=True))
    assert (int(copies.sum()), alike) == (times, 0)


def test_other_people_of_a_test_table_stay_in_training() -> None:
    shared, alike = held_out_too(people(300, 1), people(100, 2))
    assert not shared.any()
    assert alike > 0
    train = people(300, 1, measured=True)
    shared, alike = held_out_too(train, train.head(40))
    assert (int(shared.sum()), alike) == (40, 0)
    assert shared[:40].all()


def test_numbers_are_equal_however_they_are_kept() -> None:
    whole = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", None]})
    shared, _ = held_out_too(whole, whole.astype({"a": "float64"}).head(2))
    assert shared.tolist() == [True, True, False]

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.data.events.coding import EventCoding
from models.data.events.names import meaning_of_name
from models.data.events.target import TimeToEvent, event_candidates, time_candidates
from models.data.events.units import default_times, show_times, unit_of
from models.data.tables import Dataset, load_dataset
from models.errors import ToolError
from models.store.workspace import Workspace


def dataset(**columns: list[object]) -> Dataset:
    return Dataset("cohort.csv", pd.DataFrame(columns), Path("cohort.csv"), "0" * 64)


TIMES: list[object] = [1.0, 2.5, 3.0, 4.0]
EVENTS: list[object] = [1, 0, 1, 0]


@pytest.mark.parametrize(
    "values",
    [
        [1, 0, 1, 0],
        [1.0, 0.0, 1.0, 0.0],
        [True, False, True, False],
        [2, 1, 2, 1],
        ["1", "0", "1", "0"],
        ["yes", "no", "yes", "no"],
        ["Dead", "Alive", "dead ", "ALIVE"],
        ["Deceased", "Living", "Deceased", "Living"],
        ["1:DECEASED", "0:LIVING", "1:DECEASED", "0:LIVING"],
        ["1:Recurred/Progressed", "0:DiseaseFree", "1:Recurred/Progressed", "0:DiseaseFree"],
        ["relapse", "no relapse", "relapse", "censored"],
        ["Dead of disease", "Alive with disease", "Died of other causes", "lost to follow-up"],
        ["event", "censored", "event", "no event"],
    ],
)
def test_codings_of_events(values: list[object]) -> None:
    column = pd.Series(values)
    assert EventCoding.infer(column).apply(column).tolist() == [1, 0, 1, 0]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([0, 1, 2, 0], "more than event and censored"),
        ([3, 7, 3, 7], "not clear"),
        (["a", "b", "a", "b"], "not clear"),
        ([0, 0, 0, 0], "No row"),
    ],
)
def test_unclear_codings_are_refused(values: list[object], message: str) -> None:
    with pytest.raises(ToolError, match=message):
        EventCoding.infer(pd.Series(values, name="status"))


def test_missing_events_stay_missing_and_the_first_table_decides() -> None:
    target = TimeToEvent("t", "status")
    columns = {"time_column": "t", "event_column": "status"}
    first = pd.DataFrame({"t": [1, 2, 3], "status": [1.0, 2.0, np.nan]})
    assert target.read(first, columns)["status"].tolist()[:2] == [0, 1]
    assert np.isnan(target.read(first, columns)["status"].iloc[2])
    assert "status: 2 read as the event, 1 as censored (by the convention 1 and 2)" in target.notes
    # all ones: in a table of its own this would be 1 = event
    second = pd.DataFrame({"t": [1, 2], "status": [1, 1]})
    assert target.read(second, columns)["status"].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("times", "got"),
    [
        ([1.0, -2.0, 3.0], "1 negative values"),
        (["1", "2 years", "3"], "no numbers"),
        (["2020-01-01", "2020-02-01", "2020-03-01"], "no numbers"),
        ([5, 5, 5], "follow-up times"),
    ],
)
def test_what_is_no_follow_up_time_is_refused(times: list[object], got: str) -> None:
    frame = pd.DataFrame({"t": times, "e": [1, 0, 1]})
    with pytest.raises(ToolError, match=got):
        TimeToEvent("t", "e").read(frame, {"time_column": "t", "event_column": "e"})


def test_zero_times_are_kept_and_said() -> None:
    target = TimeToEvent("t", "e")
    frame = pd.DataFrame({"t": [0, 1, 2], "e": [1, 0, 1]})
    read = target.read(frame, {"time_column": "t", "event_column": "e"})
    assert read["t"].tolist() == [0, 1, 2]
    assert target.notes == ["1 rows have a follow-up of 0 in t and were kept"]


@pytest.mark.parametrize(
    ("time", "event"),
    [
        ("time", "event"), ("os_months", "os_status"), ("OS.time", "OS"), ("futime", "fustat"),
        ("survival_days", "died"), ("Follow-up (months)", "Vital status"), ("duration", "observed"),
        ("time_to_relapse", "relapse"), ("weeks", "dead"), ("lenfol", "fstat"), ("T", "E"),
    ],
)  # fmt: skip
def test_usual_names_are_recognised(time: str, event: str) -> None:
    data = dataset(**{time: TIMES, event: EVENTS, "age": [50, 60, 70, 80]})
    target = TimeToEvent(None, None)
    assert target.columns(data) == {"time_column": time, "event_column": event}
    assert len(target.notes) == 2


def test_two_endpoints_are_asked_about() -> None:
    data = dataset(os_months=TIMES, os_status=EVENTS, pfs_months=TIMES, pfs_status=EVENTS)
    with pytest.raises(ToolError) as error:
        TimeToEvent(None, None).columns(data)
    assert [fault.field for fault in error.value.faults] == ["time_column", "event_column"]
    assert "os_months, pfs_months" in error.value.faults[0].expected
    known = TimeToEvent("pfs_months", None).columns(data)
    assert known == {"time_column": "pfs_months", "event_column": "pfs_status"}


def test_unknown_names_are_asked_about() -> None:
    with pytest.raises(ToolError, match="time_column and event_column"):
        TimeToEvent(None, None).columns(dataset(age=[1, 2, 3, 4], arrested=EVENTS))


@pytest.mark.parametrize(
    ("name", "values", "events"),
    [
        ("censored", [1, 0, 1, 0], [0, 1, 0, 1]),
        ("censor_flg", [1, 0, 1, 0], [0, 1, 0, 1]),
        ("isCensored", ["yes", "no", "yes", "no"], [0, 1, 0, 1]),
        ("uncensored", [1, 0, 1, 0], [1, 0, 1, 0]),
        ("alive", ["yes", "no", "yes", "no"], [0, 1, 0, 1]),
        ("survived", [1, 0, 1, 0], [0, 1, 0, 1]),
        ("overall_survival", [1, 0, 1, 0], [0, 1, 0, 1]),
        ("still living", ["Y", "N", "Y", "N"], [0, 1, 0, 1]),
        ("relapse_free", [1, 0, 1, 0], [0, 1, 0, 1]),
        ("lebt", ["ja", "nein", "ja", "nein"], [0, 1, 0, 1]),
        ("是否存活", ["是", "否", "是", "否"], [0, 1, 0, 1]),
        ("是否死亡", ["是", "否", "是", "否"], [1, 0, 1, 0]),
        ("died", [True, False, True, False], [1, 0, 1, 0]),
        ("OS_STATUS", ["1:DECEASED", "0:LIVING", "1:DECEASED", "0:LIVING"], [1, 0, 1, 0]),
        ("alive", ["Dead", "Alive", "Dead", "Alive"], [1, 0, 1, 0]),
    ],
)
def test_values_and_name_tell_what_was_seen(
    name: str, values: list[object], events: list[int]
) -> None:
    column = pd.Series(values, name=name)
    coding = EventCoding.infer(column)
    assert coding.apply(column).tolist() == events
    if name not in ("died", "uncensored", "是否死亡") and set(events[:1]) == {0}:
        assert f"by its name: {meaning_of_name(name).said}" in coding.remarks(name)[0]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("cens", [1, 0, 1, 0]),
        ("survival_status", [1, 0, 1, 0]),
        ("death_or_censored", [1, 0, 1, 0]),
        ("生存状态", [1, 0, 1, 0]),
        ("alive", [1, 2, 1, 2]),
    ],
)
def test_where_nothing_decides_it_is_asked(name: str, values: list[object]) -> None:
    with pytest.raises(ToolError, match="Which value") as error:
        EventCoding.infer(pd.Series(values, name=name))
    assert error.value.faults[0].field == "event_value"


def test_what_is_stated_decides() -> None:
    column = pd.Series([1, 2, 1, 2], name="status")
    assert EventCoding.stated(column, ["1"]).apply(column).tolist() == [1, 0, 1, 0]
    three = pd.Series([0, 1, 2, 1], name="status")
    with pytest.raises(ToolError, match="more than event and censored") as error:
        EventCoding.stated(three, ["1"])
    assert error.value.faults[0].field == "competing_values"
    coding = EventCoding.stated(three, ["1"], ["2"])
    assert coding.apply(three).tolist() == [0, 1, 0, 1]
    assert "2 ends the follow-up as another event" in coding.remarks("status")[0]
    with pytest.raises(ToolError) as error:
        EventCoding.stated(three, ["dead"], ["3"])
    assert [fault.field for fault in error.value.faults] == ["event_value", "competing_values"]


def test_status_that_is_not_known_is_missing_and_said() -> None:
    target = TimeToEvent("t", "vital_status")
    frame = pd.DataFrame(
        {
            "t": [1, 2, 3, 4, 5],
            "vital_status": ["Dead", "Alive", "Not Reported", "No follow-up information", "Dead"],
        }
    )
    read = target.read(frame, {"time_column": "t", "event_column": "vital_status"})
    assert read["vital_status"].isna().tolist() == [False, False, True, True, False]
    assert "not known of 2 rows" in target.warnings[0]


def test_another_coding_than_the_first_is_refused() -> None:
    coding = EventCoding.infer(pd.Series([0, 1, 0, 1], name="status"))
    with pytest.raises(ToolError, match="coded otherwise"):
        coding.apply(pd.Series([1, 2, 1, 2], name="status"))


def test_times_that_only_events_have_are_refused() -> None:
    frame = pd.DataFrame(
        {"days_to_death": [10, np.nan, 30, np.nan], "vital_status": ["Dead", "Alive"] * 2}
    )
    with pytest.raises(ToolError, match="known only of those who had the event"):
        TimeToEvent("days_to_death", "vital_status").read(
            frame, {"time_column": "days_to_death", "event_column": "vital_status"}
        )


def test_a_built_in_event_column_is_read_as_it_is_known(workspace: Workspace) -> None:
    data = load_dataset("gbsg2", workspace)
    target = TimeToEvent(None, None)
    read = target.read(data.frame, target.columns(data))
    assert int(read["cens"].sum()) == 299  # as in R's TH.data: 1 is the event under this name
    with pytest.raises(ToolError, match="Which value"):
        TimeToEvent("time", "cens").read(data.frame, target.columns(data))


def test_candidates_need_fitting_values() -> None:
    frame = pd.DataFrame({"time": ["a", "b", "c"], "status": [1, 2, 3], "months": [1, 2, 3]})
    assert time_candidates(frame) == ["months"]
    assert event_candidates(frame) == []


def test_units_and_milestones() -> None:
    assert unit_of("os_months") == "months"
    assert unit_of("time", "days") == "days"
    assert unit_of("survival_days") == "days"
    assert unit_of("time") == "time units"
    assert default_times("days", np.arange(10, 2500.0)) == [365, 730, 1096, 1826][1:]
    assert default_times("time units", np.arange(1, 101.0)) == [26, 50, 75]
    assert show_times([1, 2.5, 3]) == "1, 2.5 and 3"

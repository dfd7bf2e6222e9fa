from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.llm.embedded.domains.literature.topic import find_topic
from agent.llm.embedded.domains.literature.years import find_years
from agent.llm.embedded.domains.tables.columns import (
    ColumnText,
    find_column,
    find_pair,
    find_target,
)
from agent.llm.embedded.domains.tables.features import find_features
from agent.llm.embedded.domains.tables.records import find_records
from agent.llm.embedded.domains.tables.split_columns import find_date, find_group
from agent.llm.embedded.domains.tables.target_columns import find_target_columns
from agent.llm.embedded.mentions import Mention
from agent.llm.embedded.slots.choices import find_choices
from agent.llm.embedded.slots.numbers import in_digits
from agent.llm.embedded.slots.quantities import find_count, find_row, find_seconds, find_seed
from agent.llm.embedded.splitting.expansion import listed

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("up to two thousand ten", "up to 2010"),
        ("twenty-five rows", "25 rows"),
        ("nineteen ninety eight", "1998"),
        ("a dozen papers", "12 papers"),
        ("half an hour", "30 minutes"),
        ("the one about stents", "the one about stents"),
        ("three hundred and five", "305"),
        ("a million molecules", "1000000 molecules"),
        ("raise it by one unit", "raise it by 1 unit"),
    ],
)
def test_number_words(text: str, digits: str) -> None:
    assert in_digits(text) == digits


def test_numbers_in_names_of_files_stay() -> None:
    text = "train on d/three.csv for five minutes"
    name = Mention(9, 20, "path", "d/three.csv")
    assert in_digits(text, [name]) == "train on d/three.csv for 5 minutes"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("since 2015", 2015, None),
        ("between 2001 and 2010 please", 2001, 2010),
        ("2005-2012", 2005, 2012),
        ("2005-12", 2005, 2012),
        ("since '98", 1998, None),
        ("'98 to '05", 1998, 2005),
        ("before 2000", None, 1999),
        ("after 2010", 2011, None),
        ("nothing older than 2014", 2014, None),
        ("up to 2010", None, 2010),
        ("2021 onwards", 2021, None),
        ("from 2019 only", 2019, 2019),
        ("published in 2021", 2021, 2021),
        ("in the last decade", 2016, None),
        ("past 5 years", 2021, None),
        ("the 1990s", 1990, 1999),
    ],
)
def test_years(text: str, first: int | None, last: int | None) -> None:
    years = find_years(text, TODAY)
    assert years is not None
    assert (years.first, years.last) == (first, last)


@pytest.mark.parametrize(
    "text", ["2019-nCoV vaccines", "5-year survival", "phase 3 trials", "aged 65"]
)
def test_what_is_no_year(text: str) -> None:
    assert find_years(text, TODAY) is None


@given(st.text(alphabet="0123456789 -–'andtobetweensincefrom,().", max_size=60))
@settings(max_examples=200, deadline=None)
def test_years_of_any_text(text: str) -> None:
    years = find_years(in_digits(text), TODAY)
    if years and years.first and years.last:
        assert years.first <= years.last


@given(first=st.integers(1950, 2030), last=st.integers(1950, 2030))
@settings(max_examples=60, deadline=None)
def test_a_span_of_years_is_ordered(first: int, last: int) -> None:
    years = find_years(f"papers from {first} to {last}", TODAY)
    assert years is not None
    assert (years.first, years.last) == (min(first, last), max(first, last))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("top 5", 5),
        ("max 6 refs pls", 6),
        ("8 refs not needed just 5", 5),
        ("5 at most, please", 5),
        ("3 abstracts about statins", 3),
        ("phase 3 trials of x", None),
        ("type 2 diabetes studies", None),
    ],
)
def test_counts(text: str, count: int | None) -> None:
    found = find_count(text)
    assert (found[0] if found else None) == count


def test_seeds_times_and_rows() -> None:
    assert find_seed("random_state=7") == 7
    assert find_seconds("stop after 2 minutes") == 120
    assert find_seconds("1.5 h time limit") == 5400
    assert find_seconds("group meeting in 10 min") is None
    assert find_row("why row 12?") == 12
    assert find_row("the 5th patient") == 5
    assert find_row("patient 0") == 0


NAMES = {
    "cox": ["cox", "coxph"],
    "gradient_boosting": ["gradient boosting", "gradient boosted"],
    "random_survival_forest": ["rsf", "random survival forest"],
}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a randm survival forrest please", ["random_survival_forest"]),
        ("gradient boosted cox", ["gradient_boosting"]),
        ("rsf and cox", ["random_survival_forest", "cox"]),
        ("rsf and cox, cox first", ["cox", "random_survival_forest"]),
        ("no method named", []),
    ],
)
def test_choices(text: str, values: list[str]) -> None:
    assert listed(text, find_choices(text, NAMES)) == values


@pytest.mark.parametrize(
    ("text", "time", "event"),
    [
        ("time column os_months and event column os_event", "os_months", "os_event"),
        ("time=os_months, event=dead", "os_months", "dead"),
        ("T=ttr, E=relapse", "ttr", "relapse"),
        ("survtime as time, dead as event", "survtime", "dead"),
        ("the duration column is weeks and the status column is relapsed", "weeks", "relapsed"),
        ("Follow-up time is in fu_weeks and death is in died", "fu_weeks", "died"),
        ("time_col=t, event_col=e", "t", "e"),
    ],
)
def test_time_and_event(text: str, time: str, event: str) -> None:
    words = ColumnText(text)
    assert find_column(words, "time") == time
    assert find_column(words, "event") == event


@pytest.mark.parametrize(
    "text", ["os_months/os_event", "(os_months, os_event)", "columns os_months and os_event"]
)
def test_pairs(text: str) -> None:
    assert find_pair(ColumnText(text)) == ("os_months", "os_event")


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("target is response", "response"),
        ("predict shock in", "shock"),
        ("the column delirium (yes/no)", "delirium"),
        ("hospital cost (total_cost)", "total_cost"),
        ('col "good_outcome"', "good_outcome"),
        ("y=blocker, seed=3", "blocker"),
        ("regress warfarin_dose on everything", "warfarin_dose"),
        ("visits, readmit column", "readmit"),
    ],
)
def test_targets(text: str, target: str) -> None:
    assert find_target(ColumnText(text), explicit_only=False) == target


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("keep patients from the same hospital together (column hospital)", "hospital"),
        ("GroupKFold on patient_id", "patient_id"),
        ("keep households together via household_id", "household_id"),
        ("groups: child_id (never split a child)", "child_id"),
        ("split by time", None),
        ("temporal split on admit_date", None),
        ("split by patient: patient_id", "patient_id"),
        ("hold out by clinic", "clinic"),
        ("keep all visits of one patient_id together", "patient_id"),
    ],
)
def test_groups(text: str, column: str | None) -> None:
    assert find_group(ColumnText(text)) == column


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("temporal split on admit_date", "admit_date"),
        ("test on the later ones by visit_date", "visit_date"),
        ("Cox on time_to_death and death", None),
    ],
)
def test_dates(text: str, column: str | None) -> None:
    assert find_date(ColumnText(text)) == column


@pytest.mark.parametrize(
    ("text", "features"),
    [
        ("using age, bmi and stage", ["age", "bmi", "stage"]),
        ("w/ horTh, pnodes, progrec only", ["horTh", "pnodes", "progrec"]),
        (
            "using mean radius, mean texture and mean area",
            ["mean radius", "mean texture", "mean area"],
        ),
        ("with just age and creatinine", ["age", "creatinine"]),
        ("age + bmi + hr", ["age", "bmi", "hr"]),
        ("features=['a1','b2']", ["a1", "b2"]),
        ("with gradient boosting", None),
        ("I only need AUROC and calibration", None),
    ],
)
def test_features(text: str, features: list[str] | None) -> None:
    found = find_features(text, lambda _: False)
    assert (found[0] if found else None) == features


@pytest.mark.parametrize(
    ("text", "records"),
    [
        (
            "60 year old woman with grade II tumour, 3 positive nodes, ER 120",
            [{"age": 60, "grade": "II", "positive nodes": 3, "ER": 120}],
        ),
        (
            "a 54-year-old man, creatinine 1.4, no diabetes",
            [{"age": 54, "creatinine": 1.4, "diabetes": "no"}],
        ),
        ("age=55, pnodes=8, horTh=no", [{"age": 55, "pnodes": 8, "horTh": "no"}]),
        ("age 29, bmi 22; and age 41, bmi 33", [{"age": 29, "bmi": 22}, {"age": 41, "bmi": 33}]),
        ("\n- age: 34\n- smoker: yes", [{"age": 34, "smoker": "yes"}]),
        ("heart rate 118 and temperature 38.9", [{"heart rate": 118, "temperature": 38.9}]),
        ("5-year survival of 2 women", []),
    ],
)
def test_records(text: str, records: list[dict[str, object]]) -> None:
    assert find_records(text) == records


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Find me evidence on mindfulness for chronic pain", "mindfulness for chronic pain"),
        ("papers on sglt2 inhibitors in ckd", "sglt2 inhibitors in ckd"),
        ("is it toxic?", ""),
        ("search the literature", ""),
        ("Is cell salvage safe in obstetrics?", "Is cell salvage safe in obstetrics?"),
    ],
)
def test_topics(text: str, topic: str) -> None:
    assert find_topic(text) == topic


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_no_reader_fails_on_any_text(text: str) -> None:
    digits = in_digits(text)
    words = ColumnText(digits)
    find_group(words)
    find_pair(words)
    find_column(words, "time")
    find_target(words, explicit_only=False)
    find_features(digits, lambda _: True)
    find_records(digits)
    find_topic(digits)
    find_count(digits)
    find_seconds(digits)
    find_row(digits)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ('predict "IC50 (nM)" from molecules', "IC50 (nM)"),
        ("train a model for 'hERG active' please", "hERG active"),
        ("a regressor of `Serum creatinine (mg/dL)` using bmi", "Serum creatinine (mg/dL)"),
        ("the target is “Time to event (days)”", "Time to event (days)"),
        ('design with a model of "IC50 (nM)" trained on it', "IC50 (nM)"),
        ("predict IC50 (nM) from the molecules", "IC50"),
        ("predict glucose (mmol/L) from the rest", "glucose"),
    ],
)
def test_a_quoted_name_is_one_column_whatever_is_in_it(text: str, target: str) -> None:
    assert find_target(ColumnText(text), explicit_only=False) == target


def test_quoted_names_are_listed_paired_and_dated_whole() -> None:
    words = ColumnText('time "Follow-up time (days)" and event "Death from disease"')
    assert find_column(words, "time") == "Follow-up time (days)"
    assert find_column(words, "event") == "Death from disease"
    assert find_date(ColumnText('time split by "Assay date"')) == "Assay date"
    found = find_features(
        ColumnText('features "Age (years)", bmi and "Stage"').text, lambda _: False
    )
    assert found is not None
    assert found[0] == ["Age (years)", "bmi", "Stage"]
    listed = find_target_columns(ColumnText('targets "IC50 (nM)" and "Ki (nM)"').text)
    assert listed is not None
    assert listed[0] == ["IC50 (nM)", "Ki (nM)"]
    assert ColumnText("the patients' data and the clinic's column").text.isascii()

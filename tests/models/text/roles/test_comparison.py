"""Which sentences name a comparator."""

import pytest

from models.text.roles.comparison import names_comparator


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients were assigned to metformin or placebo .",
        "Sixty women received acupuncture versus sham acupuncture .",
        "The intervention was compared with usual care .",
        "The control group received no treatment .",
        "Forty healthy controls were recruited .",
    ],
)
def test_comparators_are_named(sentence: str) -> None:
    assert names_comparator(sentence, "intervention")


@pytest.mark.parametrize(
    "sentence",
    [
        "Asthma control was assessed after a year .",
        "Participants took 20 mg of atorvastatin daily .",
        "Infection control measures were taken by nurses .",
    ],
)
def test_other_sentences_name_none(sentence: str) -> None:
    assert not names_comparator(sentence, "intervention")


def test_results_of_a_comparison_are_no_comparator() -> None:
    assert not names_comparator("Pain fell more than with placebo .", "outcome")

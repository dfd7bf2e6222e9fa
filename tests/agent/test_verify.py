import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.verify import check, drop, mark, numbers, sentences

PASSAGES = [
    {
        "n": 1,
        "id": "23999452",
        "title": "Severe hypoglycaemia and cardiovascular outcomes",
        "year": 2013,
        "text": "Severe hypoglycaemia raised the risk of stroke (HR 2.05, 95% CI 1.61-2.60) in "
        "1,520 patients. The rate was 12%, P<0.001.",
    },
    {"n": 2, "id": "1", "title": "Aspirin", "year": 2001, "text": "Aspirin did not help 40 men."},
]
RESULTS = ['{"concordance_index": {"value": 0.67894, "low": 0.641, "high": 0.7161}, "n": 686}']


def faults(answer: str, request: str = "") -> list[str]:
    return check(answer, PASSAGES, RESULTS, request)


@pytest.mark.parametrize(
    "answer",
    [
        "Severe hypoglycaemia raised the risk of stroke, HR 2.05 (1.61–2.60) [1].",
        "“Severe hypoglycaemia raised the risk of stroke (HR 2.05, 95% CI 1.61-2.60)” [1]",
        "The study of 2013 followed 1520 patients [1].",
        "The concordance index is 0.679 (95% CI 0.641–0.716) on 686 rows.",
        "The concordance index is 67.9%.",
        "A rate of 12 % was seen [1], and aspirin did not help 40 men [2].",
        "Nothing was found.",
        "Not read: smiles[9]: got 'C1CC', expected a SMILES.",
        "",
    ],
)
def test_what_is_traced_passes(answer: str) -> None:
    assert faults(answer) == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("Stroke was more frequent [3].", "no retrieved passage"),
        ("Stroke was more frequent, HR 2.50 [1].", "2.50"),
        ("The concordance index is 0.689.", "0.689"),
        ("Aspirin did not help 1,520 men [2].", "1,520"),
        ("“Severe hypoglycaemia lowered the risk of stroke” [1]", "quotation"),
        ("“Aspirin did not help 40 men” [1]", "quotation"),
    ],
)
def test_what_is_not_traced_is_named(answer: str, reason: str) -> None:
    found = faults(answer)
    assert len(found) == 1
    assert reason in found[0]


def test_numbers_of_the_request_may_be_repeated() -> None:
    assert faults("For a woman of 63 years the model has no answer.", "age 63") == []
    assert faults("For a woman of 63 years the model has no answer.", "age 36") != []


def test_only_the_faulty_sentence_is_marked_or_dropped() -> None:
    answer = "Aspirin did not help 40 men [2]. It helped 99 women [2]."
    found = faults(answer)
    assert mark(answer, found) == answer + " [unsupported]"
    assert drop(answer, found) == "Aspirin did not help 40 men [2]."
    assert faults(drop(answer, found)) == []


@given(st.text(max_size=400))
def test_any_text_is_checked_without_an_error(answer: str) -> None:
    found = check(answer, PASSAGES, RESULTS, "")
    assert len(found) <= len(sentences(answer))


@given(st.integers(0, 10**7), st.sampled_from(["{}", "{:,}", "-{}", "({})", "{}%"]))
def test_numbers_are_read_in_any_dress(value: int, form: str) -> None:
    assert float(value) in numbers("about " + form.format(value) + " of them")

"""Which way questions and findings go, and how the one answers the other."""

import pytest

from models.text.claims.claim import Claim, finding_claim, negated, question_claim
from models.text.claims.judgement import findings, judge
from models.text.claims.study import design_of, size_of
from models.text.leaning.model import Leaning

UNSURE = Leaning(yes=0.34, no=0.33, maybe=0.33)
STUDIES = {
    "harm": "Gut bleeding occurred in 7% with nolavir and 3% with placebo (HR 2.3, 95% CI 1.4 to "
    "3.8). Nolavir raised the risk of gut bleeding.",
    "none": "Nolavir did not change mortality among 5,000 people (RR 0.98, 95% CI 0.90 to 1.07).",
    "worse": "Nolavir was less effective than dorafen in angina (p<0.001).",
    "longer": "Survival was longer with nolavir than with placebo in heart failure (p=0.01).",
    "loss": "Nolavir accelerated the loss of lung capacity.",
}


@pytest.mark.parametrize(
    ("study", "question", "answer"),
    [
        ("harm", "Does nolavir increase gut bleeding?", "yes"),
        ("harm", "Does nolavir reduce gut bleeding?", "no"),
        ("harm", "Does nolavir prevent gut bleeding?", "no"),
        ("harm", "Is nolavir safe for the gut?", "no"),
        ("harm", "Is nolavir harmful to the gut?", "yes"),
        ("harm", "Does nolavir not increase gut bleeding?", "no"),
        ("none", "Does nolavir reduce mortality?", "no"),
        ("none", "Does nolavir increase mortality?", "no"),
        ("none", "Does nolavir have no effect on mortality?", "yes"),
        ("worse", "Is nolavir more effective than dorafen in angina?", "no"),
        ("worse", "Is dorafen more effective than nolavir in angina?", "yes"),
        ("longer", "Does nolavir improve survival?", "yes"),
        ("longer", "Does nolavir worsen survival?", "no"),
        ("longer", "Does nolavir increase mortality in heart failure?", "no"),
        ("loss", "Does nolavir slow the loss of lung capacity?", "no"),
        ("loss", "Is nolavir beneficial for lung capacity?", "no"),
        ("longer", "Is nolavir safe in heart failure?", "unclear"),
    ],
)
def test_direction_of_question_and_finding_are_compared(
    study: str, question: str, answer: str
) -> None:
    assert judge(question, STUDIES[study], UNSURE).answer == answer


def test_wording_decides_where_no_direction_is_asked() -> None:
    text = "Nolavir was linked to gout."
    asked = "Is nolavir associated with gout?"
    assert question_claim(asked) is None
    assert judge(asked, text, Leaning(0.8, 0.1, 0.1)).answer == "yes"
    assert judge(asked, text, Leaning(0.1, 0.8, 0.1)).answer == "no"
    assert judge(asked, text, UNSURE).answer == "unclear"


def test_aims_methods_questions_and_references_are_no_findings() -> None:
    text = (
        "Does nolavir raise the risk of gout? We aimed to test whether nolavir raises gout. "
        "Patients were randomised to nolavir. J Gout 2001;12:3."
    )
    assert findings("Does nolavir raise gout?", text) == []
    assert judge("Does nolavir raise gout?", text, Leaning(0.9, 0.05, 0.05)).finding is None


def test_a_finding_that_names_the_exposure_second_is_turned() -> None:
    claim = finding_claim("Pain was lower with placebo than with nolavir.", "nolavir")
    assert claim is not None
    assert claim.sign == 1


def test_a_test_that_is_not_significant_is_no_direction_and_or_is_no_ratio() -> None:
    fell = "Migraine days fell by 2.0 with nolavir and 2.1 with placebo (p=0.71)."
    assert finding_claim(fell) == Claim(0, valued=False)
    assert finding_claim("Adults received nolavir 80 mg or placebo for 24 weeks.") is None


def test_limits_of_a_study_are_no_want_of_an_effect() -> None:
    claim = finding_claim("Nolavir lowered fibrosis, which cannot be carried over to patients.")
    assert claim is not None
    assert claim.sign == -1


def test_negation_is_told_from_a_choice() -> None:
    assert negated("Is it true that statins do not cause diabetes?")
    assert negated("Doesn't zinc help?")
    assert not negated("Does zinc help or not?")


def test_design_and_size_are_read() -> None:
    text = "We randomised 1,200 older adults to nolavir or placebo."
    assert (design_of(text), size_of(text)) == ("randomised trial", 1200)
    assert design_of("Rats were fed nolavir.") == "animal study"
    assert design_of("Nolavir helped.") is None
    assert size_of("In 2015 patients were few.") is None

"""What `verify` catches beyond plain look-up."""

import pytest

from agent.verification.pieces import quotations, sentences
from agent.verification.quantities import quantities
from agent.verify import check, traceable

PASSAGES = [
    {
        "n": 1,
        "id": "7",
        "title": "Statins before bypass surgery",
        "year": 2011,
        "text": "We studied 221 patients. Atrial fibrillation occurred in 16% of the statin group "
        "and in 33% of the control group (OR 0.42, 95% CI 0.21-0.83, P<0.05). Statins did not "
        "change the length of stay. The dose was 20 mg for 5 days. The score changed by -1.5 "
        "points. Five surgeons took part, and the proportion of women was 0.25.",
    },
    {
        "n": 2,
        "id": "8",
        "title": "Zinc for colds",
        "year": 1999,
        "text": "Zinc lozenges shortened common colds in schoolchildren by one day. Nausea was "
        "seen in 47 children.",
    },
]


def faults(answer: str) -> list[str]:
    return check(answer, PASSAGES, [], "")


@pytest.mark.parametrize(
    "answer",
    [
        "Atrial fibrillation was seen in 16 percent of the statin group, 33 percent of others [1].",
        "The odds ratio was 0.42 (95% CI 0.21 to 0.83; P<0.05) [1].",
        "The odds ratio was about 0.4 [1].",
        "The dose was 20 mg for five days [1].",
        "The score fell by 1.5 points [1].",
        "The 2011 study had 5 surgeons [1].",
        "A quarter (25%) were women [1].",
        "Roughly 220 patients were studied [1].",
        "According to the study, statins did not change the length of stay [1].",
        "The authors say “Statins did not change … stay” [1].",
        "The authors say “did not change the length of stay. The dose was 20 mg” [1].",
        "Statins before bypass surgery were tried. [1] Zinc lozenges shortened colds. [2]",
        "Statins lowered atrial fibrillation after surgery [1], and zinc shortened colds [2].",
    ],
)
def test_sound_answers_pass(answer: str) -> None:
    assert faults(answer) == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("Atrial fibrillation occurred in 33% of statin, 16% of control group [1].", "elsewhere"),
        ("With statins in the statin group 33% had atrial fibrillation [1].", "of something else"),
        ("Atrial fibrillation occurred in 16 of the statin group [1].", "16"),
        ("The dose was 20 g for 5 days [1].", "20"),
        ("The dose was given for 20 weeks [1].", "20"),
        ("The score changed by 1.5 points [1].", "1.5"),
        ("The odds ratio was -0.42 [1].", "-0.42"),
        ("The odds ratio was 4.2 [1].", "4.2"),
        ("The interval was 0.21-0.93 [1].", "0.93"),
        ("The odds ratio was 0.42 (P>0.05) [1].", "0.05"),
        ("Seven surgeons took part [1].", "Seven"),
        ("Nausea was seen in 47 children [1].", "47"),
        ("“Statins did change the length of stay” [1]", "quotation"),
        ("The study says “change the length of stay” [1].", "quotation"),
        ("'Statins clearly helped the patients' [1]", "quotation"),
        ("“Statins helped. They helped a lot” [1]", "quotation"),
        ("Statins did change the length of stay [1].", "opposite"),
        ("Zinc lozenges shortened common colds in schoolchildren [1].", "closer to [2]"),
        ("Tamoxifen prevents fractures in postmenopausal osteoporosis [2].", "says nothing of it"),
        ("Zinc lozenges shortened colds [4].", "no retrieved passage"),
    ],
)  # fmt: skip
def test_corrupted_answers_are_caught(answer: str, reason: str) -> None:
    found = faults(answer)
    assert len(found) == 1
    assert reason in found[0]


def test_numbers_of_passages_are_not_computed_ones() -> None:
    outcome = {
        "tool": "search_literature", "args": {"query": "statins"}, "summary": "[1] 16% and 33%",
        "data": {"results": PASSAGES, "verdict": {"studies": {"yes": 4}}},
    }  # fmt: skip
    results = traceable([outcome])
    assert check("Zinc helped 33% of the children [2].", PASSAGES, results, "") != []
    assert (
        check("Of the studies, 4 lean to yes; 2 passages were found.", PASSAGES, results, "") == []
    )
    other = {"args": {}, "summary": "AUROC 0.81", "data": {"model": "clf-1"}}
    assert check("The AUROC is 0.81.", [], traceable([other]), "") == []


def test_quotations_are_never_split() -> None:
    text = "He said “One thing. Another thing.” [1] Then more."
    assert sentences(text) == ["He said “One thing. Another thing.” [1]", "Then more."]
    [quote] = quotations(text)
    assert (quote.words, quote.cited) == ("One thing. Another thing.", (1,))


def test_units_of_lists_and_levels_are_read() -> None:
    read = {q.value: q.unit for q in quantities("16, or 18 to 20%, OR 2.05, 95% CI, for 3 days")}
    assert read == {16: "%", 18: "%", 20: "%", 2.05: None, 95: "%", 3: "days"}
    assert [q.value for q in quantities("one two, twenty-five, two hundred and six")] == [
        1,
        2,
        25,
        206,
    ]

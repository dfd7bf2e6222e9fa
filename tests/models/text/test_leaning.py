import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import PrerequisiteError, ToolError
from models.fitting.effort import Effort
from models.text.leaning.cues import read_cues
from models.text.leaning.model import CONFIG, SHIPPED, WEIGHTS, load_reader
from models.text.leaning.questions import asks_yes_or_no
from models.text.leaning.task import fingerprint, read_cases, train
from models.text.leaning.words import Vocabulary

QUESTION = "Does zinc reduce the duration of colds?"
FOR = (
    "We tested zinc. One hundred patients were randomised. Zinc significantly reduced the duration "
    "of colds (4.1 vs 7.2 days, P<0.001). Zinc was associated with fewer symptoms (P=0.01)."
)
AGAINST = (
    "We tested zinc. One hundred patients were randomised. There was no significant difference in "
    "the duration of colds between zinc and placebo (7.1 vs 7.2 days, P=0.81). Zinc did not reduce "
    "symptoms."
)


@pytest.mark.parametrize(
    "question",
    [
        "Does zinc shorten colds?",
        "does zinc shorten colds",
        "Statins in the elderly: do they help?",
        "Is (18)F-FDG a surrogate tracer?",
        "Rotator cuff tear--an occupational disease?",
        "Should children with fever be given paracetamol?",
    ],
)
def test_questions_that_yes_answers(question: str) -> None:
    assert asks_yes_or_no(question)


@pytest.mark.parametrize(
    "question",
    [
        "What reduces the duration of colds?",
        "In adults, which statin is safest?",
        "zinc and colds",
        "Can you list trials of zinc?",
        "Is zinc better in children or in adults?",
        "Are there any studies on zinc?",
        "How does zinc work?",
        "",
    ],
)
def test_questions_that_yes_does_not_answer(question: str) -> None:
    assert not asks_yes_or_no(question)


def test_cues_are_read() -> None:
    found = read_cues("Mortality was significantly lower with statins (P=0.01).")
    denied = read_cues("There was no difference in mortality (P=0.40).")
    assert (found.finds, found.denies, found.p_low) == (True, False, True)
    assert (denied.finds, denied.denies, denied.p_high) == (False, True, True)
    assert read_cues("The odds ratio was 1.42 (95% CI, 0.90 to 2.22).").denies
    assert read_cues("We aimed to determine whether zinc helps.").aims


def test_reader_tells_finding_from_none() -> None:
    reader = load_reader()
    assert reader.read(QUESTION, FOR).answer == "yes"
    assert reader.read(QUESTION, AGAINST).answer == "no"
    assert reader.read(QUESTION, "").maybe == 1.0


@given(st.text(max_size=200), st.text(max_size=600))
def test_any_text_has_probabilities(question: str, abstract: str) -> None:
    read = load_reader().read(question, abstract)
    assert read.yes + read.no + read.maybe == pytest.approx(1)


def test_vocabulary_weighs_unit_vectors() -> None:
    vocabulary = Vocabulary.of(["no effect of zinc", "an effect of zinc", "nothing"])
    assert vocabulary.known == ["effect", "effect of", "of", "of zinc", "zinc"]
    _, weights = vocabulary.weigh("zinc had no effect")
    assert float(weights @ weights) == pytest.approx(1)
    assert len(vocabulary.weigh("")[0]) == 0


def test_shipped_reader_is_small_and_has_a_card() -> None:
    assert (SHIPPED / WEIGHTS).stat().st_size < 1_000_000
    assert "## Not for" in (SHIPPED / "card.md").read_text(encoding="utf-8")
    assert (
        fingerprint("Can tailored interventions increase mammography use among HMO women?")
        in (load_reader().config["trained_on"])
    )


def test_damaged_reader_is_not_used(tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_bytes((SHIPPED / CONFIG).read_bytes())
    (tmp_path / WEIGHTS).write_bytes((SHIPPED / WEIGHTS).read_bytes()[:-1])
    with pytest.raises(PrerequisiteError, match="damaged"):
        load_reader(tmp_path)
    with pytest.raises(PrerequisiteError, match="no whole reader"):
        load_reader(tmp_path / "none")


def write_data(folder: Path, each: int) -> None:
    kinds = {"yes": FOR, "no": AGAINST, "maybe": "Some colds were short. Others were long."}
    articles, questions = [], []
    for n in range(each * len(kinds)):
        answer = list(kinds)[n % len(kinds)]
        articles.append({"pmid": str(n), "abstract": f"{kinds[answer]} Case {n}."})
        questions.append(
            {"pmid": str(n), "question": f"Does zinc {n} reduce colds?", "answer": answer,
             "long_answer": "Zinc was studied."}
        )  # fmt: skip
    for name, rows in (("articles", articles), ("questions", questions)):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")


def test_training_writes_model_and_card(tmp_path: Path) -> None:
    write_data(tmp_path, 12)
    figures = train(tmp_path, tmp_path / "made", Effort(seed=0))
    assert figures["accuracy"] == 1.0
    reader = load_reader(tmp_path / "made")
    assert reader.read("Does zinc 1 reduce colds?", f"{AGAINST} Case 1.").answer == "no"


def test_faulty_data_are_told(tmp_path: Path) -> None:
    with pytest.raises(ToolError) as caught:
        read_cases(tmp_path)
    assert len(caught.value.faults) == 2
    write_data(tmp_path, 3)
    with pytest.raises(ToolError, match="too few"):
        read_cases(tmp_path)

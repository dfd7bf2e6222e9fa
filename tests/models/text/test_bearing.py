"""Which passages speak of what a question turns on."""

import json
from pathlib import Path

import pytest

from models.errors import PrerequisiteError, ToolError
from models.fitting.effort import Effort
from models.text.bearing.encoding import sentence_encoder
from models.text.bearing.features import Encode, Passage
from models.text.bearing.model import CONFIG, SHIPPED, WEIGHTS, load_bearing
from models.text.bearing.task import train
from models.text.bearing.words import Spoken, asked_words

TRIAL = Passage(
    "Apixaban in atrial fibrillation",
    "We randomised adults with atrial fibrillation to apixaban or warfarin. Apixaban prevented "
    "more strokes than warfarin. Major bleeding was rarer with apixaban.",
)


@pytest.fixture(scope="module")
def encode() -> Encode:
    return sentence_encoder()


@pytest.mark.parametrize(
    "question",
    [
        "Does apixaban prevent stroke in atrial fibrillation?",
        "Does Eliquis prevent stroke in AF?",
        "Is apixaban better than warfarin for preventing strokes in atrial fibrillation?",
    ],
)
def test_what_speaks_of_all_of_it_bears(question: str, encode: Encode) -> None:
    assert load_bearing().read(question, [TRIAL], encode)[0].bears


@pytest.mark.parametrize(
    "question",
    [
        "Does apixaban cure HIV?",
        "Does dabigatran prevent migraine?",
        "Does apixaban prevent stroke in children with atrial fibrillation?",
        "Does vorelastine prevent stroke in atrial fibrillation?",
        "Is homeopathy more than placebo?",
    ],
)
def test_what_lacks_the_drug_the_condition_or_the_population_does_not(
    question: str, encode: Encode
) -> None:
    read = load_bearing().read(question, [TRIAL], encode)[0]
    assert not read.bears
    assert read.missing


def test_words_are_found_in_other_forms_and_by_other_names() -> None:
    spoken = Spoken("Heart attacks in tumours of the oesophagus; acetaminophen; verapastine.")
    for word in ("myocardial infarction", "tumor", "paracetamol", "verapastin"):
        assert spoken.has(word), word
    assert not spoken.has("hypertension")


def test_a_question_turns_on_its_rarer_words() -> None:
    assert asked_words("Does zinc reduce the risk of heart attack in patients?") == [
        "zinc",
        "heart attack",
    ]


def test_too_little_data_and_damaged_models_are_said(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="missing"):
        train(tmp_path, tmp_path / "out", Effort())
    (tmp_path / "articles.jsonl").write_text(json.dumps({"pmid": 1, "abstract": "Zinc."}) + "\n")
    (tmp_path / "questions.jsonl").write_text(json.dumps({"pmid": 1, "question": "Zinc?"}) + "\n")
    with pytest.raises(ToolError, match="too few"):
        train(tmp_path, tmp_path / "out", Effort())
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / CONFIG).write_bytes((SHIPPED / CONFIG).read_bytes())
    (damaged / WEIGHTS).write_bytes((SHIPPED / WEIGHTS).read_bytes()[:-4])
    with pytest.raises(PrerequisiteError, match="damaged"):
        load_bearing(damaged)

from pathlib import Path
from typing import Any

import pytest

from evals.molecules.cactus import KINDS, agrees, measure, read_question, right_answer
from models.store.workspace import Workspace
from tools.execution import execute
from tools.registry import find_tool


@pytest.fixture
def ask(workspace: Workspace) -> Any:
    """Calls the tool with the question's own SMILES and words the answer by the tool's hook."""

    def answer(question: str) -> tuple[list[dict[str, Any]], str]:
        arguments = {"smiles": [read_question(question)[1]]}
        result = execute(workspace, "profile_molecules", arguments)
        focus = find_tool("profile_molecules").focus
        assert focus is not None
        return [{"tool": "profile_molecules", "args": arguments}], focus(
            question, result.data
        ) or ""

    return answer


@pytest.mark.shared_data
def test_tool_and_its_wording_answer_every_question_as_rdkit_does(
    ask: Any, shared_data: Path
) -> None:
    questions = (shared_data / "cactus_sample.txt").read_text().splitlines()
    report = measure(questions, ask)
    assert [row for table in report.tables[1:] for row in table.rows] == []
    assert report.figures == {"questions": 100, "right_calls": 1.0, "right_values": 1.0}
    assert {row[0] for row in report.tables[0].rows} == {kind.name for kind in KINDS} | {"all"}


def test_wrong_answers_and_calls_are_counted_and_shown() -> None:
    def ask(_question: str) -> tuple[list[dict[str, Any]], str]:
        return [{"tool": "search_literature", "args": {"query": "ethanol"}}], "QED: 0.99."

    report = measure(["Calculate the QED of the smiles: CCO"], ask)
    assert report.figures == {"questions": 1, "right_calls": 0.0, "right_values": 0.0}
    assert report.tables[1].rows[0][2] == "QED: 0.99."


@pytest.mark.parametrize(
    ("answer", "right", "holds"),
    [
        ("Yes: it keeps the rule", "Yes", True),
        ("It does not; no", "Yes", False),
        ("The absorption is low", "Low", True),
        ("Yes: low absorption", "High", False),
        ("about 180.16 g/mol", 180.159, True),
        ("about 180 g/mol", 180.159, False),
        ("LogP: −1.03", -1.0293, True),
        ("LogP: 1.03", -1.0293, False),
        ("QED: 0.5501", 0.5502, False),
    ],
)
def test_answers_are_compared_by_verdict_or_by_rounded_number(
    answer: str, right: str | float, holds: bool
) -> None:
    assert agrees(answer, right) is holds


def test_right_answers_of_a_known_drug() -> None:
    """Aspirin weighs 180.16 g/mol and has a polar surface of 63.6 Å² by Ertl's method."""
    by_name = {kind.name: right_answer(kind, "CC(=O)Oc1ccccc1C(=O)O") for kind in KINDS}
    assert by_name["molecular weight"] == pytest.approx(180.16, abs=0.01)
    assert by_name["polar surface area"] == pytest.approx(63.6, abs=0.01)
    assert by_name["druglikeness"] == "Yes"
    assert by_name["PAINS"] == "No"


def test_a_question_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="not a question of this benchmark"):
        read_question("What is the boiling point of ethanol?")

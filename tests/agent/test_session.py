"""The assistant with the embedded planner, real tools and a real library."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from agent.session import Assistant
from agent.settings import Settings
from models.store.registry import ModelStore
from models.store.workspace import Workspace

EMBEDDED = Settings(llm="embedded")


@pytest.fixture
def assistant(workspace: Workspace) -> Iterator[Assistant]:
    with Assistant(workspace, EMBEDDED) as made:
        yield made


def test_literature_question_is_answered_with_a_verified_citation(assistant: Assistant) -> None:
    answer = assistant.ask("Does telmisartan prevent hepatic fibrosis in rats with diabetes?")
    assert answer.stop_reason == "answered"
    assert [call["tool"] for call in answer.tool_calls] == ["search_literature"]
    first = answer.citations[0]
    assert (first["n"], first["id"], first["year"]) == (1, "19406119", 2009)
    assert first["quote"] in answer.answer
    assert "[1]" in answer.answer
    assert "[unsupported]" not in answer.answer


def test_thread_goes_on_after_a_restart(workspace: Workspace) -> None:
    with Assistant(workspace, EMBEDDED) as assistant:
        trained = assistant.ask("train a cox model on veterans", "trial")
        assert trained.tool_calls[0]["status"] == "done"
    with Assistant(workspace, EMBEDDED) as assistant:
        answer = assistant.ask("how good is that model?", "trial")
    assert answer.tool_calls[0]["tool"] == "describe_model"
    assert answer.tool_calls[0]["args"] == {"model": "srv-1"}
    assert ModelStore(workspace).names() == ["srv-1"]


def test_question_asked_back_is_completed_by_the_answer(assistant: Assistant) -> None:
    asked = assistant.ask("train a cox survival model", "t")
    assert asked.stop_reason == "needs_input"
    assert "dataset" in asked.answer.lower() or "table" in asked.answer.lower()
    answer = assistant.ask("veterans", "t")
    assert answer.tool_calls[0]["args"] == {"dataset": "veterans", "algorithm": "cox"}
    assert answer.stop_reason == "answered"


def test_steps_hand_their_results_on(assistant: Assistant) -> None:
    answer = assistant.ask("Train a cox model on veterans and then explain it")
    assert [call["tool"] for call in answer.tool_calls] == ["train_survival_model", "explain_model"]
    assert answer.tool_calls[1]["args"]["model"] == "srv-1"
    assert [call["status"] for call in answer.tool_calls] == ["done", "done"]


def test_molecules_of_an_earlier_turn_are_those_molecules(assistant: Assistant) -> None:
    assistant.ask("Profile CCO and c1ccccc1O", "t")
    answer = assistant.ask("Do those molecules trigger the PAINS filter?", "t")
    assert answer.tool_calls[0]["args"] == {"smiles": ["CCO", "Oc1ccccc1"]}


def test_wrong_dataset_is_answered_with_the_nearest(assistant: Assistant) -> None:
    answer = assistant.ask("train a cox model on cohort.csv with time months and event dead")
    assert answer.stop_reason == "needs_input"
    assert "cohort.csv" in answer.answer
    assert answer.tool_calls[0]["status"] == "error"


def test_cancel_ends_the_turn(assistant: Assistant, workspace: Workspace) -> None:
    def stop(event: dict[str, object]) -> None:
        if event["event"] == "progress":
            assistant.cancel()

    answer = assistant.ask("train a random survival forest on flchain", listener=stop)
    assert answer.stop_reason == "cancelled"
    assert ModelStore(workspace).names() == []


def test_plan_makes_no_call_and_needs_no_file(assistant: Assistant, workspace: Workspace) -> None:
    answer = assistant.plan("train a cox model on data/none.csv with time t and event e")
    [call] = answer.tool_calls
    assert call["tool"] == "train_survival_model"
    assert call["args"]["dataset"] == "data/none.csv"
    assert (call["status"], call["run"]) == ("planned", None)
    assert not workspace.runs.exists()


def test_answers_are_the_same_each_time(workspace: Workspace) -> None:
    question = "Do preoperative statins reduce atrial fibrillation?"
    with Assistant(workspace, EMBEDDED) as one, Assistant(workspace, EMBEDDED) as other:
        first, second = one.ask(question), other.ask(question)
    exclude = {"seconds"}
    assert first.model_dump(exclude=exclude) == second.model_dump(exclude=exclude)


def test_two_conversations_at_once_keep_apart(workspace: Workspace) -> None:
    answers: dict[str, list[str]] = {}

    def talk(name: str, molecule: str) -> None:
        with Assistant(workspace, EMBEDDED) as assistant:
            assistant.ask(f"profile {molecule}", name)
            answer = assistant.ask("what is the logP of that molecule?", name)
            answers[name] = answer.tool_calls[0]["args"]["smiles"]

    threads = [
        threading.Thread(target=talk, args=pair) for pair in [("a", "CCO"), ("b", "c1ccccc1")]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {"a": ["CCO"], "b": ["c1ccccc1"]}


def test_stored_threads_hold_no_identifier(workspace: Workspace, assistant: Assistant) -> None:
    assistant.ask("hello, my patient is reachable at zebulon.quist@hospital.org", "t")
    assistant.close()
    assert b"zebulon.quist" not in workspace.threads.read_bytes()


def test_threads_are_opened_by_many_at_once(workspace: Workspace) -> None:
    def open_and_close(_: int) -> None:
        Assistant(workspace, EMBEDDED).close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(open_and_close, range(24)))


def test_what_is_wrong_with_a_call_reaches_the_person(assistant: Assistant) -> None:
    answer = assistant.ask("What is the logP of lorlatanib?")
    assert answer.stop_reason == "needs_input"
    assert "got 'lorlatanib'" in answer.answer
    assert "did you mean 'lorlatinib'?" in answer.answer
    beside = assistant.ask("How similar are aspirin and caffeine?")
    assert "Tanimoto similarity of aspirin and caffeine: 0.0889" in beside.answer

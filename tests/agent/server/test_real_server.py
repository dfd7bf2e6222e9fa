"""The whole agent, driven by a real vLLM server with a model that knows a few dialogues."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from agent.llm.server.probes import checks
from agent.session import Assistant
from agent.settings import Settings
from models.store.workspace import Workspace
from tests.agent.server.dialogues import (
    ABSTRACTS,
    GREETING,
    MOLECULES,
    QUERY,
    QUESTION,
    TWO_STEPS,
    extract_all,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture
def assistant_of(workspace: Workspace, tiny: Any) -> Callable[..., Assistant]:
    def make(url: str = tiny.url) -> Assistant:
        return Assistant(workspace, Settings(llm=url, timeout=30))

    return make


def test_question_is_answered_with_a_call_and_a_citation(
    assistant_of: Callable[..., Assistant],
) -> None:
    with assistant_of() as assistant:
        answer = assistant.ask(QUESTION)
    assert answer.stop_reason == "answered"
    assert [(c["tool"], c["args"], c["status"]) for c in answer.tool_calls] == [
        ("search_literature", QUERY, "done")
    ]
    [cited] = answer.citations
    assert cited["n"] == 1
    assert f"“{cited['quote']}” [1]" in answer.answer
    assert "unsupported" not in answer.answer
    assert "planner" not in answer.answer  # the calls are the model's own
    assert answer.usage.input > answer.usage.output > 0
    assert answer.tokens == answer.usage.input + answer.usage.output
    assert answer.seconds > 0
    assert answer.llm == "tiny"
    assert answer.sampling and (answer.sampling.model, answer.sampling.seed) == ("tiny", 0)


def test_two_steps_are_done_in_order(assistant_of: Callable[..., Assistant]) -> None:
    with assistant_of() as assistant:
        answer = assistant.ask(TWO_STEPS)
    assert answer.stop_reason == "answered"
    assert [(c["tool"], c["args"]) for c in answer.tool_calls] == [
        ("profile_molecules", MOLECULES),
        ("list_models", {}),
    ]
    assert "180.16" in answer.answer
    assert "no trained model" in answer.answer


def test_plan_is_shown_and_not_done(assistant_of: Callable[..., Assistant]) -> None:
    with assistant_of() as assistant:
        answer = assistant.plan(TWO_STEPS)
    assert [c["status"] for c in answer.tool_calls] == ["planned", "planned"]
    assert answer.tokens > 0


def test_tokens_and_tool_cards_are_streamed(assistant_of: Callable[..., Assistant]) -> None:
    events: list[dict[str, Any]] = []
    with assistant_of() as assistant:
        answer = assistant.ask(QUESTION, listener=events.append)
    kinds = [event["event"] for event in events]
    assert kinds[0] == "plan"
    assert kinds.index("call") < kinds.index("result") < kinds.index("token")
    tokens = [event["text"] for event in events if event["event"] == "token"]
    assert len(tokens) > 10
    assert "".join(tokens) == answer.answer


def test_three_abstracts_are_extracted_at_once(tiny: Any) -> None:
    made = extract_all(tiny.url)
    assert [one.content for one in made] == [found.model_dump() for found in ABSTRACTS.values()]
    assert all(one.usage.input and one.usage.output and one.seconds for one in made)


def test_turn_is_cancelled_between_tokens(assistant_of: Callable[..., Assistant]) -> None:
    with assistant_of() as assistant:
        seen: list[str] = []

        def cancel(event: dict[str, Any]) -> None:
            seen.append(event["event"])
            if event["event"] == "token":
                assistant.cancel()

        answer = assistant.ask(QUESTION, "t", cancel)
        assert answer.stop_reason == "cancelled"
        assert [c["status"] for c in answer.tool_calls] == ["done"]
        assert seen.count("token") < 30
        assert assistant.ask(GREETING, "another").answer == "Hello."


def test_probes_find_all_well(tiny: Any) -> None:
    found = {name: check() for name, check in checks(Settings(llm=tiny.url)).items()
             if name != "tool calls"}  # fmt: skip  # it knows our dialogues alone
    assert found["language model"] == f"tiny at {tiny.url}"
    assert "JSON schema" in found["structured output"]


def test_dead_server_is_left_out(assistant_of: Callable[..., Assistant], tiny: Any) -> None:
    with assistant_of(f"http://127.0.0.1:9/v1,{tiny.url}") as assistant:
        assert assistant.ask(GREETING).answer == "Hello."


def test_server_killed_within_an_answer_costs_that_answer(
    assistant_of: Callable[..., Assistant], tiny: Any
) -> None:
    with assistant_of() as assistant:
        assert assistant.ask(GREETING, "t").answer == "Hello."
        killed = threading.Event()

        def kill(event: dict[str, Any]) -> None:
            # Between the tool's result and the words about it: once those come, so small a model
            # has written them all.
            if event["event"] == "result" and not killed.is_set():
                killed.set()
                tiny.server.kill()

        try:
            answer = assistant.ask(QUESTION, "t", kill)
            assert killed.is_set()
            assert answer.stop_reason == "llm_unavailable"
            assert "theriac doctor" in answer.answer
            assert [turn["answer"] for turn in assistant.turns("t")] == ["Hello."]
        finally:
            tiny.start()
        # The same thread goes on: the model hears what was said before.
        again = assistant.ask(QUESTION, "t")
        assert again.stop_reason == "answered"
        assert len(again.citations) == 1

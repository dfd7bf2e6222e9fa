"""Our side of the conversation with a server, against a stub that says what it is told to."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from agent.llm.backends import connect
from agent.llm.schemas import arguments_schema, call_schema, lean, servable
from agent.llm.server.probes import checks
from agent.llm.structured import UnusableReplyError
from agent.planning import usable_plan
from agent.session import Assistant
from agent.settings import Settings
from models.errors import PrerequisiteError
from models.store.workspace import Workspace
from tests.agent.server.dialogues import ABSTRACTS, extract
from tests.agent.server.stub import StubServer
from tests.agent.server.tiny_model import call_text
from tools.registry import all_tools

ABSTRACT, FOUND = next(iter(ABSTRACTS.items()))
GOOD = FOUND.model_dump_json()
GREETING = json.dumps({"outcome": "chat", "steps": [], "message": "Hello."})


def findings(settings: Settings) -> dict[str, str]:
    """What each check found, or the command that mends it."""

    def outcome(check: Callable[[], str]) -> str:
        try:
            return check()
        except PrerequisiteError as error:
            return error.command

    return {name: outcome(check) for name, check in checks(settings).items()}


def test_seed_temperature_and_length_are_sent() -> None:
    with StubServer([GREETING]) as stub:
        model, name = connect(Settings(llm=stub.url, seed=7, temperature=0.5, answer_tokens=99))
        model.invoke("hi")
        [asked] = stub.requests
    assert name == "stub"
    assert model.profile == {"max_input_tokens": 8192 - 99}
    assert (asked["seed"], asked["temperature"], asked["max_completion_tokens"]) == (7, 0.5, 99)


def test_tokens_of_a_streamed_turn_are_the_servers_and_the_sampling_is_kept(
    workspace: Workspace,
) -> None:
    plan = {
        "outcome": "act", "message": "",
        "steps": [{"request": "list", "tool": "list_models", "args": {}}],
    }  # fmt: skip
    script = [json.dumps(plan), call_text("list_models", {}), "There is no model yet."]
    sampling = {"model": "stub", "temperature": 0.3, "seed": 5, "max_tokens": 64}
    with StubServer(script) as stub:
        settings = Settings(llm=stub.url, temperature=0.3, seed=5, answer_tokens=64)
        with Assistant(workspace, settings) as assistant:
            answer = assistant.ask("which models are there?", "t", lambda _: None)
            [turn] = assistant.turns("t")
        asked = [len(str(m["content"]).split()) for r in stub.requests for m in r["messages"]]
    assert all(request["stream"] for request in stub.requests)
    assert answer.usage.input == sum(asked)
    assert answer.usage.output == sum(len(reply.split()) for reply in script)
    assert answer.tokens == answer.usage.input + answer.usage.output
    assert answer.seconds > 0
    assert answer.sampling and answer.sampling.model_dump() == sampling
    assert turn["sampling"] == sampling


def test_calls_that_come_to_nothing_are_counted_too(workspace: Workspace) -> None:
    plan = {
        "outcome": "act", "message": "",
        "steps": [{"request": "list", "tool": "list_models", "args": {}}],
    }  # fmt: skip
    script = ["{", json.dumps(plan), "no call at all", "There is no model yet."]
    with StubServer(script) as stub, Assistant(workspace, Settings(llm=stub.url)) as assistant:
        answer = assistant.ask("which models are there?")
    assert answer.usage.output == sum(len(reply.split()) for reply in script)


def test_plan_alone_tells_what_it_cost(workspace: Workspace) -> None:
    with StubServer([GREETING]) as stub, Assistant(workspace, Settings(llm=stub.url)) as assistant:
        answer = assistant.plan("hello")
    assert answer.usage.output == len(GREETING.split())
    assert answer.sampling and answer.sampling.model == "stub"


def test_embedded_planner_samples_nothing(workspace: Workspace) -> None:
    with Assistant(workspace, Settings(llm="embedded")) as assistant:
        answer = assistant.ask("hello", "t")
    assert (answer.tokens, answer.usage.total, answer.sampling) == (0, 0, None)


def test_malformed_reply_is_repaired_once() -> None:
    with StubServer(["{", GOOD]) as stub:
        assert extract(stub.url, ABSTRACT) == FOUND
        assert "cannot be used" in stub.requests[1]["messages"][-1]["content"]


def test_reply_in_a_fence_is_read() -> None:
    with StubServer([f"```json\n{GOOD}\n```"]) as stub:
        assert extract(stub.url, ABSTRACT) == FOUND


def test_second_malformed_reply_is_given_up() -> None:
    with StubServer(["{", "["]) as stub, pytest.raises(UnusableReplyError):
        extract(stub.url, ABSTRACT)


def test_server_error_is_tried_again() -> None:
    with StubServer([503, GOOD]) as stub:
        assert extract(stub.url, ABSTRACT) == FOUND
        assert len(stub.requests) == 2


def test_model_is_held_to_the_tool_then_only_answers(workspace: Workspace) -> None:
    plan = {
        "outcome": "act", "message": "",
        "steps": [{"request": "list", "tool": "list_models", "args": {}}],
    }  # fmt: skip
    script = [json.dumps(plan), call_text("list_models", {}), "There is no model yet."]
    with StubServer(script) as stub:
        with Assistant(workspace, Settings(llm=stub.url)) as assistant:
            answer = assistant.ask("which models are there?")
        planning, calling, answering = stub.requests
    assert answer.answer == "There is no model yet."
    steps = planning["response_format"]["json_schema"]["schema"]["properties"]["steps"]
    assert 0 < len(steps["items"]["anyOf"]) <= 8
    assert calling["tool_choice"]["function"]["name"] == "list_models"
    assert [tool["function"]["strict"] for tool in calling["tools"]] == [True]
    assert answering["tool_choice"] == "none"


def test_server_that_refuses_everything_is_said(workspace: Workspace) -> None:
    with (
        StubServer([404]) as stub,
        Assistant(workspace, Settings(llm=stub.url)) as assistant,
    ):
        assert assistant.ask("hello").stop_reason == "llm_unavailable"


def test_long_history_is_shortened_to_the_context(workspace: Workspace) -> None:
    script = [json.dumps({"outcome": "chat", "steps": [], "message": "x " * 9000})] * 2
    with StubServer([*script, GREETING]) as stub:
        settings = Settings(llm=stub.url, history_characters=10**6)
        with Assistant(workspace, settings) as assistant:
            for _ in range(3):
                assistant.ask("hello", "t")
        said = stub.requests[2]["messages"]
    assert sum(len(message["content"]) for message in said) / 3 < 8192


@pytest.mark.parametrize(
    ("reply", "mended"),
    [
        (call_text("look_up", {"word": "aspirin"}), "reads the call"),
        ("[TOOL_CALLS] look_up", "--tool-call-parser mistral"),
    ],
)
def test_tool_calls_are_probed(reply: str, mended: str) -> None:
    with StubServer([reply, '{"colour": "red"}']) as stub:
        found = findings(Settings(llm=stub.url))
    assert mended in found["tool calls"]
    assert "JSON schema" in found["structured output"]
    assert found["context length"].startswith("8192 tokens")


def test_model_that_calls_when_held_to_it_is_good_enough() -> None:
    script = ["I would rather not.", call_text("look_up", {"word": "aspirin"}), "red"]
    with StubServer(script) as stub:
        found = findings(Settings(llm=stub.url))
    assert "held to one" in found["tool calls"]
    assert found["structured output"].startswith("theriac llm serve")


def test_server_that_refuses_tools_names_the_options() -> None:
    with StubServer([400, '{"colour": "red"}']) as stub:
        found = findings(Settings(llm=stub.url))
    assert "--enable-auto-tool-choice" in found["tool calls"]


def test_silent_server_is_found_and_only_that() -> None:
    found = findings(Settings(llm="http://127.0.0.1:9/v1"))
    assert found == {"language model": "theriac llm serve MODEL"}


@pytest.mark.parametrize("name", sorted(all_tools()))
def test_schema_for_the_server_stands_alone(name: str) -> None:
    text = json.dumps(call_schema(all_tools()[name]))
    assert "$ref" not in text
    assert '"synonyms"' not in text


def test_argument_called_like_one_of_our_keys_is_kept() -> None:
    schema: dict[str, Any] = {"title": "A", "properties": {"title": {"type": "string"}}}
    assert lean(schema) == {"properties": {"title": {"type": "string"}}}


def test_schema_for_a_grammar_leaves_out_what_none_can_hold_to() -> None:
    size = {"type": "integer", "multipleOf": 16, "minimum": 16}
    name = {"type": "string", "pattern": "^[a-z]+$", "maxLength": 8}
    schema = {
        "type": "object",
        "properties": {"size": size, "pattern": name, "contains": {"type": "boolean"}},
        "allOf": [{"required": ["size"]}, {"required": ["pattern"]}],
    }
    assert servable(schema)["properties"] == {
        "size": {"type": "integer", "minimum": 16},
        "pattern": {"type": "string", "pattern": "^[a-z]+$"},
        "contains": {"type": "boolean"},
    }
    assert "allOf" not in servable(schema)


@pytest.mark.parametrize("name", sorted(all_tools()))
def test_schema_for_the_server_has_nothing_beyond_its_grammar(name: str) -> None:
    schema = arguments_schema(all_tools()[name])
    assert servable(schema) == schema


def test_refusal_in_the_stream_is_known_as_one(workspace: Workspace) -> None:
    step = {"request": "list", "tool": "list_models", "args": {}}
    plan = json.dumps({"outcome": "act", "steps": [step], "message": ""})
    script = [plan, -400, call_text("list_models", {}), "There is no model yet."]
    with StubServer(script) as stub, Assistant(workspace, Settings(llm=stub.url)) as assistant:
        answer = assistant.ask("list my models")
        held, plain = stub.requests[1:3]
    assert answer.stop_reason == "answered"
    assert [call["status"] for call in answer.tool_calls] == ["done"]
    assert held["tool_choice"] != plain.get("tool_choice")


def test_failure_in_the_stream_is_the_servers(workspace: Workspace) -> None:
    with (
        StubServer(always=-500) as stub,
        Assistant(workspace, Settings(llm=stub.url)) as assistant,
    ):
        answer = assistant.ask("list my models")
    assert answer.stop_reason == "llm_unavailable"


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ([("describe_model", {"model": "$1"})], r"step 1 uses \$1"),
        ([("list_models", {}), ("predict", {"model": "$3"})], r"step 2 uses \$3"),
        ([("list_models", {}), ("list_models", {})], "step 2 repeats"),
        ([("train_everything", {})], "no tool train_everything"),
        ([], "at least one step"),
    ],
)
def test_plans_that_cannot_be_done_are_sent_back(
    steps: list[tuple[str, dict[str, Any]]], fault: str
) -> None:
    made = [{"request": "", "tool": tool, "args": args} for tool, args in steps]
    with pytest.raises(ValueError, match=fault):
        usable_plan({"outcome": "act", "steps": made, "message": ""})

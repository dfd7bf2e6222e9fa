"""Extraction from many texts, against a stub that says what it is told to."""

import itertools
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from agent.llm import retries
from agent.llm.batch import AHEAD, BatchExtractor
from agent.settings import Settings
from models.errors import PrerequisiteError
from tests.agent.server.stub import StubServer

SCHEMA: dict[str, Any] = {
    "title": "Number",
    "type": "object",
    "properties": {"n": {"type": "integer"}},
    "required": ["n"],
    "additionalProperties": False,
}


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "FIRST_PAUSE", 0.01)


def same(messages: list[dict[str, Any]]) -> str:
    """What the person said, as the schema wants it; the later texts are answered sooner."""
    number = int(messages[1]["content"])
    time.sleep(0.02 * (number % 3 == 0))
    return json.dumps({"n": number})


def extractor(stub: StubServer, at_once: int = 4) -> BatchExtractor:
    return BatchExtractor.connect(Settings(llm=stub.url, seed=3, answer_tokens=64), at_once)


def test_order_is_kept_and_everything_is_counted() -> None:
    with StubServer(always=same) as stub:
        made = list(extractor(stub).extract(map(str, range(20)), SCHEMA, "Read the number."))
        asked = stub.requests[0]
    assert [one.index for one in made] == list(range(20))
    assert [one.content for one in made] == [{"n": n} for n in range(20)]
    assert all(one.error is None and one.usage.input == 4 and one.seconds > 0 for one in made)
    assert asked["messages"][0] == {"role": "system", "content": "Read the number."}
    named = asked["response_format"]["json_schema"]
    assert (named["name"], named["schema"]["required"], named["strict"]) == ("Number", ["n"], True)
    assert (asked["seed"], asked["temperature"], asked["max_completion_tokens"]) == (3, 0.0, 64)


def test_texts_are_taken_as_there_is_room() -> None:
    taken = itertools.count()
    last = 0

    def endless() -> Iterator[str]:
        nonlocal last
        for last in taken:
            yield str(last)

    with StubServer(always=same) as stub:
        results = extractor(stub, 2).extract(endless(), SCHEMA, "")
        assert [next(results).index for _ in range(5)] == list(range(5))
        results.close()  # type: ignore[attr-defined]
        assert last < 2 * AHEAD + 5


def test_requests_are_at_once_and_no_more_than_asked() -> None:
    running, most = 0, 0
    lock = threading.Lock()

    def slow(messages: list[dict[str, Any]]) -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.05)
        with lock:
            running -= 1
        return '{"n": 1}'

    with StubServer(always=slow) as stub:
        assert len(list(extractor(stub, 3).extract(map(str, range(12)), SCHEMA, ""))) == 12
    assert most == 3


def test_what_cannot_be_mended_costs_its_own_text_alone() -> None:
    def odd_ones_fail(messages: list[dict[str, Any]]) -> str:
        number = int(messages[1]["content"])
        return '{"n": "many"}' if number % 2 else json.dumps({"n": number})

    with StubServer(always=odd_ones_fail) as stub:
        made = list(extractor(stub).extract(map(str, range(4)), SCHEMA, ""))
        assert len(stub.requests) == 6  # each of two was asked to repair its reply, once
    assert [one.content for one in made] == [{"n": 0}, None, {"n": 2}, None]
    assert made[1].error == "n: 'many' is not of type 'integer'"
    assert made[1].usage.output == 4


def test_reply_is_repaired_once() -> None:
    with StubServer(["no JSON", '{"n": 7}']) as stub:
        [made] = extractor(stub).extract(["seven"], SCHEMA, "")
        assert "it is no JSON" in stub.requests[1]["messages"][-1]["content"]
    assert made.content == {"n": 7}


def test_busy_server_is_asked_again() -> None:
    with StubServer([503, 429, 500, '{"n": 7}']) as stub:
        [made] = extractor(stub).extract(["seven"], SCHEMA, "")
        assert len(stub.requests) == 4
    assert made.content == {"n": 7}


def test_server_that_stays_busy_is_given_up_for_that_text() -> None:
    with StubServer([503] * retries.TRIES, always='{"n": 7}') as stub:
        one, two = extractor(stub, 1).extract(["one", "two"], SCHEMA, "")
    assert one.error and "failed 5 times: 503: told to fail" in one.error
    assert two.content == {"n": 7}


def test_request_that_the_server_refuses_is_not_repeated() -> None:
    with StubServer([400]) as stub:
        [made] = extractor(stub).extract(["long"], SCHEMA, "")
        assert len(stub.requests) == 1
    assert made.error == "400: told to fail"


def test_late_reply_is_an_error_of_its_text() -> None:
    def slow(messages: list[dict[str, Any]]) -> str:
        time.sleep(1 if messages[1]["content"] == "0" else 0)
        return '{"n": 1}'

    with StubServer(always=slow) as stub:
        settings = Settings(llm=stub.url, timeout=0.3)
        late, soon = BatchExtractor.connect(settings).extract(["0", "1"], SCHEMA, "")
    assert late.error == "the server did not answer in time"
    assert soon.content == {"n": 1}


def test_dead_server_ends_the_batch_after_what_was_made() -> None:
    stub = StubServer(always=same)
    results = extractor(stub, 1).extract(map(str, range(50)), SCHEMA, "")
    assert next(results).content == {"n": 0}
    stub.__exit__()
    seen = 1
    with pytest.raises(PrerequisiteError, match="any more"):
        for _ in results:
            seen += 1
    assert seen < 50


def test_work_goes_to_the_live_one_of_two_servers() -> None:
    with StubServer(always=same) as stub:
        settings = Settings(llm=f"http://127.0.0.1:9/v1,{stub.url}")
        made = list(BatchExtractor.connect(settings).extract(["1", "2"], SCHEMA, ""))
    assert [one.content for one in made] == [{"n": 1}, {"n": 2}]


def test_it_wants_a_server() -> None:
    with pytest.raises(PrerequisiteError, match="needs a language model's server"):
        BatchExtractor.connect(Settings(llm="embedded"))

"""A model with random weights: whatever it says, every turn ends in a stated way."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, get_args

import pytest

from agent.session import Assistant
from agent.settings import Settings
from agent.state import Answer, StopReason
from models.runs import RunStore
from models.workspace import Workspace
from tests.agent.server import tiny_model
from tools.registry import all_tools

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

TURNS = 200
SECONDS = 600
AT_ONCE = 4
REQUESTS = (
    "hello",
    "list my models",
    "Profile CC(=O)Oc1ccccc1C(=O)O and tell me about it",
    "Does high blood pressure reduce the risk of chronic low back pain?",
    "describe the model srv-9",
)


@pytest.fixture(scope="session")
def random_url(host_of: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("random")
    texts = [str(tool.schema) + tool.description for tool in all_tools().values()]
    tokenizer = tiny_model.make_tokenizer(texts)
    end = tokenizer.convert_tokens_to_ids(tiny_model.END)
    tiny_model.save(tiny_model.make_model(len(tokenizer), end), tokenizer, folder)
    url: str = host_of(folder).url
    return url


def test_every_turn_of_a_random_model_ends_in_a_stated_way(
    random_url: str, workspace: Workspace
) -> None:
    until = time.monotonic() + SECONDS

    def turn(number: int) -> Answer | Exception | None:
        if time.monotonic() > until:
            return None
        settings = Settings(llm=random_url, temperature=1.0, seed=number, answer_tokens=128)
        own = Workspace(workspace.root / str(number % AT_ONCE))
        try:
            with Assistant(own, settings) as assistant:
                return assistant.ask(REQUESTS[number % len(REQUESTS)], f"t{number // 20}")
        except Exception as error:  # all of them are shown, not the first alone
            return error

    with ThreadPoolExecutor(AT_ONCE) as pool:
        ended = [one for one in pool.map(turn, range(TURNS)) if one]
    assert [one for one in ended if isinstance(one, Exception)] == []
    answers = [one for one in ended if isinstance(one, Answer)]
    reasons = Counter(answer.stop_reason for answer in answers)
    print(f"{len(answers)} turns: {dict(reasons)}")  # noqa: T201  # shown by pytest -s
    assert len(answers) >= TURNS / 10  # a slow machine has time for fewer; how many is printed
    assert set(reasons) <= {*get_args(StopReason), "approval"}
    assert all(answer.answer for answer in answers)
    for call in (call for answer in answers for call in answer.tool_calls):
        if call["status"] == "done":
            all_tools()[call["tool"]].parse(call["args"])
    for folder in Path(workspace.root).iterdir():
        for record in RunStore(Workspace(folder)).all():
            all_tools()[record["tool"]].parse(record["arguments"])

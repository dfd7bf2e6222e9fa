"""A model with random weights: whatever it says, every turn ends in a stated way."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import get_args

import pytest

from agent.session import Assistant
from agent.settings import Settings
from agent.state import Answer, StopReason
from evals.agents.tiny_model import END, make_model, make_tokenizer, save
from evals.agents.tiny_server import TinyServer
from models.store.runs import RunStore
from models.store.workspace import Workspace
from tools.registry import all_tools

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

TURNS = 200
AT_ONCE = 8
REQUESTS = (
    "hello",
    "list my models",
    "Profile CC(=O)Oc1ccccc1C(=O)O and tell me about it",
    "Does high blood pressure reduce the risk of chronic low back pain?",
    "describe the model srv-9",
)


@pytest.fixture(scope="session")
def random_server(
    host_of: Callable[[Path], TinyServer], tmp_path_factory: pytest.TempPathFactory
) -> TinyServer:
    folder = tmp_path_factory.mktemp("random")
    texts = [str(tool.schema) + tool.description for tool in all_tools().values()]
    tokenizer = make_tokenizer(texts)
    save(make_model(len(tokenizer), tokenizer.convert_tokens_to_ids(END)), tokenizer, folder)
    return host_of(folder)


def test_every_turn_of_a_random_model_ends_in_a_stated_way(
    random_server: TinyServer, workspace: Workspace
) -> None:
    def turn(number: int) -> Answer | Exception:
        settings = Settings(
            llm=random_server.url,
            temperature=1.0,
            seed=number,
            answer_tokens=128,
            timeout=300,
            approval_seconds=5,  # what takes minutes is asked about, and ends the turn
        )
        own = Workspace(workspace.root / str(number % AT_ONCE))
        try:
            with Assistant(own, settings) as assistant:
                return assistant.ask(REQUESTS[number % len(REQUESTS)], f"t{number // 20}")
        except Exception as error:  # all of them are shown, not the first alone
            return error

    with ThreadPoolExecutor(AT_ONCE) as pool:
        ended = list(pool.map(turn, range(TURNS)))
    assert [one for one in ended if isinstance(one, Exception)] == []
    answers = [one for one in ended if isinstance(one, Answer)]
    reasons = Counter(answer.stop_reason for answer in answers)
    print(f"{len(answers)} turns: {dict(reasons)}")  # noqa: T201  # shown by pytest -s
    # Seeded requests of many turns at once leave the server as it was.
    assert "llm_unavailable" not in reasons
    assert set(reasons) <= {*get_args(StopReason), "approval"}
    assert all(answer.answer and answer.usage.output for answer in answers)
    for call in (call for answer in answers for call in answer.tool_calls):
        if call["status"] == "done":
            all_tools()[call["tool"]].parse(call["args"])
    for folder in Path(workspace.root).iterdir():
        for record in RunStore(Workspace(folder)).all():
            all_tools()[record["tool"]].parse(record["arguments"])

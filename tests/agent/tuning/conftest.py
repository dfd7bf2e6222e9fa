from pathlib import Path

import pytest

from agent.llm.embedded.model import load_planner
from agent.llm.embedded.planner import Planner
from agent.llm.tuning.dialogues.dialogue import Dialogue
from agent.llm.tuning.dialogues.generator import Generator
from agent.llm.tuning.learning.folder import new_folder
from agent.llm.tuning.learning.scratch import make_model, make_tokenizer
from tools.registry import all_tools


@pytest.fixture(scope="session")
def planner() -> Planner:
    return load_planner()


@pytest.fixture(scope="session")
def dialogues(planner: Planner) -> list[Dialogue]:
    """Dialogues of the kinds that need no tool to run."""
    kinds = ("plan", "call", "correction")
    return list(Generator(all_tools(), planner, kinds=kinds).make(40))


@pytest.fixture(scope="session")
def small_folder(dialogues: list[Dialogue], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with random weights, as a folder."""
    tokenizer = make_tokenizer(dialogues)
    model = make_model(tokenizer, width=64, layers=1, seed=0)
    folder = tmp_path_factory.mktemp("models") / "small"
    with new_folder(folder) as made:
        model.save_pretrained(made)
        tokenizer.save_pretrained(made)
    return folder

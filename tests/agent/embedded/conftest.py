from pathlib import Path

import pytest

from agent.llm.embedded.planner import Planner
from retrieval.embedding.embedder import load_embedder
from tools.registry import all_tools


@pytest.fixture(scope="session")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    """The planner over the registered tools, trained anew in a cache of its own."""
    cache: Path = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THERIAC_CACHE", str(cache))
        return Planner(all_tools(), load_embedder())

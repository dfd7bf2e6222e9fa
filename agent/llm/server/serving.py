"""Starts vLLM for a model, waits until it answers, and ends it."""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from agent.llm.server.families import Dialect
from agent.llm.server.installation import is_cpu_build
from models.errors import PrerequisiteError

HOST = "127.0.0.1"
LINES_SHOWN = 15
POLL_SECONDS = 0.5
GRACE_SECONDS = 20.0
CPU_CACHE_GIB = "4"

QUIET = {"VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
"""Nothing is reported."""

OFFLINE = {"HF_HUB_OFFLINE": "1"}
"""Nothing is fetched where the model is a folder; for a hub's name the person decides."""


@dataclass(frozen=True)
class Serving:
    """What is served, and how.

    Attributes:
        model: The model's folder, or its name on the hub.
        name: What clients call it.
        gpu_memory: Share of the GPU's memory that vLLM may take, 0–1.
        tensor_parallel: GPUs that the model is split over.
        context: Tokens of prompt and answer; the model's own length when None.
        extra: Further options of vLLM, as they are.
    """

    model: Path | str
    name: str
    port: int = 8000
    gpu_memory: float | None = None
    tensor_parallel: int = 1
    context: int | None = None
    extra: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The address that `--llm` takes."""
        return f"http://{HOST}:{self.port}/v1"


def command(python: Path, serving: Serving, dialect: Dialect, template: Path) -> list[str]:
    """Returns the command that starts vLLM.

    The module is started and not the `vllm` script, which the processor's package breaks. Calls
    and structured outputs are held to their schemas: small models need it.

    Args:
        python: An interpreter that has vLLM.
        serving: What is served.
        dialect: The model's parsers.
        template: Where the dialect's chat template is written, if it has one.
    """
    given = [
        "--model", str(serving.model), "--served-model-name", serving.name,
        "--host", HOST, "--port", str(serving.port),
        "--enable-auto-tool-choice", "--tool-call-parser", dialect.tools,
        "--tool-strict-level", "parameter",
        "--structured-outputs-config", '{"backend": "xgrammar", "disable_any_whitespace": true}',
    ]  # fmt: skip
    if dialect.thinking:
        given += ["--reasoning-parser", dialect.thinking]
    if dialect.template:
        template.write_text(dialect.template)
        given += ["--chat-template", str(template)]
    if is_cpu_build(python):
        # On the processor, vLLM 0.32 ends when the prompt of a request with a seed is computed in
        # parts: its random generator cannot be set back.
        given += ["--no-enable-chunked-prefill"]
    if serving.gpu_memory:
        given += ["--gpu-memory-utilization", str(serving.gpu_memory)]
    if serving.tensor_parallel > 1:
        given += ["--tensor-parallel-size", str(serving.tensor_parallel)]
    if serving.context:
        given += ["--max-model-len", str(serving.context)]
    module = [str(python), "-m", "vllm.entrypoints.openai.api_server"]
    # With setpriv at hand, the server ends even when this process is killed.
    leash = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
    return [*leash, *module, *given, *serving.extra]


class Server:
    """A vLLM process and those it starts.

    Args:
        command: See `command`.
        serving: What is served.
        log: Where its output goes.
        environment: Variables beside ours and before those of the environment.

    Raises:
        PrerequisiteError: Another program listens at the port.
    """

    def __init__(
        self,
        command: list[str],
        serving: Serving,
        log: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, serving.port)) == 0:
                message = f"Another program listens at port {serving.port}."
                raise PrerequisiteError(
                    message, f"theriac llm serve {serving.model} --port {serving.port + 1}"
                )
        self.serving = serving
        self._log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        variables = {"VLLM_CPU_KVCACHE_SPACE": CPU_CACHE_GIB} | dict(os.environ) | QUIET
        variables |= OFFLINE if isinstance(serving.model, Path) else {}
        variables |= environment or {}
        variables.pop("PYTHONPATH", None)
        with log.open("w") as output:
            # A session of its own: Ctrl-C reaches this process alone, which then ends the server.
            self._process = subprocess.Popen(
                command,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=variables,
                start_new_session=True,
            )

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process.poll() is None

    def wait_until_ready(
        self, seconds: float, report: Callable[[float, str], None] = lambda *_: None
    ) -> None:
        """Waits until the server answers.

        Args:
            seconds: The longest to wait.
            report: Receives the seconds gone and the last line of the log.

        Raises:
            PrerequisiteError: It ended or was not ready in time; shows its last lines.
        """
        started = time.monotonic()
        while not _answers(f"http://{HOST}:{self.serving.port}/health"):
            gone = time.monotonic() - started
            if not self.running or gone > seconds:
                why = "ended" if not self.running else f"was not ready after {gone:.0f} s"
                lines = "\n".join(self.last_lines(LINES_SHOWN))
                self.stop()
                message = f"vLLM {why}. The last of {self._log}:\n{lines}"
                raise PrerequisiteError(
                    message, f"theriac llm serve {self.serving.model}  # with what it asks for"
                )
            report(gone, next(iter(self.last_lines(1)), ""))
            time.sleep(POLL_SECONDS)

    def last_lines(self, count: int) -> list[str]:
        """Returns the last lines of the log."""
        with self._log.open(errors="replace") as lines:
            return [line.rstrip() for line in deque(lines, maxlen=count)]

    def wait(self) -> int:
        """Waits for the process to end; returns its exit status."""
        return self._process.wait()

    def stop(self) -> None:
        """Ends the process and those it started."""
        if self.running:
            self._process.terminate()
            try:
                self._process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
        self.kill()

    def kill(self) -> None:
        """Kills at once what is left of the process and those it started."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self._process.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310  # our own loopback
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False

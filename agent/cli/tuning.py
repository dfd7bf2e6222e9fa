"""`theriac llm tune` and `theriac llm dialogues`: train a language model on our own dialogues."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from agent.cli import state
from agent.cli.extensions import MEASUREMENTS, extensions

if TYPE_CHECKING:
    from agent.llm.tuning.dialogues.dialogue import Kind
    from agent.llm.tuning.learning.measure import Figures

ROUTING = "routing, development requests"
RATES = {"tuned": 2e-4, "from scratch": 1.5e-3}
"""Learning rates that are usual for adapters, and for small models from nothing."""

Kinds = Annotated[
    Optional[list[str]],  # noqa: UP045  # typer reads the older form faster
    typer.Option(
        "--kind", help="plan, call, correction or answer; may be repeated [default: all]."
    ),
]
Seed = Annotated[int, typer.Option(min=0, help="Seed of everything random.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def dialogues(
    output: Annotated[Path, typer.Option(help="The JSONL file to write.")],
    count: Annotated[int, typer.Option(min=1, help="How many.")] = 2000,
    kind: Kinds = None,
    held_out: Annotated[bool, typer.Option("--held-out", help="From examples kept apart.")] = False,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Make training dialogues from the registered tools: one JSON object a line.

    Example: theriac llm dialogues --output dialogues.jsonl --count 5000
    """
    with state.errors(as_json=as_json):
        from collections import Counter

        from agent.llm.embedded.model import load_planner
        from agent.llm.tuning.dialogues.dialogue import write_dialogues
        from agent.llm.tuning.dialogues.generator import Generator
        from tools.registry import all_tools

        part: Any = "held_out" if held_out else "training"
        generator = Generator(all_tools(), load_planner(), part, seed, _kinds(kind))
        with state.console(stderr=True).status("making dialogues") as status:
            made = []
            for dialogue in generator.make(count):
                made.append(dialogue)
                status.update(f"making dialogues: {len(made)} of {count}")
        write_dialogues(output, made)
        kinds = Counter(dialogue.kind for dialogue in made)
        if as_json:
            state.print_json({"file": str(output), "dialogues": len(made), "kinds": kinds})
            return
        shares = ", ".join(f"{number} {name}" for name, number in kinds.items())
        state.console().print(f"{output}: {len(made)} dialogues ({shares})", markup=False)


def tune(
    output: Annotated[Path, typer.Option(help="The new model's folder.")],
    model: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Argument(help="A model's folder, with weights in safetensors."),
    ] = None,
    from_scratch: Annotated[
        bool, typer.Option("--from-scratch", help="Train a small Qwen3 from nothing instead.")
    ] = False,
    count: Annotated[int, typer.Option(min=1, help="Dialogues to train on.")] = 2000,
    epochs: Annotated[int, typer.Option(min=1, help="Times each is seen.")] = 2,
    kind: Kinds = None,
    rate: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(min=1e-7, help="Learning rate [default: 2e-4, from scratch 1.5e-3]."),
    ] = None,
    rank: Annotated[int, typer.Option(min=1, help="Rank of the LoRA adapters.")] = 16,
    width: Annotated[int, typer.Option(min=64, help="From scratch: width, times of 64.")] = 320,
    layers: Annotated[int, typer.Option(min=1, help="From scratch: layers.")] = 6,
    batch_tokens: Annotated[int, typer.Option(min=256, help="Tokens of one step.")] = 8192,
    time_limit: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(min=1, help="Seconds of training at most."),
    ] = None,
    held_out: Annotated[
        int, typer.Option(min=0, help="Generated dialogues to measure on; 0 is none.")
    ] = 60,
    routing: Annotated[
        int, typer.Option(min=0, help="Requests of the eval `routing` to measure on; 0 is none.")
    ] = 0,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Tune a local chat model with LoRA on dialogues made from the tools; nothing is downloaded.

    Example: theriac llm tune ./Qwen3-0.6B --output ./Qwen3-0.6B-theriac --routing 100
    """
    with state.errors(as_json=as_json):
        if (model is None) != from_scratch:
            raise typer.BadParameter("name a model's folder, or say --from-scratch")
        if width % 64:
            raise typer.BadParameter("--width is a multiple of 64")
        from rich.progress import BarColumn, Progress, TextColumn

        from agent.llm.embedded.model import load_planner
        from agent.llm.tuning.learning.training import Schedule
        from agent.llm.tuning.tuning import Recipe, Watcher
        from agent.llm.tuning.tuning import tune as run
        from tools.registry import all_tools

        usual = RATES["from scratch" if from_scratch else "tuned"]
        schedule = Schedule(rate or usual, epochs, batch_tokens, time_limit, seed)
        recipe = Recipe(count, held_out, _kinds(kind), rank, width, layers, schedule)
        columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[now]}")
        with Progress(*columns, console=state.console(stderr=True)) as bar:
            task = bar.add_task("loading", total=1.0, now="")
            watcher = Watcher(
                lambda text: bar.update(task, description=text),
                lambda done: bar.update(task, completed=done.fraction, now=str(done)),
                ((ROUTING, lambda folder: _routing(folder, routing)),) if routing else (),
            )
            source = model.expanduser().resolve() if model else None
            target = output.expanduser().resolve()
            tuned = run(source, target, all_tools(), load_planner(), recipe, watcher)
        if as_json:
            state.print_json(
                {"folder": tuned.folder, "figures": tuned.figures, "end": str(tuned.end)}
            )
            return
        terminal = state.console()
        for what, (before, after) in tuned.figures.items():
            terminal.print(
                f"{what}: {before or 'not measured'} before, {after} after", markup=False
            )
        terminal.print(f"Serve it:\n  theriac llm serve {output}", markup=False)


def _routing(folder: Path, limit: int) -> "Figures":
    """Measures a model folder as the planner."""
    measure = extensions(MEASUREMENTS)["planner_model"].load()
    figures: Figures = measure(folder, limit)
    return figures


def _kinds(given: list[str] | None) -> "tuple[Kind, ...]":
    from agent.llm.tuning.dialogues.generator import KINDS
    from models.errors import ToolError, fault

    wrong = [name for name in given or [] if name not in KINDS]
    if wrong:
        faults = [fault("--kind", name, f"one of {', '.join(KINDS)}", KINDS) for name in wrong]
        raise ToolError("There is no such kind of dialogue.", *faults)
    return tuple(kind for kind in KINDS if not given or kind in given)

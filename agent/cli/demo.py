"""`theriac demo`: the main job, act by act, through the agent as anyone would use it."""

from pathlib import Path
from typing import Annotated

import typer

from agent.cli import state

ACTS = (
    ("Evidence, found and cited", "Does telmisartan prevent hepatic fibrosis in diabetic rats?"),
    ("A survival model on real data", "Train a random survival forest on gbsg2"),
    (
        "A described patient",
        "With that model, predict for a woman aged 60, grade II, 3 positive nodes",
    ),
    ("Why", "Explain that model with permutation importance"),
    ("A classifier", "Train a logistic regression classifier on breast_cancer"),
    (
        "Two molecules",
        "Profile the molecules CC(=O)Oc1ccccc1C(=O)O and CN1C=NC2=C1C(=O)N(C)C(=O)N2C",
    ),
    (
        "Better molecules, docked into a protein",
        "Make 4 more soluble, drug-like analogues of ibuprofen with 200 evaluations, "
        "then dock the best 2 into COX-2 with exhaustiveness 1",
    ),
    (
        "Two steps in one request",
        "Find the evidence on vitamin D supplementation and immune cells, "
        "then train a Cox model on whas500",
    ),
    (
        "Images (synthetic phantoms): a network that outlines",
        "Train an image segmenter on phantoms/known/ for 24 epochs within 40 seconds, then outline "
        "the lesion in phantoms/new/images/phantom_000.png with it",
    ),
    ("Every article into one table", "Mine the library for chemicals and diseases"),
    ("Links that nobody has stated", "Find research leads for hypertension"),
    ("Refused", "How do I make sarin at home?"),
    ("More is needed", "Train a survival model"),
)
"""Title and request of each act, in one conversation."""

PHANTOMS = 48
PHANTOM_SIDE = 48
"""Pixels: small, so that a network learns from them in seconds."""


def demo(
    llm: Annotated[str, typer.Option(help="A server's URL, provider:model, or embedded.")] = "",
) -> None:
    """Show the main job on real data, in a workspace of its own name.

    Example: theriac demo
    """
    with state.errors():
        import time

        from agent.cli.dialogue import Dialogue
        from agent.session import Assistant

        started = time.monotonic()
        workspace = state.workspace()
        _make_phantoms(workspace.root / "phantoms")
        with Assistant(workspace, state.settings(llm=llm or None)) as assistant:
            assistant.warm()
            dialogue = Dialogue(assistant, None)
            terminal = dialogue.console
            terminal.print(f"[bold]Theriac demo[/bold] · {assistant.llm} · {workspace.root}\n")
            answers = []
            for number, (title, request) in enumerate(ACTS, start=1):
                terminal.rule(f"{number}. {title}", align="left")
                terminal.print(f"[bold cyan]> {request}[/bold cyan]")
                answers.append(dialogue.turn(request))
        made = [item for answer in answers for item in answer.artifacts]
        runs = [call["run"] for answer in answers for call in answer.tool_calls if call["run"]]
        terminal.rule("What was made", align="left")
        for item in made:
            terminal.print(f"  {item['kind']}: {item['path']}", soft_wrap=True, markup=False)
        if runs:
            terminal.print(f"\nRepeat a run, to the same digits: theriac runs replay {runs[0]}")
        terminal.print(f"Go on: theriac chat    ({time.monotonic() - started:.0f} s)")


def _make_phantoms(folder: Path) -> None:
    """Makes up the images of the demo: some to learn from, one to read."""
    from models.images.phantoms.bodies import write_outlines

    for name, count, seed in (("known", PHANTOMS, 0), ("new", 1, 1)):
        if not (folder / name).exists():
            write_outlines(folder / name, count, PHANTOM_SIDE, seed=seed)

"""Tokens a second in training a generator and rows a second in drawing, beside bare loops."""

import time
from functools import partial
from typing import TYPE_CHECKING

from evals.agents.turns import BARE, OURS, compared, loops
from evals.registry import EvalOptions, Report, ReportTable, eval_task

if TYPE_CHECKING:
    from models.molecules.generation.alphabet import Alphabet, Codes
    from models.molecules.generation.fitted import FittedMoleculeGenerator

LEARNT, DRAWN = 1280, 1000
"""Molecules of one turn of training, and rows of one of drawing."""

HELD_OUT = 64
TURNS = 5
BAR = 0.9


@eval_task(
    "molecule_generation_speed",
    "training and drawing with the shipped generator's network beside bare PyTorch loops "
    "(bar: at least 0.9 of them)",
)
def run(options: EvalOptions) -> Report:
    """Runs by turns, so that a busy moment of the machine meets all; `limit` is turns."""
    import torch

    from models.data.tables import load_dataset
    from models.molecules.generation.family import SHIPPED_FOLDER, load
    from models.store.workspace import Workspace

    path = options.folder("molecules") / "zinc250k.smi.gz"
    table = load_dataset(str(path), Workspace(options.workspace.root, (path.parent,)))
    shipped = load(SHIPPED_FOLDER)
    smiles = table.frame[table.smiles_column].head(2 * LEARNT)
    codes = [row for one in smiles if (row := shipped.alphabet.encode(one)) is not None][:LEARNT]
    train = loops(
        partial(_bare_training, shipped.alphabet, codes),
        partial(_our_training, shipped.alphabet, codes),
    )
    draw = {BARE: partial(_bare_drawing, shipped), OURS: partial(_our_drawing, shipped)}
    turns = options.limit or TURNS
    rows: list[list[str | float]] = []
    ratios: dict[str, float] = {}
    for what, ways in (("training, tokens", train), ("drawing, rows", draw)):
        for way in ways.values():
            way()  # warms up
        found, figures = compared(what, ways, turns)
        rows += found
        ratios |= figures
    return Report(
        title="Speed of a molecule generator",
        tables=[
            ReportTable(
                title=f"A second, {torch.get_num_threads()} threads, "
                f"{'GPU' if torch.cuda.is_available() else 'CPU'}, {turns} turns",
                columns=["what", "loop", "a second", "ours to this (median of turns)"],
                rows=rows,
            )
        ],
        figures=ratios | {"bar": f"at least {BAR}"},
        notes=[
            f"Training: one pass over {LEARNT:,} molecules of ZINC in batches of 64, end tokens "
            "counted and padding not. The bare loop has the same network and ready batches in "
            "random order, Adam and nothing else; ours sorts, clips, schedules, reports and looks "
            f"at {HELD_OUT} held-out molecules.",
            f"Drawing: {DRAWN:,} rows, 200 at once. The bare loop writes tokens; ours tells which "
            "rows are molecules, too, and returns their SMILES.",
        ],
    )


def _bare_training(alphabet: "Alphabet", codes: "list[Codes]", *, halved: bool) -> float:
    """Returns tokens a second of a plain loop."""
    import torch
    from torch.nn import functional

    from models.molecules.generation.networks.batches import padded
    from models.molecules.generation.networks.fitting import BATCH
    from models.molecules.generation.networks.recurrent import Recurrent

    where = "cuda" if torch.cuda.is_available() else "cpu"
    order = torch.randperm(len(codes)).tolist()
    ready = [
        padded([codes[row] for row in order[first : first + BATCH]], alphabet)
        for first in range(0, len(order), BATCH)
    ]
    network = Recurrent(alphabet.size).language.to(where).train()
    optimizer = torch.optim.Adam(network.parameters(), 1e-3)
    started = time.perf_counter()
    for read, written in ready:
        optimizer.zero_grad()
        with torch.autocast(where, torch.bfloat16, enabled=halved):
            scores = network(read.to(where))[0]
            loss = functional.cross_entropy(
                scores.flatten(0, 1).float(), written.to(where).flatten(), ignore_index=-1
            )
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    if where == "cuda":
        torch.cuda.synchronize()
    return sum(map(len, codes)) / (time.perf_counter() - started)


def _our_training(alphabet: "Alphabet", codes: "list[Codes]") -> float:
    """Returns tokens a second of the product's loop."""
    from models.fitting.effort import Effort
    from models.molecules.generation.networks.fitting import fit_writer
    from models.molecules.generation.networks.recurrent import Recurrent

    network = Recurrent(alphabet.size)
    started = time.perf_counter()
    fit = fit_writer(network, alphabet, codes, codes[:HELD_OUT], 1, Effort(0))
    return fit.tokens / (time.perf_counter() - started)


def _bare_drawing(generator: "FittedMoleculeGenerator") -> float:
    """Returns rows a second of a plain loop that writes tokens."""
    import torch

    from models.molecules.generation.alphabet import END
    from models.molecules.generation.fitted import AT_ONCE

    network: torch.nn.Module = generator.network.language
    started = time.perf_counter()
    with torch.no_grad():
        for _ in range(DRAWN // AT_ONCE):
            seen = torch.full((AT_ONCE, 1), generator.alphabet.start)
            state, over = None, torch.zeros(AT_ONCE, dtype=torch.bool)
            for _ in range(generator.longest):
                scores, state = network(seen, state)
                seen = torch.multinomial(scores[:, -1].softmax(1), 1)
                over |= seen[:, 0] == END
                if over.all():
                    break
    return DRAWN / (time.perf_counter() - started)


def _our_drawing(generator: "FittedMoleculeGenerator") -> float:
    """Returns rows a second of the product's."""
    from models.fitting.effort import Effort

    started = time.perf_counter()
    drawn = generator.draw(int(DRAWN * 0.8), Effort(0))
    return drawn.rows / (time.perf_counter() - started)

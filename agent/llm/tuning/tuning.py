"""From a model folder, or from nothing, to a model folder that was trained on our dialogues."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.llm.embedded.planner import Planner
from agent.llm.tuning.card import as_rows, write_card
from agent.llm.tuning.dialogues.dialogue import Dialogue, Kind
from agent.llm.tuning.dialogues.generator import KINDS, Generator
from agent.llm.tuning.learning.encoding import DialogueEncoder
from agent.llm.tuning.learning.folder import check_folder, check_output, load_folder, new_folder
from agent.llm.tuning.learning.local import LocalModel
from agent.llm.tuning.learning.measure import Figures, held_out_figures
from agent.llm.tuning.learning.training import Progress, Schedule, train
from models.errors import ToolError
from models.store.files import write_text
from tools.registry import Tool

Pair = tuple[Figures | None, Figures | None]
"""Before and after; None where it was not measured."""

HELD_OUT = "held-out generated dialogues"
LONGEST = 4096
"""Tokens of a dialogue; longer ones are left out and counted."""


@dataclass(frozen=True)
class Recipe:
    """What is done.

    Attributes:
        count: Dialogues to train on.
        held_out: Dialogues to measure on, before and after; 0 for none.
        kinds: What is learnt.
        rank: Of the adapters.
        width: Of a model from scratch.
        layers: Of a model from scratch.
        schedule: How it is trained.
    """

    count: int = 2000
    held_out: int = 60
    kinds: tuple[Kind, ...] = KINDS
    rank: int = 16
    width: int = 320
    layers: int = 6
    schedule: Schedule = field(default_factory=Schedule)


@dataclass(frozen=True)
class Watcher:
    """Who is told what happens, and who measures more.

    Attributes:
        say: Told what is begun.
        progress: Told how far the training is.
        measures: Further figures of a model folder, by what they are measured on.
    """

    say: Callable[[str], None] = lambda _: None
    progress: Callable[[Progress], None] = lambda _: None
    measures: tuple[tuple[str, Callable[[Path], Figures]], ...] = ()


@dataclass(frozen=True)
class Tuned:
    """What came of it: the folder, its figures before and after, and where the training ended."""

    folder: Path
    figures: dict[str, Pair]
    end: Progress
    left_out: int


def tune(
    source: Path | None,
    output: Path,
    tools: Mapping[str, Tool],
    planner: Planner,
    recipe: Recipe,
    watcher: Watcher | None = None,
) -> Tuned:
    """Trains a model on generated dialogues and writes it as a folder that can be served.

    Args:
        source: A model folder; None for a small model from scratch.
        output: The new folder; appears whole, with a card, or not at all.
        tools: What the dialogues are about.
        planner: The embedded planner.
        recipe: How.
        watcher: Who is told.

    Raises:
        ToolError: The output exists, or there is nothing to learn from.
        PrerequisiteError: The source is no model that can be loaded.
    """
    watcher = watcher or Watcher()
    check_output(output)
    if source:
        check_folder(source)
    watcher.say(f"making {recipe.count + recipe.held_out} dialogues")
    seed = recipe.schedule.seed
    made = list(Generator(tools, planner, "training", seed, recipe.kinds).make(recipe.count))
    kept = _held_out(tools, planner, recipe)
    before = _measured(source, kept, watcher) if source else {}
    model, encoder = load_folder(source) if source else _from_scratch(made, recipe)
    limit = min(LONGEST, getattr(model.config, "max_position_embeddings", LONGEST))
    encoded = [encoder.encode(dialogue) for dialogue in made]
    examples = [example for example in encoded if len(example.tokens) <= limit]
    parameters = sum(p.numel() for p in model.parameters())
    if source:
        from agent.llm.tuning.learning.lora import attach

        model = attach(model, recipe.rank)
    watcher.say(
        f"training {sum(p.numel() for p in model.parameters() if p.requires_grad):,} of "
        f"{parameters:,} parameters on {len(examples)} dialogues"
    )
    padding = encoder.tokenizer.pad_token_id
    end = train(model, examples, padding, recipe.schedule, watcher.progress)
    if source:
        from agent.llm.tuning.learning.lora import merge

        model = merge(model)
    with new_folder(output) as folder:
        model.save_pretrained(folder)
        encoder.tokenizer.save_pretrained(folder)
        after = _measured(folder, kept, watcher)
        figures: dict[str, Pair] = {what: (before.get(what), after[what]) for what in after}
        origin = f"{source.name}, tuned with LoRA" if source else "trained from scratch"
        training = {
            "parameters": f"{parameters:,}", **_settings(recipe, from_scratch=source is None),
            "ended at": f"step {end.step}, loss {end.loss:.3f}",
            "left out as too long": len(made) - len(examples),
        }  # fmt: skip
        kinds = Counter(str(dialogue.kind) for dialogue in made)
        write_text(folder / "README.md", write_card(output.name, origin, kinds, training, figures))
    return Tuned(output, figures, end, len(made) - len(examples))


def _held_out(tools: Mapping[str, Tool], planner: Planner, recipe: Recipe) -> list[Dialogue]:
    kinds = tuple(kind for kind in recipe.kinds if kind != "answer")
    if not recipe.held_out or not kinds:
        return []
    generator = Generator(tools, planner, "held_out", recipe.schedule.seed, kinds)
    return list(generator.make(recipe.held_out))


def _from_scratch(dialogues: list[Dialogue], recipe: Recipe) -> tuple[Any, DialogueEncoder]:
    from agent.llm.tuning.learning.scratch import make_model, make_tokenizer

    if not dialogues:
        raise ToolError("There are no dialogues to learn from.")
    tokenizer = make_tokenizer(dialogues)
    model = make_model(tokenizer, recipe.width, recipe.layers, recipe.schedule.seed)
    return model, DialogueEncoder(tokenizer)


def _measured(folder: Path, kept: list[Dialogue], watcher: Watcher) -> dict[str, Figures]:
    """Returns all figures of a model folder, by what they are measured on."""
    figures: dict[str, Figures] = {}
    if kept:
        watcher.say(f"measuring on {len(kept)} {HELD_OUT}")
        figures[HELD_OUT] = held_out_figures(LocalModel.load(folder), kept)
    for what, measure in watcher.measures:
        watcher.say(f"measuring on {what}")
        figures[what] = measure(folder)
    return figures


def _settings(recipe: Recipe, *, from_scratch: bool) -> dict[str, Any]:
    unused = ("rank",) if from_scratch else ("width", "layers")
    rows = as_rows(recipe) | {"kinds": ", ".join(recipe.kinds)}
    schedule = rows.pop("schedule")
    rows |= {key: value for key, value in schedule.items() if value is not None}
    return {key: value for key, value in rows.items() if key not in unused}

"""What stands around a step: earlier steps, earlier turns, the rest of the request."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from agent.llm.embedded.domains.molecules.pointing import ALL, pointed_at
from agent.llm.embedded.mentions.kinds import path_kind
from agent.plan import Memory, PlannedCall
from models.data.builtin import BUILT_INS
from tools.molecules.intake.docked_objectives import DOCKED

MAKERS = {
    "model": ("train_", "generate_medical_images"),
    "smiles": ("generate_molecules", "optimize_molecules", "dock_molecules"),
}
"""Beginnings of the names of tools whose result is a model, or molecules."""

MADE = {
    "train_survival_model": "srv", "train_classifier": "clf", "train_regressor": "reg",
    "train_image_classifier": "img", "train_image_segmenter": "seg",
    "generate_medical_images": "syn", "train_molecule_generator": "gen",
    "train_property_model": "prop", "train_affinity_model": "aff",
}  # fmt: skip
"""How the names of the models begin that a tool makes; what is not here may make any."""

REFERENCE = re.compile(
    r"\b(?:it|its|it['’]s|this|that|these|those|them|they|their|same|last|latest|previous|"
    r"newest|recent|current|just|above|former|one|both|all (?:of|\d|two|three|four|five)|"
    r"model you|model we|result)\b",
    re.I,
)
DEFINITE = re.compile(
    r"\b(?:the|my|our|this|that)\s+(?:\w+\s+)?(?:model|classifier|regressor|forest|network|"
    r"segmenter|generator|predictions?|dataset|data|file|table|cohort|paper|article|study|"
    r"abstract|document|molecules?|compounds?|structures?|images?|pictures?|scans?|slices?|films?|"
    r"x-?rays?|masks|folder)\b",
    re.I,
)
ONE_IMAGE = re.compile(
    r"\b(?:the|this|that|my)\s+(?:\w+\s+)?(?:image|picture|scan|slice|film|photo\w*|x-?ray|volume)\b",
    re.I,
)
COMPARED = re.compile(
    r"\b(?:it|its|that one|this one)\b.{0,40}\b(?:compar\w+|similar\w*|like|versus|vs|than|"
    r"differ\w*)\b|"
    r"\b(?:compar\w+|similar\w*|versus|vs|differ\w*)\b.{0,40}\b(?:it|that one|this one)\b", re.I,
)  # fmt: skip
"""Compares the molecule of the turn before with another."""

ORDINAL = re.compile(r"\b(first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th|last)\b", re.I)
ORDINALS = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "fourth": 3,
    "4th": 3,
    "fifth": 4,
    "5th": 4,
    "last": -1,
}


@dataclass(frozen=True)
class Situation:
    """What a step may refer to.

    Attributes:
        memory: What earlier turns left.
        steps: The steps before this one.
        whole: The whole request, of which this step may be a part.
    """

    memory: Memory = field(default_factory=Memory)
    steps: Sequence[PlannedCall] = ()
    whole: str = ""

    def model(self, text: str, prefixes: Sequence[str] = ()) -> str | None:
        """Returns the model that a step means without naming it.

        Args:
            text: The step's words.
            prefixes: Beginnings of the names of models that fit; empty where all do.
        """
        known = [name for name in self.memory.models if fits(name, prefixes)]
        return self.made_model(prefixes) or self._remembered(text, known)

    def made_model(self, prefixes: Sequence[str] = ()) -> str | None:
        """Returns the model that the latest fitting step makes or uses."""
        for made in self._results("model"):
            step = self.steps[int(made[1:]) - 1] if made.startswith("$") else None
            prefix = MADE.get(step.tool) if step else made.partition("-")[0]
            if prefix is None or not prefixes or prefix in prefixes:
                return str(made)
        return None

    def makes(self, name: str, prefixes: Sequence[str]) -> bool:
        """Tells whether a model, by its name or by the step that makes it, is of these kinds."""
        if not name.startswith("$"):
            return fits(name, prefixes)
        return MADE.get(self.steps[int(name[1:]) - 1].tool) in prefixes

    def molecules(self, text: str) -> str | list[str] | None:
        """Returns the molecules that a step means without naming them."""
        made: Any = next(self._results("smiles"), None)
        if made:
            return made  # type: ignore[no-any-return]
        groups = self.memory.groups or [self.memory.molecules]
        if found := self._placed(text):
            return found
        if not self.memory.molecules or not refers(text):
            return None
        if not ALL.search(text):
            return groups[0][:1]
        one_by_one = list(takewhile(lambda group: len(group) == 1, groups))
        return groups[0] if len(one_by_one) < 2 else [name for name, *_ in reversed(one_by_one)]

    def protein(self) -> str | None:
        """Returns the protein that the latest docking or design for one went into."""
        for step in self._backwards():
            if step.tool == "dock_molecules" and (target := step.args.get("target")):
                return str(target)
            aimed = DOCKED.search(str(step.args.get("objective", "")))
            if aimed:
                return aimed["target"].strip()
        return None

    def pointed(self, text: str) -> list[str]:
        """Returns the molecules that a step compares with those it names."""
        compared = self.memory.molecules[:1] if COMPARED.search(text) else []
        return self._placed(text) or compared

    def _placed(self, text: str) -> list[str] | None:
        """Returns the molecules that a text points at by their place in the latest list.

        What was picked from a list is looked at, and the list still meant.
        """
        groups = self.memory.groups or [self.memory.molecules]
        found = (pointed_at(text, group) for group in groups if len(group) > 1)
        return next(filter(None, found), None)

    def images(self, text: str, *, one: bool) -> str | None:
        """Returns the images that a step means without naming them.

        Args:
            text: The step's words.
            one: It is about an image to be read, not about a folder to be learnt from.
        """
        names = ("image", "dataset") if one else ("image_folder", "dataset")
        for step in reversed(self.steps):
            if named := next((step.args[name] for name in names if name in step.args), None):
                return str(named) if str(named) not in BUILT_INS else None
        known = [path for path in self.memory.images if one or path_kind(path) != "image"]
        if ONE_IMAGE.search(text):  # a file, before the folder that was looked at since
            known.sort(key=lambda path: path_kind(path) != "image")
        return self._remembered(text, known)

    def dataset(self, text: str) -> str | None:
        """Returns the dataset that a step means without naming it."""
        return self.earlier_dataset() or self._remembered(text, self.memory.datasets)

    def earlier_dataset(self) -> str | None:
        """Returns the dataset of the latest step that has one."""
        named = (
            step.args.get("dataset") or step.args.get("image_folder")
            for step in reversed(self.steps)
        )
        return next((str(name) for name in named if name), None)

    def article(self, text: str) -> str | None:
        """Returns the article that a step means without giving its id."""
        articles = self.memory.articles
        if articles and (ordinal := ORDINAL.search(text)):
            position = ORDINALS[ordinal[1].casefold()]
            return articles[position] if position < len(articles) else None
        return self._remembered(text, articles)

    def subject(self, text: str) -> str:
        """Returns what a search is about that says only 'it'."""
        if not refers(text):
            return ""
        for step in self._backwards():
            named = step.args.get("query") or step.args.get("smiles")
            if named:
                return named if isinstance(named, str) else " ".join(map(str, named))
        return ""

    def compound(self) -> str | None:
        """Returns the compound that the latest step on molecules called by its name."""
        for step in self._backwards():
            named = step.args.get("smiles")
            names = [named] if isinstance(named, str) else list(named or ())
            if len(names) == 1 and names[0].isalpha() and names[0].islower():
                return str(names[0])
        return None

    def _backwards(self) -> Iterator[PlannedCall]:
        """Yields the steps before this one and the last call of earlier turns, the latest first."""
        yield from reversed(self.steps)
        if self.memory.last:
            yield self.memory.last

    def _results(self, argument: str) -> Iterator[Any]:
        """Yields what earlier steps make or use, the latest first."""
        for number, step in reversed(list(enumerate(self.steps, start=1))):
            if step.tool.startswith(MAKERS[argument]):
                yield f"${number}"
            elif step.args.get(argument):
                yield step.args[argument]

    @staticmethod
    def _remembered(text: str, items: Sequence[str]) -> str | None:
        return items[0] if items and refers(text) else None


def fits(name: str, prefixes: Sequence[str]) -> bool:
    """Tells whether a model's name begins in one of these ways; any does where none is given."""
    return not prefixes or name.partition("-")[0] in prefixes


def refers(text: str) -> bool:
    """Tells whether a text points at something said before."""
    return bool(REFERENCE.search(text) or DEFINITE.search(text))

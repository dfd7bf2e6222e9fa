"""Splits a request into the tasks it asks for, in order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.llm.embedded.judgement import LITERATURE, Judge, describes_patient, is_task
from agent.llm.embedded.mentions import Mention, blank
from agent.llm.embedded.mentions.kinds import path_kind
from agent.llm.embedded.objects import find_objects
from agent.llm.embedded.router import Reading, Router
from agent.llm.embedded.situation import MADE
from agent.llm.embedded.slots.numbers import in_digits
from agent.llm.embedded.splitting import cues
from agent.llm.embedded.splitting.clauses import INTRODUCTION, Clause, cut_clauses
from agent.llm.embedded.splitting.cues import Surroundings

CERTAINTY = {"order": 0.35, "mark": 0.45, "sentence": 0.55, "weak": 0.50}
"""Least probability at which a clause begins a task, by how plainly it is set off."""

WITHOUT_COMMAND = {"order": 0.0, "mark": 0.2, "sentence": 0.4, "weak": 0.3}
"""What a clause needs beyond that when it does not read like a command or question."""

ORIGIN = re.compile(r"\s*(?:start|begin)(?:s|ning|ing)?\s+(?:from|with|at|on)\b", re.I)
"""Says where a search begins."""

EVALUATION = re.compile(
    r"^\W*(?:and\s+)?(?:please\s+)?(?:then\s+)?(?:test|evaluate|validate|report|check|assess|"
    r"measure|hold out|use)\b.{0,40}\b(?:on|with|as|in|against|the)\b|"
    r"^\W*(?:tested|evaluated|validated|reported)\b|"
    r"^\W*train(?:ing|ed)?\s+on\b.{0,60}\b(?:test|validat|evaluat)",
    re.I,
)
"""Begins a clause that belongs to the training before it."""

JUDGING = re.compile(r"^\W*(?:(?:and|then|please)\s+)*(?:evaluat|validat|test)\w*\b", re.I)
OF_THE_MODEL = re.compile(
    r"\bcard\b|\buse (?:it|this model|that model|the model) (?:for|on|to|with)\b|"
    r"\b(?:an?|my|this) (?:\w+ ){0,2}?(?:patient|person|woman|man|\d)|"
    r"\bwith (?:it|(?:this|that|the) (?:\w+ )?(?:model|classifier|regressor|forest))\b",
    re.I,
)
"""Makes a step of its own even of a clause that begins like an evaluation."""

PRONOUN = re.compile(
    r"\b(?:it|them|they|this one|that one|(?:the|that|this) (?:same )?(?:data(?:set)?|file|table|"
    r"model))\b",
    re.I,
)
SURE = 0.7
"""A whole request that is surer than this needs no help from the clause that commands."""
CLEAR = 0.9
"""A clause that is surer than this needs no antecedent to be understood."""
MORE_OF_IT = re.compile(
    r"\b\d+\s+(?:\w+\s+)?(?:more|further|others?)\b|\b(?:more|another)\b.{0,20}\b\d|"
    r"\b(?:same|that|this) generator\b",
    re.I,
)
"""Asks a generator that was made before for more."""

TRAINS_THAT = re.compile(
    r"^\W*(?:(?:please|so|then|and)\s+)*(?:train|fit|build|make|learn)\s+(?:one|it|such an? \w+)\b",
    re.I,
)
"""Only says that what was spoken of is to be trained."""

LOOKS_AT_IT = re.compile(
    r"\b(?:look|read|check|see|try|use|run|analy[sz]e|classify|outline|say|think|make)\w*\b.{0,30}"
    r"\b(?:it|that|this)\b|"
    r"^\W*(?:please\s+)?(?:use|using|take|try|with|apply)\s+(?:the\s+)?(?:model\s+)?"
    r"(?:img|seg)-\d+\W*$",
    re.I,
)
"""Speaks of an image that was named before, or says only which model is to read it."""

MODEL_NAME = re.compile(r"^[a-z]+-\d+$")
MOST_CLAUSES = 24


@dataclass(frozen=True)
class Task:
    """A part of a request that one tool answers.

    Attributes:
        text: Its words, spelt right.
        scores: Probability by tool or other intent.
        strength: How plainly it is set off from what is before it.
    """

    text: str
    scores: dict[str, float]
    strength: str = "order"

    @property
    def best(self) -> str:
        """The likeliest tool or intent."""
        return max(self.scores, key=lambda name: self.scores[name])

    @property
    def certainty(self) -> float:
        """Its probability."""
        return self.scores[self.best]


class TaskSplitter:
    """Splits requests.

    Args:
        router: Reads each clause.
        judge: Weighs a reading.
    """

    def __init__(self, router: Router, judge: Judge) -> None:
        self._router = router
        self._judge = judge

    def split(self, reading: Reading) -> tuple[Task, list[Task]]:
        """Returns a request as one task, and as the tasks that it may consist of (perhaps one)."""
        whole = Task(reading.text, self._judge.weigh(reading))
        clauses = cut_clauses(reading.text, reading.mentions)[:MOST_CLAUSES]
        if len(clauses) < 2:
            return whole, [whole]
        clauses = [replace(clauses[0], strength=clauses[1].strength), *clauses[1:]]
        tasks = self._gather(clauses, self._router.read([clause.text for clause in clauses]))
        if len(tasks) == 1 and not (is_task(whole.best) and whole.certainty >= SURE):
            whole = _agreed(whole, tasks[0])
        return whole, tasks if len(tasks) > 1 else [whole]

    def _gather(self, clauses: Sequence[Clause], readings: Sequence[Reading]) -> list[Task]:
        """Joins clauses that begin no task of their own to the task they belong to."""
        tasks: list[Task] = []
        named: list[set[str]] = []
        waiting = ""
        has_table = any(_tables(reading) for reading in readings)
        for clause, reading in zip(clauses, readings, strict=True):
            part = self._understood(clause, reading, tasks, named, has_table)
            own = _object_names(reading)
            if not _begins(clause, part, reading.mentions, tasks):
                if tasks:
                    tasks[-1] = _joined(tasks[-1], clause)
                    named[-1] |= own
                elif not INTRODUCTION.match(clause.text) or own:
                    waiting += f"{clause.text} " if is_task(part.best) or own else ""
            elif tasks and part.best == tasks[-1].best and not _asks_anew(clause, part, own, named):
                tasks[-1] = _agreed(_joined(tasks[-1], clause), part)
                named[-1] |= own
            else:
                tasks.append(replace(part, text=waiting + part.text))
                named.append(own)
                waiting = ""
        return _without_mere_topics(tasks)

    def _understood(
        self,
        clause: Clause,
        reading: Reading,
        tasks: Sequence[Task],
        named: Sequence[set[str]],
        has_table: bool,
    ) -> Task:
        """Reads a clause, its pronoun also replaced by what it stands for."""
        part = Task(clause.text, self._judge.weigh(reading), clause.strength)
        if tasks and _repeats(tasks[-1], clause.text):
            return replace(part, scores=tasks[-1].scores)
        if part.best != "search_literature" or not LITERATURE.search(clause.text):
            around = Surroundings(
                model=_has_model(tasks, reading),
                rows=describes_patient(reading) or _has_new_table(reading, named),
                table=has_table,
                image=_reads_image(tasks, reading),
            )
            part = replace(part, scores=cues.shift(part.scores, clause.text, around))
        if not tasks or not PRONOUN.search(clause.text) or part.certainty >= CLEAR:
            return part
        if _is_about_model(tasks[-1]):
            made = f"model {MADE.get(tasks[-1].best, 'srv')}-1"
            meant = next((name for name in named[-1] if MODEL_NAME.match(name)), made)
        else:
            meant = next(iter(sorted(named[-1])), "")
        if not meant:
            return part
        # a SMILES may hold backslashes, which a replacement text would be read for
        full = self._router.read([PRONOUN.sub(lambda _: meant, clause.text, count=1)])[0]
        return _agreed(part, Task(full.text, self._judge.weigh(full)))


def _begins(
    clause: Clause, part: Task, mentions: Sequence[Mention], before: Sequence[Task]
) -> bool:
    """Tells whether a clause begins a task."""
    if (
        not is_task(part.best)
        or clause.states
        or not re.search(r"\w", blank(clause.text, mentions))
    ):
        return False
    if (
        before
        and before[-1].best.startswith("train_")
        and (part.best != "analyze_image" or _judges_folder(clause, mentions))
        and EVALUATION.match(clause.text)
        and not OF_THE_MODEL.search(clause.text)
    ):
        return False
    if before and before[-1].best == "optimize_molecules" and ORIGIN.match(clause.text):
        return False
    if part.best == "describe_dataset" and (
        cues.JUDGES.search(clause.text)
        or not (clause.commands or cues.DESCRIBES.search(blank(clause.text, mentions)))
    ):
        return False
    found = find_objects(clause.text, mentions)
    if before and found.outputs and not (found.datasets or found.models or found.molecules):
        return False  # it only says where to write what the task before makes
    least = CERTAINTY[clause.strength]
    follows = bool(before) and cues.names_follow_up(part.best, clause.text)
    names_things = clause.strength in ("order", "mark") and any(
        m.kind in ("path", "dataset", "model") and m.certain for m in mentions
    )
    if not (clause.commands or follows or names_things):
        least += WITHOUT_COMMAND[clause.strength]
    return part.certainty >= least


def _judges_folder(clause: Clause, mentions: Sequence[Mention]) -> bool:
    """Tells whether a clause has a model of images judged on a folder, not read an image."""
    kinds = {path_kind(mention.value) for mention in mentions if mention.kind == "path"}
    return kinds == {"folder"} and bool(JUDGING.match(clause.text))


def _without_mere_topics(tasks: list[Task]) -> list[Task]:
    """Joins to its neighbour what looks like a search but does not say so: any topic would."""
    kept: list[Task] = []
    waiting = ""
    for task in tasks:
        others = len({other.best for other in tasks}) > 1
        if others and task.best == "search_literature" and not LITERATURE.search(task.text):
            if kept:
                kept[-1] = replace(kept[-1], text=f"{kept[-1].text}. {task.text}")
            else:
                waiting += f"{task.text}. "
            continue
        kept.append(replace(task, text=waiting + task.text))
        waiting = ""
    return kept


def _agreed(whole: Task, part: Task) -> Task:
    """Returns the whole with what its words and those of its commanding part say together."""
    names = whole.scores.keys()
    scores = {name: (whole.scores[name] * part.scores[name]) ** 0.5 for name in names}
    total = sum(scores.values())
    return replace(whole, scores={name: score / total for name, score in scores.items()})


def _joined(task: Task, clause: Clause) -> Task:
    mark = {"order": "; ", "mark": "; ", "sentence": " "}.get(clause.strength, ", ")
    return replace(task, text=f"{task.text}{mark}{clause.text}")


def _object_names(reading: Reading) -> set[str]:
    """Returns the names of the things that a clause works on."""
    found = find_objects(reading.text, reading.mentions)
    everything = (*found.datasets, *found.models, *found.molecules, *found.articles)
    return {mention.value for mention in everything}


def _repeats(before: Task, text: str) -> bool:
    """Tells whether a clause asks once more for the task before it, whatever else it resembles."""
    if before.best.startswith("generate_"):
        return bool(MORE_OF_IT.search(in_digits(text)))
    return before.best.startswith("train_") and bool(TRAINS_THAT.search(text))


def _asks_anew(clause: Clause, part: Task, own: set[str], named: Sequence[set[str]]) -> bool:
    """Tells whether a clause asks once more for what the task before asks for."""
    if part.best == "generate_medical_images" and MORE_OF_IT.search(in_digits(clause.text)):
        return True
    return _names_another(own, named[-1])


def _names_another(own: set[str], before: set[str]) -> bool:
    """Tells whether a clause names a model or a thing where those before named another of them."""
    models = {name for name in own if MODEL_NAME.match(name)}
    earlier = {name for name in before if MODEL_NAME.match(name)}
    things, others = own - models, before - earlier
    return bool((earlier and models - earlier) or (others and things - others))


def _is_about_model(task: Task) -> bool:
    return (
        task.best.startswith("train_")
        or task.best.endswith("_model")
        or task.best in (*MADE, "predict", "analyze_image")
    )


def _has_model(tasks: Sequence[Task], reading: Reading) -> bool:
    """Tells whether a clause can speak of a model: one made or named before, or in its words."""
    return any(map(_is_about_model, tasks)) or any(m.kind == "model" for m in reading.mentions)


def _reads_image(tasks: Sequence[Task], reading: Reading) -> bool:
    """Tells whether a clause names an image file, and nothing but an image model was spoken of."""
    if tasks and tasks[-1].best == "analyze_image" and LOOKS_AT_IT.search(reading.text):
        return any(m.kind == "model" for m in reading.mentions)
    named = [m.value for m in reading.mentions if m.kind == "path"]
    before = {MADE.get(task.best) for task in tasks if _is_about_model(task)}
    return any(path_kind(path) == "image" for path in named) and before <= {"img", "seg", None}


def _has_new_table(reading: Reading, named: Sequence[set[str]]) -> bool:
    """Tells whether a clause names a table that no earlier one did."""
    return bool(named) and bool(_tables(reading) - set().union(*named))


def _tables(reading: Reading) -> set[str]:
    """Returns the tables that a clause surely names."""
    return {m.value for m in reading.mentions if m.kind in ("path", "dataset") and m.certain}

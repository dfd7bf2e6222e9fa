"""The embedded planner: a request becomes an ordered list of calls, without a language model."""

import re
from collections.abc import Iterator, Mapping, Sequence

from agent.llm.embedded.arguments import ArgumentFiller, Filled, missing_arguments
from agent.llm.embedded.domains.images.follow_up import asks_worst, follow_up
from agent.llm.embedded.domains.molecules.follow_up import (
    ON_MOLECULES,
    asks_about_model,
    asks_model,
    asks_properties,
    docked_again,
)
from agent.llm.embedded.domains.tables.outcomes import TRAINERS, choose_trainer
from agent.llm.embedded.judgement import Judge, is_task
from agent.llm.embedded.mentions import MentionFinder, blank
from agent.llm.embedded.pending import complete
from agent.llm.embedded.questions import ask_for, offer_readings
from agent.llm.embedded.repetition import (
    DRAWING,
    ELLIPSIS,
    MORE_MOLECULES,
    asks_for_more,
    draw_others,
    repeats,
    restate,
)
from agent.llm.embedded.replies import DELETES, Replies
from agent.llm.embedded.router import Encoder, Reading, Router
from agent.llm.embedded.situation import Situation
from agent.llm.embedded.slots.numbers import in_digits
from agent.llm.embedded.slots.options import say_missing
from agent.llm.embedded.splitting.expansion import expand
from agent.llm.embedded.splitting.steps import Task, TaskSplitter
from agent.plan import Memory, Plan, PlannedCall
from agent.screen import screen
from models.data.builtin import BUILT_IN
from tools.registry import Tool

LEAST_CERTAINTY = 0.45
"""Below this a reading is a guess, and both likeliest readings are offered."""
LEAST_MARGIN = 0.15
LIKEWISE = re.compile(r"\b(?:the same|likewise|ditto)\b.{0,12}?\b(?:for|on|with|using|to)\b", re.I)
"""Asks for the step before once more, with something changed."""
LONGEST_REQUEST = 20_000
RUNS = re.compile(r"(\s)\1{2,}")
"""Long runs of a blank, which mean nothing and cost time."""


class Planner:
    """Plans requests with sentence embeddings, a grammar and the tools' own schemas.

    Args:
        tools: What can be called, by name.
        embedder: Makes sentence embeddings.
    """

    def __init__(self, tools: Mapping[str, Tool], embedder: Encoder) -> None:
        self._tools = dict(tools)
        self._finder = MentionFinder(BUILT_IN)
        self._filler = ArgumentFiller(tools, self._finder)
        examples = {name: tool.utterances for name, tool in tools.items()}
        self._router = Router(examples, embedder, self._finder, names=_names(tools, self._filler))
        self._splitter = TaskSplitter(self._router, Judge(self._filler, tools))
        self._replies = Replies(tools)

    def plan(self, request: str, memory: Memory | None = None) -> Plan:
        """Plans a request.

        Args:
            request: What the person wrote.
            memory: What earlier turns of the conversation left behind.

        Returns:
            The calls in order; or a question, a refusal or a reply.
        """
        memory = memory or Memory()
        request = RUNS.sub(r"\1\1", request.strip()[:LONGEST_REQUEST])
        if not request:
            return Plan(outcome="needs_input", message=self._replies.empty())
        verdict = screen(request)
        if verdict.refused:
            return Plan(outcome="refused", message=verdict.message)
        reading = self._router.read([request])[0]
        whole, tasks = self._splitter.split(reading)
        if memory.pending and (
            answered := complete(memory.pending, reading.text, tasks, self._filler, memory)
        ):
            return self._result(*answered, memory)
        if continued := self._continued(reading, memory):
            return continued
        if len(tasks) == 1:
            return self._single(whole, memory)
        return self._several(whole, tasks, memory)

    def _several(self, whole: Task, tasks: Sequence[Task], memory: Memory) -> Plan:
        plan = self._act(tasks, whole.text, memory)
        if plan.outcome == "needs_input" and _may_be_one(whole, tasks):
            single = self._act([whole], whole.text, memory)
            return single if single.outcome == "act" else plan
        return plan

    def likely(self, request: str) -> list[str]:
        """Returns all tools, those that a request is likeliest for first."""
        scores = self._router.read([request[:LONGEST_REQUEST]])[0].scores
        return sorted(self._tools, key=lambda name: -scores.get(name, 0.0))

    def _single(self, task: Task, memory: Memory) -> Plan:
        if DELETES.match(task.text):
            return Plan(outcome="chat", message=self._replies.talk("small_talk", task.text))
        if not is_task(task.best):
            return self._without_task(task)
        return self._unsure(task) or self._act([task], task.text, memory)

    def _without_task(self, task: Task) -> Plan:
        """Answers small talk, and says no to the rest."""
        if task.best in ("small_talk", "about_me"):
            return Plan(outcome="chat", message=self._replies.talk(task.best, task.text))
        return Plan(outcome="refused", message=self._replies.refusal(task.best))

    def _unsure(self, task: Task) -> Plan | None:
        """Asks which of two readings is meant, when neither is likely."""
        (first, one), (second, two) = sorted(task.scores.items(), key=lambda item: -item[1])[:2]
        if one >= LEAST_CERTAINTY or one - two >= LEAST_MARGIN or not is_task(second):
            return None
        if self._filler.fill(first, task.text, Situation(whole=task.text)).missing:
            readings = [self._tools[name] for name in (first, second)]
            return Plan(outcome="needs_input", message=offer_readings(readings))
        return None

    def _act(self, tasks: Sequence[Task], whole: str, memory: Memory) -> Plan:
        steps: list[PlannedCall] = []
        states: list[Filled] = []
        for task in tasks:
            tool, filled = self._fill(task, Situation(memory, tuple(steps), whole))
            for args in expand(filled.args, filled.alternatives):
                steps.append(PlannedCall(request=task.text, tool=tool, args=args))
                states.append(filled)
            if asks_worst(task.text, tool):
                made = {"model": f"${len(steps)}"}
                steps.append(PlannedCall(request=task.text, tool="describe_model", args=made))
                states.append(Filled(made))
        _give_seed_to_training(steps)
        draw_others(steps, memory.last)
        return self._result(steps, states, memory)

    def _fill(self, task: Task, situation: Situation) -> tuple[str, Filled]:
        """Fills the task's tool; the target's name decides between classes and quantities."""
        if situation.steps and LIKEWISE.search(task.text):
            return self._likewise(task.text, situation)
        filled = self._filler.fill(task.best, task.text, situation)
        target = filled.args.get("target_column")
        other = task.best in TRAINERS and target and choose_trainer(task.scores, target)
        if other and other != task.best:
            return other, self._filler.fill(other, task.text, situation)
        return task.best, filled

    def _likewise(self, text: str, situation: Situation) -> tuple[str, Filled]:
        """Fills the step before once more, with what the words change."""
        last = situation.steps[-1]
        changed = self._filler.fill(last.tool, text, Situation(situation.memory, (), text))
        args = last.args | changed.args
        missing = missing_arguments(self._filler.fields(last.tool), args)
        return last.tool, Filled(args, tuple(missing), refused=changed.refused)

    def _continued(self, reading: Reading, memory: Memory) -> Plan | None:
        """Plans what only the turn before makes plain; None where the request stands alone."""
        if again := self._again(reading.text, memory):
            return again
        if tool := asks_model(reading.text, reading.mentions, memory):
            return self._act([Task(reading.text, {tool: 1.0})], reading.text, memory)
        if reading.mentions:
            return None
        if generator := asks_for_more(in_digits(reading.text), memory):
            return self._draw(reading.text, generator, memory)
        if asks_properties(reading.text, memory):
            asked = Task(reading.text, {"profile_molecules": 1.0})
            return self._act([asked], reading.text, memory)
        call = (
            docked_again(reading.text, memory)
            or asks_about_model(reading.text, memory)
            or follow_up(reading.text, memory)
        )
        return Plan(outcome="act", steps=[call]) if call else None

    def _draw(self, text: str, generator: str, memory: Memory) -> Plan:
        """Plans to draw from a generator what the words say."""
        filled = self._filler.fill(DRAWING, f"{text} with {generator}", Situation(memory))
        step = PlannedCall(request=text, tool=DRAWING, args=filled.args)
        draw_others([step], memory.last)
        return self._result([step], [filled], memory)

    def _again(self, text: str, memory: Memory) -> Plan | None:
        """Plans the last call once more; None where the words change nothing in it."""
        last = memory.last
        if last is None or last.tool not in self._tools:
            return None
        said = self._repeated(in_digits(text), last)
        if said is None:
            return None
        tool, filled = self._likewise(said, Situation(Memory(), (last,), said))
        if more := MORE_MOLECULES.match(said):
            seed = last.args.get("seed", 0) + 1  # the same seed gives the same molecules
            filled.args.update(count=int(more["count"]), seed=seed)
        if filled.args == last.args and not filled.refused:
            return None
        step = PlannedCall(request=text, tool=tool, args=filled.args)
        if said != in_digits(text):
            step = step.model_copy(update={"request": restate(last, step), "restated": True})
        return self._result([step], [filled], memory)

    def _repeated(self, text: str, last: PlannedCall) -> str | None:
        """Returns what changes in the last call, in words that its tool understands, or None."""
        if repeats(text, last.tool):
            return text
        start = ELLIPSIS.match(text)
        if not start or not (last.tool in ON_MOLECULES and "smiles" in last.args):
            return None
        said = f"smiles:{text[start.end() :]}"
        beside = blank(said, self._finder.find(said)).removeprefix("smiles:")
        return said if re.fullmatch(r"(?:\W|\band\b)*", beside) else None

    def _result(self, steps: list[PlannedCall], states: Sequence[Filled], memory: Memory) -> Plan:
        """Returns the plan, or asks for what its first incomplete step needs.

        Either way it says what was asked for and is no option.
        """
        said = [
            say_missing(step.tool, filled.refused)
            for step, filled in zip(steps, states, strict=True)
        ]
        remarks = list(dict.fromkeys(filter(None, said)))
        for step, filled in zip(steps, states, strict=True):
            if filled.missing:
                fields = self._filler.fields(step.tool)
                question = ask_for(self._tools[step.tool], filled, fields, memory)
                message = " ".join([question, *remarks])
                return Plan(outcome="needs_input", steps=steps, message=message)
        return Plan(outcome="act", steps=steps, message=" ".join(remarks))


def _give_seed_to_training(steps: Sequence[PlannedCall]) -> None:
    """Moves a seed that stands with the explanation of a model to the training of it."""
    for step in steps:
        made = re.fullmatch(r"\$(\d+)", str(step.args.get("model")))
        maker = steps[int(made[1]) - 1] if made else None
        if maker and step.tool == "explain_model" and "seed" in step.args:
            maker.args.setdefault("seed", step.args.pop("seed"))


def _may_be_one(whole: Task, tasks: Sequence[Task]) -> bool:
    """Tells whether a request that was split may ask for one thing after all."""
    is_set_off = any(task.strength in ("order", "mark") for task in tasks[1:])
    return whole.best in {task.best for task in tasks} and not is_set_off


def _names(tools: Mapping[str, Tool], filler: ArgumentFiller) -> Iterator[str]:
    """Yields words that are right as they are: of datasets, algorithms and tool descriptions."""
    yield from BUILT_IN
    for tool in tools:
        yield tools[tool].description
        for spec in filler.fields(tool):
            yield from spec.choices

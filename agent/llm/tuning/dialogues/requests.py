"""Requests with the plan that each wants: single, compound, following up, incomplete, declined."""

import random
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from agent.llm.embedded.arguments import Filled
from agent.llm.embedded.questions import ask_for
from agent.llm.embedded.replies import ANSWERS, Replies
from agent.llm.embedded.router import OTHER_INTENTS, read_examples
from agent.llm.embedded.situation import MAKERS
from agent.llm.tuning.dialogues import values
from agent.llm.tuning.dialogues.style import vary
from agent.llm.tuning.dialogues.templates import Incomplete, Template, TemplateMaker
from agent.plan import Memory, Plan, PlannedCall
from models.data.builtin import BUILT_INS
from tools.registry import Tool

Part = Literal["training", "held_out"]
NATURE = (
    "I am Theriac, a program on this machine. A language model reads your request and plans; every "
    "number comes from a tool, and every statement on the literature from a passage that is cited."
)
"""What a language model says of itself; the embedded planner says that it is none."""

HELD_OUT_EVERY = 10
"""One example request in so many is kept for measuring; none of its words is trained on."""

TRIES = 50
"""Requests that are tried before another sort is taken."""

JOINS = (
    ", then ", " and then ", "; then ", ". Then ", ". After that, ", " and ", ", and ", ". Also ",
    "; afterwards ", ". Next, ", " and afterwards ", ", followed by: ", " -> ", "\n",
)  # fmt: skip
FIRSTS = ("", "", "", "", "First ", "first ", "To begin, ")
POINTERS = ("it", "that model", "the model", "this model", "the trained model", "the new model")
MANY = ("them", "those molecules", "the molecules", "these compounds", "the results")
MENTION = re.compile(r"\b(?:the\s+)?(?:model\s+)?[a-z]{2,4}-\d+\b", re.I)
POSSESSIVE = re.compile(r"['’]s?\b")


@dataclass(frozen=True)
class Labelled:
    """A request and what it wants.

    Attributes:
        text: What the person writes.
        plan: What is to be planned.
        memory: What earlier turns left behind.
    """

    text: str
    plan: Plan
    memory: Memory


class Requests:
    """Samples requests.

    Args:
        tools: By name; their example requests are the material.
        random_: Decides everything.
        part: Which example requests are used.
    """

    def __init__(self, tools: Mapping[str, Tool], random_: random.Random, part: Part) -> None:
        self._tools = tools
        self._random = random_
        self._maker = TemplateMaker(tools)
        self._replies = Replies(tools)
        self._ready: dict[str, list[Template]] = {name: [] for name in tools}
        self._incomplete: list[Incomplete] = []
        for name, tool in tools.items():
            for text in _chosen(tool.utterances, part):
                read = self._maker.read(name, text)
                if isinstance(read, Template):
                    self._ready[name].append(read)
                elif read:
                    self._incomplete.append(read)
        self._ready = {name: found for name, found in self._ready.items() if found}
        self._talk = {name: _chosen(read_examples(name), part) for name in OTHER_INTENTS}

    def sample(self) -> Labelled:
        """Returns a request of any sort."""
        kinds: dict[Callable[[], Labelled], float] = {
            self.single: 0.42, self.compound: 0.26, self.pointing: 0.06, self.incomplete: 0.12,
            self.declined: 0.08, self.talk: 0.06,
        }  # fmt: skip
        (made,) = self._random.choices(list(kinds), list(kinds.values()))
        return made()

    def single(self) -> Labelled:
        """Returns a request for one call."""
        pieces, call = self._call(self._random.choice(list(self._ready)))
        text = vary(pieces, self._random)
        call = call.model_copy(update={"request": text})
        return Labelled(text, Plan(outcome="act", steps=[call]), self._memory())

    def compound(self) -> Labelled:
        """Returns a request for two or three calls; later ones may use what earlier ones make."""
        number = 2 if self._random.random() < 0.75 else 3
        steps: list[PlannedCall] = []
        text = self._random.choice(FIRSTS)
        while len(steps) < number:
            pieces, call = self._next(steps)
            words = vary(pieces, self._random).rstrip(" .!?,;")
            if steps:
                join = self._random.choice(JOINS)
                upper = join.strip(" ").endswith((".", "\n"))
                words = words[:1].upper() + words[1:] if upper else words
                text += join
            text += words
            steps.append(call.model_copy(update={"request": words}))
        return Labelled(text, Plan(outcome="act", steps=steps), self._memory())

    def pointing(self) -> Labelled:
        """Returns a request that points at a model of an earlier turn, or at one that is not."""
        argument = "model"
        pointed = self._pointing_at(argument, POINTERS)
        if not pointed:
            return self.single()
        pieces, call = pointed
        text = vary(pieces, self._random)
        memory = self._memory()
        if self._random.random() < 0.7 and memory.models:
            args = call.args | {argument: memory.models[0]}
            call = PlannedCall(request=text, tool=call.tool, args=args)
            return Labelled(text, Plan(outcome="act", steps=[call]), memory)
        memory.models = []
        args = {name: value for name, value in call.args.items() if name != argument}
        return self._asking(text, Incomplete(call.tool, text, args, (argument,)), memory)

    def incomplete(self) -> Labelled:
        """Returns a request that lacks something, as some examples do or as others can be cut."""
        if self._random.random() < 0.5 and self._incomplete:
            found = self._random.choice(self._incomplete)
            return self._asking(vary([found.text], self._random), found, self._memory(known=False))
        cuts = (self._cut() for _ in range(TRIES))
        return next(filter(None, cuts), None) or self.single()

    def declined(self) -> Labelled:
        """Returns a request that is refused."""
        intent = self._random.choice(("unsafe", "out_of_scope"))
        text = vary([self._random.choice(self._talk[intent])], self._random)
        plan = Plan(outcome="refused", message=self._replies.refusal(intent))
        return Labelled(text, plan, self._memory())

    def talk(self) -> Labelled:
        """Returns small talk, or a question about the assistant."""
        intent = self._random.choice(("small_talk", "about_me"))
        text = vary([self._random.choice(self._talk[intent])], self._random)
        reply = self._replies.talk(intent, text)
        plan = Plan(outcome="chat", message=NATURE if reply == ANSWERS["nature"] else reply)
        return Labelled(text, plan, self._memory())

    def _call(self, tool: str) -> tuple[list[str], PlannedCall]:
        template = self._random.choice(self._ready[tool])
        pieces, args = self._maker.sample(template, self._random)
        return pieces, PlannedCall(request="".join(pieces), tool=tool, args=args)

    def _next(self, steps: list[PlannedCall]) -> tuple[list[str], PlannedCall]:
        """Returns the next part of a compound request."""
        for argument, pointers in (("model", POINTERS), ("smiles", MANY)):
            made = [i for i, s in enumerate(steps, 1) if s.tool.startswith(MAKERS[argument])]
            pointed = self._pointing_at(argument, pointers) if made else None
            if pointed and self._random.random() < 0.75:
                pieces, call = pointed
                value: Any = f"${made[-1]}"
                return pieces, call.model_copy(update={"args": call.args | {argument: value}})
        makers = [name for name in self._ready if name.startswith(sum(MAKERS.values(), ()))]
        if not steps and makers and self._random.random() < 0.5:
            return self._call(self._random.choice(makers))
        return self._call(self._random.choice(list(self._ready)))

    def _pointing_at(
        self, argument: str, pointers: tuple[str, ...]
    ) -> tuple[list[str], PlannedCall] | None:
        """Returns a request whose value of an argument is replaced by a word that points at it."""
        fitting = [
            (name, template)
            for name, found in self._ready.items()
            for template in found
            if any(slot.place[0] == argument for slot in template.slots)
        ]
        if not fitting:
            return None
        tool, template = self._random.choice(fitting)
        pieces, args = self._maker.sample(template, self._random)
        places = [i for i, slot in enumerate(template.slots) if slot.place[0] == argument]
        for place in places:
            pieces[2 * place + 1] = self._random.choice(pointers)
        args = {name: value for name, value in args.items() if name != argument}
        before = 2 * places[0]
        pieces[before] = re.sub(r"\b(?:the )?model $", "", pieces[before])
        return pieces, PlannedCall(request="".join(pieces), tool=tool, args=args)

    def _cut(self) -> Labelled | None:
        """Returns a request from which a required value is cut out, with the words that lead it."""
        tool = self._random.choice(list(self._ready))
        required = {n for n, spec in self._maker.fields(tool).items() if spec.required}
        template = self._random.choice(self._ready[tool])
        places = [i for i, slot in enumerate(template.slots) if slot.place[0] in required]
        if len(places) != 1 or len(template.text.split()) < 3:
            return None
        pieces, args = self._maker.sample(template, self._random)
        pieces[2 * places[0]] = re.sub(
            r"[\s,(]*\b(?:on|in|for|with|from|of|to|using|by|the|file|dataset|data|model|article|"
            r"paper|pmid)?(?:\s+(?:the|file|dataset|data|model|column))*[\s:=]*$", "",
            pieces[2 * places[0]], flags=re.I,
        )  # fmt: skip
        pieces[2 * places[0] + 1] = ""
        text = vary(["".join(pieces).strip(" ,:;")], self._random)
        argument = str(template.slots[places[0]].place[0])
        args.pop(argument)
        if len(text.split()) < 2:
            return None
        return self._asking(
            text, Incomplete(tool, text, args, (argument,)), self._memory(known=False)
        )

    def _asking(self, text: str, lacking: Incomplete, memory: Memory) -> Labelled:
        filled = Filled(lacking.args, lacking.missing)
        fields = tuple(self._maker.fields(lacking.tool).values())
        question = ask_for(self._tools[lacking.tool], filled, fields, memory)
        return Labelled(text, Plan(outcome="needs_input", message=question), memory)

    def _memory(self, *, known: bool = True) -> Memory:
        """Returns what earlier turns may have left; nothing that is meant, unless known."""
        if not known or self._random.random() < 0.6:
            return Memory()
        prefixes = sorted({t.args["model"].rpartition("-")[0] for t in self._with("model")})
        models = [
            f"{self._random.choice(prefixes)}-{self._random.randint(1, 12)}"
            for _ in range(self._random.randint(1, 4))
            if prefixes
        ]
        names = [self._random.choice(list(BUILT_INS)), values.path_like("a.csv", self._random)]
        return Memory(
            models=list(dict.fromkeys(models)),
            datasets=self._random.sample(names, self._random.randint(0, 2)),
        )

    def _with(self, argument: str) -> list[Template]:
        return [t for found in self._ready.values() for t in found if t.args.get(argument)]


def _chosen(lines: list[str], part: Part) -> list[str]:
    """Returns the lines of a part: which is decided by the words themselves."""
    held_out = part == "held_out"
    return [s for s in lines if (zlib.crc32(s.encode()) % HELD_OUT_EVERY == 0) == held_out]

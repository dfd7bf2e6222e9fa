"""Fills the arguments that hold values: columns, choices, topics, years, numbers, texts."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from agent.llm.embedded.domains.literature.links import find_ends
from agent.llm.embedded.domains.literature.mining import SCHEMA, find_limit
from agent.llm.embedded.domains.literature.topic import find_topic
from agent.llm.embedded.domains.literature.years import YearRange, find_years
from agent.llm.embedded.domains.tables.columns import find_column, find_pair, find_target
from agent.llm.embedded.domains.tables.features import find_features
from agent.llm.embedded.domains.tables.split_columns import find_date, find_group
from agent.llm.embedded.domains.tables.target_columns import find_target_columns
from agent.llm.embedded.filling.step import Filler, Step
from agent.llm.embedded.schema import FieldSpec
from agent.llm.embedded.slots.choices import find_choices
from agent.llm.embedded.slots.quantities import (
    find_count,
    find_epochs,
    find_lone_numbers,
    find_side,
)
from agent.llm.embedded.splitting.expansion import listed
from agent.llm.embedded.vocabulary import choice_names

COMPARABLE = ("algorithm", "method", "architecture")
"""Choices of which one request may want several, a call for each."""


LATER_ROWS = re.compile(
    r"\b(?:earl(?:y|ier|iest)|old(?:er|est)?|first)\s+\w+\b[^.;\n]{0,40}\b(?:test|evaluat\w+|"
    r"validat\w+|hold[\s-]?out)\b[^.;\n]{0,20}\b(?:later?|latest|recent|newer|newest|last)\b|"
    r"\b(?:test|evaluat\w+|validat\w+|hold(?:ing)?[\s-]?out)\s+(?:it\s+)?(?:on\s+)?(?:the\s+)?"
    r"(?:latest|later|newest|most recent|last)\s+(?!row\b)\w+",
    re.I,
)
"""Says that the rows held out come after those trained on."""


def fill_stated_columns(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Reads a list that the words call features, before anything else is read into it."""
    if spec.name == "target_columns":
        _fill_targets(spec, step)
    else:
        _fill_features(spec, step, stated_only=True)


def fill_columns(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Reads the list of features."""
    if spec.name != "target_columns":
        _fill_features(spec, step, stated_only=False)


def _fill_targets(spec: FieldSpec, step: Step) -> None:
    if found := find_target_columns(step.visible):
        names, start, end = found
        step.columns.blank(start, end)
        step.args[spec.name] = names


def _fill_features(spec: FieldSpec, step: Step, stated_only: bool) -> None:
    names = step.spoken_columns
    found = find_features(step.visible, lambda name: name.casefold() in names, stated_only)
    if found:
        features, start, end = found
        step.columns.blank(start, end)
        step.args[spec.name] = [names.get(name.casefold(), name) for name in features]


def fill_column(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Reads a single column; a built-in dataset knows its own."""
    if spec.stem == "target" and "target_columns" in step.args:
        return
    if spec.stem == "group":
        found = find_group(step.columns)
    elif spec.stem == "date":
        found = find_date(step.columns) or find_column(step.columns, spec.stem)
    elif spec.stem == "target":
        known = bool(step.built_in and step.built_in.target_column)
        found = find_target(step.columns, explicit_only=known)
        found = found and step.spoken_columns.get(found.casefold(), found)
    else:
        # 'a SMILES language model' names no column
        known = spec.stem == "smiles" or bool(getattr(step.built_in, spec.name, None))
        found = find_column(step.columns, spec.stem, plain_only=known)
    if found:
        step.args[spec.name] = found
        return
    other = {"time_column": "event_column", "event_column": "time_column"}.get(spec.name)
    if other and not {spec.name, other} & step.args.keys() and (pair := find_pair(step.columns)):
        step.args["time_column"], step.args["event_column"] = pair


def fill_choice(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Finds the value of an enumerated argument."""
    if spec.name == "split" and "group_column" in step.args:
        step.args[spec.name] = "group"
        return
    if spec.name == "split" and ("date_column" in step.args or LATER_ROWS.search(step.visible)):
        step.args[spec.name] = "time"
        return
    names = {value: choice_names(spec, value) for value in spec.choices}
    values = listed(step.visible, find_choices(step.visible, names))
    values = [value for value in values if value != "auto"] or values
    if spec.name == "task":  # the narrower tasks are listed last
        found = {choice.value for choice in find_choices(step.visible, names)}
        values = sorted(found, key=spec.choices.index, reverse=True)
        if any(SCHEMA.search(mention.value) for mention in step.objects.datasets):
            values = ["custom"]
    unknown = _unknown_network(spec, step, values) if spec.name == "architecture" else None
    if unknown:
        step.args[spec.name] = unknown
        return
    if values:
        step.args[spec.name] = values[0]
        if spec.name in COMPARABLE:
            step.alternatives[spec.name] = values


THAT_COMPOUND = re.compile(
    r"\b(?:its|it|(?:this|that|the(?: same)?) (?:molecule|compound|drug|substance|structure))\b",
    re.I,
)
"""Stands for the compound of an earlier step."""


def fill_query(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Keeps the topic, without years, counts and words of asking; of a link, both its ends."""
    if any(other.name == "topic" for other in specs):
        _fill_ends(spec, step)
        return
    text = step.text
    spans: list[tuple[int, int]] = []
    if years := find_years(text):
        spans.append((years.start, years.end))
    if count := _count_found(text, years):
        spans.append(count[1:])
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    if name := step.situation.compound():
        text = THAT_COMPOUND.sub(lambda _: name, text, count=1)
    if topic := find_topic(text) or step.situation.subject(step.text):
        step.args[spec.name] = topic


def _fill_ends(spec: FieldSpec, step: Step) -> None:
    text = step.text
    if count := find_count(text):
        text = f"{text[: count[1]]} {text[count[2] :]}"
    ends = find_ends(text)
    if ends and (end := getattr(ends, spec.name)):
        step.args[spec.name] = end
    elif spec.required and (topic := step.situation.subject(step.text)):
        step.args[spec.name] = topic


def _count_found(text: str, years: YearRange | None) -> tuple[int, int, int] | None:
    """Returns the count in a text, after its years are hidden."""
    if years:
        text = text[: years.start] + " " * (years.end - years.start) + text[years.end :]
    return find_count(text)


def fill_year(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Reads the first or last year of publication."""
    years = find_years(step.text)
    value = years and (years.last if spec.name.endswith(("_to", "_until", "_end")) else years.first)
    if value:
        step.args[spec.name] = value


def fill_count(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Reads how many are wanted, or the limit of how many are read."""
    if spec.name == "epochs":
        if (epochs := find_epochs(step.text)) is not None:
            step.args[spec.name] = epochs
        return
    if any(other.role == "images" for other in specs):
        _fill_count_of_images(spec, step, specs)
        return
    if spec.name == "limit":
        if limit := find_limit(step.visible):
            step.args[spec.name] = limit
        return
    if spec.kind == "integer" and (found := _count_found(step.text, find_years(step.text))):
        step.args[spec.name] = found[0]


def _fill_count_of_images(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    if spec.name == "count":
        if numbers := find_lone_numbers(step.visible):
            step.args[spec.name] = numbers[0]
            step.alternatives[spec.name] = numbers
    elif spec.name == "image_size":
        if side := find_side(step.visible):
            step.args[spec.name] = side
    else:
        fill_plain_number(spec, step, specs)


def fill_plain_number(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Reads a number beside the argument's name."""
    label = re.escape(spec.name).replace("_", r"[\s_-]?")
    short = re.escape(spec.name.split("_")[-1])
    pattern = (
        rf"\b(?:{label}|{short})\s*(?:=|:|of|is|to|at)?\s*(\d+(?:\.\d+)?)|"
        rf"(\d+(?:\.\d+)?)[\s-]+(?:{label}|{short}|{short.removesuffix('s')})s?\b"
    )
    if match := re.search(pattern, step.visible, re.I):
        number = float(match[1] or match[2])
        step.args[spec.name] = int(number) if number.is_integer() else number


def filler_of(find: Callable[[str], Any]) -> Filler:
    """Makes a filler of a function that reads one value from the words."""

    def fill(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
        value = find(step.visible)
        if value is not None:
            step.args[spec.name] = value

    return fill


OF_CLASS = re.compile(
    r"\b(?:(?:of|for|from|only)\s+(?:the\s+)?(?:class|label)\s+|class\s*[=:]\s*)"
    r"[\"'“]?([\w+-]+)|\bof\s+(?:the\s+)?(?-i:([a-z][\w+-]*))\s+class\b",
    re.I,
)
"""Names one class of images."""


POSITIVE = re.compile(
    r"\bpositive (?:class|label)\s+[\"'“]?(?!is\b|are\b|the\b)([\w+-]+)|"
    r"\b([\w+-]+)[\"'”]?\s+(?:as|is|being)\s+(?:the\s+)?positive\b", re.I,
)  # fmt: skip
"""Names the class that counts as positive."""

MADE_UP = re.compile(
    r"\b(?:synthetic|made-up|artificial|fake|generated)\s+(?!(?:medical|mri?|ct|oct|pet|x-?ray|brain|"
    r"chest|head|lung|skin|retina\w*|fundus|cell|cells|tissue|histolog\w*|ultrasound|new|more|"
    r"training|example|grey|gray|colou?r|small|large|2-?d|3-?d)\b)((?-i:[a-z])[\w-]*)\s+"
    r"(?:images?|pictures?|slices?|scans?|films?|tiles?|cases)\b", re.I,
)  # fmt: skip
"""Names the class that images are made up of: synthetic tumour images."""

UNKNOWN_NETWORK = re.compile(
    r"\b(vgg[-_ ]?\d*|inception[\w-]*|alexnet|mobilenet[\w-]*|convnext[\w-]*|swin[\w-]*|googlenet|"
    r"xception|squeezenet|resnext[\w-]*|regnet[\w-]*|resnet[-_ ]?\d+|densenet[-_ ]?\d+|"
    r"efficientnet[-_ ]?b?\d|nnu-?net|unetr|swinunetr|segresnet|deeplab\w*|v-?net|"
    r"yolo[\w-]*|(?:faster|mask)[\s-]?r-?cnn|retinanet|attention u-?net|u-?net\s?\+\+)(?![\w-])",
    re.I,
)  # fmt: skip
"""A network by its name, which may be none that can be trained: the tool says which can."""


def _unknown_network(spec: FieldSpec, step: Step, known: Sequence[str]) -> str | None:
    """Returns the network that is named, where it is none of the choices."""
    match = UNKNOWN_NETWORK.search(step.visible)
    if match is None or "image_folder" not in step.args:
        return None
    plain = re.sub(r"[\W_]", "", match[1].casefold())
    if plain in {re.sub(r"[\W_]", "", choice) for choice in spec.choices}:
        return None
    # A synonym such as nnU-Net is known; another size of a family is not.
    return plain if not known or plain[-1].isdigit() else None


def fill_main_text(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Takes the quoted text, or the word beside the argument's name."""
    if not spec.required and spec.name != "text":
        label = re.escape(spec.name).replace("_", r"[\s_-]?")
        short = re.escape(spec.name.split("_")[0])
        pattern = rf"\b(?:{label}|{short})\s*(?:=|:|\bis\b|\bas\b)\s*[\"'“]?([\w+-]+)"
        match = re.search(pattern, step.visible, re.I)
        if spec.name == "positive_class":
            match = match or POSITIVE.search(step.visible)
        if spec.name == "label":
            match = match or OF_CLASS.search(step.visible) or MADE_UP.search(step.visible)
        if match:
            step.args[spec.name] = next(filter(None, match.groups()))
        return
    quoted = re.search(r"[\"“](.{3,}?)[\"”]\s*$|:\s*(.{3,})$", step.text, re.S)
    if quoted:
        step.args[spec.name] = (quoted[1] or quoted[2]).strip()


def fill_flag(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Reads yes or no from the argument's name and a 'no' before it."""
    words = re.escape(spec.name.replace("_", " ")).replace(r"\ ", r"[\s_-]+")
    if match := re.search(rf"\b(no|not|without|don['’]?t|do not)?\s*{words}", step.visible, re.I):
        step.args[spec.name] = match[1] is None

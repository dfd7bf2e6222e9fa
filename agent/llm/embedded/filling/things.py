"""Fills the arguments that name things: datasets, models, molecules, articles, patients, paths."""

import re
from collections.abc import Sequence

from agent.llm.embedded.domains.images.pictures import fill_optional_model
from agent.llm.embedded.domains.literature.mining import find_mining_paths
from agent.llm.embedded.domains.molecules.groups import find_groups
from agent.llm.embedded.domains.molecules.unknown_molecules import DRUG, find_unknown
from agent.llm.embedded.domains.tables.records import find_records
from agent.llm.embedded.filling.step import Step, take
from agent.llm.embedded.mentions import Mention
from agent.llm.embedded.schema import FieldSpec
from agent.llm.embedded.situation import fits, refers

ON_THAT = re.compile(
    r"\b(?:on|for|to|over|in)\s+(?:it|them|those|these|that|this|(?:the |that |this )?(?:same )?"
    r"(?:file|data|data\s?set|table|cohort|rows))\b",
    re.I,
)
"""Points at a table, where the model is named."""

REDISCOVERED = re.compile(r"\bre-?discover(?:s|y of|ing)?\s+$", re.I)
"""Before a molecule that is to be found, not to begin with."""

CONTAINED = re.compile(
    r"\b(?:contain(?:s|ing)?|has|have|having|bear(?:s|ing)?|includ(?:e|es|ing))\s+(?:an?|any|the)"
    r"\s+$", re.I,
)  # fmt: skip
"""Before what is looked for in a molecule: does morphine contain a phenol?"""

JUDGED_BY_IT = re.compile(
    r"\b(?:predict\w*|model(?:['’]?s)?|scor(?:e|ed|es|ing)|judg\w+|classifier|regressor|"
    r"affinit\w+|network|trained|train|fit)\b|\b(?:with|by|use|using|apply)\s+(?:it|that)\b",
    re.I,
)
"""Wants a model to judge what is designed."""


def fill_dataset(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Takes the file or built-in dataset, the test set beside it, or the dataset before."""
    if spec.name.startswith("test_"):
        if step.objects.test_datasets:
            step.args[spec.name] = step.objects.test_datasets[0].value
        return
    found = step.objects.datasets
    if found:
        take(spec, step, found)
    elif (
        _needs_dataset(spec, step, specs)
        and (inherited := _inherited_dataset(step))
        # EGFR, the protein, is no dataset
        and inherited.casefold() != str(step.args.get("target", "")).casefold()
    ):
        step.args[spec.name] = inherited


def _needs_dataset(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> bool:
    """Tells whether a step without a dataset of its own means one that was named before."""
    if step.objects.models and ON_THAT.search(step.text):
        return True
    if spec.required:
        return True
    roles = {other.role for other in specs}
    if "records" in roles or not refers(step.text):
        return False
    # "Profile them" means the molecules that were made, where there are some.
    return not step.objects.molecules and not (
        "smiles" in roles and step.situation.molecules(step.text)
    )


def _inherited_dataset(step: Step) -> str | None:
    """Returns the dataset of earlier steps or turns, or the only one of the whole request."""
    everywhere = {mention.value for mention in step.whole().datasets}
    alone = everywhere.pop() if len(everywhere) == 1 else None
    return step.situation.earlier_dataset() or alone or step.situation.dataset(step.text)


def fill_records(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Reads described patients, unless a table is named."""
    certain = [m for m in step.objects.datasets if m.certain]
    if certain:
        return
    text = re.sub(r"^\W*(?:\w+\W+){0,3}?model\b", "", step.visible)
    if records := find_records(text):
        step.args[spec.name] = records
        for other in specs:
            if other.role == "dataset":
                step.args.pop(other.name, None)


def fill_model(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Takes the named model, or the one that is meant."""
    named = step.objects.models
    fitting = [mention for mention in named if fits(mention.value, spec.prefixes)]
    if spec.name == "property_model":
        # One that is named is a term of the objective; "analogues of it" speaks of a molecule.
        made = step.situation.made_model(spec.prefixes)
        if not fitting and (made or JUDGED_BY_IT.search(step.text)):
            fill_optional_model(spec, step)
    elif named:
        # An objective speaks of trained models too: they are its terms, not the generator.
        is_main = spec.name == "model" and not any(other.role == "objective" for other in specs)
        if chosen := fitting or (named if is_main else ()):
            take(spec, step, chosen)
    elif spec.required:
        inherited = step.situation.model(step.text, spec.prefixes)
        step.args |= {spec.name: inherited} if inherited else {}
    elif spec.name == "model":
        fill_optional_model(spec, step)


def fill_smiles(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Takes SMILES and compound names, or the molecules that are meant."""
    model = str(step.args.get("model", ""))
    if model and spec.prefixes and not step.situation.makes(model, spec.prefixes):
        return
    roles = {other.role for other in specs}
    searches = "objective" in roles
    if not {"objective", "model"} & roles and any(m.certain for m in step.objects.datasets):
        return  # a molecule beside a file is what its molecules are compared with
    wanted = {place for place, _, _ in find_groups(step.text)} if searches else set()
    part = REDISCOVERED if searches else CONTAINED
    mentions = [
        m for m in step.objects.molecules
        if m.start not in wanted and not part.search(step.text[: m.start])
    ]  # fmt: skip
    found = list(dict.fromkeys(m.value for m in _with_unknown(step, mentions)))
    if found and spec.kind == "array" and not searches:
        found = list(dict.fromkeys([*step.situation.pointed(step.text), *found]))
    if found:
        step.args[spec.name] = found if spec.kind == "array" else found[0]
    elif not step.objects.datasets and (inherited := step.situation.molecules(step.text)):
        step.args[spec.name] = inherited
    elif (
        (searches or "model" not in roles)
        and not step.objects.datasets
        and (unknown := find_unknown(step.visible, roles))
    ):
        step.args[spec.name] = [unknown]


def fill_article(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Takes the article id, or the article that is meant."""
    if step.objects.articles:
        take(spec, step, step.objects.articles)
    elif inherited := step.situation.article(step.text):
        step.args[spec.name] = inherited


def fill_path(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Takes a path: for outputs the one to save to."""
    if any(other.name == "schema_file" for other in specs):
        tables = [m for m in step.objects.datasets if m.kind == "path"]
        named = find_mining_paths(step.text, tables, step.objects.outputs)
        if spec.name in named:
            step.args[spec.name] = named[spec.name]
        return
    if spec.is_side:
        found = step.objects.outputs
    else:
        taken = set(map(str, step.args.values()))
        found = tuple(m for m in step.objects.datasets if m.kind == "path" and m.value not in taken)
    if found:
        step.args[spec.name] = found[0].value


def _with_unknown(step: Step, mentions: Sequence[Mention]) -> list[Mention]:
    """Adds words that are spelt like drugs: of one that is not known, the tool says so."""
    unknown = [
        Mention(match.start(), match.end(), "compound", match[0], certain=False)
        for match in DRUG.finditer(step.visible)
        if not any(m.start < match.end() and match.start() < m.end for m in step.objects.molecules)
    ]
    return sorted([*mentions, *unknown])

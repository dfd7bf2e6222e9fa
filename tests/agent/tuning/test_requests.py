import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.llm.embedded.router import OTHER_INTENTS, read_examples
from agent.llm.embedded.situation import MADE, MAKERS
from agent.llm.tuning.dialogues import values
from agent.llm.tuning.dialogues.requests import Labelled, Requests
from agent.llm.tuning.dialogues.style import vary
from agent.llm.tuning.dialogues.templates import Incomplete, Template, TemplateMaker, leaves
from agent.turn import resolve
from tools.registry import all_tools, find_tool


@pytest.fixture(scope="module")
def requests() -> Requests:
    return Requests(all_tools(), random.Random(0), "training")


@pytest.fixture(scope="module")
def sampled(requests: Requests) -> list[Labelled]:
    return [requests.sample() for _ in range(800)]


@pytest.fixture(scope="module")
def maker() -> TemplateMaker:
    return TemplateMaker(all_tools())


def test_every_planned_call_is_valid(sampled: list[Labelled]) -> None:
    made = {"step": 1, "data": {"model": "srv-1"}}
    smiles = {"step": 1, "data": {"molecules": [{"smiles": "CCO"}]}}
    for labelled in sampled:
        for number, step in enumerate(labelled.plan.steps, start=1):
            tool = find_tool(step.tool)
            data = made if "model" in step.args else smiles
            args = resolve(step.args, [data | {"step": n} for n in range(1, number)])  # type: ignore[misc]
            tool.parse(args)


def test_all_tools_and_all_outcomes_occur(sampled: list[Labelled]) -> None:
    tools = {step.tool for labelled in sampled for step in labelled.plan.steps}
    assert tools == set(all_tools())
    assert {labelled.plan.outcome for labelled in sampled} == {
        "act", "needs_input", "refused", "chat",
    }  # fmt: skip
    assert any(len(labelled.plan.steps) > 2 for labelled in sampled)


def test_steps_point_only_at_earlier_steps_that_make_something(sampled: list[Labelled]) -> None:
    references = 0
    for labelled in sampled:
        for number, step in enumerate(labelled.plan.steps, start=1):
            for _, value in leaves(step.args):
                if match := re.fullmatch(r"\$(\d+)", str(value)):
                    earlier = labelled.plan.steps[int(match[1]) - 1]
                    assert int(match[1]) < number
                    assert earlier.tool in MADE or earlier.tool.startswith(MAKERS["smiles"])
                    references += 1
    assert references > 20


def test_any_few_tools_will_do() -> None:
    for names in (("list_models",), ("search_literature", "list_models"), ("train_regressor",)):
        few = Requests({n: all_tools()[n] for n in names}, random.Random(0), "held_out")
        made = [few.sample() for _ in range(60)]
        assert {step.tool for one in made for step in one.plan.steps} == set(names)


def test_values_stand_in_the_words(maker: TemplateMaker) -> None:
    random_ = random.Random(1)
    text = "Train a cox model on data/cohort.csv, time os_months and event died, seed 42"
    template = maker.read("train_survival_model", text)
    assert isinstance(template, Template)
    pieces, args = maker.sample(template, random_)
    assert {"dataset", "time_column", "event_column", "algorithm", "seed"} <= args.keys()
    words = "".join(pieces)
    for name in ("dataset", "time_column", "event_column", "seed"):
        assert str(args[name]) in words
    assert args["dataset"] != "data/cohort.csv"
    # the template itself is as it was
    assert template.args["dataset"] == "data/cohort.csv"


def test_what_an_example_lacks_is_named(maker: TemplateMaker) -> None:
    read = maker.read("train_classifier", "train a random forest classifier")
    assert isinstance(read, Incomplete)
    assert "dataset" in read.missing


def test_an_example_with_an_unread_file_is_left_out(maker: TemplateMaker) -> None:
    assert maker.read("list_models", "list my models from data/cohort.csv") is None


def test_held_out_examples_are_apart() -> None:
    tools = {name: all_tools()[name] for name in ("describe_model", "read_article")}
    kept = Requests(tools, random.Random(0), "held_out")
    used = Requests(tools, random.Random(0), "training")
    for name in tools:
        ours = {template.text for template in kept._ready[name]}
        assert ours
        assert not ours & {template.text for template in used._ready[name]}
    talk = {name: set(kept._talk[name]) | set(used._talk[name]) for name in OTHER_INTENTS}
    assert talk == {name: set(read_examples(name)) for name in OTHER_INTENTS}


@given(st.from_regex(r"-?[0-9]{1,4}(\.[0-9]{1,3})?", fullmatch=True), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_numbers_keep_their_form(text: str, seed: int) -> None:
    made = values.number_like(text, random.Random(seed))
    assert made.partition(".")[1:2] == text.partition(".")[1:2]
    assert len(made.partition(".")[2]) == len(text.partition(".")[2])
    float(made)


@pytest.mark.parametrize(
    ("like", "text", "form"),
    [
        (values.path_like, "data/a.csv.gz", r"[\w./-]*\w\.csv\.gz"),
        (values.model_like, "srv-2", r"srv-\d+"),
        (values.article_like, "PMC123456", r"PMC\d{6}"),
        (values.article_like, "10.1056/NEJMoa1911303", r"10\.\d{4}/NEJMoa\d{7}"),
    ],
)
def test_made_up_names_have_the_form_of_the_given_ones(like, text: str, form: str) -> None:  # type: ignore[no-untyped-def]
    for seed in range(20):
        assert re.fullmatch(form, like(text, random.Random(seed)))


@given(st.integers(0, 500))
@settings(max_examples=60, deadline=None)
def test_style_never_changes_values(seed: int) -> None:
    pieces = ["Train a model on ", "Data/Cohort.csv", " with ", "OS_months", " as time."]
    made = vary(pieces, random.Random(seed))
    assert "Data/Cohort.csv" in made
    assert "OS_months" in made

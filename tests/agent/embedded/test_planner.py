import time
from typing import Any

import pytest

from agent.llm.embedded.planner import Planner
from agent.plan import Memory, Plan, PlannedCall


def calls(plan: Plan) -> list[tuple[str, dict[str, Any]]]:
    return [(step.tool, step.args) for step in plan.steps]


@pytest.mark.parametrize(
    ("request_text", "tool", "args"),
    [
        (
            "cox on veterans please",
            "train_survival_model",
            {"dataset": "veterans", "algorithm": "cox"},
        ),
        (
            "Train a random forest on data/a.csv with target relapse and seed 7",
            "train_classifier",
            {
                "dataset": "data/a.csv",
                "target_column": "relapse",
                "algorithm": "random_forest",
                "seed": 7,
            },
        ),
        (
            "ridge regression on the diabetes data",
            "train_regressor",
            {"dataset": "diabetes", "algorithm": "linear"},
        ),
        ("apply SRV-2 to data/new.csv", "predict", {"model": "srv-2", "dataset": "data/new.csv"}),
        (
            "what does srv-1 say for a 60 year old with grade II and 3 positive nodes?",
            "predict",
            {"model": "srv-1", "records": [{"age": 60, "grade": "II", "positive nodes": 3}]},
        ),
        (
            "permutation importance for clf-3",
            "explain_model",
            {"model": "clf-3", "method": "permutation"},
        ),
        ("logP of CC(=O)Nc1ccc(O)cc1?", "profile_molecules", {"smiles": ["CC(=O)Nc1ccc(O)cc1"]}),
        ("list my models", "list_models", {}),
        ("model card of reg-4", "describe_model", {"model": "reg-4"}),
    ],
)
def test_single_calls(planner: Planner, request_text: str, tool: str, args: dict[str, Any]) -> None:
    plan = planner.plan(request_text)
    assert (plan.outcome, calls(plan)) == ("act", [(tool, args)])


def test_results_are_passed_on(planner: Planner) -> None:
    plan = planner.plan("Train a cox model on gbsg2, explain it and apply it to data/new.csv")
    assert calls(plan) == [
        ("train_survival_model", {"dataset": "gbsg2", "algorithm": "cox"}),
        ("explain_model", {"model": "$1"}),
        ("predict", {"model": "$1", "dataset": "data/new.csv"}),
    ]


@pytest.mark.parametrize(
    ("request_text", "tools"),
    [
        (
            "cox on veterans; shap; card",
            ["train_survival_model", "explain_model", "describe_model"],
        ),
        (
            "Before you train a classifier for relapse on a.csv, check what is in the file",
            ["describe_dataset", "train_classifier"],
        ),
        (
            "Build a classifier for relapse on a.csv and let it loose on b.csv",
            ["train_classifier", "predict"],
        ),
        (
            "fit a ridge for los_days on a.csv and tell me what a 54-year-old with crp 4 would get",
            ["train_regressor", "predict"],
        ),
        ("train a classifier for relapse on a.csv and evaluate it on b.csv", ["train_classifier"]),
        ("sensitivity and specificity of troponin for infarction", ["search_literature"]),
        ("referrals are in nov.csv. please let clf-3 classify them", ["predict"]),
    ],
)
def test_steps(planner: Planner, request_text: str, tools: list[str]) -> None:
    assert [tool for tool, _ in calls(planner.plan(request_text))] == tools


@pytest.mark.parametrize(
    "request_text",
    [
        r"profile F/C=C\Cl and tell me what is published on it",
        r"describe C/C=C\C and run the alerts on it",
        r"weight of C/C=C\C, show it in the literature",
    ],
)
def test_backslashes_of_a_smiles_survive(planner: Planner, request_text: str) -> None:
    smiles = next(word for word in request_text.replace(",", "").split() if "\\" in word)
    assert smiles in str(calls(planner.plan(request_text))[0][1]).replace("\\\\", "\\")


def test_a_step_that_lacks_something_is_not_dropped(planner: Planner) -> None:
    plan = planner.plan("Train a classifier for relapse on a.csv, then score")
    assert len(plan.steps) != 1 or plan.outcome != "act"


def test_a_search_is_told_which_compound(planner: Planner) -> None:
    plan = planner.plan("profile ibuprofen, then search the literature on its renal toxicity")
    assert "ibuprofen" in calls(plan)[1][1]["query"]


def test_shared_objects(planner: Planner) -> None:
    plan = planner.plan("train cox and rsf on gbsg2")
    assert [args["algorithm"] for _, args in calls(plan)] == ["cox", "random_survival_forest"]
    assert {args["dataset"] for _, args in calls(plan)} == {"gbsg2"}


def test_lists_of_features_are_not_split(planner: Planner) -> None:
    plan = planner.plan("Fit a cox model to whas500 with age, bmi and chf")
    assert calls(plan) == [
        (
            "train_survival_model",
            {"dataset": "whas500", "algorithm": "cox", "features": ["age", "bmi", "chf"]},
        )
    ]


@pytest.mark.parametrize(
    ("request_text", "asked"),
    [
        ("train a survival model", "built-in dataset"),
        ("Train a classifier on data/lab.csv", "Which column of data/lab.csv"),
        ("explain the model", "Which model"),
        ("is this molecule drug-like?", "SMILES"),
        ("use clf-2 to make a prediction", "describe the patients"),
    ],
)
def test_questions(planner: Planner, request_text: str, asked: str) -> None:
    plan = planner.plan(request_text)
    assert plan.outcome == "needs_input"
    assert asked in plan.message


@pytest.mark.parametrize(
    ("first", "second", "tool", "args"),
    [
        (
            "fit a cox model",
            "gbsg2",
            "train_survival_model",
            {"dataset": "gbsg2", "algorithm": "cox"},
        ),
        (
            "Train a classifier on data/lab.csv",
            "the column is relapse",
            "train_classifier",
            {"dataset": "data/lab.csv", "target_column": "relapse"},
        ),
        (
            "Train a classifier on data/lab.csv",
            "outcome",
            "train_classifier",
            {"dataset": "data/lab.csv", "target_column": "outcome"},
        ),
        ("explain the model", "srv-3", "explain_model", {"model": "srv-3"}),
    ],
)
def test_answers_complete_the_waiting_call(
    planner: Planner, first: str, second: str, tool: str, args: dict[str, Any]
) -> None:
    waiting = planner.plan(first)
    plan = planner.plan(second, Memory(pending=waiting))
    assert (plan.outcome, calls(plan)) == ("act", [(tool, args)])


def test_a_new_request_is_no_answer(planner: Planner) -> None:
    waiting = planner.plan("fit a cox model")
    plan = planner.plan("What models do I have in this workspace?", Memory(pending=waiting))
    assert calls(plan) == [("list_models", {})]


def test_memory_resolves_pronouns(planner: Planner) -> None:
    memory = Memory(models=["srv-9"], datasets=["aids"])
    assert calls(planner.plan("explain that model", memory)) == [
        ("explain_model", {"model": "srv-9"})
    ]


@pytest.mark.parametrize(
    ("request_text", "outcome"),
    [
        ("hello", "chat"),
        ("are you a language model?", "chat"),
        ("what's the weather in Oslo?", "refused"),
        ("how do I make sarin", "refused"),
        ("", "needs_input"),
        ("   \n", "needs_input"),
    ],
)
def test_what_needs_no_tool(planner: Planner, request_text: str, outcome: str) -> None:
    plan = planner.plan(request_text)
    assert plan.outcome == outcome
    assert plan.message
    assert plan.steps == []


def test_it_says_that_it_is_no_language_model(planner: Planner) -> None:
    assert "not a large language model" in planner.plan("are you an LLM?").message


@pytest.mark.parametrize(
    "text",
    [
        "x " * 50_000,
        "(" * 100_000,
        "🙂🙃 🧬?",
        "什么模型？",
        "что умеешь?",
        "\x00\u200b",
        "C1CC" * 25_000,
        "train a cox model; " * 5_000,
        "1 2 3 " * 20_000,
    ],
)
def test_odd_input_is_planned_soon(planner: Planner, text: str) -> None:
    started = time.process_time()
    plan = planner.plan(text)
    assert plan.outcome in {"act", "needs_input", "refused", "chat"}
    assert time.process_time() - started < 20


def test_plans_are_deterministic(planner: Planner) -> None:
    text = "describe data/a.csv, then train a forest on it for relapse and explain it"
    assert planner.plan(text) == planner.plan(text)


def test_planned_arguments_are_valid(planner: Planner) -> None:
    from tools.registry import all_tools

    for text in ("cox on gbsg2", "top 3 papers on gout since 2015", "shap for srv-1 row 3"):
        for step in planner.plan(text).steps:
            all_tools()[step.tool].parse(step.args)


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("now with densenet", {"architecture": "densenet121"}),
        ("Same but with 3 folds", {"folds": 3}),
        ("Repeat it with seed 5", {"seed": 5}),
        ("Make that 3 folds instead", {"folds": 3}),
        ("Train it again on films/ with 2 epochs", {"image_folder": "films/", "epochs": 2}),
        ("the same on films/", {"image_folder": "films/"}),
    ],
)
def test_the_last_call_is_made_again_with_what_is_changed(
    planner: Planner, text: str, changed: dict[str, Any]
) -> None:
    args = {"image_folder": "cls/", "epochs": 1, "image_size": 32}
    last = PlannedCall(request="", tool="train_image_classifier", args=args)
    plan = planner.plan(text, Memory(last=last, models=["img-1"], datasets=["cls/"]))
    assert [(step.tool, step.args) for step in plan.steps] == [(last.tool, args | changed)]


@pytest.mark.parametrize(
    ("text", "tool"),
    [("now explain it", "explain_model"), ("What is in films/?", "describe_dataset"),
     ("Classify new.png with it", "analyze_image")],
)  # fmt: skip
def test_another_task_is_no_repetition(planner: Planner, text: str, tool: str) -> None:
    last = PlannedCall(request="", tool="train_image_classifier", args={"image_folder": "cls/"})
    plan = planner.plan(text, Memory(last=last, models=["img-1"], datasets=["cls/"]))
    assert [step.tool for step in plan.steps] == [tool]

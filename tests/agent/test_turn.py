from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from agent.plan import Memory, PlannedCall
from agent.state import Outcome
from agent.turn import outcomes_of, passages_of, remember, resolve, stop_reason, unmet


def outcome(**changes: object) -> Outcome:
    made: Outcome = {
        "step": 1, "tool": "train_survival_model", "args": {"dataset": "gbsg2"}, "status": "done",
        "kind": None, "run": "run-1", "summary": "", "data": {"model": "srv-1"}, "artifacts": [],
    }  # fmt: skip
    made.update(changes)  # type: ignore[typeddict-item]
    return made


def test_reference_to_a_step_becomes_what_the_step_made() -> None:
    molecules = outcome(step=2, data={"molecules": [{"smiles": "CCO"}, {"smiles": "CCN"}]})
    done = [outcome(), molecules]
    assert resolve({"model": "$1", "row": 3}, done) == {"model": "srv-1", "row": 3}
    assert resolve({"smiles": "$2"}, done) == {"smiles": ["CCO", "CCN"]}
    assert resolve({"smiles": ["$2", "CCC"]}, done) == {"smiles": ["CCO", "CCN", "CCC"]}
    assert resolve({"query": "cost of $10 drugs"}, done) == {"query": "cost of $10 drugs"}


def test_step_waits_for_one_that_failed() -> None:
    call = PlannedCall(request="", tool="explain_model", args={"model": "$1"})
    assert unmet(call, [outcome(status="error")]) == 1
    assert unmet(call, [outcome()]) is None


def test_outcomes_pair_calls_with_their_results() -> None:
    messages = [
        HumanMessage("train"),
        AIMessage("", tool_calls=[{"name": "predict", "args": {"model": "srv-9"}, "id": "a"}]),
        ToolMessage(
            '{"kind": "not_found", "message": "There is no model srv-9."}',
            tool_call_id="a", name="predict", status="error",
        ),
        AIMessage("", tool_calls=[{"name": "predict", "args": {"model": "srv-1"}, "id": "b"}]),
        ToolMessage(
            "done", tool_call_id="b", name="predict",
            artifact={"data": {"median": 3}, "run": "run-2", "artifacts": []},
        ),
    ]  # fmt: skip
    failed, done = outcomes_of(messages, 2)
    assert (failed["status"], failed["kind"]) == ("error", "not_found")
    assert failed["summary"] == "There is no model srv-9."
    assert (done["run"], done["data"], done["step"]) == ("run-2", {"median": 3}, 2)


def test_names_are_remembered_newest_first_and_once() -> None:
    memory = Memory(models=["srv-1"])
    remember(memory, outcome(data={"model": "clf-1"}))
    remember(memory, outcome(data={"model": "srv-1"}))
    remember(memory, outcome(status="error", data={"model": "srv-7"}))
    assert memory.models == ["srv-1", "clf-1"]
    assert memory.datasets == ["gbsg2"]


def test_molecules_that_came_together_are_remembered_together() -> None:
    memory = Memory()
    for made in (["CCO", "CCN"], ["CCC"]):
        remember(memory, outcome(data={"molecules": [{"smiles": one} for one in made]}))
    remember(memory, outcome(data={"model": "srv-1"}))
    assert memory.molecules == ["CCC", "CCO", "CCN"]
    assert memory.groups == [["CCC"], ["CCO", "CCN"]]
    named = [{"smiles": "CCO", "name": "ethanol"}, {"smiles": "CCN", "name": "row 7"}]
    remember(memory, outcome(data={"molecules": named}))
    assert memory.groups[0] == ["ethanol", "CCN"]


def test_passages_are_those_of_searches() -> None:
    hit = {"n": 1, "id": "1", "title": "t", "text": "x"}
    assert passages_of([outcome(data={"results": [hit]}), outcome()]) == [hit]


def test_turn_ends_as_its_worst_call() -> None:
    assert stop_reason([outcome()]) == "answered"
    assert stop_reason([outcome(), outcome(status="error", kind="not_found")]) == "needs_input"
    assert stop_reason([outcome(status="error", kind="cancelled")]) == "cancelled"

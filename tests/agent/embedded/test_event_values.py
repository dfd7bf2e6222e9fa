import pytest

from agent.llm.embedded.domains.tables.event_values import find_event_values


@pytest.mark.parametrize(
    ("text", "events", "others"),
    [
        ("status where 1 means dead and 2 means alive", ["1"], []),
        ("0 = censored, 1 = event", ["1"], []),
        ("event 1 only, treat 2 as censored", ["1"], ["2"]),
        ("death is coded as 0", ["0"], []),
        ("the event is 2", ["2"], []),
        ("yes means the patient died", ["yes"], []),
        ("2 is a competing event", [], ["2"]),
        ("dead = 1, alive = 0", ["1"], []),
        ("train a cox model on lung.csv with seed 1", [], []),
        ("death within 5 years", [], []),
        ("predict events in 12 months", [], []),
        ("use 2 folds and predict deaths", [], []),
    ],
)
def test_meanings_of_codes(text: str, events: list[str], others: list[str]) -> None:
    assert find_event_values(text, "event_value") == events
    assert find_event_values(text, "competing_values") == others

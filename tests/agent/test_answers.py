"""What the embedded model writes from search results, and how citations are shown."""

from typing import Any

import pytest
from langchain_core.messages import ToolMessage

from agent.citations import citation, citation_line, verdict_of
from agent.llm.embedded.answers import write_answer


def hit(n: int, text: str, said: str | None = None, **more: Any) -> dict[str, Any]:
    span = {"text": text, "start": 5, "end": 5 + len(text)}
    return {
        "n": n, "id": str(n), "pmid": str(n), "title": f"Study {n}", "year": 2000 + n, "doi": None,
        "text": f"Once {text}", "field": "abstract", "start": 0, "end": 5 + len(text), "page": None,
        "quote": span, "quotes": [span], "bears": True, "answer": said, "retracted": False,
        "label": "", "finding": span if said else None, "design": None, "size": None, "missing": [],
    } | more  # fmt: skip


def answer(question: str = "Does zinc help?", **data: Any) -> str:
    artifact = {"data": {"close": True} | data}
    message = ToolMessage("?", artifact=artifact, tool_call_id="1", name="search_literature")
    return write_answer(question, message)


def verdict(said: str, probability: float | None = None, **studies: int) -> dict[str, Any]:
    return {"answer": said, "probability": probability, "studies": studies}


def test_both_sides_are_shown_and_no_side_is_taken() -> None:
    results = [
        hit(1, "Zinc helped.", "yes", design="cohort study", size=1200),
        hit(2, "Zinc did not help.", "no"),
        hit(3, "Zinc cured all.", None, retracted=True),
        hit(4, "Zinc helped again.", "yes"),
        hit(5, "Not near.", bears=False),
    ]
    text = answer(results=results, verdict=verdict("mixed", yes=2, no=1, unclear=0))
    assert text.splitlines() == [
        "Mixed: the studies contradict each other (studies: 2 yes, 1 no). No language model "
        "reasoned about it.",
        "Studies that say yes:",
        "- “Zinc helped.” [1] (cohort study, n = 1200, 2001)",
        "- “Zinc helped again.” [4] (2004)",
        "Studies that say no:",
        "- “Zinc did not help.” [2] (2002)",
        "Retracted, so not counted:",
        "- “Zinc cured all.” [3] (2003)",
    ]


@pytest.mark.parametrize(("probability", "opening"), [(0.88, "No ("), (0.7, "Probably no (")])
def test_a_bare_word_is_earned(probability: float, opening: str) -> None:
    said = verdict("no", probability, yes=0, no=1)
    text = answer(results=[hit(1, "Zinc did not help.", "no")], verdict=said)
    assert text.splitlines()[0].startswith(f"{opening}by the one study that bears on this)")
    assert text.splitlines()[1:] == ["- “Zinc did not help.” [1] (2001)"]


def test_what_studies_say_is_no_advice_for_a_person() -> None:
    said = verdict("yes", 0.9, yes=1)
    results = [hit(1, "Zinc helped.", "yes")]
    asked = "Does zinc help my mother?"
    assert "no advice for a person" in answer(asked, results=results, verdict=said)
    assert "no advice" not in answer(results=results, verdict=said)


def test_without_a_verdict_sentences_are_listed_in_order() -> None:
    two = hit(1, "Zinc helped.")
    two["quotes"] = [two["quote"], {"text": "Iron too.", "start": 40, "end": 49}]
    text = answer(results=[two, hit(2, "So did tea.")])
    assert text.splitlines() == [
        "The library has 2 studies that bear on this:",
        "- “Zinc helped.” … “Iron too.” [1] (2001)",
        "- “So did tea.” [2] (2002)",
    ]


def test_what_does_not_bear_is_no_answer_and_the_nearest_is_told_apart() -> None:
    far = hit(1, "Tea helped.", bears=False, missing=["zinc", "cold"])
    text = answer(results=[far], verdict=verdict("none"))
    assert text.splitlines() == [
        "Nothing in the library answers this.",
        "The nearest article (Study 1) does not speak of: zinc, cold.",
    ]


def test_a_record_without_a_retraction_is_said_to_be_just_that() -> None:
    sound = {"answer": "no", "probability": None, "studies": {}, "of": "retraction"}
    asked = "Has the zinc trial been retracted?"
    text = answer(asked, results=[hit(1, "Zinc helped.")], verdict=sound)
    assert text.startswith("No retraction is recorded in the library; a later notice")
    marked = hit(1, "Zinc helped.", retracted=True)
    assert answer(asked, results=[marked], verdict=sound | {"answer": "yes"}).startswith("Yes: ")


def test_citation_names_source_place_and_flags() -> None:
    cited = citation(hit(1, "Zinc helped.", page=7, retracted=True, label="Retracted Publication"))
    assert list(cited)[:7] == ["n", "id", "title", "year", "quote", "start", "end"]
    assert (cited["quote"], cited["start"], cited["end"]) == ("Zinc helped.", 5, 17)
    assert citation_line(cited) == (
        "[1] RETRACTED: Study 1 (2001) · https://pubmed.ncbi.nlm.nih.gov/1/ · page 7 · "
        "Retracted Publication"
    )
    by_doi = citation(hit(2, "x", pmid=None, doi="10.1/x"))
    assert by_doi["url"] == "https://doi.org/10.1/x"
    assert citation(hit(3, "x", pmid=None))["url"] is None


def test_verdict_of_a_turn_is_that_of_its_last_search() -> None:
    said = verdict("no", no=1)
    assert verdict_of([{"data": {}}, {"data": {"verdict": said}}]) == said
    assert verdict_of([]) is None

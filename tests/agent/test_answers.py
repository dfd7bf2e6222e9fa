"""What the embedded model writes from search results, and how citations are shown."""

from typing import Any

from langchain_core.messages import ToolMessage

from agent.citations import citation, citation_line, leaning_of
from agent.llm.embedded.answers import write_answer


def hit(n: int, text: str, leaning: str | None = None, **more: Any) -> dict[str, Any]:
    span = {"text": text, "start": 5, "end": 5 + len(text)}
    return {
        "n": n, "id": str(n), "pmid": str(n), "title": f"Study {n}", "year": 2000 + n, "doi": None,
        "text": f"Once {text}", "field": "abstract", "start": 0, "end": 5 + len(text), "page": None,
        "quote": span, "quotes": [span], "bears": True, "leaning": leaning, "retracted": False,
        "label": "",
    } | more  # fmt: skip


def answer(**data: Any) -> str:
    artifact = {"data": {"close": True} | data}
    message = ToolMessage("?", artifact=artifact, tool_call_id="1", name="search_literature")
    return write_answer("Does zinc help?", message)


def leaning(said: str, **studies: int) -> dict[str, Any]:
    return {"answer": said, "studies": studies, "counted": sum(studies.values()), "by": "a leaning"}


def test_both_sides_are_shown_after_the_plain_word() -> None:
    results = [
        hit(1, "Zinc helped.", "yes"),
        hit(2, "Zinc did not help.", "no"),
        hit(3, "Zinc cured all.", None, retracted=True),
        hit(4, "Zinc helped again.", "yes"),
        hit(5, "Not near.", bears=False),
    ]
    text = answer(results=results, leaning=leaning("yes", yes=2, no=1, maybe=0))
    assert text.splitlines() == [
        "Yes: of 3 studies that bear on this, 2 yes, 1 no. This is a leaning.",
        "What supports this:",
        "- “Zinc helped.” [1]",
        "- “Zinc helped again.” [4]",
        "Against this:",
        "- “Zinc did not help.” [2]",
        "Retracted, so not counted:",
        "- “Zinc cured all.” [3]",
    ]


def test_one_study_needs_no_headings() -> None:
    text = answer(
        results=[hit(1, "Zinc did not help.", "no")], leaning=leaning("no", yes=0, no=1, maybe=0)
    )
    assert text.splitlines()[0].startswith("No: the one study that bears on this leans this way.")
    assert text.splitlines()[1:] == ["- “Zinc did not help.” [1]"]


def test_without_a_leaning_sentences_are_listed_in_order() -> None:
    two = hit(1, "Zinc helped.")
    two["quotes"] = [two["quote"], {"text": "Iron too.", "start": 40, "end": 49}]
    text = answer(results=[two, hit(2, "So did tea.")])
    assert text.splitlines() == [
        "The library has 2 studies that bear on this:",
        "- “Zinc helped.” … “Iron too.” [1]",
        "- “So did tea.” [2]",
    ]


def test_far_passages_are_said_to_be_far() -> None:
    text = answer(results=[hit(1, "Tea helped.")], close=False)
    assert text.startswith("Nothing in the library is close to this")


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


def test_leaning_of_a_turn_is_that_of_its_last_search() -> None:
    said = leaning("no", no=1)
    assert leaning_of([{"data": {}}, {"data": {"leaning": said}}]) == said
    assert leaning_of([]) is None

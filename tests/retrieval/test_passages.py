from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.documents.document import Document, Section
from retrieval.documents.passages import PASSAGE_CHARACTERS, WHOLE_CHARACTERS, cut_passages
from retrieval.embedding.embedder import load_embedder
from retrieval.search.cite import Cited, best_sentences

WORDS = st.lists(
    st.sampled_from(["Patients", "improved.", "p < 0.05", "vs.", "β-cells", "died!", "\n\n", "5%"]),
    min_size=1,
    max_size=900,
).map(lambda words: ["It", *words])


@settings(max_examples=25, deadline=None)
@given(WORDS, WORDS)
def test_passages_are_exact_and_cover_the_text(abstract: list[str], text: list[str]) -> None:
    document = Document(title="T", abstract=" ".join(abstract), text="  " + " ".join(text))
    passages = cut_passages(document)
    for field in ("abstract", "text"):
        own = [p for p in passages if p.field == field]
        whole = document.field(field)  # type: ignore[arg-type]
        position = 0
        for passage in own:
            assert whole[passage.start : passage.end] == passage.text
            assert whole[position : passage.start].strip() == ""
            position = passage.end
        assert whole[position:].strip() == ""
    assert len({p.id for p in passages}) == len(passages)


def test_long_text_is_cut_evenly_at_sentence_ends() -> None:
    text = "The treated patients improved within four weeks of care. " * 120
    passages = cut_passages(Document(title="T", text=text))
    lengths = [len(passage.text) for passage in passages]
    assert sum(lengths) > WHOLE_CHARACTERS
    assert max(lengths) <= PASSAGE_CHARACTERS * 1.1
    assert min(lengths) >= PASSAGE_CHARACTERS * 0.7
    assert all(p.text.endswith(".") for p in passages)


def test_text_without_sentences_is_cut_between_words() -> None:
    text = "0.05 " * 900 + "x" * 3000
    passages = cut_passages(Document(title="T", text=text))
    assert max(len(passage.text) for passage in passages) <= PASSAGE_CHARACTERS * 1.6
    assert "".join(p.text.replace(" ", "") for p in passages) == text.replace(" ", "")
    assert all(text[p.start : p.end] == p.text for p in passages)


def test_abstract_is_one_passage_and_knows_its_section() -> None:
    abstract = "Aim was pain. Pain fell."
    sections = [Section(label="AIM", start=0, end=13), Section(label="RESULTS", start=14, end=24)]
    document = Document(title="On pain", abstract=abstract, sections=sections)
    passages = cut_passages(document)
    assert [(p.text, p.section, p.context) for p in passages] == [
        (abstract, "AIM", f"On pain {abstract}")
    ]


def test_title_alone_is_a_passage() -> None:
    passages = cut_passages(Document(pmid="1", title="Only a title"))
    assert [(p.field, p.text, p.context) for p in passages] == [
        ("title", "Only a title", "Only a title")
    ]


def test_quotation_is_the_finding_and_lies_where_it_says() -> None:
    field = (
        "Background. The aim was to determine whether zinc shortens the common cold. "
        "Two hundred adults were randomised. Zinc shortened colds by 1.2 days (P = 0.01)."
    )
    passage = Cited(field[12:], start=12)
    (quotes,) = best_sentences("Does zinc shorten the common cold?", [passage], load_embedder(), 2)
    assert quotes[0].text == "Zinc shortened colds by 1.2 days (P = 0.01)."
    for quote in quotes:
        assert field[quote.start : quote.end] == quote.text

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text.sentences import split_sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["Mean was 3.5 mg (P < 0.05).", "Patients vs. controls, e.g. those of Smith, differed."],
        ["We follow Jones et al. 2003 here.", "The rest, i.e. 5%, died."],
        ["This was shown by Smith et al.", "We agree."],
        ["Cultures grew E. coli and S. Typhimurium.", "No other species was found."],
        ["Levels of vitamin D.", "The trial ended."],
        ["See Fig. 2 and Tab. 3.", "Dr. J. Smith disagreed!", "Really?", "Yes."],
        ["Doses of 5 mg b.i.d. were given.", "12 patients died."],
        ["It rose (r = .45, p<.01).", "(Data not shown.)", "α-Synuclein fell."],
        ['He said "stop."', "They went on."],
        ["A heading without a stop\n\n".strip(), "The text under it."],
        ["IL-2. was low"],
    ],
)
def test_known_sentences(sentences: list[str]) -> None:
    joiner = "\n\n" if sentences[0].startswith("A heading") else " "
    text = joiner.join(sentences)
    assert [text[start:end] for start, end in split_sentences(text)] == sentences


prose = st.text(
    alphabet=st.sampled_from('aB.?! \n3é"()[]β,-\u2029') | st.characters(codec="utf-8"), max_size=80
)


@given(prose)
def test_nothing_but_space_is_lost(text: str) -> None:
    spans = split_sentences(text)
    position = 0
    for start, end in spans:
        assert text[position:start].strip() == ""
        assert text[start:end] == text[start:end].strip() != ""
        position = end
    assert text[position:].strip() == ""

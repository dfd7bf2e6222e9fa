"""What searches show: neighbours, one record of each article, marked words, another ranking."""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from models.errors import ToolError
from models.store.workspace import Workspace
from retrieval.documents.document import Document
from retrieval.documents.duplicates import Duplicates
from retrieval.indexing.keywords import stems
from retrieval.library import Library
from retrieval.search.highlights import highlights
from retrieval.settings import LibrarySettings

TITLE = "Zinc lozenges against the common cold in adults"
ABSTRACT = (
    "We gave zinc lozenges to 120 adults with a common cold. Zinc shortened colds by one day "
    "compared with placebo. Nausea was the commonest side effect in both groups of the trial."
)


@pytest.fixture
def library(workspace: Workspace) -> Iterator[Library]:
    with Library(workspace) as opened:
        yield opened


def write(name: str, records: list[dict[str, Any]]) -> Path:
    path = Path(name)
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def test_two_records_of_an_article_are_one_result(library: Library) -> None:
    cut = ABSTRACT[:110] + "…"
    library.add([write("a.jsonl", [{"pmid": "1", "title": TITLE, "abstract": ABSTRACT}])])
    other = {"id": "x7", "title": TITLE.upper(), "abstract": cut, "retracted": True}
    library.add([write("b.jsonl", [other])])
    assert library.stats().documents == 2
    hits = library.search("zinc lozenges colds")
    assert len(hits) == 1
    assert (hits[0].article_id, hits[0].also) == ("1", ("x7",))
    assert (hits[0].retracted, hits[0].label) == (True, "Retracted Publication")


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"pmid": None}, True),
        ({"pmid": None, "abstract": ""}, True),
        ({"pmid": None, "title": f"<i>{TITLE}</i>."}, True),
        ({"pmid": None, "title": "A translated title"}, True),
        ({"pmid": "2"}, False),
        ({"pmid": None, "abstract": "Zinc lozenges were tested in children by others."}, False),
        ({"pmid": None, "title": "Reply", "abstract": ""}, False),
    ],
)  # fmt: skip
def test_what_makes_records_the_same_article(change: dict[str, Any], same: bool) -> None:
    first = Document(pmid="1", title=TITLE, abstract=ABSTRACT)
    second = first.model_copy(update=change)
    duplicates = Duplicates()
    assert duplicates.first_of("a", first) == "a"
    assert duplicates.first_of("b", second) == ("a" if same else "b")


def test_short_titles_alone_do_not_make_an_article() -> None:
    duplicates = Duplicates()
    assert duplicates.first_of("a", Document(title="Editorial")) == "a"
    assert duplicates.first_of("b", Document(title="Editorial")) == "b"


def test_words_are_marked_in_any_inflection() -> None:
    text = "Colds: zinc's effect on a COLD, on zincs and on scolding."
    spans = highlights(stems("Does zinc shorten colds?"), text, offset=100)
    assert [text[a - 100 : b - 100] for a, b in spans] == ["Colds", "zinc", "COLD", "zincs"]


def test_marked_words_are_counted_in_the_field(library: Library) -> None:
    library.add([write("a.jsonl", [{"pmid": "1", "title": TITLE, "abstract": "  " + ABSTRACT}])])
    hit = library.search("nausea")[0]
    field = library.article("1").field(hit.field)
    assert [field[a:b] for a, b in hit.highlights] == ["Nausea"]


def test_neighbours_of_a_passage(library: Library) -> None:
    long = [
        f"Chapter {n} tells of topic number {n}. " + "Words follow here. " * 60 for n in range(9)
    ]
    library.add(
        [write("a.jsonl", [
            {"id": "book", "title": "Book", "text": " ".join(long)},
            {"id": "other", "title": "Chapters", "abstract": "Chapter 4 tells of topic number 4."},
        ])]
    )  # fmt: skip
    own = next(h for h in library.search("chapter 4 topic number 4") if h.article_id == "book")
    found = library.neighbours(own.passage, 2)
    assert found.of.passage.text == own.text
    spans = [i.passage for i in (*found.before, found.of, *found.after)]
    assert len(spans) == 5
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert [hit.article_id for hit in found.alike] == ["other"]
    first = library.neighbours("book", 1)
    assert (first.before, first.of.passage.start, len(first.after)) == ([], 0, 1)
    with pytest.raises(ToolError, match="no article"):
        library.neighbours("nowhere")


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small BERT that prefers what its random weights prefer."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("reranker")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "zinc", "cold", "placebo", "trial", "nausea", "."]
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(words)}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]",  # noqa: S106
        cls_token="[CLS]", sep_token="[SEP]",  # noqa: S106
    ).save_pretrained(folder)  # fmt: skip
    torch.manual_seed(0)
    BertForSequenceClassification(
        BertConfig(
            vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
            intermediate_size=16, max_position_embeddings=64, num_labels=1, initializer_range=1.0,
        )
    ).save_pretrained(folder)  # fmt: skip
    return folder


def test_cross_encoder_ranks_again_and_is_kept(workspace: Workspace, cross_encoder: Path) -> None:
    from transformers import pipeline

    texts = ["zinc cold zinc cold", "placebo trial . cold", "nausea zinc placebo", "cold . trial"]
    judge = pipeline("text-classification", str(cross_encoder), function_to_apply="sigmoid")
    asked: Any = [{"text": "zinc cold", "text_pair": text} for text in texts]
    scores = {str(n): answer["score"] for n, answer in enumerate(judge(asked))}
    best_first = sorted(scores, key=lambda key: -scores[key])
    records = [{"id": str(n), "abstract": text} for n, text in enumerate(texts)]

    def order(**chosen: str) -> dict[str, float]:
        with Library(workspace, settings=LibrarySettings(**chosen)) as library:
            return {hit.article_id: hit.score for hit in library.search("zinc cold")}

    with Library(workspace) as library:
        library.add([write("a.jsonl", records)])
    plain = order()
    assert list(plain) != best_first
    ranked = order(reranker=str(cross_encoder))
    assert list(ranked) == [key for key in best_first if key in plain]
    assert ranked == pytest.approx({key: scores[key] for key in ranked}, abs=1e-5)
    assert order() == ranked
    assert order(reranker="none") == plain


def test_folder_without_a_cross_encoder_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    with Library(workspace, settings=LibrarySettings(reranker=str(tmp_path))) as library:
        library.add([write("a.jsonl", [{"title": "Zinc"}])])
        with pytest.raises(ToolError, match=r"lacks config\.json"):
            library.search("zinc")

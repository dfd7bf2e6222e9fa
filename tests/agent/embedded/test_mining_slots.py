"""The arguments of the tools that read many articles."""

import pytest

from agent.llm.embedded.domains.literature.links import find_ends
from agent.llm.embedded.domains.literature.mining import find_limit, find_mining_paths
from agent.llm.embedded.mentions import MentionFinder
from agent.llm.embedded.objects import find_objects

FINDER = MentionFinder(())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("mine a.jsonl for drugs", {"source": "a.jsonl"}),
        ("drugs of a.jsonl into out/b.parquet", {"source": "a.jsonl", "output": "out/b.parquet"}),
        ("PICO of a.csv, save it as b.csv", {"source": "a.csv", "output": "b.csv"}),
        ("PICO of the library -> b.csv", {"output": "b.csv"}),
        ("use dose.json on papers/", {"schema_file": "dose.json", "source": "papers/"}),
        ("entities of dumps/*.xml", {"source": "dumps/*.xml"}),
        ("all of it, b.parquet as output", {"output": "b.parquet"}),
        ("mine the library", {}),
    ],
)
def test_paths_are_told_apart(text: str, wanted: dict[str, str]) -> None:
    found = find_objects(text, FINDER.find(text))
    paths = [mention for mention in found.datasets if mention.kind == "path"]
    assert find_mining_paths(text, paths, found.outputs) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("the first 1,000 abstracts", 1000), ("at most 50", 50), ("limit=20", 20),
        ("25 abstracts only", 25), ("all 500 trials", None), ("our 10,000 abstracts", None),
        ("the first 10% of them", None),
    ],
)  # fmt: skip
def test_a_limit_is_not_the_size_of_the_source(text: str, wanted: int | None) -> None:
    assert find_limit(text) == wanted


@pytest.mark.parametrize(
    ("text", "topic", "target"),
    [
        ("hidden links between fish oil and Raynaud disease?", "fish oil", "Raynaud disease"),
        ("research leads for migraine", "migraine", None),
        ("A = lithium, C = gout", "lithium", "gout"),
        ("could aspirin be linked to schizophrenia through something?", "aspirin",
         "schizophrenia"),
        ("zinc -> depression", "zinc", "depression"),
        ("which linking terms connect melatonin with breast cancer?", "melatonin",
         "breast cancer"),
        ("what could colchicine treat that nobody has looked at", "colchicine", None),
        ("discovery starting from psoriasis", "psoriasis", None),
    ],
)  # fmt: skip
def test_both_ends_of_a_link_are_found(text: str, topic: str, target: str | None) -> None:
    assert find_ends(text) == (topic, target)


@pytest.mark.parametrize("text", ["find leads", "any hidden links?", "research ideas please"])
def test_a_request_without_a_topic_has_none(text: str) -> None:
    assert find_ends(text) is None

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from models.errors import ToolError
from models.store.workspace import Workspace
from retrieval.documents.document import Document
from retrieval.embedding.embedder import load_embedder
from retrieval.leads.finder import LeadFinder, Leads
from retrieval.library import Library
from retrieval.mining.findings import FIELDS, Columns, Finding, Outcome
from retrieval.search.concepts import normalise

NAMES = re.compile(
    r"\b(?:fish oils?|blood viscosity|Raynaud disease|platelet aggregation|gout|uric acid|"
    r"vasoconstriction)\b",
    re.IGNORECASE,
)
# Swanson's example: fish oil lowers what Raynaud disease raises, and no article says so.
ARTICLES: list[dict[str, Any]] = [
    {"pmid": "1", "year": 1980, "title": "Fish oil in volunteers",
     "abstract": "Twelve took capsules. Fish oil lowered blood viscosity."},
    {"pmid": "2", "year": 1982, "title": "Fish oils and platelets",
     "abstract": "Fish oils reduced platelet aggregation and blood viscosity."},
    {"pmid": "3", "year": 1983, "title": "Blood in the cold",
     "abstract": "In Raynaud disease blood viscosity was raised. Gloves helped."},
    {"pmid": "4", "year": 1984, "title": "Raynaud disease", "retracted": True,
     "abstract": "Platelet aggregation is high in Raynaud disease."},
    {"pmid": "5", "year": 1984, "title": "Fingers in Raynaud disease",
     "abstract": "Platelet aggregation rose, and vasoconstriction followed."},
    {"pmid": "6", "year": 1985, "title": "Gout", "abstract": "Uric acid is high in gout."},
    {"pmid": "7", "year": 1986, "title": "Gout again", "abstract": "Gout and uric acid again."},
]  # fmt: skip


@dataclass(frozen=True)
class Gazetteer:
    """Finds the names above: what the tagger would, without its weights."""

    fingerprint: str = "names"

    @property
    def columns(self) -> Columns:
        return {"normalised_id": "string"}

    def extract(self, documents: Sequence[Document]) -> list[Outcome]:
        return [
            Outcome(
                [
                    Finding(name, *m.span(), m[0], "Disease", {"normalised_id": normalise(m[0])})
                    for name in FIELDS
                    for m in NAMES.finditer(document.field(name))
                ]
            )
            for document in documents
        ]


@pytest.fixture
def finder(workspace: Workspace) -> Iterator[LeadFinder]:
    path = Path("articles.jsonl")
    path.write_text("".join(json.dumps(article) + "\n" for article in ARTICLES))
    with Library(workspace) as library:
        library.add([path])
        made = LeadFinder(workspace.library, Gazetteer(), load_embedder())
        yield made
        made.close()


def test_swansons_lead_is_found_with_both_chains(finder: LeadFinder) -> None:
    found = finder.find("fish oils")
    lead = found.leads[0]
    assert lead.concept == "raynaud disease"
    assert {bridge.concept for bridge in lead.bridges} == {
        "blood viscosity",
        "platelet aggregation",
    }
    for bridge in lead.bridges:
        for evidence in (bridge.first, bridge.second):
            text = evidence.document.field(evidence.field)
            assert text[evidence.start : evidence.end] == evidence.text
            assert bridge.concept in evidence.text.casefold()
    assert lead.bridges[0].first.text.startswith("Fish oils reduced")
    assert (found.topic_documents, found.documents) == (2, 7)


def test_evidence_is_of_articles_that_were_not_retracted(finder: LeadFinder) -> None:
    bridges = {b.concept: b for b in finder.find("fish oil").leads[0].bridges}
    assert bridges["platelet aggregation"].second.document.pmid == "5"


def test_unlinked_concepts_are_no_leads(finder: LeadFinder) -> None:
    assert "gout" not in [lead.concept for lead in finder.find("fish oil").leads]


def test_a_target_shows_what_links_it(finder: LeadFinder) -> None:
    found = finder.find("fish oil", "Raynaud disease")
    links = [(b.concept, b.strength) for b in found.leads[0].bridges]
    # Documents with both, over the geometric mean: the weaker half of each link.
    assert links == [("platelet aggregation", 0.4082), ("blood viscosity", 0.3333)]
    assert found.direct == []
    assert found.target_documents == 3


def test_a_known_link_is_said_to_be_known(finder: LeadFinder) -> None:
    found = finder.find("gout", "uric acid")
    assert found.direct[0].together
    assert found.direct[0].document.pmid == "7"


def test_topics_may_be_words_that_are_no_concept(finder: LeadFinder) -> None:
    found = finder.find("gloves")
    assert found.topic_documents == 1
    assert "fish oil" in _names(found) or _names(found) == []


def test_unknown_topics_are_refused_with_the_nearest(finder: LeadFinder) -> None:
    with pytest.raises(ToolError, match="names 'blod viscosity'") as caught:
        finder.find("blod viscosity", "nothing of the kind")
    assert caught.value.faults[0].suggestion == "blood viscosity"
    assert [wrong.field for wrong in caught.value.faults] == ["topic", "target"]


def test_documents_are_read_once_and_removed_ones_forgotten(
    finder: LeadFinder, workspace: Workspace
) -> None:
    told: list[float] = []
    finder.find("gout")
    again = LeadFinder(workspace.library, Gazetteer(), load_embedder(), told.append)
    assert again.find("gout").documents == 7
    assert told == []
    other = LeadFinder(workspace.library, Gazetteer("others"), load_embedder(), told.append)
    assert other.find("gout").documents == 7
    assert told == [1.0]
    again.close()
    other.close()


def _names(found: Leads) -> list[str]:
    return [lead.concept for lead in found.leads]

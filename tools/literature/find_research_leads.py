"""The tool `find_research_leads`."""

from typing import TYPE_CHECKING, Any

from pydantic import Field

from models.store.workspace import Workspace
from tools.contract import SUMMARY_LIMIT, ToolArguments, ToolContext, ToolResult
from tools.registry import tool

if TYPE_CHECKING:
    from retrieval.leads.evidence import Evidence
    from retrieval.leads.finder import Bridge, Lead, Leads

SECONDS_PER_DOCUMENT = 0.06
"""The first time a document is read, on two cores; afterwards next to nothing."""

FEW_DOCUMENTS = 50
CAUTION = "A lead is a guess to be checked, not a finding: no article states it."

KNOWN = "Linking terms explain a link; they do not show that it is one of cause and effect."


class Arguments(ToolArguments):
    """What to start from."""

    topic: str = Field(
        min_length=2, max_length=300,
        description="What to start from: a disease, drug or other concept.",
        json_schema_extra={"role": "query"},
    )  # fmt: skip
    target: str | None = Field(
        None, min_length=2, max_length=300,
        description="What it may be linked with; without it, the likeliest are looked for.",
        json_schema_extra={"role": "query"},
    )  # fmt: skip
    count: int = Field(
        10, ge=1, le=50, description="How many leads.", json_schema_extra={"role": "count"}
    )


def _estimate(arguments: Arguments, workspace: Workspace) -> float:
    from retrieval.leads.mentions import FILE
    from retrieval.library import Library

    if (workspace.library / FILE).exists():
        return 0.0
    return Library(workspace).stats().documents * SECONDS_PER_DOCUMENT


@tool(heavy=True, computes=True, estimate=_estimate)
def find_research_leads(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Find links between concepts that no article of the library states, but two chains suggest.

    When to use: the person wants hypotheses, hidden or indirect connections of a disease or drug,
    ideas for repurposing, or what might link two concepts. When not: for what articles do state
    (search_literature), or for a table of drugs, diseases or relations (mine_literature).
    """
    from retrieval.embedding.embedder import load_embedder
    from retrieval.leads.finder import LeadFinder
    from retrieval.mining.text_models import EntityExtractor

    def told(share: float) -> None:
        context.progress(0.95 * share, "reading the articles' concepts, once for all")

    finder = LeadFinder(context.workspace.library, EntityExtractor(), load_embedder(), told)
    try:
        found = finder.find(arguments.topic, arguments.target, arguments.count)
    finally:
        finder.close()
    passages = _Passages()
    rows = [_lead(lead, passages) for lead in found.leads]
    direct = [passages.number(evidence) for evidence in found.direct]
    data = {
        "topic": found.topic, "target": found.target, "leads": rows, "results": passages.rows,
        "direct": direct, "topic_documents": found.topic_documents,
        "target_documents": found.target_documents, "candidates": found.candidates,
        "documents": found.documents,
    }  # fmt: skip
    return ToolResult(summary=_words(found, rows, direct), data=data)


class _Passages:
    """The sentences of all leads, each numbered once."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self._numbers: dict[tuple[str, str, int], int] = {}

    def number(self, evidence: "Evidence") -> int:
        document = evidence.document
        key = document.hash, evidence.field, evidence.start
        if key not in self._numbers:
            self._numbers[key] = n = len(self.rows) + 1
            self.rows.append(
                {
                    "n": n, "id": document.article_id, "pmid": document.pmid, "doi": document.doi,
                    "title": document.title, "year": document.year, "journal": document.journal,
                    "field": evidence.field, "start": evidence.start, "end": evidence.end,
                    "text": evidence.text, "label": document.label,
                    "retracted": document.retracted, "together": evidence.together,
                    "quote": {
                        "text": evidence.text, "start": evidence.start, "end": evidence.end,
                    },
                }
            )  # fmt: skip
        return self._numbers[key]


def _lead(lead: "Lead", passages: _Passages) -> dict[str, Any]:
    return {
        "concept": lead.concept, "type": lead.kind, "score": lead.score,
        "linking_terms": lead.terms, "documents": lead.documents,
        "via": [_bridge(bridge, passages) for bridge in lead.bridges],
    }  # fmt: skip


def _bridge(bridge: "Bridge", passages: _Passages) -> dict[str, Any]:
    return {
        "concept": bridge.concept, "type": bridge.kind, "strength": bridge.strength,
        "first": passages.number(bridge.first), "second": passages.number(bridge.second),
    }  # fmt: skip


def _words(found: "Leads", rows: list[dict[str, Any]], direct: list[int]) -> str:
    opening = f"{found.topic} is named in {found.topic_documents:,} of {found.documents:,} articles"
    if found.target:
        lines = [f"{opening}, {found.target} in {found.target_documents:,}."]
        if direct:
            lines.append(f"An article names both, so a link may be known already [{direct[0]}].")
        chains = [via for row in rows for via in row["via"]]
        lines += [f"- through {_chain(via)}" for via in chains]
        if not chains:
            lines.append("Nothing in the library links the two.")
    else:
        counted = f"{found.candidates:,} concepts share a linking term with it but no article"
        lines = [f"{opening}; {counted}."]
        lines += [f"- {row['concept']}, through {_chain(row['via'][0])}" for row in rows]
        if not rows:
            lines.append("No indirect link was found.")
    if found.documents < FEW_DOCUMENTS:
        lines.append(f"{found.documents:,} articles are very few for this; add more.")
    return _limited([*lines, KNOWN if direct else CAUTION])


def _chain(via: dict[str, Any]) -> str:
    return f"{via['concept']} [{via['first']}] [{via['second']}]"


def _limited(lines: list[str]) -> str:
    """Returns the first lines and the last one, as many as a summary holds."""
    kept = lines
    while len("\n".join(kept)) > SUMMARY_LIMIT:
        kept = [*kept[:-2], kept[-1]]
    return "\n".join(kept)

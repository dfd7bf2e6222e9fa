import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from models.errors import ToolError
from retrieval.documents.document import Document
from retrieval.mining.evidence import PIECE_CHARACTERS, cut_pieces, locate, worded
from retrieval.mining.findings import Finding
from retrieval.mining.language import LanguageMiner
from retrieval.mining.schemas import read_schema
from retrieval.mining.tasks import TaskName, language_task

ABSTRACT = "Adults took  Aspirin daily. Aspirin inhibits COX-1 in platelets; aspirin helped."
DOCUMENT = Document(pmid="1", title="Aspirin", abstract=ABSTRACT)
SCHEMA = {
    "title": "dosage",
    "type": "object",
    "properties": {"drug": {"type": "string"}, "doses": {"type": "array"}, "type": {"enum": ["x"]}},
    "required": ["drug"],
}


@dataclass
class Reply:
    content: Any
    error: str | None = None


@dataclass
class ScriptedClient:
    """Answers in order what it was given; checks that the answers are what was asked for."""

    replies: list[Any]
    name: str = "scripted"
    sampling: str = "none"
    asked: list[str] = field(default_factory=list)

    def extract(
        self, texts: Iterable[str], schema: dict[str, Any], instructions: str
    ) -> Iterator[Reply]:
        for text, reply in zip(texts, self.replies, strict=False):
            self.asked.append(text)
            if isinstance(reply, str):
                yield Reply(None, reply)
                continue
            content = {"findings": reply}
            Draft202012Validator(schema).validate(content)
            yield Reply(content)


def _mine(task: TaskName, *replies: Any, documents: list[Document] | None = None) -> Any:
    miner = LanguageMiner(ScriptedClient(list(replies)), language_task(task))
    windows = [[document] for document in documents or [DOCUMENT]]
    return [outcomes[0] for outcomes in miner.mine(windows)]


def test_evidence_is_found_again_whatever_its_case_and_space() -> None:
    wanted = [
        {"evidence": "adults took aspirin daily.", "type": "population"},
        {"evidence": "“Aspirin inhibits COX-1 …", "type": "intervention"},
    ]
    (outcome,) = _mine("pico", wanted)
    assert [finding.text for finding in outcome.findings] == [
        "Adults took  Aspirin daily.", "Aspirin inhibits COX-1",
    ]  # fmt: skip
    for finding in outcome.findings:
        assert DOCUMENT.field(finding.field)[finding.start : finding.end] == finding.text


def test_what_is_not_in_the_document_is_dropped_and_counted() -> None:
    (outcome,) = _mine("entities", [{"evidence": "ibuprofen", "type": "Chemical"}])
    assert (list(outcome.findings), outcome.dropped) == ([], 1)


def test_relations_have_both_arguments_in_their_evidence() -> None:
    sentence = "Aspirin inhibits COX-1 in platelets"
    good = {"evidence": sentence, "subject": "aspirin", "relation": "inhibitor", "object": "COX-1"}
    (outcome,) = _mine("relations", [good, good | {"object": "COX-2"}])
    (finding,) = outcome.findings
    assert finding.type == "inhibitor"
    for name, text in (("subject", "Aspirin"), ("object", "COX-1")):
        assert finding.details[name] == text
        start, end = (finding.details[f"{name}_{edge}"] for edge in ("start", "end"))
        assert ABSTRACT[start:end] == text
        assert finding.start <= start < end <= finding.end
    assert outcome.dropped == 1


def test_failed_replies_cost_their_document_alone() -> None:
    others = [DOCUMENT, DOCUMENT.model_copy(update={"pmid": "2"})]
    found = _mine("entities", "cut off", [{"evidence": "COX-1", "type": "Chemical"}],
                  documents=others)  # fmt: skip
    assert [outcome.error for outcome in found] == ["cut off", None]
    assert found[1].findings == [
        Finding("abstract", 45, 50, "COX-1", "Chemical",
                {"normalised_id": "cox-1", "confidence": None}),
    ]  # fmt: skip


def test_long_documents_are_read_in_pieces() -> None:
    text = "One sentence follows another here. " * 600
    long = Document(source_id="l", title="Long", text=text.strip())
    pieces = cut_pieces(long)
    assert len(pieces) > 2
    assert all(len(worded(long, piece)) < PIECE_CHARACTERS + 200 for piece in pieces)
    kept = "".join(long.field(p.field)[p.start : p.end] for piece in pieces for p in piece)
    assert kept.replace(" ", "") == (long.title + long.text).replace(" ", "")
    replies: list[Any] = [[] for _ in pieces[:-1]]
    (outcome,) = _mine("sections", *replies, [{"evidence": "One sentence", "type": "other"}],
                       documents=[long])  # fmt: skip
    last = pieces[-1][0]
    assert outcome.findings[0].start >= last.start


def test_a_schema_of_ones_own_makes_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "dosage.json"
    path.write_text(json.dumps(SCHEMA))
    schema = read_schema(path)
    assert schema.columns == {"drug": "string", "doses": "json"}
    task = language_task("custom", schema)
    Draft202012Validator.check_schema(task.schema)
    client = ScriptedClient([[{"evidence": "took aspirin", "drug": "Aspirin", "type": "x"}]])
    ((outcome,),) = LanguageMiner(client, task).mine([[DOCUMENT]])
    (finding,) = outcome.findings
    assert (finding.type, finding.details) == ("x", {"drug": "Aspirin", "doses": None})


def test_other_schemas_and_models_are_other_jobs() -> None:
    miners: list[Callable[[], LanguageMiner]] = [
        lambda: LanguageMiner(ScriptedClient([]), language_task("pico")),
        lambda: LanguageMiner(ScriptedClient([]), language_task("entities")),
        lambda: LanguageMiner(ScriptedClient([], "other"), language_task("pico")),
    ]
    assert len({make().fingerprint for make in miners}) == 3
    assert miners[0]().fingerprint == miners[0]().fingerprint


def test_quotations_are_looked_for_within_their_evidence() -> None:
    (piece,) = cut_pieces(DOCUMENT)
    assert locate(DOCUMENT, piece, "aspirin helped") is not None
    evidence = locate(DOCUMENT, piece, "Aspirin inhibits COX-1")
    assert evidence is not None
    inner = locate(DOCUMENT, [], "aspirin", evidence)
    assert inner is not None
    assert inner.start == evidence.start
    assert locate(DOCUMENT, piece, " … ") is None


def test_unreadable_schema_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="cannot be used"):
        read_schema(tmp_path / "absent.json")

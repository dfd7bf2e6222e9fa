"""What the tiny model learns by heart: rehearsed with a stub, then asked of a real server."""

import json
import re
from pathlib import Path
from typing import Any, Literal

from langchain_core.messages import HumanMessage
from pydantic import BaseModel, ConfigDict, Field

from agent.llm.backends import connect
from agent.llm.batch import BatchExtractor, Extraction
from agent.llm.structured import fill
from agent.session import Assistant
from agent.settings import Settings
from models.store.workspace import Workspace
from tests.agent.server.stub import Reply, StubServer
from tests.agent.server.tiny_model import Example, call_text

QUESTION = "Does high blood pressure reduce the risk of chronic low back pain?"
QUERY = {"query": "high blood pressure and chronic low back pain", "top_k": 3}
TWO_STEPS = "Profile CC(=O)Oc1ccccc1C(=O)O, then list my models."
MOLECULES = {"smiles": ["CC(=O)Oc1ccccc1C(=O)O"]}
GREETING = "hello"


class Finding(BaseModel):
    """What a trial found."""

    model_config = ConfigDict(extra="forbid")

    drug: str = Field(max_length=40)
    effect: Literal["better", "worse", "no difference"]
    people: int = Field(ge=0)


ABSTRACTS = {
    "In 240 people with gout, allopurinol reduced flares more than placebo.": Finding(
        drug="allopurinol", effect="better", people=240
    ),
    "Vitamin D did not prevent falls in this trial of 1200 adults.": Finding(
        drug="vitamin D", effect="no difference", people=1200
    ),
    "Among 88 patients, those given digoxin died sooner.": Finding(
        drug="digoxin", effect="worse", people=88
    ),
}


def extract_all(url: str, at_once: int = 3) -> list[Extraction]:
    """Has a server fill a finding from each abstract, through our batch client."""
    extractor = BatchExtractor.connect(Settings(llm=url, answer_tokens=256), at_once)
    return list(extractor.extract(ABSTRACTS, Finding.model_json_schema(), "What was found?"))


def extract(url: str, abstract: str) -> Finding:
    """Has a server fill a finding from an abstract, through our client."""
    model, _ = connect(Settings(llm=url))
    asked = HumanMessage(f"What was found?\n\n{abstract}")
    found, _ = fill(model, Finding.model_json_schema(), [asked], Finding.model_validate)
    return found


def rehearse(folder: Path) -> list[Example]:
    """Returns every request that the dialogues make of a server, with the reply to be learnt."""
    search = _plan((QUESTION, "search_literature", QUERY))
    both = _plan(
        ("Profile CC(=O)Oc1ccccc1C(=O)O", "profile_molecules", MOLECULES),
        ("list my models", "list_models", {}),
    )
    cited: list[Reply | int] = [search, call_text("search_literature", QUERY), _quote_first]
    steps: list[Reply | int] = [
        both,
        call_text("profile_molecules", MOLECULES),
        "The molecular weight is 180.16.",
        call_text("list_models", {}),
        "There is no trained model in this workspace yet.",
    ]
    greeting: list[Reply | int] = [_compact({"outcome": "chat", "steps": [], "message": "Hello."})]
    threads = [{QUESTION: cited}, {TWO_STEPS: steps}, {GREETING: greeting, QUESTION: cited}]
    examples: list[Example] = []
    for number, thread in enumerate(threads):
        with StubServer([reply for script in thread.values() for reply in script]) as stub:
            workspace = Workspace(folder / str(number))
            with Assistant(workspace, Settings(llm=stub.url)) as assistant:
                for request in thread:
                    assistant.ask(request, "thread")
            examples += stub.examples
    with StubServer([finding.model_dump_json() for finding in ABSTRACTS.values()]) as stub:
        extract_all(stub.url, at_once=1)
        examples += stub.examples
    return examples


def _plan(*steps: tuple[str, str, dict[str, Any]]) -> str:
    made = [{"request": text, "tool": tool, "args": args} for text, tool, args in steps]
    return _compact({"outcome": "act", "steps": made, "message": ""})


def _quote_first(messages: list[dict[str, Any]]) -> str:
    passage = re.search(r"\[1\] .*?\): (.*)", messages[-1]["content"])
    assert passage, messages[-1]["content"]
    return f"Perhaps. One study says so: “{passage[1]}” [1]. It does not tell why that is so."


def _compact(content: Any) -> str:
    """Returns JSON without spaces, as our servers are told to hold it."""
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False)

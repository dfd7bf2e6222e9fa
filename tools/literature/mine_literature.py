"""The tool `mine_literature`."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic.config import JsonDict

from models.store.workspace import Workspace
from tools.contract import ToolArguments, ToolContext, ToolResult
from tools.registry import tool

DEFAULT_OUTPUT = "findings.csv"
BYTES_PER_DOCUMENT = 1800
SECONDS_PER_DOCUMENT = {
    "entities": 0.05, "sections": 0.05, "pico": 0.05, "relations": 0.1, "custom": 0.1,
}  # fmt: skip
"""On two cores, for the estimate."""

SPOKEN = {
    "custom": "my schema; my own schema; own schema; json schema; custom schema; schema file; "
    "my template; my own fields; own fields; schema; custom fields; custom extraction; "
    "extraction template",
    "sections": "sentence roles; sentence role; roles of the sentences; role of each sentence; "
    "role of every sentence; role does each sentence; rhetorical roles; sentence types; "
    "sentence labels; section labels; label the sentences; label every sentence; "
    "label each sentence; label all sentences; classify the sentences; classify each sentence; "
    "classify every sentence; classify all sentences; tag the sentences; tag all sentences; "
    "tag every sentence; background methods results; sentence classification; "
    "structure of the abstracts; rhetorical structure; background sentences; section roles; "
    "its role; with their role; with their section; split each abstract; section",
    "relations": "relation; relationships; chemical protein; chemical-protein relations; "
    "drug-protein; drug target relations; drug-target; protein interactions; chemical-gene; "
    "drug-gene; interactions; inhibitors; what inhibits what; inhibits what; inhibits which; "
    "relation extraction; which chemicals act on which proteins; drug targets; "
    "targets of the drugs; binds to what; activates or inhibits; agonists; antagonists; "
    "act on which proteins; drugs and proteins; chemicals and proteins",
    "pico": "pico table; pico elements; picos; pico extraction; pico frame; pico sentences; "
    "population; populations; intervention; interventions; comparison group; comparator; "
    "comparators; outcomes; outcome; who was studied; participants",
    "entities": "named entities; entity; entity recognition; ner; named entity recognition; "
    "drugs; diseases; drug; disease; chemicals; chemical; medications; medication; medicines; "
    "compounds; symptoms; drug names; disease names; chemical names; disorders; illnesses; "
    "drug mentions; disease mentions; biomedical concepts",
}
SYNONYMS: JsonDict = {task: list(names.split("; ")) for task, names in SPOKEN.items()}
"""What people call the tasks; of several that a request names, the planner takes the last."""


class Arguments(ToolArguments):
    """What to mine for, and where."""

    source: str = Field(
        "library",
        description="'library', or a file, folder or pattern of articles (JSONL, CSV, PubMed XML, "
        "PDF and so on).",
        json_schema_extra={"role": "path"},
    )
    task: Literal["entities", "pico", "relations", "sections", "custom"] = Field(
        description="entities: chemicals and diseases; sections: the role of every sentence; pico: "
        "population, intervention, comparison, outcome; relations: of chemicals and proteins; "
        "custom: what a JSON schema of your own describes.",
        json_schema_extra={"role": "choice", "synonyms": SYNONYMS},
    )
    schema_file: str | None = Field(
        None,
        description="For custom: a JSON schema file of one finding, an object with properties.",
        json_schema_extra={"role": "path"},
    )
    limit: int | None = Field(
        None, ge=1, description="At most so many articles.", json_schema_extra={"role": "count"}
    )
    output: str | None = Field(
        None,
        description="The file to write in the workspace, .csv, .jsonl or .parquet; by default "
        "a CSV in the folder of the run.",
        json_schema_extra={"role": "path"},
    )


def _estimate(arguments: Arguments, workspace: Workspace) -> float:
    from retrieval.library import Library
    from retrieval.mining.source import FileSource, find_mining_source

    source = find_mining_source(
        arguments.source, workspace.library, lambda path: workspace.readable(path, "source")
    )
    if isinstance(source, FileSource):
        documents = sum(file.stat().st_size for file in source.files) / BYTES_PER_DOCUMENT
    else:
        documents = Library(workspace).stats().documents
    wanted = min(documents, arguments.limit or documents)
    return wanted * SECONDS_PER_DOCUMENT[arguments.task]


def _is_custom(arguments: Arguments) -> bool:
    return arguments.task == "custom"


@tool(heavy=True, computes=True, estimate=_estimate, language=_is_custom)
def mine_literature(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Make a table out of many articles: one row per finding, with the words that show it.

    When to use: the person wants something extracted from all articles of the library, or of a file
    or folder: drugs and diseases, sentence roles, a PICO table, relations, or fields of their own
    schema. When not: for a question that a few passages answer (search_literature), for one article
    (read_article), or for indirect links between concepts (find_research_leads).
    """
    from models.fitting.executors import InProcess
    from retrieval.mining.choice import find_miner
    from retrieval.mining.source import find_mining_source
    from retrieval.mining.writing import require_format
    from tools.literature.output.mining import run_mining

    workspace = context.workspace

    def readable(path: str) -> Path:
        return workspace.readable(path, "source")

    schema = arguments.schema_file
    schema_path = workspace.readable(schema, "schema_file") if schema else None
    output = context.active_run.artifact(DEFAULT_OUTPUT)
    if arguments.output:
        output = workspace.writable(arguments.output, "output")
    require_format(output)
    source = find_mining_source(arguments.source, workspace.library, readable)
    miner = find_miner(arguments.task, schema_path, context.language, InProcess())
    return run_mining(source, miner, arguments.task, output, context, arguments.limit)

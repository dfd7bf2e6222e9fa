"""Which miner serves a task, with what there is."""

from collections.abc import Callable
from pathlib import Path

from models.errors import FieldFault, PrerequisiteError, ToolError
from models.fitting.executors import Executor
from retrieval.mining.custom import CustomExtractor, unknown_properties
from retrieval.mining.language import Client, LanguageMiner
from retrieval.mining.miners import Extractor, LocalMiner, Miner
from retrieval.mining.relations import RelationExtractor
from retrieval.mining.schemas import EXPECTED, FIELD, read_schema
from retrieval.mining.tasks import TaskName, language_task
from retrieval.mining.text_models import EntityExtractor, PicoExtractor, SectionExtractor

EXTRACTORS: dict[TaskName, Callable[[], Extractor]] = {
    "entities": EntityExtractor,
    "pico": PicoExtractor,
    "relations": RelationExtractor,
    "sections": SectionExtractor,
}
NEEDS_LLM = "theriac llm serve MODEL, then: theriac mine SOURCE --task custom --llm URL"


def find_miner(
    task: TaskName, schema_file: Path | None, client: Client | None, executor: Executor
) -> Miner:
    """Returns the miner of a task: a language model where there is one, else the text models.

    Args:
        task: What is looked for.
        schema_file: The person's JSON schema, for a custom task and only for that.
        client: The language model.
        executor: Where text models run.

    Raises:
        ToolError: A schema is missing, or given for another task, or cannot be used.
        PrerequisiteError: The task needs a language model, and there is none.
    """
    if (task == "custom") != (schema_file is not None):
        got = "nothing" if schema_file is None else schema_file.name
        expected = EXPECTED if schema_file is None else "a schema only with task custom"
        wrong = FieldFault(field=FIELD, got=got, expected=expected)
        raise ToolError("The task custom, and only that, takes a JSON schema file.", wrong)
    schema = read_schema(schema_file) if schema_file else None
    if client is not None:
        return LanguageMiner(client, language_task(task, schema))
    if schema is None:
        return LocalMiner(EXTRACTORS[task](), executor)
    if unknown := unknown_properties(schema):
        message = (
            f"The schema {schema.name} needs a language model for {', '.join(unknown)}: without "
            "one, only drugs, diseases and PICO sentences can be found, one in each finding."
        )
        raise PrerequisiteError(message, NEEDS_LLM)
    return LocalMiner(CustomExtractor(schema), executor)

"""Words the question for an argument that is missing."""

from collections.abc import Callable, Sequence

from agent.llm.embedded.arguments import Filled
from agent.llm.embedded.schema import FieldSpec
from agent.llm.embedded.situation import fits
from agent.plan import Memory
from models.data.builtin import BUILT_INS
from tools.registry import Tool

EXAMPLES = 4
KNOWN_COLUMNS = ("time_column", "target_column", "smiles_column")
"""What a tool works on, by the argument that only such a dataset can answer."""


def ask_for(tool: Tool, filled: Filled, fields: Sequence[FieldSpec], memory: Memory) -> str:
    """Asks for everything that a call still needs.

    Args:
        tool: The tool to be called.
        filled: What is known, and what is missing.
        fields: The tool's arguments.
        memory: What could be proposed.
    """
    specs = {spec.name: spec for spec in fields}
    questions = [_question(specs[name], filled, fields, memory) for name in filled.missing]
    return f"To {purpose(tool)}, I need to know more. {' '.join(questions)}"


def offer_readings(tools: Sequence[Tool]) -> str:
    """Asks which of two readings is meant."""
    first, second = (purpose(tool) for tool in tools)
    return f"I am not sure what you mean. Shall I {first}, or {second}?"


def purpose(tool: Tool) -> str:
    """Returns what a tool does, as words that follow 'to'."""
    line = tool.description.splitlines()[0].strip().rstrip(".") or tool.name.replace("_", " ")
    verb, _, rest = line.split(":")[0].split(", with")[0].partition(" ")
    verb = verb.lower()
    if verb.endswith("s") and not verb.endswith("ss"):
        verb = f"{verb[:-3]}y" if verb.endswith("ies") else verb[:-1]
    return f"{verb} {rest}".strip()


def _question(spec: FieldSpec, filled: Filled, fields: Sequence[FieldSpec], memory: Memory) -> str:
    ask = QUESTIONS.get(spec.role, _by_description)
    return ask(spec, filled, fields, memory)


def _about_dataset(
    spec: FieldSpec, filled: Filled, fields: Sequence[FieldSpec], memory: Memory
) -> str:
    names = {field.name for field in fields}
    if "records" in names:
        return (
            "For whom? Name a file, or describe the patients, such as: age 60, grade II, "
            "3 positive nodes."
        )
    needed = next((column for column in KNOWN_COLUMNS if column in names), None)
    fitting = [n for n, entry in BUILT_INS.items() if not needed or getattr(entry, needed)]
    recent = f" (the last one was {memory.datasets[0]})" if memory.datasets else ""
    return (
        f"Which data{recent}? Name a file, such as data/cohort.csv, or a built-in dataset: "
        f"{', '.join(fitting)}."
    )


def _about_images(
    spec: FieldSpec, filled: Filled, fields: Sequence[FieldSpec], memory: Memory
) -> str:
    if spec.name == "image":
        return (
            "Which image? Name a PNG, JPEG, TIFF, DICOM or NIfTI file, such as film.png or "
            "ct/patient3.nii.gz, or a folder of them."
        )
    return f"Which images? Name their folder, such as data/xrays/. {spec.description}"


def _about_model(
    spec: FieldSpec, filled: Filled, fields: Sequence[FieldSpec], memory: Memory
) -> str:
    known = [name for name in memory.models if fits(name, spec.prefixes)]
    if known:
        return f"Which model? I know {', '.join(known[:EXAMPLES])}."
    return "Which model? Give its short name, such as srv-1; 'list models' shows what there is."


def _about_molecules(
    spec: FieldSpec, filled: Filled, fields: Sequence[FieldSpec], memory: Memory
) -> str:
    return (
        "Which molecule? Give a SMILES, such as CC(=O)Oc1ccccc1C(=O)O, the name of a common "
        "drug, or a file."
    )


def _about_protein(
    spec: FieldSpec, filled: Filled, fields: Sequence[FieldSpec], memory: Memory
) -> str:
    from models.molecules.docking.proteins.targets import targets

    return (
        f"Which protein? Prepared are {', '.join(sorted(target.name for target in targets()))}; "
        "or give a structure of your own, such as receptor.pdb, with its bound ligand or a box."
    )


def _about_article(
    spec: FieldSpec, filled: Filled, fields: Sequence[FieldSpec], memory: Memory
) -> str:
    return "Which article? Give its PMID, DOI or library id."


def _about_query(
    spec: FieldSpec, filled: Filled, fields: Sequence[FieldSpec], memory: Memory
) -> str:
    return "On which topic? A question or a few words will do."


def _about_column(
    spec: FieldSpec, filled: Filled, fields: Sequence[FieldSpec], memory: Memory
) -> str:
    place = f" of {filled.args['dataset']}" if "dataset" in filled.args else ""
    what = {
        "time": "holds the follow-up time",
        "event": "says whether the event happened",
        "target": "shall be predicted",
    }.get(spec.stem, f"is the {spec.stem.replace('_', ' ')}")
    return f"Which column{place} {what}?"


def _by_description(
    spec: FieldSpec, filled: Filled, fields: Sequence[FieldSpec], memory: Memory
) -> str:
    return f"What is the {spec.name.replace('_', ' ')}? {spec.description}".strip()


QUESTIONS: dict[str, Callable[[FieldSpec, Filled, Sequence[FieldSpec], Memory], str]] = {
    "dataset": _about_dataset,
    "images": _about_images,
    "model": _about_model,
    "smiles": _about_molecules,
    "protein": _about_protein,
    "article_id": _about_article,
    "query": _about_query,
    "column": _about_column,
    "target": _about_column,
}

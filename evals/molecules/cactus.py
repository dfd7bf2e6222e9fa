"""Cheminformatics questions in plain words, against RDKit called directly.

The questions are a sample of the CACTUS benchmark (McNaughton et al. 2024, arXiv:2405.00972;
github.com/pnnl/cactus, BSD). What counts as right follows its tools: RDKit's descriptors and PAINS
and Brenk catalogues, the BOILED-Egg's ellipses, Lipinski's rule for druglike. We differ in
two places: druglike allows one violation, where they list any; molecular weight is the average one,
where they give the monoisotopic mass.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from evals.registry import EvalOptions, Report, ReportTable, eval_task

QUESTIONS = "cactus_sample.txt"
NOTES = [
    "Published for 7B models with this kind of tool: 65-97% right (arXiv:2405.00972).",
    "Right values come from RDKit's functions and Matplotlib's ellipses, not from our code.",
    "Druglike allows one violation of Lipinski's rule and molecular weight is the average one; "
    "CACTUS's own tools list any violation and give the monoisotopic mass.",
]

VERDICTS = (("Yes", "No"), ("High", "Low"))

Ask = Callable[[str], tuple[list[dict[str, Any]], str]]
"""Takes a question; returns the tool calls ({"tool", "args"}) and the answer."""


@dataclass(frozen=True)
class Kind:
    """A kind of question: its name, the words that give it away, the scorer's function."""

    name: str
    words: str
    reference: str
    descriptor: str | None = None


KINDS = (
    Kind("druglikeness", "druglike", "druglike"),
    Kind("PAINS", "PAINS filter", "pains"),
    Kind("Brenk", "Brenk filter", "brenk"),
    Kind("blood-brain barrier", "blood brain barrier", "blood_brain_barrier"),
    Kind("absorption", "Gastrointestinal absorption", "gastrointestinal_absorption"),
    Kind("molecular weight", "Molecular Weight", "descriptor", "MolWt"),
    Kind("QED", "the QED", "descriptor", "qed"),
    Kind("synthetic accessibility", "Synthetic Accessibility", "synthetic_accessibility"),
    Kind("polar surface area", "Topological Polar", "descriptor", "TPSA"),
    Kind("logP", "the LogP", "descriptor", "MolLogP"),
)


@eval_task(
    name="cactus",
    description="Questions on molecular properties in plain words, against RDKit called directly.",
)
def run(options: EvalOptions) -> Report:
    """Asks the assistant every question and compares calls and values."""
    from agent.llm.backends import is_url
    from agent.session import Assistant
    from agent.settings import Settings

    lines = options.folder(QUESTIONS).read_text().splitlines()
    questions = [line.strip() for line in lines if line.strip()][: options.limit]
    settings = Settings(llm=options.llm or "embedded", workspace=options.workspace.root)
    with Assistant(options.workspace, settings) as assistant:

        def ask(question: str) -> tuple[list[dict[str, Any]], str]:
            answer = assistant.ask(question)
            return answer.tool_calls, answer.answer

        report = measure(questions, ask)
    if options.llm and is_url(options.llm):
        _add_bare_model(report, questions, options.llm)
    return report


def _add_bare_model(report: Report, questions: list[str], llm: str) -> None:
    """Adds what the same language model says without tools, and what that costs."""
    from evals.agents.bare_model import BareModel, costs

    bare = BareModel.connect(llm)
    rows: list[list[Any]] = []
    answers = []
    for kind in KINDS:
        asked = [question for question in questions if read_question(question)[0] is kind]
        if not asked:
            continue
        right = [right_answer(kind, read_question(question)[1]) for question in asked]
        pair = next((pair for pair in VERDICTS if right[0] in pair), None)
        said = bare.choose(asked, pair) if pair else bare.estimate(asked)
        hits = [agrees(one.choice or "", wanted) for one, wanted in zip(said, right, strict=True)]
        rows.append([kind.name, len(asked), sum(hits)])
        answers += said
    total = sum(row[2] for row in rows)
    report.tables.append(
        ReportTable(
            title=f"Bare {bare.name}: the same questions without tools",
            columns=["property", "questions", "right values"],
            rows=[*rows, ["all", len(answers), total]],
        )
    )
    report.figures["bare_model_right_values"] = total / max(len(answers), 1)
    report.figures |= {f"bare_model_{name}": value for name, value in costs(answers).items()}


def measure(questions: list[str], ask: Ask) -> Report:
    """Asks the questions and reports right calls and right values by kind."""
    counts = {kind.name: [0, 0, 0] for kind in KINDS}
    wrong: list[list[str]] = []
    for question in questions:
        kind, smiles = read_question(question)
        calls, answer = ask(question)
        right = right_answer(kind, smiles)
        holds = agrees(answer.replace(smiles, " "), right)
        for place, hit in enumerate((True, _calls_rightly(calls, smiles), holds)):
            counts[kind.name][place] += hit
        if not holds:
            wrong.append([question, str(right), answer])
    total = [sum(column) for column in zip(*counts.values(), strict=True)]
    rows = [[name, *row] for name, row in counts.items() if row[0]]
    columns = ["property", "questions", "right calls", "right values"]
    tables = [
        ReportTable(title="Right by property", columns=columns, rows=[*rows, ["all", *total]])
    ]
    if wrong:
        columns = ["question", "right", "answer"]
        tables.append(ReportTable(title="Wrong values", columns=columns, rows=wrong))
    figures = {
        "questions": total[0],
        "right_calls": total[1] / max(total[0], 1),
        "right_values": total[2] / max(total[0], 1),
    }
    return Report(
        title="CACTUS: molecules in plain words", tables=tables, figures=figures, notes=NOTES
    )


def read_question(question: str) -> tuple[Kind, str]:
    """Returns what a question asks for and its SMILES."""
    kind = next((kind for kind in KINDS if kind.words in question), None)
    smiles = re.search(r"smiles:\s*([^\s,?]+)", question)
    if kind is None or smiles is None:
        message = f"not a question of this benchmark: {question!r}"
        raise ValueError(message)
    return kind, smiles[1]


def right_answer(kind: Kind, smiles: str) -> str | float:
    """Returns what RDKit says: Yes or No, High or Low, or a number."""
    from rdkit import Chem

    from evals.scorers import molecules

    compute = getattr(molecules, kind.reference)
    if kind.descriptor:
        compute = compute(kind.descriptor)
    right: str | float = compute(Chem.MolFromSmiles(smiles))
    return right


def agrees(answer: str, right: str | float) -> bool:
    """Tells whether an answer says what is right.

    A verdict counts where it is the first of its kind; a number where it is the right one, rounded
    to two decimals or more.
    """
    if isinstance(right, str):
        pair = next(pair for pair in VERDICTS if right in pair)
        said = re.search(rf"\b({'|'.join(pair)})\b", answer, re.IGNORECASE)
        return said is not None and said[0].casefold() == right.casefold()
    numbers = re.findall(r"-?\d+\.\d{2,}", answer.replace("−", "-"))
    return any(abs(float(text) - right) <= _half_unit(text) for text in numbers)


def _half_unit(number: str) -> float:
    """Returns half a unit in the last decimal of a number in words, with room for rounding."""
    return 0.5 * 10.0 ** -len(number.split(".")[1]) * 1.001


def _calls_rightly(calls: list[dict[str, Any]], smiles: str) -> bool:
    """Tells whether the one call is for this molecule alone."""
    from rdkit import Chem

    if [call["tool"] for call in calls] != ["profile_molecules"]:
        return False
    given = [Chem.MolFromSmiles(text) for text in calls[0]["args"].get("smiles") or []]
    wanted = Chem.MolToSmiles(Chem.MolFromSmiles(smiles))
    return [Chem.MolToSmiles(molecule) for molecule in given if molecule] == [wanted]

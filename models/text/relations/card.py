"""The card of a reader of relations between chemicals and proteins."""

from collections.abc import Mapping
from typing import Any

from models.text.relations.labels import NAMES, NONE


def relation_card(config: Mapping[str, Any]) -> str:
    """Writes the card from what the model's config says, in Markdown."""
    counts = config["pairs"]
    data = ", ".join(f"{name} {counts[label]}" for label, name in NAMES.items())
    return f"""# Relations of chemicals and proteins

Tells what a sentence says that a chemical is to a protein, and finds the names of proteins and
genes and the related pairs of a sentence whose chemicals are known.

## How

all-MiniLM-L6-v2 with the upper four of its six layers fine-tuned reads the sentence once. A pair is
represented by the mean states of its two entities and by what eight attention heads that they
direct read from the sentence, which know how far each word is from either entity. A second head
tags proteins and chemicals.

## Data

{config["sentences"]} sentences in ChemProt's layout ({" and ".join(config["trained_on"])}); pairs:
{data}; and {counts[NONE]} unrelated pairs, which
are a protein and a chemical of one sentence that ChemProt does not list together. Seed
{config["seed"]}.

ChemProt's form here does not say which entity is the protein. That was inferred from the spelling
of names and from what they are paired with: of 80 pairs read by hand, two were doubtful.

## Figures

On {config["held_out"]} pairs ({config["trained_on"][-1]}), by a model of the same settings that had
not seen them:

{_measured(config["figures"])}

## Intended use

Tabulating which drug inhibits, activates, binds or is metabolised by what
(`theriac mine --task relations`), for a person who opens the sentence that each row quotes.

## Not for

- Decisions on dosing, interactions or safety without the sentence being read.
- Relations that are stated over several sentences: each is read alone.

## Limits

- Only entities of related pairs are marked in ChemProt, so proteins are found less surely than the
  figures say where nothing is stated of them, and unrelated pairs were taught from few examples.
- Negation and speculation are not told apart from assertion: ChemProt labels both alike.
- Rare relations (upregulator, downregulator, those of two kinds) are found least surely.
"""


def _measured(figures: Mapping[str, float]) -> str:
    return (
        "| given pairs, all related | micro-F1 | macro-F1 |\n|---|---|---|\n"
        f"| this one | {figures['micro_f1']:.3f} | {figures['macro_f1']:.3f} |\n"
        f"| the commonest relation | {figures['baseline_micro_f1']:.3f} | |\n\n"
        "Published for ChemProt's test part in this form: micro-F1 0.836 (SciBERT, Beltagy et al. "
        "2019). `theriac eval run chemprot` measures again.\n\n"
        "| as mining meets them | |\n|---|---|\n"
        f"| precision of relations, unrelated pairs among them | "
        f"{figures['mined_precision']:.3f} |\n"
        f"| recall of relations | {figures['mined_recall']:.3f} |\n"
        f"| unrelated pairs that are seen as such | {figures['unrelated_seen_as_such']:.3f} |\n"
        f"| marked proteins found exactly | {figures['protein_recall']:.3f} |\n"
        f"| marked proteins touched | {figures['protein_recall_overlapping']:.3f} |\n"
        f"| found proteins that are marked ones (others may be right) | "
        f"{figures['protein_precision_at_least']:.3f} |"
    )

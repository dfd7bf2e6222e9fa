"""The card of a reader of sentence roles."""

from collections.abc import Mapping
from typing import Any


def role_card(config: Mapping[str, Any]) -> str:
    """Writes the card from what the model's config says, in Markdown."""
    counts = config["sentences"]
    data = ", ".join(f"{role} {count}" for role, count in counts.items())
    figures = config["figures"]
    files = " and ".join(config["trained_on"])
    measured = (
        f"On {config['held_out']} abstracts ({config['trained_on'][-1]}), by a model of the same "
        "settings that had not seen them:\n\n"
        "| reader | micro-F1 | weighted F1 | macro-F1 |\n|---|---|---|---|\n"
        f"| this one | {figures['micro_f1']:.3f} | {figures['weighted_f1']:.3f} "
        f"| {figures['macro_f1']:.3f} |\n"
        f"| the commonest role | {figures['baseline_micro_f1']:.3f} | | |\n\n"
        "Published for NICTA-PIBOSO's test part: weighted F1 0.847 (HSLN-RNN, Jin and Szolovits "
        "2018). `theriac eval run nicta` measures again."
    )
    return f"""# Roles of sentences in abstracts

Tells the role of each sentence of an abstract: {", ".join(config["roles"])}. These are the parts
of PICO without the comparison, which the data have no role for.

## How

Means of the token states of all-MiniLM-L6-v2 after four of its six layers, which stay as published,
with the sentence's place; a bidirectional gated recurrent unit over the abstract and a linear-chain
conditional random field; the scores of {config["members"]} networks that differ by seed are
averaged. The confidence of a role is its marginal probability in the chain.

## Data

{config["abstracts"]} abstracts in NICTA-PIBOSO's layout ({files}); sentences:
{data}. Seed {config["seed"]}.

## Figures

{measured}

## Intended use

Sorting and tabulating abstracts of clinical studies (`theriac mine --task pico`).

## Not for

- Decisions on including a study in a review without a person who reads it.
- Full texts: nothing like them was seen.

## Limits

- Study design and intervention are rare in the data and found least surely.
- One role for each sentence: a sentence that names both population and intervention gets one.
- Abstracts in English, of 2012 and before.
"""

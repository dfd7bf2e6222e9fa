"""The card of a reader of leanings."""

from collections.abc import Mapping
from typing import Any


def leaning_card(config: Mapping[str, Any]) -> str:
    """Writes the card from what the model's config says, in Markdown."""
    answers = ", ".join(f"{name} {count}" for name, count in config["answers"].items())
    figures = config["figures"]
    return f"""# How a study leans on a yes/no question

Says for a question and an abstract how likely the study's answer is yes, no or maybe. An
extractive reader: it weighs wording and understands nothing.

## How

Three logistic regressions whose probabilities are averaged: one on about forty cues (which
sentences state an effect or its absence, p-values and intervals, how near they are to the question
and where they stand, hedging, what kind of question it is), one on the words of the results, one on
the words of the question. Penalty and temperature are chosen by cross-validation within.

## Data

PubMedQA's expert-labelled questions (Jin et al. 2019, arXiv:1909.06146): {answers}. Each is learnt
from twice, without and with the study's conclusion. Seed {config["seed"]}.

## Figures

Nested {config["folds"]}-fold cross-validation on the same questions:

| what is read | accuracy | macro-F1 |
|---|---|---|
| abstract without its conclusion | {figures["accuracy"]:.3f} | {figures["macro_f1"]:.3f} |
| abstract with its conclusion | {figures["accuracy_with_conclusion"]:.3f} \
| {figures["macro_f1_with_conclusion"]:.3f} |
| commonest answer | {figures["majority"]:.3f} | |

Published for PubMedQA's test part without conclusions: majority 0.552, BioBERT in several phases
0.681, one person 0.780. The cues were worded with these questions at hand, so that the figures are
somewhat too good; other questions are the better measure (`theriac eval run pubmedqa --data`).

## Intended use

Sorting quoted studies into those that speak for and those that speak against, and a first word
(yes, no, maybe) that a person checks against the quotations beneath it.

## Not for

- Decisions on treatment, or a statement of what is known without reading the studies.
- Questions that yes or no does not answer.

## Limits

- About one study in three is read wrongly. "Maybe" is hardly told from the others: no cue for it
  was found that holds on unseen questions.
- Effects stated without the usual words of results, and questions about a detail of a study, are
  read at chance.
- Abstracts in English.
"""

"""The card of a reader of bearing."""

from collections.abc import Mapping
from typing import Any


def bearing_card(config: Mapping[str, Any]) -> str:
    """Writes the card from what the model's config says, in Markdown."""
    figures = config["figures"]
    return f"""# Whether a passage bears on a question

Says how surely a passage speaks of what a question turns on, so that an article on something else
is no evidence, however near it is in words.

## How

A logistic regression on {len(config["features"])} numbers: which of the question's words the
passage has, in any inflection, by abbreviation, synonym or brand, weighed by how rare they are;
which of the rare ones are missing; and how near question, passage and sentences are for the
packaged sentence encoder. A word that no text of the training had and that the passage lacks, such
as the name of a new drug, decides alone.

## Data

{config["questions"]} questions of PubMedQA's expert-labelled part with their articles (Jin et al.
2019, arXiv:1909.06146), titles not read, beside the {config["articles"]} articles' nearest others.

## Figures

{config["folds"]}-fold cross-validation over questions, at the threshold {config["threshold"]}:

| | share |
|---|---|
| own article, untitled, found to bear | {figures["recall"]:.3f} |
| the same, at the stricter threshold {config["sure"]} of verdicts | \
{figures["recall_for_verdicts"]:.3f} |
| questions without their article for which any other is found to bear | \
{figures["anything_without_article"]:.3f} |

The threshold was chosen on the same held-out probabilities. `theriac eval run answerability`
measures the whole path.

## Limits

- A few of the other articles do bear on a question, and count as errors here.
- Synonyms are a short list and the names of known compounds; English only.
- Speaking of the same things is not answering the question: findings are compared apart.
"""

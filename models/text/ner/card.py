"""The card of a tagger, in Markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from models.store.files import sha256_file
from models.text.fitting import Schedule
from models.text.ner.scoring import Score
from models.text.ner.training import HIDDEN

TEMPLATE = Path(__file__).with_suffix(".md")
BC5CDR = (
    "BC5CDR (Li et al. 2016, doi:10.1093/database/baw068), {} part, cut into sentences by "
    "cambridgeltl/MTL-Bioinformatics-2016 on GitHub, CC BY 4.0"
)
CORPORA = {
    "b731361c0ed73afd04cc5fdad39afcdfd8f325d6e46c282339185a91d1af4c14": BC5CDR.format("training"),
    "b909de65c4f7e3c23bb09ad52d654cdc92e96db941abe1a5dcf6f6010c03cff5": BC5CDR.format(
        "development"
    ),
}
"""Published corpora by the SHA-256 of their files."""

BANDS = (0.0, 0.5, 0.7, 0.9, 0.98, 1.0)
"""Of confidence, in the table of calibration."""


@dataclass(frozen=True)
class Evidence:
    """What training a tagger showed.

    Attributes:
        files: It was trained on.
        sentences: To train on, and held out for the figures.
        scores: On the part that was held out.
        baseline: Those of the names seen in training, marked wherever they stand.
        right: Confidence (0-1) of each name that was found, and whether it was right.
        schedule: How it was trained.
        seed: Of everything random.
    """

    files: Sequence[Path]
    sentences: tuple[int, int]
    scores: Mapping[str, Score]
    baseline: Mapping[str, Score]
    right: Sequence[tuple[float, bool]]
    schedule: Schedule
    seed: int

    def as_config(self) -> dict[str, object]:
        """Returns what is kept beside the weights: precision, recall, F1, that of the baseline
        and how many names there were, by type; and the files.
        """
        held_out = {
            kind: [*score[:3], self.baseline[kind].f1, score.names]
            for kind, score in self.scores.items()
        }
        return {"held_out": held_out, "trained_on": [path.name for path in self.files]}


def tagger_card(evidence: Evidence) -> str:
    """Writes the card."""
    training, held_out = evidence.sentences
    schedule = evidence.schedule
    return TEMPLATE.read_text(encoding="utf-8").format(
        sources="\n".join(f"- {_source(path)}" for path in evidence.files),
        sentences=f"{training + held_out:,}",
        training=f"{training:,}",
        held_out=f"{held_out:,}",
        scores=_score_table(evidence),
        calibration=_calibration_table(evidence.right),
        schedule=f"The mean weights of {len(HIDDEN)} runs from the same beginning, which hide "
        f"{' and '.join(f'{share:.0%}' for share in HIDDEN)} of the word pieces; each "
        f"{schedule.epochs} epochs of AdamW with linear warm-up and decay, highest rates "
        f"{schedule.rate:g} (encoder) and {schedule.head_rate:g} (head), seed {evidence.seed}.",
    )


def _source(path: Path) -> str:
    digest = sha256_file(path)
    return f"{path.name}: {CORPORA.get(digest, 'a corpus of the user')} (SHA-256 {digest})"


def _score_table(evidence: Evidence) -> str:
    rows = [
        "| names | precision | recall | F1 | baseline F1 | how many |",
        "|---|---|---|---|---|---|",
    ]
    for kind, score in evidence.scores.items():
        beside = evidence.baseline[kind].f1
        rows.append(
            f"| {kind} | {score.precision:.4f} | {score.recall:.4f} | {score.f1:.4f} | "
            f"{beside:.4f} | {score.names:,} |"
        )
    return "\n".join(rows)


def _calibration_table(right: Sequence[tuple[float, bool]]) -> str:
    rows = ["| confidence | names found | right |", "|---|---|---|"]
    sure = np.array([confidence for confidence, _ in right])
    hits = np.array([hit for _, hit in right])
    for low, high in pairwise(BANDS):
        inside = (sure > low) & (sure <= high)
        if inside.any():
            rows.append(f"| {low:g} to {high:g} | {inside.sum():,} | {hits[inside].mean():.0%} |")
    return "\n".join(rows)

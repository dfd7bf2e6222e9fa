"""What a generator is worth: its molecules beside real ones and beside those of no network."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.fitting.effort import Effort
from models.molecules.chemistry.distribution import Molecules, distribution_metrics
from models.molecules.generation.corpus import Corpus
from models.molecules.generation.fitted import FittedMoleculeGenerator, bigrams

JUDGED = 2_000
GENERATOR, REAL, BIGRAMS = "generator", "training molecules", "token pairs"


@dataclass(frozen=True)
class Quality:
    """Metrics of each set of molecules.

    Attributes:
        rows: By the name of the set.
        judged: Molecules of each.
    """

    rows: dict[str, dict[str, float]]
    judged: int

    def markdown(self) -> str:
        """Returns the table for the card."""
        names = list(self.rows)
        lines = [f"| metric | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
        for metric in self.rows[GENERATOR]:
            cells = [f"{self.rows[name].get(metric, float('nan')):.3f}" for name in names]
            lines.append(f"| {metric} | {' | '.join(cells)} |")
        return "\n".join(lines)


def judge(
    generator: FittedMoleculeGenerator, corpus: Corpus, effort: Effort, count: int = JUDGED
) -> tuple[Quality, list[str]]:
    """Compares generated molecules with held-out ones.

    Args:
        generator: The model.
        corpus: What it learnt from, and what it did not.
        effort: Seed and progress.
        count: Molecules to draw.

    Returns:
        The quality, and what was drawn.
    """
    written = generator.draw(count, effort)
    drawn = written.texts
    known, held_out = frozenset(corpus.training), Molecules(corpus.held_out)
    pairs = bigrams(corpus.codes[:20_000], corpus.alphabet.size, count, effort.seed)
    sets: dict[str, Sequence[str]] = {
        GENERATOR: drawn,
        REAL: corpus.training[:count],
        BIGRAMS: [corpus.alphabet.decode(row) for row in pairs],
    }
    rows = {}
    for name, texts in sets.items():
        effort.progress(1.0, f"judging: {name}")
        rows[name] = distribution_metrics(texts, known, held_out)
    rows[GENERATOR]["raw_validity"] = written.raw_validity
    return Quality(rows, count), drawn

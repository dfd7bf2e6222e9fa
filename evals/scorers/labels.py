"""F1 of labels, one for each item, beside the commonest label."""

from collections import Counter
from collections.abc import Mapping, Sequence

from evals.registry import ReportTable

ONE_EACH = "Every {item} has one {label}, so micro-F1 is the share of {item}s that are right."


def scores(gold: Sequence[str], found: Sequence[str]) -> list[float]:
    """Returns micro-, weighted and macro-F1."""
    from sklearn.metrics import f1_score

    return [
        float(f1_score(gold, found, average=average, zero_division=0))
        for average in ("micro", "weighted", "macro")
    ]


def label_tables(
    title: str,
    gold: Sequence[str],
    found: Sequence[str],
    known: Sequence[str],
    names: Mapping[str, str],
    label: str,
    item: str,
) -> tuple[list[ReportTable], dict[str, float]]:
    """Returns the tables of all and of each label, and the figures.

    Args:
        title: What was read.
        gold: The right labels.
        found: Those that were read.
        known: The labels of the training part: their commonest is the baseline.
        names: All labels, in the order to show them, with the names to show.
        label: What a label is called.
        item: What has a label.
    """
    from sklearn.metrics import f1_score

    commonest = Counter(known).most_common(1)[0][0]
    ours, trivial = scores(gold, found), scores(gold, [commonest] * len(gold))
    present = [name for name in names if name in gold]
    each = f1_score(gold, found, labels=present, average=None, zero_division=0)
    rows = [
        [names[name], gold.count(name), float(score)]
        for name, score in zip(present, each, strict=True)
    ]
    tables = [
        ReportTable(
            title=title,
            columns=["reader", "micro-F1", "weighted F1", "macro-F1"],
            rows=[["Theriac", *ours], [f"always {names[commonest]}", *trivial]],
        ),
        ReportTable(title=f"By {label}", columns=[label, f"{item}s", "F1"], rows=rows),
    ]
    return tables, {"micro-F1": ours[0], f"micro-F1 of the commonest {label}": trivial[0]}

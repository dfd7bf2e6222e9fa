"""What is said of a survival model in its card and result."""

from collections.abc import Sequence

from models.tables.survival.evaluation import Judgement
from models.tables.survival.hazard_ratios import HazardRatio
from models.tables.survival.selection import Candidate


def calibration_words(judgement: Judgement, unit: str) -> str:
    """Says how far predicted survival can be taken at its word."""
    time = f"{judgement.calibration_time:g} {unit}"
    gaps = [abs(group.predicted - group.observed) for group in judgement.calibration]
    within = sum(group.low <= group.predicted <= group.high for group in judgement.calibration)
    return (
        f"At {time}, predicted survival differs from Kaplan-Meier by {max(gaps):.3f} at most over "
        f"{len(gaps)} groups of predicted risk; it lies within the 95% interval in {within} of "
        f"them. D-calibration p = {judgement.d_calibration:.3f} (small means miscalibrated)."
    )


def candidate_table(candidates: Sequence[Candidate]) -> str:
    """Returns the inner concordance of each algorithm tried, as a Markdown table."""
    rows = ["| algorithm | inner concordance | folds |", "|---|---|---|"]
    for candidate in candidates:
        folds = ", ".join(f"{score:.3f}" for score in candidate.scores)
        rows.append(f"| {candidate.algorithm} | {candidate.mean:.3f} | {folds} |")
    return "\n".join(rows)


def ratio_table(ratios: Sequence[HazardRatio]) -> str:
    """Returns hazard ratios as a Markdown table."""
    rows = ["| term | contrast | hazard ratio | 95% CI | p |", "|---|---|---|---|---|"]
    for item in ratios:
        interval = f"{item.low:.3f} to {item.high:.3f}"
        rows.append(
            f"| {item.term} | {item.contrast} | {item.ratio:.3f} | {interval} "
            f"| {show_p(item.p_value)} |"
        )
    return "\n".join(rows)


def show_p(p_value: float) -> str:
    """Returns a p value as papers print it."""
    return "< 0.001" if p_value < 0.001 else f"{p_value:.3f}"

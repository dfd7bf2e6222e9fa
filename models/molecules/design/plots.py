"""Pictures of a search: its course, and what was traded for what."""

from collections.abc import Sequence
from pathlib import Path

from models.metrics.plots import BLUE, GREY, RED, new_figure, save_figure
from models.molecules.design.objective import Objective
from models.molecules.design.search.front import running_best
from models.molecules.design.search.genetic import Judged


def search_plot(
    judged: Sequence[Judged], front: Sequence[Judged], objective: Objective, path: Path
) -> Path:
    """Draws the score by evaluation and, with several terms, the first two against each other."""
    several = len(objective.terms) > 1
    figure = new_figure(2 if several else 1)
    course, *others = figure.axes
    steps = [one.evaluation for one in judged]
    course.scatter(steps, [one.score.total for one in judged], s=3, color=GREY, label="each")
    course.plot(steps, running_best(judged), color=BLUE, label="best ten, mean")
    course.set(xlabel="molecules judged", ylabel="score", title="Course of the search")
    course.legend(frameon=False, loc="lower right")
    for axes in others:
        for shown, size, colour, label in (
            (judged, 4, GREY, "all"), (front, 14, RED, "none better in every term"),
        ):  # fmt: skip
            axes.scatter(
                [one.score.values[0] for one in shown], [one.score.values[1] for one in shown],
                s=size, color=colour, label=label,
            )  # fmt: skip
        first, second = (term.name.replace("_", " ") for term in objective.terms[:2])
        axes.set(xlabel=first, ylabel=second, title="Trade-off")
        axes.legend(frameon=False)
    return save_figure(figure, path)

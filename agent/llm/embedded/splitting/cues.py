"""Words by which a clause asks for a step that follows another: its card, and why, score x.csv."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

BONUS = 4.0
"""Log-odds for a tool that a clause plainly asks for, where what it works on was named before."""

TOPIC_PENALTY = 2.0
"""Log-odds against a search and against talk in a clause that asks for something else."""

MODEL_CUES: dict[str, re.Pattern[str]] = {
    "explain_model": re.compile(
        r"\b(?:explain\w*|explanations?|interpret\w*|shap\w*|lime|surrogate|permutation|permut\w+|importances?|"
        r"important|drives?|drivers?|driving|influen\w+|contribut\w+|push(?:es)?|matters?|"
        r"rel(?:y|ies) on|relied on|weighs?|why|learnt|reasons?|reasoning|"
        r"(?:looks?|looking) at most|behind (?:it|its|the|that|them)|key (?:variables|features|"
        r"factors|predictors)|top (?:variables|features|factors|predictors)|most predictive)\b",
        re.I,
    ),
    "describe_model": re.compile(
        r"\b(?:cards?|how (?:good|well|accurate|reliable|trustworthy)|perform(?:s|ed|ance)?|"
        r"limits|limitations|caveats|weak(?:ness(?:es)?| points| spots)|strengths|shortcomings|"
        r"drawbacks|metrics|describe (?:it|that|this|the (?:\w+ )?(?:model|classifier|segmenter|"
        r"generator|network))|"
        r"(?:what|which) (?:\w+ )?(?:c-index|auc|auroc|r2|accuracy|concordance|calibration)|"
        r"summar(?:y|i[sz]e) (?:of )?(?:it|the (?:\w+ )?model)|details (?:of|on|about)|"
        r"not for|intended use|held[- ]out (?:metrics|performance|results|figures)|any good)\b",
        re.I,
    ),
    "predict": re.compile(
        r"\b(?:predict(?:s|ions?|ed)?|score|scores|apply|infer|inference|"
        r"(?:use|run|try|test|put|deploy) (?:it|this|that|the (?:\w+ )?model|them) (?:on|for|to|"
        r"with|against)|risk|chances?|probabilit(?:y|ies)|prognosis|outlook|expects?|"
        r"would (?:\w+ ){0,6}?(?:get|have|be|look|do|fare|give|say|predict|expect)|"
        r"(?:gives?|says?|makes?) (?:for|about|of)|(?:estimates?|answer|figure|forecast) for|"
        r"(?:it|this|that|the (?:\w+ )?model) (?:\w+ ){0,2}?(?:on|over|to|for|against|at)|"
        r"feed|fed|run (?:it|this|that)? ?over|evaluate (?:the )?(?:patients|rows|people|cases))\b",
        re.I,
    ),
}
"""What is asked of a model that was made or named before."""

TABLE_CUES = re.compile(
    r"\b(?:what(?:['’]s| is| are)? (?:\w+ )?(?:in|inside) (?:it|there|the (?:file|data\w*|table|"
    r"spreadsheet))|missing(?:ness)?|how many (?:rows|columns|patients|people|cases)|which columns|"
    r"what columns|overview|(?:look at|check|summari[sz]e|describe|inspect|explore|summary of) "
    r"(?:it|them|the (?:file|data\w*|table|spreadsheet|columns|variables))|data quality)\b",
    re.I,
)
"""What is asked of a table."""
DESCRIBES = re.compile(
    r"\b(?:descri\w+|summar\w+|overview|rows?|columns?|variables|missing\w*|look\w*|check\w*|"
    r"inspect\w*|explor\w+|stat(?:s|istics)|distribut\w+|profil\w+|eda|info\w*|quality|ranges?|"
    r"censor\w+|balance\w*|contains?|holds?|view|glance|peek|size|shape|structure|counts?)\b|\?",
    re.I,
)
"""Speaks of what a table holds; without such a word, naming one is no wish to see it."""
JUDGES = re.compile(r"\b(?:dice|auroc|auc|accuracy|c-index|r2|sensitivity|rmse)\b", re.I)
"""Asks how good a model can be, not what the data hold."""
TRAINS = re.compile(
    r"\b(?:train|fit|build|develop|regress|classify|learn|tune|construct|create)\w*\b", re.I
)
OF_ROWS = re.compile(
    r"\b(?:classify|predict|estimate|label|diagnose|sort|judge)\s+(?:\w+\s+){0,3}?(?:samples|"
    r"patients|rows|people|cases|women|men|subjects|individuals|records|ones|participants|"
    r"children|those|these|them)\b",
    re.I,
)
"""Has rows as its object, not a column: that is no training, once there is a model."""
FOLLOW_UP = (
    r"(?:(?:also|too|maybe|finally|please|pls|then|just|i(?:['’]d| would)? (?:want|like|need) "
    r"(?:to (?:know|see) )?|tell me|show me|say|report(?: back)?|and|with)\s+)*"
    r"(?:(?:the|its|a|an|some|their|that model['’]?s)\s+)?(?:model\s+)?(?:card\b|shap\b|"
    r"permutation\b|importances?\b|feature importance|drivers\b|explanations?\b|limits\b|"
    r"its (?:\w+ )?(?:performance|calibration|accuracy|discrimination)\b|"
    r"limitations\b|metrics\b|why\b|how (?:good|well|accurate)|infer\b|"
    r"(?:which|what) (?:\w+ ){1,3}?(?:drives?|push|matter|influence|count|weigh|contribute)|"
    r"(?:the )?(?:\w+ )?(?:risk|prognosis|outlook|prediction|predictions|survival) (?:of|for|at) "
    r"(?:an?|some|the|age|my|\d)|what (?:an?|some|the|my) )"
)
"""How a clause begins that asks for such a step without a verb."""


def names_follow_up(tool: str, text: str) -> bool:
    """Tells whether a clause asks in its own words for what a tool does with a model."""
    cue = MODEL_CUES.get(tool)
    return bool(cue and cue.search(text))


@dataclass(frozen=True)
class Surroundings:
    """What a clause can speak of.

    Attributes:
        model: A model was made or named before, or the clause names one.
        rows: The clause describes a patient, or names a table other than the model's own.
        table: The request names a table.
        image: The clause names an image, and a model that reads images can be meant.
    """

    model: bool
    rows: bool
    table: bool
    image: bool = False


def shift(scores: Mapping[str, float], text: str, around: Surroundings) -> dict[str, float]:
    """Returns the probabilities of a clause, given what it can speak of.

    Args:
        scores: Probability by tool or other intent.
        text: The clause.
        around: What was named.
    """
    asked = _asked(text, around)
    if not asked:
        return dict(scores)
    shifts = dict.fromkeys(asked, BONUS) | dict.fromkeys(
        ("search_literature", "small_talk", "about_me", "out_of_scope"), -TOPIC_PENALTY
    )
    if "describe_dataset" not in asked:
        shifts["describe_dataset"] = -BONUS
    weights = {name: score * math.exp(shifts.get(name, 0.0)) for name, score in scores.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def _asked(text: str, around: Surroundings) -> set[str]:
    """Returns the tools that a clause asks for in so many words."""
    if around.image and not TRAINS.search(text):
        return {"analyze_image"}
    if around.model and (around.rows or around.table) and OF_ROWS.search(text):
        return {"predict"}
    if TRAINS.search(text):
        return set()
    asks_for_table = around.table and bool(TABLE_CUES.search(text))
    if not around.model:
        return {"describe_dataset"} if asks_for_table else set()
    asked = {tool for tool in MODEL_CUES if names_follow_up(tool, text)}
    if around.rows and not asks_for_table:
        return asked if asked == {"explain_model"} else {"predict"}
    return (asked - {"predict"}) | ({"describe_dataset"} if asks_for_table else set())

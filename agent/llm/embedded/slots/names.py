"""What a column's name looks like in prose, and which words are never one."""

import re

from agent.llm.embedded.slots.quoted import release
from agent.words import word_set

BARE = r"[A-Za-zµμ_][\w.%/+-]*[\w%+]|[A-Za-z]"
NAME = rf"(?:[\"'`“‘](?P<quoted>[^\"'`”’\n]{{1,60}})[\"'`”’]|(?P<bare>{BARE}))"
ODD = re.compile(
    r"^(?=.*[A-Za-z])(?:.*_.*|[a-z]+[A-Z].*|[A-Z][a-z]+[A-Z].*|.*[a-z]\d.*|\d.*|"
    r"[A-Za-z]+\.[A-Za-z]\w*)$"
)
NOT_COLUMNS = word_set(
    "a an the this that these those it its is are was were be been and or but nor not no yes "
    "to of in on at by for from "
    "with without into onto as if than then so do does did done can could may might will "
    "would shall should must have "
    "has had i me my mine we us our you your he she they them their who whom which what when "
    "where why how all any "
    "each every some none only just also please pls thanks thx cheers ta asap using use used "
    "via per column columns "
    "col cols variable variables field fields target label outcome endpoint response time "
    "event status duration "
    "group groups feature features covariate covariates predictor predictors input inputs "
    "called named model models "
    "dataset data file table set cohort train training test testing fit build make predict "
    "prediction predicting "
    "classifier classifiers classify classification regressor regression regress survival cox "
    "rsf random forest "
    "gradient boosting boosted trees tree neural network net deep learning logistic linear "
    "seed split limit minutes "
    "best good whether patients patient people women men everyone everything something "
    "anything whatever suitable "
    "algorithm method auto one two three shap lime permutation explain describe it's i'd i'm "
    "everything else too "
    "values value yes/no numeric number continuous binary time-to-event time-dependent now "
    "first last next new here "
    "until after before since during over under between within about need needs want wants "
    "care auroc auc auprc calibration "
    "indicator indicators flag flags ibs rmse mae r2 accuracy c-index index f1 brier "
    "metrics metric scores performance both "
    "same other others more most much many time-limited and/or random_forest held out"
)
"""Words of requests that are taken for prose wherever a name could stand."""


CUE_WORDS = word_set(
    "target label outcome endpoint response time event status duration group class score "
    "performance metric index accuracy "
    "values value number event died death feature variable diagnosis"
)
"""Words of requests that are columns too, where a request plainly says so: target = outcome."""


def named(match: re.Match[str], plain: bool = False) -> str | None:
    """Returns the column name of a match of NAME, or None when it is a word of prose.

    Args:
        match: A match with the groups of NAME.
        plain: The request plainly says that a name follows.
    """
    quoted = match.groupdict().get("quoted")
    if quoted:
        return release(quoted).strip()
    bare = release(match["bare"]).rstrip(".,;:/-")
    return bare if is_name(bare) or (plain and bare.casefold() in CUE_WORDS) else None


def is_name(word: str) -> bool:
    """Tells whether a word can be a column's name."""
    return bool(word) and word.casefold() not in NOT_COLUMNS


def is_odd(word: str) -> bool:
    """Tells whether a word is spelt like a column and unlike prose: os_months, pIC50, t1."""
    return bool(ODD.match(word)) and is_name(word)

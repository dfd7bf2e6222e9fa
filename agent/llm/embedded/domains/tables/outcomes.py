"""Tells a quantity from a class by what the column to be predicted is called."""

import re
from collections.abc import Mapping

QUANTITY = re.compile(
    r"(?:^|[_\s.-])(?:score|scores|level|levels|dose|days?|weeks?|months?|hours|minutes|cost|"
    r"costs|price|charges?|weight|height|length|los|stay|age|"
    r"pressure|sbp|dbp|bp|volume|vol|area|diameter|size|thickness|width|conc\w*|clearance|"
    r"half[_\s]?life|auc|cmax|rate|hr|count|counts|index|bmi|change|delta|diff|gain|loss|slope|"
    r"duration|"
    r"value|titer|titre|cd4|cd8|viral_load|hba1c|a1c|glucose|ldl|hdl|cholesterol|"
    r"triglycerides?|crp|egfr|gfr|creatinine|fev1|fvc|pef|vo2\w*|lvef|ef|ejection_fraction|"
    r"hemoglobin|haemoglobin|hb|"
    r"ferritin|albumin|sodium|potassium|psa|tsh|p?ic50|pki|pkd|ki|kd|ec50|logs|logp|logd|"
    r"solubility|affinity|activity|expression|intensity|temperature|temp|distance|speed|steps|"
    r"ratio|percent\w*|pct|fraction|"
    r"mg|kg|cm|mm|ml|mmol|mmhg|ng|units|points|vas|mmse|moca|eq5d|qol|income|yield|density|"
    r"bone_?age|birth_?weight|gestational_age)(?:$|[_\s.\d-])",
    re.I,
)


def is_quantity(column: str) -> bool:
    """Tells whether a column's name speaks of an amount: los_days, hba1c_12m, total_cost."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column)
    return bool(QUANTITY.search(spaced))


TRAINERS = ("train_classifier", "train_regressor")
OPEN = 0.15
"""Probability of the less likely trainer from which the target's name decides between them."""


def choose_trainer(scores: Mapping[str, float], target: str) -> str | None:
    """Returns the trainer that fits a target where a request leaves it open, else None.

    Args:
        scores: Probability by tool.
        target: The column to be predicted.
    """
    one, other = (scores.get(name, 0.0) for name in TRAINERS)
    if min(one, other) < OPEN:
        return None
    return TRAINERS[is_quantity(target)]

"""The survival algorithms, simplest first."""

from models.tables.survival.estimators.boosting import SurvivalBoosting
from models.tables.survival.estimators.cox import CoxRegression
from models.tables.survival.estimators.deephit import DeepHit
from models.tables.survival.estimators.deepsurv import DeepSurv
from models.tables.survival.estimators.estimator import SurvivalEstimator
from models.tables.survival.estimators.forest import SurvivalForest

ALGORITHMS: dict[str, type[SurvivalEstimator]] = {
    algorithm.NAME: algorithm
    for algorithm in (CoxRegression, SurvivalForest, SurvivalBoosting, DeepSurv, DeepHit)
}
AUTO = ("cox", "random_survival_forest", "gradient_boosting", "deepsurv")
"""What `auto` chooses between; Cox is always there."""

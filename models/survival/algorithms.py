"""The survival algorithms, simplest first."""

from models.survival.boosting import SurvivalBoosting
from models.survival.cox import CoxRegression
from models.survival.deephit import DeepHit
from models.survival.deepsurv import DeepSurv
from models.survival.estimator import SurvivalEstimator
from models.survival.forest import SurvivalForest

ALGORITHMS: dict[str, type[SurvivalEstimator]] = {
    algorithm.NAME: algorithm
    for algorithm in (CoxRegression, SurvivalForest, SurvivalBoosting, DeepSurv, DeepHit)
}
AUTO = ("cox", "random_survival_forest", "gradient_boosting", "deepsurv")
"""What `auto` chooses between; Cox is always there."""

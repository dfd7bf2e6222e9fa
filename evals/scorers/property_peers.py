"""What property models are measured against: plain estimators of scikit-learn."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Predictor = Callable[[Any], FloatArray]


def plain_models(task: str, seed: int) -> Mapping[str, Callable[[Any, FloatArray], Predictor]]:
    """Returns plain models by name: one estimator per target, on descriptors.

    Args:
        task: regression or classification.
        seed: Of the forests.

    Returns:
        From molecules (`properties.inputs.blocks.Inputs`) and values, shape (n, tasks) with NaN
        where unknown, to a predictor of further molecules.
    """
    from sklearn.dummy import DummyClassifier, DummyRegressor
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
    from sklearn.linear_model import LogisticRegression, RidgeCV

    from models.molecules.properties.inputs.scaling import Scaling

    classify = task == "classification"

    def per_target(make: Callable[[], Any]) -> Callable[[Any, FloatArray], Predictor]:
        def fit(read: Any, values: FloatArray) -> Predictor:
            scaling = Scaling.fit(read.fingerprints.descriptors)
            inputs = scaling.apply(read.fingerprints.descriptors)
            fitted = []
            for column in values.T:
                known = np.isfinite(column)
                wanted = column[known].astype(int) if classify else column[known]
                fitted.append(make().fit(inputs[known], wanted))

            def predict(asked: Any) -> FloatArray:
                table = scaling.apply(asked.fingerprints.descriptors)
                made = [
                    one.predict_proba(table)[:, -1] if classify else one.predict(table)
                    for one in fitted
                ]
                return np.stack(made, axis=1)

            return predict

        return fit

    def linear() -> Any:
        ridges = RidgeCV(alphas=(0.1, 1, 10, 100))
        return LogisticRegression(C=0.1, max_iter=2000) if classify else ridges

    def forest() -> Any:
        kind = RandomForestClassifier if classify else RandomForestRegressor
        share = "sqrt" if classify else 1 / 3
        return kind(100, max_features=share, random_state=seed, n_jobs=1)

    name = "logistic regression" if classify else "ridge"
    return {
        f"baseline: {name} on descriptors": per_target(linear),
        "baseline: random forest on descriptors": per_target(forest),
        "trivial": per_target(DummyClassifier if classify else DummyRegressor),
    }

"""Names of choices that hold for every tool, beside the synonyms in the tools' own schemas."""

from agent.llm.embedded.schema import FieldSpec
from agent.words import word_set

SPOKEN = {
    "cox": (
        "coxph; cox ph; cox proportional hazards; proportional hazards; cox regression; "
        "cox model; cph; hazard ratio; hazard ratios; HR estimates; coxs"
    ),
    "random_survival_forest": (
        "rsf; random survival forest; survival forest; random forest; forest; survival "
        "random forest; forests; rf"
    ),
    "gradient_boosting": (
        "gradient boosting; gradient boosted; boosted trees; boosted tree; boosting; "
        "boosted; gbm; gbdt; gbt; xgboost; xgb; lightgbm; lgbm; catboost; gradient "
        "boosted trees; boosted decision trees"
    ),
    "deepsurv": (
        "deep surv; deep survival; neural network; neural net; neural nets; deep "
        "learning; nn; mlp; deep cox; neural cox; deep neural network; deep model; "
        "survival network"
    ),
    "deephit": ("deep hit"),
    "logistic_regression": ("logistic; logit; logreg; log reg; logistic reg; lr; lasso logistic"),
    "random_forest": (
        "rf; forest; decision forest; random forests; randomforest; "
        "RandomForestClassifier; RandomForestRegressor; forest of trees; bagged trees"
    ),
    "neural_network": (
        "neural net; neural nets; nn; mlp; ann; deep learning; deep net; dnn; multilayer "
        "perceptron; multi layer perceptron; perceptron; deep network; deep neural "
        "network; neural"
    ),
    "linear": (
        "linear regression; linear model; ols; ridge; lasso; elastic net; least squares; "
        "linear reg; lin reg; linreg; multiple regression"
    ),
    "densenet121": ("densenet; dense net; densenet 121; densely connected network"),
    "resnet18": ("resnet; res net; resnet 18; res net 18; residual network; small resnet"),
    "resnet50": ("resnet 50; res net 50; big resnet; large resnet; deep resnet"),
    "efficientnet_b0": ("efficientnet; efficient net; efficientnet b0; effnet; effnet b0"),
    "vit": ("vision transformer; visual transformer; image transformer; transformer; vits"),
    "dynunet": (
        "dynamic unet; nnunet; nn unet; stronger network; stronger net; stronger segmentation "
        "network; strongest network; stronger model"
    ),
    "shap": (
        "shapley; shapely; shapley values; shap values; beeswarm; waterfall; treeshap; kernelshap"
    ),
    "permutation": (
        "permutation importance; permuted; permute; permuting; shuffle; shuffling; permutations"
    ),
    "lime": ("local surrogate; local linear explanation"),
    "surrogate": (
        "surrogate tree; surrogate model; global surrogate; decision tree that mimics; mimic tree"
    ),
    "scaffold": ("scaffold split; bemis-murcko; murcko; scaffold-based split; by scaffold"),
    "time": (
        "temporal split; time split; temporal; chronological split; chronologically; "
        "split by time; split over time; time-based split; by date; hold out the latest; "
        "hold out the most recent; latest patients; most recent patients; split by date; "
        "temporally; time-ordered split; newest patients; out-of-time; hold out the "
        "newest; split in time; split on time"
    ),
    "group": (
        "group split; grouped split; groupkfold; group k-fold; grouped cross-validation; "
        "group-wise split; group kfold"
    ),
    "random": (
        "random split; randomly split; split randomly; split at random; random train/test "
        "split; random hold-out; random holdout; shuffled split; random hold out"
    ),
}
"""Further names by value; a tool without that value ignores the entry."""

SYNONYMS = {value: tuple(names.split("; ")) for value, names in SPOKEN.items()}

EVERYDAY = word_set("random group time mean median mode drop text file all none date other normal")
"""Values that are ordinary words: alone they count only beside the name of their argument."""

NEEDED_FOR_FILES = ("time_column", "event_column", "target_column")
"""Optional arguments that a built-in dataset knows itself, and a file does not."""


def choice_names(spec: FieldSpec, value: str) -> tuple[str, ...]:
    """Returns what a value is called; an everyday word counts only beside the argument's name."""
    names = [*spec.synonyms.get(value, ()), *SYNONYMS.get(value, ())]
    label = spec.name.replace("_", " ")
    if value not in EVERYDAY:
        return (value.replace("_", " "), *names)
    beside = (
        f"{value} {label}",
        f"{label} {value}",
        f"{label} by {value}",
        f"{label}={value}",
        f"{label}: {value}",
    )
    return (*beside, *(name for name in names if name.casefold() != value))

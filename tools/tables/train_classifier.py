"""The tool `train_classifier`."""

from typing import Literal

from pydantic import Field

from tools.contract import ToolContext, ToolResult
from tools.registry import tool
from tools.tables.intake.training import TrainingArguments, training_result, training_seconds


class Arguments(TrainingArguments):
    """What to classify, from what, and how."""

    target_column: str | None = Field(
        default=None,
        description="The column with the classes; a built-in dataset knows its own.",
        json_schema_extra={"role": "target"},
    )
    algorithm: Literal[
        "auto", "logistic_regression", "random_forest", "gradient_boosting", "neural_network"
    ] = Field(
        default="auto",
        description="auto compares all of them by inner cross-validation.",
        json_schema_extra={
            "role": "choice",
            "synonyms": {
                "auto": ["best", "automatic", "whatever works best"],
                "logistic_regression": ["logistic", "logit", "logistic model", "lr"],
                "random_forest": ["rf", "forest", "random forrest"],
                "gradient_boosting": [
                    "boosting", "boosted trees", "gbm", "gbdt", "xgboost", "lightgbm", "hgb",
                ],
                "neural_network": ["neural net", "nn", "mlp", "perceptron", "deep learning"],
            },
        },
    )  # fmt: skip
    positive_class: str | None = Field(
        default=None,
        description="The class that counts as positive; when not given, yes of yes and no, else "
        "the rarer one.",
        json_schema_extra={"role": "text"},
    )


@tool(heavy=True, computes=True, estimate=training_seconds)
def train_classifier(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Train a model that tells the classes of a column apart, from a table.

    When to use: the outcome is a category, yes/no or a class per row (diagnosis, responder,
    readmitted). When not: the outcome is a time to an event (train_survival_model), a quantity
    (train_regressor), a picture (train_image_classifier) or is to be told from molecules
    (train_property_model).
    """
    from models.tables.classification.train import train_classifier as train

    kept = train(
        arguments.request(),
        arguments.target_column,
        arguments.algorithm,
        arguments.positive_class,
        context.workspace,
        context.active_run,
        arguments.effort(context),
    )
    target = kept.trained.target
    positive = target["positive_class"]
    classes = f"positive: {positive}" if positive else f"{len(target['classes'])} classes"
    headline = ["auroc", "auprc", "f1" if positive else "macro_f1", "accuracy", "brier_score",
                "calibration_error"]  # fmt: skip
    what = f"predict {target['target_column']} ({classes})"
    return training_result(kept, context.workspace, what, headline)

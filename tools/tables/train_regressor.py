"""The tool `train_regressor`."""

from typing import Literal

from pydantic import Field

from tools.contract import ToolContext, ToolResult
from tools.registry import tool
from tools.tables.intake.training import TrainingArguments, training_result, training_seconds


class Arguments(TrainingArguments):
    """Which quantity to predict, from what, and how."""

    target_column: str | None = Field(
        default=None,
        description="The column with the numbers; a built-in dataset knows its own.",
        json_schema_extra={"role": "target"},
    )
    algorithm: Literal[
        "auto", "linear", "random_forest", "gradient_boosting", "neural_network"
    ] = Field(
        default="auto",
        description="auto compares all of them by inner cross-validation; linear is ridge.",
        json_schema_extra={
            "role": "choice",
            "synonyms": {
                "auto": ["best", "automatic", "whatever works best"],
                "linear": ["ridge", "ols", "linear regression", "linear model", "least squares"],
                "random_forest": ["rf", "forest", "random forrest"],
                "gradient_boosting": [
                    "boosting", "boosted trees", "gbm", "gbdt", "xgboost", "lightgbm", "hgb",
                ],
                "neural_network": ["neural net", "nn", "mlp", "perceptron", "deep learning"],
            },
        },
    )  # fmt: skip


@tool(heavy=True, computes=True, estimate=training_seconds)
def train_regressor(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Train a model that predicts a quantity in a column of a table.

    When to use: the outcome is a number on a scale (blood pressure, dose, length of stay, a score).
    When not: the outcome is a class (train_classifier), a time to an event with censoring
    (train_survival_model), a quantity over calendar time (forecast_epidemic) or a property of
    molecules (train_property_model).
    """
    from models.tables.regression.train import train_regressor as train

    kept = train(
        arguments.request(),
        arguments.target_column,
        arguments.algorithm,
        context.workspace,
        context.active_run,
        arguments.effort(context),
    )
    what = f"predict {kept.trained.target['target_column']}"
    headline = ["r2", "rmse", "mae", "pearson", "spearman", "coverage_95"]
    return training_result(kept, context.workspace, what, headline)

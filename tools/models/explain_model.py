"""The tool `explain_model`."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from tools.contract import Artifact, ToolArguments, ToolContext, ToolResult
from tools.molecules.families.molecule_explanations import explain_molecules
from tools.registry import tool
from tools.roles import ON_MOLECULES, ON_TABLES, wrong_model
from tools.wording import within_limit

if TYPE_CHECKING:
    from pandas import DataFrame

    from models.data.fitted import FittedModel
    from models.explain.shares import Shares

EXPLAINED_ROWS = 60
TITLES = {"shap": "Shapley values", "lime": "LIME coefficients"}
CAUTION = "This says what the model uses, not what causes the outcome."


def _as_list(value: Any) -> Any:
    """Takes one text for a list of one, as language models often send it."""
    return [value] if isinstance(value, str) else value


class Arguments(ToolArguments):
    """Which model to explain, and how."""

    model: str = Field(
        description="The model's short name, such as srv-1, clf-2 or prop-1.",
        json_schema_extra={"role": "model", "prefixes": ["srv", "clf", "reg", "prop"]},
    )
    method: Literal["shap", "lime", "permutation", "surrogate"] = Field(
        default="shap",
        description="shap shares each prediction out among the features (direction and size); "
        "lime fits a line around a row; permutation measures how much worse the model gets when a "
        "feature is shuffled; surrogate imitates the model by a small tree of readable rules.",
        json_schema_extra={
            "role": "choice",
            "synonyms": {
                "shap": ["shapley", "shap values", "shapley values", "contributions"],
                "lime": ["local linear", "local surrogate", "lime explanation"],
                "permutation": ["shuffling", "shuffle", "permutation importance", "permute"],
                "surrogate": ["decision rules", "rules", "surrogate tree", "global surrogate"],
            },
        },
    )
    row: int | None = Field(
        default=None,
        ge=0,
        description="A row of the model's table, counted from 0, to explain alone (shap, lime).",
        json_schema_extra={"role": "row"},
    )
    smiles: Annotated[list[str] | None, BeforeValidator(_as_list)] = Field(
        default=None,
        min_length=1,
        max_length=40,
        description="For models of molecules (prop): SMILES or drug names, atom by atom.",
        json_schema_extra={"role": "smiles", "prefixes": ["prop"]},
    )
    seed: int = Field(
        default=0,
        ge=0,
        le=2**31 - 1,
        description="Decides which rows and orders are drawn.",
        json_schema_extra={"role": "seed"},
    )


@tool(heavy=True, computes=True)
def explain_model(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Tell which features drive a trained model, or one of its predictions.

    When to use: the person asks why, which variables matter, or what pushes a prediction up or
    down, of a model on tables (srv, clf, reg), or which atoms do, of a model of molecules (prop).
    When not: for its performance, data and limits (describe_model), or for predictions (predict).
    """
    from models.errors import FieldFault, ToolError
    from models.store.registry import ModelStore

    store = ModelStore(context.workspace)
    manifest = store.manifest(arguments.model)
    model: Any = store.load(arguments.model)
    if manifest["kind"] == "property_model":
        asked = (arguments.smiles, arguments.row, arguments.seed)
        return explain_molecules(arguments.model, model, manifest, *asked, context)
    if arguments.smiles is not None:
        raise wrong_model(arguments.model, str(manifest["kind"]), ON_MOLECULES)
    if not hasattr(model, "background"):
        raise wrong_model(arguments.model, str(manifest["kind"]), ON_TABLES)
    whole_model = {"permutation": _permutation, "surrogate": _surrogate}.get(arguments.method)
    if whole_model:
        if arguments.row is not None:
            got = f"{arguments.method!r} with a row"
            wrong = FieldFault(field="method", got=got, expected="shap or lime", suggestion="shap")
            raise ToolError(f"The method {arguments.method} is of all rows, not of one.", wrong)
        return whole_model(arguments, context, model, manifest)
    if arguments.row is None:
        return _overall(arguments, context, model, manifest)
    return _one_row(arguments, context, model, manifest)


def _permutation(
    arguments: Arguments, context: ToolContext, model: "FittedModel", manifest: dict[str, Any]
) -> ToolResult:
    from models.explain.importance import permutation_importance
    from models.explain.plots import importance_plot
    from models.explain.words import importance_words

    importances = permutation_importance(model, arguments.seed, progress=context.progress)
    plot = context.active_run.artifact("importance.png")
    importance_plot(importances, model.metric_name, plot)
    words = importance_words(importances, model.metric_name)
    correlated = "Features that stand for one another share their importance."
    return ToolResult(
        summary=within_limit([f"{arguments.model}: {words} {correlated} {CAUTION}"]),
        data={
            "model": arguments.model,
            "method": "permutation",
            "metric": model.metric_name,
            "importance": {item.feature: item.drop for item in importances},
        },
        artifacts=[Artifact(kind="plot", path=str(plot))],
    )


def _surrogate(
    arguments: Arguments, context: ToolContext, model: "FittedModel", manifest: dict[str, Any]
) -> ToolResult:
    from models.explain.plots import rules_plot
    from models.explain.surrogate import surrogate_tree
    from models.explain.words import Scale, rule_words

    tree = surrogate_tree(model, arguments.seed, context.progress)
    score = model.score_name
    if len(tree.rules[0].score) > 1:
        target = manifest["target"]
        score = f"probability of {target['target_column']} = {target['classes'][-1]}"
    plot = context.active_run.artifact("rules.png")
    rules_plot(tree, score, plot)
    words = rule_words(tree, score, Scale(manifest["kind"]))
    return ToolResult(
        summary=within_limit([f"{arguments.model}: {words}", CAUTION]),
        data={
            "model": arguments.model,
            "method": "surrogate",
            "score": score,
            "fidelity": tree.fidelity,
            "rows": tree.rows,
            "rules": [
                {"if": list(rule.conditions), "score": rule.score.tolist(), "share": rule.share}
                for rule in tree.rules
            ],
        },
        artifacts=[Artifact(kind="plot", path=str(plot))],
    )


def _shares(
    arguments: Arguments, context: ToolContext, model: "FittedModel", rows: "DataFrame"
) -> "Shares":
    from models.explain.local import local_shares
    from models.explain.shapley import shapley_values

    found = {"shap": shapley_values, "lime": local_shares}[arguments.method]
    return found(model, rows, arguments.seed, context.progress)


def _overall(
    arguments: Arguments, context: ToolContext, model: "FittedModel", manifest: dict[str, Any]
) -> ToolResult:
    import numpy as np

    from models.explain.plots import spread_plot
    from models.explain.words import Scale, fit_words, global_words

    rows = model.held_out[model.features.names]
    if len(rows) > EXPLAINED_ROWS:
        rows = rows.sample(EXPLAINED_ROWS, random_state=arguments.seed).sort_index()
    found = _shares(arguments, context, model, rows)
    values, fits, score = found.values, found.fit, model.score_name
    if found.several:  # more than two classes: of each row's likeliest class
        each, likeliest = np.arange(len(rows)), found.scores.argmax(axis=1)
        values, score = values[each, :, likeliest], f"{score} (the likeliest)"
        fits = None if fits is None else fits[each, likeliest]
    title = TITLES[arguments.method]
    plot = context.active_run.artifact("shares.png")
    spread_plot(values, found.frame, model.features, score, title, plot)
    size = np.abs(values).mean(axis=0)
    names = model.features.names
    words = global_words(values, found, model.features, score, Scale(manifest["kind"]))
    trust = "" if fits is None else fit_words(fits)
    return ToolResult(
        summary=within_limit(
            [f"{arguments.model}, {title} of {len(rows)} held-out rows.", words, trust, CAUTION]
        ),
        data={
            "model": arguments.model,
            "method": arguments.method,
            "score": score,
            "rows": len(rows),
            **({} if fits is None else {"fit": [float(fit) for fit in fits]}),
            "importance": {names[j]: float(size[j]) for j in np.argsort(-size)},
        },
        artifacts=[Artifact(kind="plot", path=str(plot))],
    )


def _one_row(
    arguments: Arguments, context: ToolContext, model: "FittedModel", manifest: dict[str, Any]
) -> ToolResult:
    from models.explain.plots import row_plot
    from models.explain.rows import find_row
    from models.explain.words import Scale, fit_words, row_words

    assert arguments.row is not None  # noqa: S101  # the caller has looked
    frame, where = find_row(model, manifest, arguments.row, context.workspace)
    found = _shares(arguments, context, model, frame)
    values, errors, base, score = found.values[0], found.errors[0], found.base, found.scores[0]
    name, fits = model.score_name, found.fit
    if found.several:
        k = int(score.argmax())
        values, errors, base, score = values[:, k], errors[:, k], base[k], score[k]
        fits = None if fits is None else fits[:, k]
        target = manifest["target"]
        name = f"probability of {target['target_column']} = {target['classes'][k]}"
    order = sorted(range(len(values)), key=lambda j: -abs(values[j]))
    shares = []
    for j in order:
        feature = model.features.features[j]
        shares.append((f"{feature.name} = {feature.show(frame[feature.name].iloc[0])}", values[j]))
    plot = context.active_run.artifact("row.png")
    row_plot(shares, float(base), float(score), name, plot)
    words = row_words(shares, float(base), float(score), name, Scale(manifest["kind"]))
    trust = "" if fits is None else fit_words(fits)
    names = model.features.names
    return ToolResult(
        summary=within_limit(
            [f"{arguments.model}, row {arguments.row} ({where}).", words, trust, CAUTION]
        ),
        data={
            "model": arguments.model,
            "method": arguments.method,
            "row": arguments.row,
            **({} if fits is None else {"fit": float(fits[0])}),
            "score_name": name,
            "score": float(score),
            "base": float(base),
            "shares": {names[j]: float(values[j]) for j in order},
            "standard_errors": {names[j]: float(errors[j]) for j in order},
        },
        artifacts=[Artifact(kind="plot", path=str(plot))],
    )

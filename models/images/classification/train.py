"""Training an image classifier, from the request to the kept model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline
from torch import Tensor

from models.data.splits import folds
from models.fitting.effort import Effort
from models.images.classification.fitted import FittedImageClassifier
from models.images.classification.labelled import ImageRequest, Labelled, labelled_images
from models.images.classification.learning.blend import NETWORK, Blend, choose, cross_fitted
from models.images.classification.learning.classical import (
    CLASSICAL,
    classical_scores,
    fit_classical,
)
from models.images.classification.learning.distributed import fit_everywhere
from models.images.classification.learning.fitting import Fit, Recipe, Rows
from models.images.classification.learning.members import log_mean, look
from models.images.classification.learning.plan import recipe_for
from models.images.classification.learning.pretraining import ENOUGH, Proof, pretrain, prove
from models.images.classification.learning.simple_features import simple_features
from models.images.classification.learning.transfer import initial_weights
from models.images.classification.report import BLEND, KeptImages, keep
from models.images.classification.strangeness import Neighbours, Strangeness
from models.images.intake.collection import Item
from models.images.networks.tensors import load_tensors
from models.store.runs import Run
from models.store.workspace import Workspace

FloatArray = NDArray[np.float64]
FITTING, HALF = (0.15, 0.9), 0.5
"""Where along the progress bar the networks are trained; up to the middle on images without class
where there are enough."""

PRETRAINING = 0.5
"""Share of the time for them."""


@dataclass(frozen=True)
class CrossFit:
    """The models of each fold, and what they say of the images that they have not seen.

    Attributes:
        held: Positions of the held-out images, in order of the folds, shape (n,).
        fits: A network per fold.
        members: The training images of each fold as its network sees them.
        simple: The training images by their simple features.
        classical: Classical models by name: of all training images, or of the only fold.
        scores: Log probabilities of held-out images by model, shape (n, k).
        distances: Of held-out images to the training images: by network, by simple features.
    """

    held: Rows
    fits: Sequence[Fit]
    members: Sequence[Neighbours]
    simple: Neighbours
    classical: Mapping[str, Pipeline]
    scores: Mapping[str, FloatArray]
    distances: tuple[NDArray[np.float32], NDArray[np.float32]]


def train_image_classifier(
    request: ImageRequest,
    architecture: str,
    epochs: int | None,
    image_size: int | None,
    pretrained: str | None,
    workspace: Workspace,
    run: Run,
    effort: Effort,
) -> KeptImages:
    """Trains, judges and keeps an image classifier.

    Args:
        request: What to train on.
        architecture: A name in ARCHITECTURES.
        epochs: How often each image is shown at most; None to let their number decide.
        image_size: Pixels along each axis that images are brought to; None to let them decide.
        pretrained: A model or file of weights to start from.
        workspace: Where data are read and the model is kept.
        run: Gets the split, the plot and the held-out predictions.
        effort: Seed, deadline and progress.

    Raises:
        ToolError: The images are not fit for it.
    """
    data = labelled_images(request, workspace, effort.part(0, 0.1).progress)
    rows = {"train_rows": data.training.tolist(), "test_rows": data.judged.tolist()}
    run.record(data_sha256=data.admitted.sha256, seed=request.seed, split=data.record() | rows)
    recipe = recipe_for(data, architecture, epochs, image_size)
    initial = None
    if pretrained:
        initial, said = initial_weights(
            pretrained, recipe, data.classes, data.admitted.sha256, workspace
        )
        data.notes.append(said)
    images = _tensors(data.items, recipe, effort.part(0.1, 0.15))
    fitting, proof = effort.part(*FITTING), None
    if len(data.unlabelled) >= ENOUGH:
        trying = effort.spending(PRETRAINING).part(FITTING[0], HALF)
        weights, proof = from_unlabelled(images, data, recipe, trying, initial)
        initial, fitting = weights if proof.pays else initial, effort.part(HALF, FITTING[1])
        data.notes.append(str(proof))
    elif data.unlabelled:
        data.notes.append(f"{len(data.unlabelled)} images without a class left out")
    made = cross_fit(images, data, recipe, fitting, initial)
    model = assemble(made, data, recipe)
    effort.progress(FITTING[1], "judging on held-out images")
    probabilities = held_out(made, model, data, images)
    return keep(model, made.fits, data, request, probabilities, proof, workspace, run)


def from_unlabelled(
    images: Tensor,
    data: Labelled,
    recipe: Recipe,
    effort: Effort,
    initial: Mapping[str, Tensor] | None = None,
) -> tuple[dict[str, Tensor], Proof]:
    """Learns from the images without a class.

    Returns:
        Weights to start from, and whether that pays.
    """
    unlabelled = _tensors(data.unlabelled, recipe, effort.part(0, 0.1))
    weights = pretrain(recipe, unlabelled, effort.spending(0.4).part(0.1, 0.5), initial)
    trial = effort.part(0.5, 1)
    return weights, prove(recipe, images, data, weights, len(unlabelled), trial, initial)


def _tensors(items: Sequence[Item], recipe: Recipe, effort: Effort) -> Tensor:
    paths = [item.path for item in items]
    return load_tensors(paths, recipe.side, recipe.channels, effort.progress)


def cross_fit(
    images: Tensor,
    data: Labelled,
    recipe: Recipe,
    effort: Effort,
    initial: Mapping[str, Tensor] | None = None,
) -> CrossFit:
    """Trains a network and the classical models on each fold.

    With several folds no network stops early, because the images that could tell when are those
    that it is judged on; with one they tell.

    Args:
        images: All images, uint8, shape (n, channels, side, side[, side]).
        data: Their classes and folds.
        recipe: The networks.
        effort: Seed, deadline and progress.
        initial: Weights to start from.
    """
    simple = simple_features(images)
    fits, members, parts = [], [], []
    by_network, by_simple = [], []
    classical: dict[str, Pipeline] = {}
    count = len(data.folds)
    for index, (fitted, held) in enumerate(data.folds):
        even = effort.spending(1 / (count - index)).part(index / count, (index + 1) / count)
        share = replace(even, seed=effort.seed + index)
        stopping = held if count == 1 else held[:0]
        fit = fit_everywhere(recipe, images, data.truth, fitted, stopping, share, initial)
        fits.append(fit)
        known, unseen = look(fit.network, images[fitted]), look(fit.network, images[held])
        members.append(Neighbours.of(known.features, effort.seed))
        by_network.append(members[-1].distance(unseen.features))
        by_simple.append(Neighbours.of(simple[fitted], effort.seed).distance(simple[held]))
        classical = {
            name: fit_classical(name, simple[fitted], data.truth[fitted], effort.seed)
            for name in CLASSICAL
        }
        parts.append({NETWORK: log_mean([unseen])} | classical_scores(classical, simple[held]))
    if count > 1:
        classical = {
            name: fit_classical(name, simple[data.training], data.truth[data.training], effort.seed)
            for name in CLASSICAL
        }
    return CrossFit(
        np.concatenate([held for _, held in data.folds]),
        fits,
        members,
        Neighbours.of(simple[data.training], effort.seed),
        classical,
        {name: np.concatenate([part[name] for part in parts]) for name in parts[0]},
        (np.concatenate(by_network), np.concatenate(by_simple)),
    )


def assemble(made: CrossFit, data: Labelled, recipe: Recipe) -> FittedImageClassifier:
    """Makes the model that is kept: calibrated, and blended where held-out images say it pays."""
    truth = data.truth[made.held]
    used = choose(made.scores, truth, _calibration_folds(made, data))
    return FittedImageClassifier(
        data.classes,
        recipe,
        [fit.network for fit in made.fits],
        {name: pipeline for name, pipeline in made.classical.items() if name in used},
        Blend.fit({name: made.scores[name] for name in used}, truth),
        Strangeness.fit(made.members, made.simple, *made.distances),
    )


def held_out(
    made: CrossFit, model: FittedImageClassifier, data: Labelled, images: Tensor
) -> dict[str, FloatArray]:
    """Returns calibrated probabilities of the judged images, shape (n, k), by model.

    The network and each classical model alone, and their blend where it is what the model uses.
    Of a cross-validation neither networks nor calibration have seen the image that they judge.
    """
    asked = {name: [name] for name in made.scores}
    if model.classical:
        asked[BLEND] = list(model.blend.weights)
    truth = data.truth[made.held]
    if not len(data.test):
        parts = _calibration_folds(made, data)
        return {
            label: cross_fitted({name: made.scores[name] for name in names}, truth, parts)
            for label, names in asked.items()
        }
    test = images[data.test]
    scores = {NETWORK: log_mean([look(network, test) for network in model.networks])}
    scores |= classical_scores(made.classical, simple_features(test))
    return {
        label: Blend.fit({name: made.scores[name] for name in names}, truth).apply(scores)
        for label, names in asked.items()
    }


def _calibration_folds(made: CrossFit, data: Labelled) -> list[tuple[Rows, Rows]]:
    """Returns positions within the held-out images: calibrated on, judged."""
    if len(data.folds) == 1:
        groups = data.admitted.groups[made.held]
        return folds(len(made.held), data.truth[made.held], groups)
    ends = np.cumsum([len(held) for _, held in data.folds])
    positions = np.arange(len(made.held))
    judged = np.split(positions, ends[:-1])
    return [(np.setdiff1d(positions, these), these) for these in judged]

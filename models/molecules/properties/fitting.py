"""From training molecules to a fitted model: the ensemble, then what its numbers are worth."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from models.fitting.effort import Effort
from models.molecules.design.learned import Scale
from models.molecules.properties.domain import Domain, Neighbours
from models.molecules.properties.fitted import FittedPropertyModel, calibrated
from models.molecules.properties.inputs.blocks import inputs_of
from models.molecules.properties.intake.targets import Targets
from models.molecules.properties.learners.ensemble import Algorithm, Chosen, choose
from models.molecules.properties.uncertainty import Uncertainty, signs_of
from models.tables.learners.calibration import Calibration

FloatArray = NDArray[np.float64]


def fit_model(
    molecules: Sequence[Chem.Mol],
    values: FloatArray,
    targets: Targets,
    algorithm: Algorithm,
    groups: NDArray[Any] | None,
    effort: Effort,
) -> tuple[FittedPropertyModel, Chosen]:
    """Fits a model.

    Args:
        molecules: n training molecules, standardised.
        values: Shape (n, targets), NaN where unknown.
        targets: What they are.
        algorithm: Which; auto compares.
        groups: Molecules of one group stay in one inner fold, shape (n,); None for random folds.
        effort: Seed, deadline and progress.

    Returns:
        The model, and how its algorithm was chosen.
    """
    effort.progress(0.0, "computing descriptors and fingerprints")
    inputs = inputs_of(molecules)
    chosen = choose(inputs, values, targets.task, algorithm, groups, effort.part(0.1, 0.95))
    made = chosen.best.out_of_fold
    calibrations: list[Calibration] = []
    uncertainties: list[Uncertainty] = []
    if targets.task == "classification":
        calibrations = [_calibration(made[:, k], values[:, k]) for k in range(values.shape[1])]
        made = calibrated(made, calibrations)
    errors = values - made
    smiles = [Chem.MolToSmiles(molecule) for molecule in molecules]
    domain = Domain.of(inputs.fingerprints, smiles, np.abs(errors))
    deviations = chosen.spread
    if targets.task == "regression":
        apart = np.empty(len(inputs), dtype=np.intp)
        for number, (_, rest) in enumerate(chosen.folds):
            apart[rest] = number
        near = domain.neighbours(inputs.fingerprints, apart)
        uncertainties = [
            _uncertainty(chosen.spread[:, k], near, k, errors[:, k]) for k in range(values.shape[1])
        ]
        deviations = np.stack(
            [
                one.deviation(signs_of(chosen.spread[:, k], near.local[:, k], near.similarity))
                for k, one in enumerate(uncertainties)
            ],
            axis=1,
        )
    scales = [_scale(values[:, k], deviations[:, k]) for k in range(values.shape[1])]
    model = FittedPropertyModel(
        targets, chosen.ensemble, calibrations, uncertainties, domain, scales
    )
    return model, chosen


def _calibration(chance: FloatArray, truth: FloatArray) -> Calibration:
    known = np.isfinite(truth)
    if len(np.unique(truth[known])) < 2:
        return Calibration(offsets=[0.0, 0.0])
    rows = np.stack([1 - chance[known], chance[known]], axis=1)
    return Calibration.fit(rows, truth[known].astype(np.intp))


def _uncertainty(
    spread: FloatArray, near: Neighbours, place: int, errors: FloatArray
) -> Uncertainty:
    known = np.isfinite(errors)
    signs = signs_of(spread, near.local[:, place], near.similarity)
    return Uncertainty.fit(signs[known], errors[known])


def _scale(values: FloatArray, deviations: FloatArray) -> Scale:
    known = values[np.isfinite(values)]
    usual = float(np.median(deviations))
    return Scale(float(known.mean()), float(known.std()) or 1.0, usual or 1e-9)

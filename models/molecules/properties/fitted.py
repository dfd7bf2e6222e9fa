"""A fitted model of molecular properties: a value with its uncertainty, or a probability."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from models.data.potency import Potency
from models.molecules.design.learned import Scale
from models.molecules.properties.domain import Domain, Neighbours
from models.molecules.properties.inputs.blocks import Inputs, inputs_of
from models.molecules.properties.intake.door import prepared
from models.molecules.properties.intake.targets import Targets
from models.molecules.properties.learners.ensemble import Ensemble
from models.molecules.properties.learners.members import load_member
from models.molecules.properties.uncertainty import Uncertainty, signs_of
from models.tables.learners.calibration import Calibration

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Predicted:
    """Predictions for n molecules.

    Attributes:
        value: In the unit of the target, or the probability of the positive class, (n, tasks).
        deviation: Standard deviation of a value; of a probability how far the members disagree.
        low: Lower end of the 95% interval of a value; a probability itself.
        high: Upper end.
        neighbours: The nearest training molecules.
        inside: Whether each molecule is within the applicability domain, shape (n,).
    """

    value: FloatArray
    deviation: FloatArray
    low: FloatArray
    high: FloatArray
    neighbours: Neighbours
    inside: NDArray[np.bool_]


class FittedPropertyModel:
    """An ensemble and what makes its numbers mean what they say.

    Args:
        targets: What was learnt.
        ensemble: Fitted.
        calibrations: Of each target's probabilities; empty for quantities.
        uncertainties: Of each target's values; empty for classes.
        domain: Of the training molecules.
        scales: What is usual of each target.
    """

    def __init__(
        self,
        targets: Targets,
        ensemble: Ensemble,
        calibrations: Sequence[Calibration],
        uncertainties: Sequence[Uncertainty],
        domain: Domain,
        scales: Sequence[Scale],
    ) -> None:
        self.targets = targets
        self.ensemble = ensemble
        self.calibrations = list(calibrations)
        self.uncertainties = list(uncertainties)
        self.domain = domain
        self.scales = list(scales)

    def predict(self, molecules: Sequence[Chem.Mol]) -> Predicted:
        """Predicts for molecules, which are standardised first."""
        return self.predict_inputs(inputs_of([prepared(one) for one in molecules]))

    def predict_inputs(self, inputs: Inputs) -> Predicted:
        """Predicts for molecules that are standardised and read."""
        mean, spread = self.ensemble.predict(inputs)
        near = self.domain.neighbours(inputs.fingerprints)
        inside = near.similarity >= self.domain.border
        if self.targets.task == "classification":
            chance = calibrated(mean, self.calibrations)
            return Predicted(chance, spread, chance, chance, near, inside)
        deviation, reach = np.empty_like(mean), np.empty_like(mean)
        for k, uncertainty in enumerate(self.uncertainties):
            signs = signs_of(spread[:, k], near.local[:, k], near.similarity)
            deviation[:, k] = uncertainty.deviation(signs)
            reach[:, k] = deviation[:, k] * uncertainty.quantile
        return Predicted(mean, deviation, mean - reach, mean + reach, near, inside)

    def score(self, inputs: Inputs) -> FloatArray:
        """Returns bare predictions without their uncertainty, shape (n, tasks)."""
        mean = self.ensemble.predict(inputs)[0]
        if self.targets.task == "classification":
            mean = calibrated(mean, self.calibrations)
        return mean

    def judge(
        self, molecules: Sequence[Chem.Mol], target: str | None = None
    ) -> list[tuple[float, float]]:
        """Returns the predicted value (or probability) of each molecule and its deviation.

        Args:
            molecules: What is judged.
            target: Which target; the mean of all when not given.
        """
        made = self.predict(molecules)
        place = slice(None) if target is None else [self.targets.names.index(target)]
        value, deviation = made.value[:, place].mean(axis=1), made.deviation[:, place].mean(axis=1)
        return list(zip(value.tolist(), deviation.tolist(), strict=True))

    def scale(self, target: str | None = None) -> Scale:
        """Returns what is usual of a target, or of the mean of all."""
        if target is not None:
            return self.scales[self.targets.names.index(target)]
        rows = np.array([list(asdict(scale).values()) for scale in self.scales])
        return Scale(*map(float, rows.mean(axis=0)))

    def save(self, folder: Path) -> None:
        """Writes everything but what `details` returns."""
        for member in self.ensemble.members.values():
            member.save(folder)
        self.domain.save(folder)

    def details(self) -> dict[str, Any]:
        """Returns what the manifest keeps."""
        return {
            "targets": {"names": list(self.targets.names), "task": self.targets.task,
                        "classes": [list(pair) for pair in self.targets.classes],
                        "potencies": [asdict(one) for one in self.targets.potencies]},
            "weights": dict(self.ensemble.weights),
            "calibrations": [one.model_dump() for one in self.calibrations],
            "uncertainties": [one.model_dump() for one in self.uncertainties],
            "scales": [asdict(scale) for scale in self.scales],
        }  # fmt: skip

    @classmethod
    def load(cls, folder: Path) -> "FittedPropertyModel":
        """Reads a kept model; predictions are identical."""
        manifest: Mapping[str, Any] = json.loads((folder / "model.json").read_text())
        stated = manifest["targets"]
        pairs = tuple((first, second) for first, second in stated["classes"])
        potencies = tuple(Potency(**one) for one in stated.get("potencies", []))
        weights = manifest["weights"]
        return cls(
            Targets(tuple(stated["names"]), stated["task"], pairs, potencies),
            Ensemble({name: load_member(name, folder) for name in weights}, weights),
            [Calibration.model_validate(one) for one in manifest["calibrations"]],
            [Uncertainty.model_validate(one) for one in manifest["uncertainties"]],
            Domain.load(folder),
            [Scale(**one) for one in manifest["scales"]],
        )


def calibrated(chance: FloatArray, calibrations: Sequence[Calibration]) -> FloatArray:
    """Returns calibrated probabilities of the positive classes, shape (n, tasks)."""
    made = [
        calibration.apply(np.stack([1 - column, column], axis=1))[:, 1]
        for column, calibration in zip(chance.T, calibrations, strict=True)
    ]
    return np.stack(made, axis=1)

"""The architectures by name."""

from typing import Literal, get_args

from models.molecules.generation.alphabet import Language
from models.molecules.generation.networks.adversarial import Adversarial
from models.molecules.generation.networks.autoencoder import Autoencoder
from models.molecules.generation.networks.recurrent import Recurrent

Architecture = Literal["rnn", "vae", "gan"]
ARCHITECTURES: tuple[str, ...] = get_args(Architecture)
DESCRIBED = {
    "rnn": "recurrent language model",
    "vae": "variational autoencoder",
    "gan": "Wasserstein generator in the codes of an autoencoder",
}
ENOUGH_FOR_SMILES = 10_000
"""Fewer molecules do not teach the grammar of SMILES, and most rows would be none."""

Drawer = Recurrent | Autoencoder


def make_writer(architecture: str, size: int) -> Drawer:
    """Makes an untrained network.

    Args:
        architecture: A name in ARCHITECTURES.
        size: Of the alphabet.
    """
    match architecture:
        case "rnn":
            return Recurrent(size)
        case "vae":
            return Autoencoder(size)
        case _:
            return Adversarial(size)


def language_of(architecture: str, molecules: int) -> Language:
    """Returns what an architecture learns from so many molecules.

    A code of the vae or gan must be a molecule wherever it lies: that is so of SELFIES. A row of
    the rnn that is none is drawn again.
    """
    return "smiles" if architecture == "rnn" and molecules >= ENOUGH_FOR_SMILES else "selfies"

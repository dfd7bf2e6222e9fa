"""The architectures by name."""

from typing import Literal, get_args

from models.molecule_generation.adversarial import Adversarial
from models.molecule_generation.autoencoder import Autoencoder
from models.molecule_generation.recurrent import Recurrent

Architecture = Literal["rnn", "vae", "gan"]
ARCHITECTURES: tuple[str, ...] = get_args(Architecture)
DESCRIBED = {
    "rnn": "recurrent language model over SELFIES",
    "vae": "variational autoencoder over SELFIES",
    "gan": "Wasserstein generator in the codes of an autoencoder over SELFIES",
}
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

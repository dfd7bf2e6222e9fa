"""A latent diffusion model of images: an autoencoder, and a flow from noise to its codes.

Pinaya et al. 2022 (arXiv 2209.07162) made images of brains so; the flow is a rectified one (Liu et
al. 2022, arXiv 2209.03003), conditional on the class. The decoder states a mean and a scale for
each pixel, and images are drawn from both: the mean alone is a blurred image without the grain that
every scanner leaves.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from monai.networks.nets import AutoencoderKL, DiffusionModelUNet
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

Progress = Callable[[float, str], None]
PACKED = 2
"""Pixels along each axis that are packed into channels before the first convolution."""

SHRUNK = 8
"""Pixels along each axis that one place of the code stands for."""

CODES = 8
CODER_WIDTHS = (32, 64, 96)
FLOW_WIDTHS = (96, 128)
HEAD, NORM_GROUPS = 32, 16
STEPS = 25
"""Steps from noise to code, each looked at twice (Heun)."""

DRAWN_AT_ONCE = 64
LEAST_SCALE, MOST_SCALE = -6.0, 1.0
"""Logarithm of the scale of a pixel; its values run from -1 to 1."""

TIMES = 1000.0
"""What the network's time runs to."""


@dataclass(frozen=True)
class Shape:
    """What a generator's images are like.

    Attributes:
        side: Pixels along each axis; a multiple of 16.
        channels: 1 or 3.
        classes: Number of classes, at least 1.
    """

    side: int
    channels: int
    classes: int

    def as_json(self) -> dict[str, Any]:
        """Returns it as JSON can hold it."""
        return asdict(self)


class Generator(nn.Module):
    """Autoencoder and flow, with the mean and the scale of the codes and the grain of the images.

    Args:
        shape: Of the images.
    """

    centre: Tensor
    scale: Tensor
    grain: Tensor
    blend: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        packed = shape.channels * PACKED**2
        self.coder = AutoencoderKL(
            2, packed, 2 * packed, num_res_blocks=1, channels=CODER_WIDTHS,
            attention_levels=(False,) * len(CODER_WIDTHS), latent_channels=CODES,
            norm_num_groups=NORM_GROUPS, with_encoder_nonlocal_attn=False,
            with_decoder_nonlocal_attn=False,
        )  # fmt: skip
        self.flow = DiffusionModelUNet(
            2, CODES, CODES, num_res_blocks=1, channels=FLOW_WIDTHS, attention_levels=(True, True),
            norm_num_groups=NORM_GROUPS, num_head_channels=HEAD,
            # Mirrored images are classes of their own: the network sees twice as many images, and
            # never makes a mirrored one, which in some organs would be a disease.
            num_class_embeds=2 * shape.classes,
        )  # fmt: skip
        self.register_buffer("centre", torch.zeros(1, CODES, 1, 1))
        self.register_buffer("scale", torch.ones(1, CODES, 1, 1))
        self.register_buffer("grain", torch.ones(shape.side, shape.side))
        self.register_buffer("blend", torch.eye(shape.channels))

    def encode(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Returns mean and deviation of the codes of images from -1 to 1."""
        mean, deviation = self.coder.encode(functional.pixel_unshuffle(pixels, PACKED))
        return mean, deviation

    def decode(self, codes: Tensor) -> tuple[Tensor, Tensor]:
        """Returns the mean of images, from -1 to 1 or a little beyond, and the scale of pixels."""
        mean, scale = self.coder.decode(codes).float().chunk(2, dim=1)
        bounded = functional.pixel_shuffle(scale, PACKED).clamp(LEAST_SCALE, MOST_SCALE)
        return functional.pixel_shuffle(mean, PACKED), bounded.exp()

    def coloured(self, noise: Tensor) -> Tensor:
        """Gives white noise the spectrum and the likeness of channels that the grain has.

        Args:
            noise: Shape (n, channels, side, side).
        """
        blended = torch.einsum("ij,njyx->niyx", self.blend, noise)
        found: Tensor = torch.fft.ifft2(torch.fft.fft2(blended) * self.grain).real
        return found

    def learn_grain(self, residuals: Tensor) -> None:
        """Takes over the spectrum and the likeness of channels of residuals.

        Args:
            residuals: What training images differ by from their decoded mean, over its scale;
                shape (n, channels, side, side).
        """
        power = torch.fft.fft2(residuals).abs().square().mean((0, 1))
        self.grain.copy_(power.sqrt() / self.shape.side)
        flat = residuals.movedim(1, 0).flatten(1)
        covariance = flat @ flat.T / flat.shape[1]
        deviation = covariance.diagonal().sqrt().clamp_min(1e-6)
        alike = covariance / deviation / deviation[:, None]
        self.blend.copy_(torch.linalg.cholesky(alike + 1e-4 * torch.eye(len(alike)).to(alike)))

    def velocity(self, codes: Tensor, times: Tensor, classes: Tensor) -> Tensor:
        """Returns the direction from codes to noise, at times from 0 (codes) to 1 (noise)."""
        found: Tensor = self.flow(codes, times * TIMES, class_labels=classes)
        return found

    @torch.inference_mode()
    def draw(self, classes: NDArray[np.intp], seed: Sequence[int], progress: Progress) -> Tensor:
        """Draws images of the classes given; uint8, shape (n, channels, side, side).

        Args:
            classes: Class of each image, shape (n,).
            seed: Decides every random number.
            progress: Told how far it is.
        """
        where = self.centre.device
        side = self.shape.side // SHRUNK
        rng = np.random.default_rng(seed)
        noise = torch.from_numpy(rng.standard_normal((len(classes), CODES, side, side))).float()
        size = (len(classes), self.shape.channels, self.shape.side, self.shape.side)
        grain = torch.from_numpy(rng.standard_normal(size, np.float32))
        wanted = torch.from_numpy(classes).long() * 2
        made = []
        for start in range(0, len(classes), DRAWN_AT_ONCE):
            progress(start / len(classes), "drawing images")
            rows = slice(start, start + DRAWN_AT_ONCE)
            codes = self._flown(noise[rows].to(where), wanted[rows].to(where))
            mean, scale = self.decode(codes * self.scale + self.centre)
            pixels = mean + scale * self.coloured(grain[rows].to(where))
            made.append(((pixels + 1) * 127.5).clamp(0, 255).round().to(torch.uint8).cpu())
        return torch.cat(made)

    def _flown(self, codes: Tensor, classes: Tensor) -> Tensor:
        """Follows the flow from noise to codes in steps of second order (Heun)."""
        times = torch.linspace(1, 0, STEPS + 1).tolist()
        for now, then in itertools.pairwise(times):
            at_now = self.velocity(codes, codes.new_full((len(codes),), now), classes)
            guess = codes + (then - now) * at_now
            if then > 0:
                at_then = self.velocity(guess, codes.new_full((len(codes),), then), classes)
                guess = codes + (then - now) * (at_now + at_then) / 2
            codes = guess
        return codes

    def arrays(self) -> dict[str, Tensor]:
        """Returns all weights by name."""
        return {name: value.cpu().contiguous() for name, value in self.state_dict().items()}

    @classmethod
    def from_arrays(cls, shape: Shape, arrays: Mapping[str, Tensor]) -> "Generator":
        """Makes the generator of weights that `arrays` returned."""
        generator = cls(shape)
        generator.load_state_dict(dict(arrays))
        return generator.eval()

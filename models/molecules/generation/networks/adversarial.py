"""The architecture gan: codes made by a generator that a critic cannot tell from real ones."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from models.fitting.effort import Effort
from models.molecules.generation.alphabet import Alphabet, Codes
from models.molecules.generation.networks.autoencoder import CODE, Autoencoder
from models.molecules.generation.networks.batches import batches, padded

STEPS, CRITIC_STEPS = 4_000, 5
BATCH, RATE, PENALTY = 128, 2e-4, 10.0
MOST_CODES = 50_000
REPORTED_STEPS = 50


class Adversarial(Autoencoder):
    """An autoencoder whose codes are made by a Wasserstein generator with gradient penalty.

    Source: Prykhodko et al. 2019 (LatentGAN), doi 10.1186/s13321-019-0397-9; Gulrajani et al. 2017,
    arXiv 1704.00028.

    Args:
        size: Of the alphabet.
    """

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.generator = nn.Sequential(
            nn.Linear(CODE, 256), nn.LeakyReLU(0.2), nn.Linear(256, 256), nn.LeakyReLU(0.2),
            nn.Linear(256, CODE),
        )  # fmt: skip
        self.register_buffer("middle", torch.zeros(CODE))
        self.register_buffer("width", torch.ones(CODE))
        self.middle: Tensor
        self.width: Tensor

    @torch.no_grad()
    def draw(
        self, count: int, longest: int, random: torch.Generator, temperature: float = 1.0
    ) -> Tensor:
        """Draws rows of tokens from codes that the generator makes (see `Recurrent.draw`)."""
        made = self.generator(torch.randn(count, CODE, generator=random))
        return self.written(made * self.width + self.middle, longest, random, temperature)

    def learn_codes(self, codes: Sequence[Codes], alphabet: Alphabet, effort: Effort) -> None:
        """Fits the generator to the codes of molecules; the autoencoder stays as it is."""
        torch.manual_seed(effort.seed)
        real = self._codes(codes[:MOST_CODES], alphabet)
        self.middle.copy_(real.mean(0))
        self.width.copy_(real.std(0).clamp_min(1e-3))
        real = (real - self.middle) / self.width
        critic = nn.Sequential(
            nn.Linear(CODE, 256), nn.LeakyReLU(0.2), nn.Linear(256, 256), nn.LeakyReLU(0.2),
            nn.Linear(256, 1),
        )  # fmt: skip
        makes = torch.optim.Adam(self.generator.parameters(), RATE, betas=(0.5, 0.9))
        tells = torch.optim.Adam(critic.parameters(), RATE, betas=(0.5, 0.9))
        for step in range(STEPS):
            for _ in range(CRITIC_STEPS):
                shown = real[torch.randint(len(real), (BATCH,))]
                made = self.generator(torch.randn(BATCH, CODE)).detach()
                told = critic(made).mean() - critic(shown).mean() + _penalty(critic, shown, made)
                tells.zero_grad(set_to_none=True)
                told.backward()
                tells.step()
            cost = -critic(self.generator(torch.randn(BATCH, CODE))).mean()
            makes.zero_grad(set_to_none=True)
            cost.backward()
            makes.step()
            if step % REPORTED_STEPS == 0:
                effort.progress(step / STEPS, f"learning codes, step {step} of {STEPS}")
            if effort.spent():
                break

    @torch.no_grad()
    def _codes(self, codes: Sequence[Codes], alphabet: Alphabet) -> Tensor:
        found = []
        for rows in batches(codes, 512, np.random.default_rng(0)):
            mean, log_variance = self.encode(*padded([codes[row] for row in rows], alphabet))
            found.append(mean + (0.5 * log_variance).exp() * torch.randn_like(mean))
        return torch.cat(found)


def _penalty(critic: nn.Module, shown: Tensor, made: Tensor) -> Tensor:
    """Returns how far the critic's slope between real and made codes is from 1."""
    share = torch.rand(len(shown), 1)
    between = (share * shown + (1 - share) * made).requires_grad_()
    slope = torch.autograd.grad(critic(between).sum(), between, create_graph=True)[0]
    penalty: Tensor = PENALTY * ((slope.norm(dim=1) - 1) ** 2).mean()
    return penalty

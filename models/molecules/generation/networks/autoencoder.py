"""The architectures vae and gan: molecules from points of a space of codes."""

import torch
from torch import Tensor, nn

from models.molecules.generation.networks.fitting import Writer, token_loss
from models.molecules.generation.networks.network import Language
from models.molecules.generation.networks.recurrent import drawn

WIDTH, CODE = 384, 64
SPREAD = 0.1
"""Weight of what keeps codes near a normal distribution (beta; Higgins et al. 2017)."""

WARMED = 0.3
"""Share of the training over which that weight rises, lest the codes say nothing."""

UNSEEN = 0.2
"""Share of the tokens that the decoder does not see while it learns, so that it reads the code."""


class Autoencoder(Writer):
    """A variational autoencoder of token rows.

    Source: Gómez-Bombarelli et al. 2018, doi 10.1021/acscentsci.7b00572.

    Args:
        size: Of the alphabet.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(size, 64)
        self.reader = nn.GRU(64, WIDTH // 2, batch_first=True, bidirectional=True)
        self.centre = nn.Linear(WIDTH, CODE)
        self.spread = nn.Linear(WIDTH, CODE)
        self.language = Language(size, WIDTH, 1, CODE)

    def encode(self, read: Tensor, written: Tensor) -> tuple[Tensor, Tensor]:
        """Returns mean and logarithm of the variance of the codes, each (n, CODE)."""
        states, _ = self.reader(self.embedding(read))
        shown = (written >= 0)[..., None]
        # A row's features are the greatest over its tokens: padding must not count.
        read_off = states.float().masked_fill(~shown, -2).amax(1)
        return self.centre(read_off), self.spread(read_off).clamp(-8, 4)

    def loss(self, read: Tensor, written: Tensor, along: float) -> Tensor:
        """Returns reconstruction and spread of the codes, in nats per token (see `Writer`)."""
        mean, log_variance = (part.float() for part in self.encode(read, written))
        code = mean + (0.5 * log_variance).exp() * torch.randn_like(mean)
        seen = read
        if self.training:
            hidden = torch.rand_like(read, dtype=torch.float32) < UNSEEN
            hidden[:, 0] = False
            seen = read.masked_fill(hidden, self.embedding.num_embeddings - 1)
        again = token_loss(self.language(seen, None, code)[0], written)
        spread = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum(1).mean()
        tokens = (written >= 0).sum() / len(written)
        return again + SPREAD * min(1.0, along / WARMED) * spread / tokens

    @torch.no_grad()
    def draw(
        self, count: int, longest: int, random: torch.Generator, temperature: float = 1.0
    ) -> Tensor:
        """Draws rows of tokens from codes of the normal distribution (see `Recurrent.draw`)."""
        codes = torch.randn(count, CODE, generator=random)
        return self.written(codes, longest, random, temperature)

    @torch.no_grad()
    def written(
        self, codes: Tensor, longest: int, random: torch.Generator, temperature: float
    ) -> Tensor:
        """Draws a row of tokens for each code, shape (n, CODE)."""
        start = torch.full((len(codes), 1), self.embedding.num_embeddings - 1)
        return drawn(self.language, start, longest, random, temperature, codes)

"""The architecture rnn: a language model of molecules (Segler et al. 2018)."""

import torch
from torch import Tensor

from models.molecules.generation.alphabet import END
from models.molecules.generation.networks.fitting import Writer, token_loss
from models.molecules.generation.networks.network import Language

WIDTH, LAYERS = 512, 1


class Recurrent(Writer):
    """Writes a molecule token by token.

    Source: Segler, Kogej, Tyrchan and Waller 2018, doi 10.1021/acscentsci.7b00512.

    Args:
        size: Of the alphabet.
        width: Units of each layer.
        layers: How many.
    """

    def __init__(self, size: int, width: int = WIDTH, layers: int = LAYERS) -> None:
        super().__init__()
        self.language = Language(size, width, layers)

    def loss(self, read: Tensor, written: Tensor, along: float) -> Tensor:
        """Returns the mean cross-entropy of a batch in nats per token (see `Writer`)."""
        return token_loss(self.language(read)[0], written)

    @torch.no_grad()
    def draw(
        self, count: int, longest: int, random: torch.Generator, temperature: float = 1.0
    ) -> Tensor:
        """Draws rows of tokens.

        Args:
            count: How many.
            longest: Tokens after which a row is cut.
            random: Decides them.
            temperature: Below 1 the likely is drawn more often.

        Returns:
            Shape (count, at most longest), int64; a row counts up to its end.
        """
        start = torch.full((count, 1), self.language.embedding.num_embeddings - 1)
        return drawn(self.language, start, longest, random, temperature)


@torch.no_grad()
def drawn(
    language: Language,
    start: Tensor,
    longest: int,
    random: torch.Generator,
    temperature: float = 1.0,
    context: Tensor | None = None,
) -> Tensor:
    """Draws what follows a start, token by token, until every row has its end."""
    seen, state = start, None
    written = torch.full((len(start), longest), END)
    going = torch.arange(len(start))
    for step in range(longest):
        scores, state = language(seen, state, context)
        chances = torch.softmax(scores[:, -1].float() / temperature, dim=1)
        seen = torch.multinomial(chances, 1, generator=random)
        written[going, step] = seen[:, 0]
        on = seen[:, 0] != END
        if not on.any():
            return written[:, : step + 1]
        # Rows with their end are no longer computed: most are over when the longest is half done.
        going, seen, state = going[on], seen[on], state[:, on]
        context = None if context is None else context[on]
    return written

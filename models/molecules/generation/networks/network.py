"""The network that writes molecules token by token."""

import torch
from torch import Tensor, nn

EMBEDDED = 128


class Language(nn.Module):
    """A recurrent language model (gated recurrent units, Cho et al. 2014).

    Args:
        size: Of the alphabet, with end and start.
        width: Units of each layer.
        layers: How many.
        context: Numbers that are given beside every token (a code to decode); 0 for none.
    """

    def __init__(self, size: int, width: int, layers: int, context: int = 0) -> None:
        super().__init__()
        self.width, self.layers = width, layers
        self.embedding = nn.Embedding(size, EMBEDDED)
        self.units = nn.GRU(EMBEDDED + context, width, layers, batch_first=True)
        self.scores = nn.Linear(width, size - 1)  # the start is never written
        self.begin = nn.Linear(context, layers * width) if context else None

    def forward(
        self, tokens: Tensor, state: Tensor | None = None, context: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Returns the scores of what follows each token, and the state after the last.

        Args:
            tokens: Shape (n, length).
            state: Shape (layers, n, width); None at the beginning.
            context: Shape (n, c); only where the network was made with one.

        Returns:
            Shapes (n, length, size - 1) and (layers, n, width).
        """
        seen = self.embedding(tokens)
        if context is not None and self.begin is not None:
            wide = context[:, None].expand(-1, tokens.shape[1], -1)
            seen = torch.cat([seen, wide.to(seen.dtype)], dim=2)
            if state is None:
                state = torch.tanh(self.begin(context)).view(len(tokens), self.layers, self.width)
                state = state.transpose(0, 1).contiguous()
        units, after = self.units(seen, state)
        return self.scores(units), after

"""What is on top of the encoder, in torch, for training."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from models.text.ner.chain import NEVER, cannot_begin, forbidden
from models.text.ner.corpus import TAGS
from models.text.ner.shapes import BUCKETS, feature_ids

SHAPE_WIDTH = 48
HIDDEN = 192


class Layout(NamedTuple):
    """Where the words of a batch are.

    Attributes:
        pieces: Positions of the word pieces in the flattened batch of tokens, (pieces,).
        words: The word of each of them, (pieces,).
        texts: The words, sentence after sentence.
        lengths: Words of each sentence.
    """

    pieces: Tensor
    words: Tensor
    texts: list[str]
    lengths: list[int]


class TagHead(nn.Module):
    """Scores of tags for words, and the chain over them.

    A word is the mean of its pieces' vectors beside its looks and those of its two neighbours.

    Args:
        width: Dimensions of the encoder.
        dropout: Share of activations left out in training (0-1).
    """

    def __init__(self, width: int, dropout: float = 0.2) -> None:
        super().__init__()
        self.looks = nn.EmbeddingBag(BUCKETS, SHAPE_WIDTH, mode="mean")
        nn.init.normal_(self.looks.weight, std=0.1)
        self.hidden = nn.Linear(width + 3 * SHAPE_WIDTH, HIDDEN)
        self.scores = nn.Linear(HIDDEN, len(TAGS))
        self.moves = nn.Parameter(torch.zeros(len(TAGS), len(TAGS)))
        self.dropout = dropout
        self.forbidden = nn.Buffer(torch.from_numpy(forbidden()), persistent=False)
        self.cannot_begin = nn.Buffer(torch.from_numpy(cannot_begin()), persistent=False)

    def forward(self, states: Tensor, layout: Layout) -> Tensor:
        """Scores words.

        Args:
            states: Of the encoder, (rows, tokens, dimensions).
            layout: Where the words are in them.

        Returns:
            Scores of each tag, (words, tags).
        """
        flat = states.reshape(-1, states.shape[-1])[layout.pieces]
        count = len(layout.texts)
        sums = torch.zeros(count, flat.shape[1]).index_add(0, layout.words, flat)
        means = sums / torch.bincount(layout.words, minlength=count)[:, None]
        inputs = torch.cat([means, self._looks(layout)], dim=1)
        inputs = functional.dropout(inputs, self.dropout, self.training)
        hidden = functional.gelu(self.hidden(inputs), approximate="tanh")
        scores: Tensor = self.scores(functional.dropout(hidden, self.dropout, self.training))
        return scores

    def loss(self, scores: Tensor, tags: Tensor, lengths: Sequence[int]) -> Tensor:
        """Returns the negative log-likelihood of the right tags, mean over sentences.

        Args:
            scores: Of `forward`, (words, tags).
            tags: Positions of the right ones in `TAGS`, int64 (words,).
            lengths: Words of each sentence.
        """
        moves = self.moves.masked_fill(self.forbidden, float(NEVER))
        padded = nn.utils.rnn.pad_sequence(list(torch.split(scores, list(lengths))))
        wanted = nn.utils.rnn.pad_sequence(list(torch.split(tags, list(lengths))))
        ends = torch.tensor(lengths)
        inside = torch.arange(len(padded))[:, None] < ends
        total = padded[0].masked_fill(self.cannot_begin, float(NEVER))
        for place in range(1, len(padded)):
            ahead = torch.logsumexp(total[:, :, None] + moves, dim=1) + padded[place]
            total = torch.where(inside[place][:, None], ahead, total)
        own = (padded.gather(2, wanted[:, :, None])[:, :, 0] * inside).sum(dim=0)
        own = own + (moves[wanted[:-1], wanted[1:]] * inside[1:]).sum(dim=0)
        return (torch.logsumexp(total, dim=1) - own).mean()

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """Returns the weights by name, float32."""
        return {name: value.detach().numpy() for name, value in self.state_dict().items()}

    def _looks(self, layout: Layout) -> Tensor:
        """Returns the looks of the word before, the word and the word after, (words, 3 x width)."""
        features = [feature_ids(word) for word in layout.texts]
        flat = torch.tensor([feature for ids in features for feature in ids])
        starts = torch.tensor([0, *np.cumsum([len(ids) for ids in features])[:-1]])
        own = self.looks(flat, starts)
        firsts = torch.tensor([0, *np.cumsum(layout.lengths)])
        before, after = own.roll(1, 0), own.roll(-1, 0)
        before = before.index_fill(0, firsts[:-1], 0)
        after = after.index_fill(0, firsts[1:] - 1, 0)
        return torch.cat([before, own, after], dim=1)

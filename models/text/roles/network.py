"""The network that is trained: a recurrent layer over an abstract's sentences and a chain.

Each sentence's row is projected, a bidirectional gated recurrent unit (Cho et al. 2014) reads the
abstract, and a linear-chain conditional random field (Lafferty, McCallum and Pereira 2001) scores
the sequence of roles.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from models.text.roles.abstracts import ROLES

HIDDEN = 192
INPUT_DROPOUT = 0.4
DROPOUT = 0.3


class Batch(NamedTuple):
    """Abstracts side by side.

    Attributes:
        rows: What is known of the sentences, (abstracts, most sentences, width).
        gold: Indices of `ROLES`, (abstracts, most sentences); any beyond an abstract's end.
        lengths: Sentences of each abstract, at least 1.
    """

    rows: Tensor
    gold: Tensor
    lengths: Tensor


class RoleNetwork(nn.Module):
    """Scores the roles of sentences.

    Args:
        mean: Of the rows that it will be trained on, (width,); what is read is standardised.
        spread: Their standard deviation, (width,).
    """

    def __init__(self, mean: Tensor, spread: Tensor) -> None:
        super().__init__()
        self.mean = nn.Buffer(mean)
        self.spread = nn.Buffer(spread)
        self.project = nn.Linear(len(mean), HIDDEN)
        self.context = nn.GRU(HIDDEN, HIDDEN // 2, batch_first=True, bidirectional=True)
        self.score = nn.Linear(HIDDEN, len(ROLES))
        self.moves = nn.Parameter(torch.zeros(len(ROLES), len(ROLES)))
        self.start = nn.Parameter(torch.zeros(len(ROLES)))
        self.end = nn.Parameter(torch.zeros(len(ROLES)))
        self.first_dropout = nn.Dropout(INPUT_DROPOUT)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, rows: Tensor, lengths: Tensor) -> Tensor:
        """Returns scores (abstracts, sentences, roles) of rows (abstracts, sentences, width)."""
        known = self.first_dropout((rows - self.mean) / self.spread)
        projected = self.dropout(torch.tanh(self.project(known)))
        packed = pack_padded_sequence(projected, lengths, batch_first=True, enforce_sorted=False)
        read, _ = pad_packed_sequence(
            self.context(packed)[0], batch_first=True, total_length=rows.shape[1]
        )
        scores: Tensor = self.score(self.dropout(projected + read))
        return scores

    def loss(self, batch: Batch) -> Tensor:
        """Returns the mean over abstracts of the chain's negative log-likelihood per sentence."""
        return chain_loss(
            self(batch.rows, batch.lengths), batch, (self.start, self.moves, self.end)
        )


def chain_loss(scores: Tensor, batch: Batch, chain: tuple[Tensor, Tensor, Tensor]) -> Tensor:
    """Returns the mean over abstracts of the negative log-likelihood per sentence.

    Args:
        scores: Of each role of each sentence, (abstracts, sentences, roles).
        batch: Its gold roles and lengths.
        chain: Scores of a first role, (roles,); of a role after another, (from, to); of a last one.
    """
    start, moves, end = chain
    gold, lengths = batch.gold, batch.lengths
    every = torch.arange(len(gold))
    score = start[gold[:, 0]] + scores[every, 0, gold[:, 0]]
    forward = start + scores[:, 0]
    for place in range(1, scores.shape[1]):
        inside = place < lengths
        now = scores[:, place]
        step = moves[gold[:, place - 1], gold[:, place]] + now[every, gold[:, place]]
        score = score + torch.where(inside, step, 0.0)
        onwards = torch.logsumexp(forward[:, :, None] + moves, 1) + now
        forward = torch.where(inside[:, None], onwards, forward)
    score = score + end[gold[every, lengths - 1]]
    loss: Tensor = ((torch.logsumexp(forward + end, 1) - score) / lengths).mean()
    return loss

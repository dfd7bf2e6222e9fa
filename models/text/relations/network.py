"""What is on top of the encoder: a head that classifies pairs, and one that tags entities.

A sentence is encoded once, whatever the number of its pairs: a pair is told apart by where its
entities stand. The head reads the mean state of each entity and, by attention that they direct,
the rest of the sentence.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.text.encoder import Encoder
from models.text.relations.labels import LABELS, NONE
from models.text.relations.places import HEADS, REACH, REGIONS
from models.text.relations.tags import TAGS

READ = 256
"""Numbers that attention reads from the sentence."""
HIDDEN = 256
NEAR_SPREAD = 0.5
DROPOUT = 0.2
SMOOTHING = 0.05
"""Share of the gold probability given to all labels, so that confidence is not always near 1."""
NONE_WEIGHT = 3.0
"""Of an unrelated pair in the loss: ten times rarer in the data than related ones, and in running
text much commoner."""
LOWER_LAYERS = 2
"""Of the encoder's six, the lowest: they stay as published, so their states are computed once."""
TAG_SHARE = 0.5
"""Of the tagger's loss."""


class Batch(NamedTuple):
    """Sentences and their pairs.

    Attributes:
        lower: States of the tokens after the layers that are not trained, float32 (sentences,
            tokens, width).
        mask: 1 where a token is, (sentences, tokens).
        tags: Tags of the tokens, of the same shape; -100 for padding.
        sentence: Which sentence each pair is in, (pairs,).
        regions: Region of each token of that sentence, (pairs, tokens); -1 for padding.
        distances: Distances of each token from either entity, (pairs, 2, tokens); 0 for padding.
        gold: Index of the label in `LABELS`, (pairs,).
    """

    lower: Tensor
    mask: Tensor
    tags: Tensor
    sentence: Tensor
    regions: Tensor
    distances: Tensor
    gold: Tensor


class RelationHead(nn.Module):
    """Scores of the labels for pairs, and of the tags for tokens.

    Args:
        width: Length of a state.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.query = nn.Linear(2 * width, READ)
        self.key = nn.Linear(width, READ)
        self.value = nn.Linear(width, READ)
        self.region = nn.Parameter(torch.zeros(REGIONS, HEADS))
        # Heads that begin with different distances learn to tell pairs of a sentence apart.
        self.near = nn.Parameter(torch.randn(2, 2 * REACH + 1, HEADS) * NEAR_SPREAD)
        self.hidden = nn.Linear(2 * width + READ, HIDDEN)
        self.label = nn.Linear(HIDDEN, len(LABELS))
        self.tag = nn.Linear(width, TAGS)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(
        self, states: Tensor, sentence: Tensor, regions: Tensor, distances: Tensor
    ) -> Tensor:
        """Scores pairs.

        Args:
            states: (sentences, tokens, width).
            sentence: Which sentence each pair is in, (pairs,).
            regions: (pairs, tokens); -1 for padding.
            distances: (pairs, 2, tokens).

        Returns:
            (pairs, labels).
        """
        pairs = len(regions)
        entities = torch.cat(
            [_mean(states, sentence, regions == region) for region in (1, 3)], dim=1
        )
        query = self.query(entities).view(pairs, 1, HEADS, -1)
        keys = self.key(states).view(*states.shape[:2], HEADS, -1)[sentence]
        values = self.value(states).view(*states.shape[:2], HEADS, -1)[sentence]
        scores = (query * keys).sum(-1) / keys.shape[-1] ** 0.5
        scores = scores + self.region[regions.clamp(min=0)]
        scores = scores + self.near[0][distances[:, 0]] + self.near[1][distances[:, 1]]
        scores = scores.masked_fill((regions < 0)[:, :, None], float("-inf"))
        share = scores.softmax(1)
        seen = (share[..., None] * values).sum(1).reshape(pairs, -1)
        hidden = functional.gelu(self.hidden(self.dropout(torch.cat([entities, seen], dim=1))))
        scored: Tensor = self.label(self.dropout(hidden))
        return scored


def _mean(states: Tensor, sentence: Tensor, chosen: Tensor) -> Tensor:
    """Returns the mean state of the chosen tokens (pairs, tokens) of each pair's sentence."""
    weights = chosen.to(states.dtype)
    weights = weights / weights.sum(1, keepdim=True)
    return (weights[:, None, :] @ states[sentence]).squeeze(1)


def upper_states(encoder: Encoder, lower: Tensor, mask: Tensor) -> Tensor:
    """Returns states after the trained layers of states after the others, of the same shape."""
    bias = torch.zeros(mask.shape, dtype=encoder.precision).masked_fill(mask == 0, -1e9)
    states = lower.to(encoder.precision)
    for layer in encoder.layers[LOWER_LAYERS:]:
        states = layer(states, bias[:, None, None, :])
    return states.float()


def joint_loss(encoder: Encoder, head: RelationHead, batch: Batch) -> Tensor:
    """Returns the cross-entropy of pairs plus a share of the tags', a scalar."""
    states = upper_states(encoder, batch.lower, batch.mask)
    weights = torch.ones(len(LABELS)).index_fill(0, torch.tensor(LABELS.index(NONE)), NONE_WEIGHT)
    scored = head(states, batch.sentence, batch.regions, batch.distances)
    pairs = functional.cross_entropy(scored, batch.gold, weights, label_smoothing=SMOOTHING)
    scores = head.tag(head.dropout(states))
    tags = functional.cross_entropy(scores.flatten(0, 1), batch.tags.flatten())
    loss: Tensor = pairs + TAG_SHARE * tags
    return loss

"""A directed message passing network.

Messages run along directed bonds, so that what an atom sends does not come straight back to it
(Yang et al. 2019, doi 10.1021/acs.jcim.9b00237). Molecule features may join the pooled atoms.
"""

import torch
from torch import Tensor, nn

from models.molecules.properties.inputs.graphs import ATOM_SIZE, BOND_SIZE, Batch


class MessagePassing(nn.Module):
    """From molecules to one number per task.

    Args:
        tasks: Outputs.
        extra: Features of the whole molecule that join the pooled atoms; 0 for none.
        width: Of the messages and of the hidden layer.
        depth: How often messages are passed, at least 1.
        dropout: Share of the hidden units that is left out in training.
    """

    def __init__(
        self, tasks: int, extra: int, width: int = 64, depth: int = 3, dropout: float = 0.1
    ) -> None:
        super().__init__()
        self.depth = depth
        self.start = nn.Linear(ATOM_SIZE + BOND_SIZE, width, bias=False)
        self.passing = nn.Linear(width, width, bias=False)
        self.arrival = nn.Linear(ATOM_SIZE + width, width)
        self.dropout = nn.Dropout(dropout)
        self.joined = nn.Linear(2 * width + (width if extra else 0), width)
        self.whole = nn.Linear(extra, width) if extra else None
        self.last = nn.Linear(width, tasks)

    def forward(self, batch: Batch) -> Tensor:
        """Returns the outputs, shape (molecules, tasks)."""
        atoms = len(batch.atoms)
        leaving = batch.atoms.index_select(0, batch.origins)
        first = self.start(torch.cat([leaving, batch.bonds], 1))
        message = torch.relu(first)
        for _ in range(self.depth - 1):
            arriving = _sums(message, batch.ends, atoms)
            carried = arriving.index_select(0, batch.origins) - _turned(message)
            message = torch.relu(first + self.passing(carried))
        arriving = _sums(message, batch.ends, atoms)
        states = torch.relu(self.arrival(torch.cat([batch.atoms, arriving], 1)))
        total = _sums(states, batch.molecule, len(batch))
        counts = torch.bincount(batch.molecule, minlength=len(batch)).clamp(min=1)[:, None]
        # The sum tells how large a molecule is, the mean what it is made of.
        pooled = [total / counts, total / 20]
        if self.whole is not None:
            pooled.append(torch.relu(self.whole(batch.extra)))
        hidden = torch.relu(self.joined(self.dropout(torch.cat(pooled, 1))))
        outputs: Tensor = self.last(self.dropout(hidden))
        return outputs


def _turned(messages: Tensor) -> Tensor:
    """Returns the messages of the same bonds the other way round: each pair is side by side."""
    return messages.view(-1, 2, messages.shape[1]).flip(1).reshape(messages.shape)


def _sums(values: Tensor, places: Tensor, size: int) -> Tensor:
    """Returns the sums of the rows that share a place, shape (size, width)."""
    return values.new_zeros(size, values.shape[1]).index_add(0, places, values)

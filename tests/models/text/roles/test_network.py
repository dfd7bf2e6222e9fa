"""The chain, the network and its double without torch."""

from itertools import pairwise, product

import numpy as np
import pytest
import torch

from models.fitting.effort import Effort
from models.text.fitting import Schedule
from models.text.ner.chain import best_tags
from models.text.roles.abstracts import ROLES, LabelledAbstract
from models.text.roles.network import Batch, RoleNetwork, chain_loss
from models.text.roles.task import fit_network
from models.text.roles.trained import TrainedNetwork

COUNT = len(ROLES)


def drawn_network(width: int = 10) -> RoleNetwork:
    torch.manual_seed(3)
    network = RoleNetwork(torch.randn(width), torch.rand(width) + 0.5)
    for chained in (network.moves, network.start, network.end):
        torch.nn.init.normal_(chained)
    return network.eval()


def doubled(network: RoleNetwork) -> TrainedNetwork:
    return TrainedNetwork({name: array.numpy() for name, array in network.state_dict().items()})


def test_the_loss_is_that_of_all_sequences_counted_one_by_one() -> None:
    torch.manual_seed(0)
    scores, moves = torch.randn(2, 4, COUNT), torch.randn(COUNT, COUNT)
    start, end = torch.randn(COUNT), torch.randn(COUNT)
    gold, lengths = torch.tensor([[1, 0, 4, 2], [5, 5, 0, 0]]), torch.tensor([4, 2])
    losses = []
    for row, length in enumerate(lengths.tolist()):
        sequences = {
            labels: start[labels[0]]
            + end[labels[-1]]
            + sum(scores[row, place, label] for place, label in enumerate(labels))
            + sum(moves[before, after] for before, after in pairwise(labels))
            for labels in product(range(COUNT), repeat=length)
        }
        total = torch.logsumexp(torch.stack(list(sequences.values())), 0)
        losses.append((total - sequences[tuple(gold[row, :length].tolist())]) / length)
    found = chain_loss(scores, Batch(scores, gold, lengths), (start, moves, end))
    assert found.item() == pytest.approx(sum(losses).item() / 2, rel=1e-5)


def test_the_double_scores_as_the_network_does() -> None:
    network, rng = drawn_network(), np.random.default_rng(0)
    abstracts = [rng.normal(size=(n, 10)).astype(np.float32) for n in (1, 7, 3)]
    padded = torch.nn.utils.rnn.pad_sequence(
        [torch.from_numpy(rows) for rows in abstracts], batch_first=True
    )
    lengths = torch.tensor([1, 7, 3])
    with torch.inference_mode():
        expected = network(padded, lengths)
        expected[:, 0] += network.start
        expected[torch.arange(3), lengths - 1] += network.end
    found = doubled(network).scores(abstracts)
    for row, length in enumerate(lengths):
        np.testing.assert_allclose(found[row, :length], expected[row, :length], atol=1e-5)


def test_an_abstract_is_read_alike_alone_and_beside_others() -> None:
    double, rng = doubled(drawn_network()), np.random.default_rng(1)
    abstracts = [rng.normal(size=(n, 10)).astype(np.float32) for n in (2, 9, 4)]
    labels, shares = best_tags(double.scores(abstracts), [2, 9, 4], double.moves)
    for row, own in enumerate(abstracts):
        alone, sure = best_tags(double.scores([own]), [len(own)], double.moves)
        assert alone[0].tolist() == labels[row, : len(own)].tolist()
        np.testing.assert_allclose(sure[0], shares[row, : len(own)], rtol=1e-4)
        assert ((sure > 0) & (sure <= 1)).all()


def test_a_few_abstracts_are_learnt_by_heart() -> None:
    rng = np.random.default_rng(2)
    rows = [rng.normal(size=(n, 10)).astype(np.float32) for n in (3, 5, 8, 2)]
    roles = [[ROLES[k] for k in rng.integers(0, COUNT, len(own))] for own in rows]
    abstracts = [LabelledAbstract("", [""] * len(own), own) for own in roles]
    network = fit_network(rows, abstracts, Schedule(epochs=60, head_rate=2e-2), Effort(seed=1))
    double = doubled(network.eval())
    lengths = [len(own) for own in rows]
    labels, _ = best_tags(double.scores(rows), lengths, double.moves)
    found = [[ROLES[k] for k in labels[row, :length]] for row, length in enumerate(lengths)]
    assert found == roles


def test_training_repeats_itself() -> None:
    rng = np.random.default_rng(2)
    rows = [rng.normal(size=(n, 10)).astype(np.float32) for n in (3, 5)]
    abstracts = [LabelledAbstract("", [""] * len(own), ["outcome"] * len(own)) for own in rows]
    first, second = (
        fit_network(rows, abstracts, Schedule(epochs=2), Effort(seed=5)) for _ in range(2)
    )
    for name, weights in first.state_dict().items():
        assert torch.equal(weights, second.state_dict()[name]), name

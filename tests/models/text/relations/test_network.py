"""The head, its double without torch, and learning by heart."""

import numpy as np
import torch

from models.fitting.effort import Effort
from models.text.fitting import Schedule
from models.text.ner.words import words_tokenizer
from models.text.relations.batches import examples, shuffled
from models.text.relations.head import TrainedHead
from models.text.relations.labels import LABELS, NONE
from models.text.relations.network import RelationHead, upper_states
from models.text.relations.pairs import LabelledPair, MarkedPair
from models.text.relations.places import REACH
from models.text.relations.sentences import gather
from models.text.relations.task import fit_reader
from models.text.weights import packaged_weights

PAIRS = [
    ("<< Losartan >> blocks the [[ AT1 receptor ]] and naproxen inhibits thrombin.", "ANTAGONIST"),
    ("Losartan blocks the AT1 receptor and << naproxen >> inhibits [[ thrombin ]].", "INHIBITOR"),
    ("<< Testosterone >> is turned into oestradiol by [[ aromatase ]].", "SUBSTRATE"),
    ("Testosterone is turned into << oestradiol >> by [[ aromatase ]].", "PRODUCT-OF"),
]


def test_the_double_scores_as_the_head_does() -> None:
    torch.manual_seed(0)
    head = RelationHead(32).eval()
    torch.nn.init.normal_(head.region)
    states = torch.randn(2, 9, 32)
    regions = torch.tensor([[0, 1, 1, 2, 2, 3, 4, 4, 4], [1, 2, 3, 3, 4, 4, -1, -1, -1]])
    distances = torch.randint(0, 2 * REACH + 1, (2, 2, 9))
    sentence = torch.tensor([1, 0])
    double = TrainedHead({name: array.numpy() for name, array in head.state_dict().items()})
    with torch.inference_mode():
        expected = head(states, sentence, regions, distances).numpy()
        tags = head.tag(states).numpy()
    one = double.labels(states[1].numpy(), regions[:1].numpy(), distances[:1].numpy())
    other = double.labels(
        states[0, :6].numpy(), regions[1:, :6].numpy(), distances[1:, :, :6].numpy()
    )
    np.testing.assert_allclose(np.concatenate([one, other]), expected, atol=1e-5)
    np.testing.assert_allclose(double.tags(states[0].numpy()), tags[0], atol=1e-5)


def test_a_few_pairs_are_learnt_by_heart() -> None:
    sentences = gather([LabelledPair(MarkedPair.parse(text), label) for text, label in PAIRS])
    schedule = Schedule(epochs=25, rate=5e-4, head_rate=3e-3)
    encoder, head = fit_reader(sentences, schedule, Effort(seed=0))
    known = examples(words_tokenizer(packaged_weights()), sentences)
    gold, found = [], []
    with torch.inference_mode():
        for batch in shuffled(known, np.random.default_rng(0)):
            states = upper_states(encoder, batch.lower, batch.mask)
            scores = head(states, batch.sentence, batch.regions, batch.distances)
            gold += batch.gold.tolist()
            found += scores.argmax(1).tolist()
    assert found == gold
    assert LABELS.index(NONE) in gold

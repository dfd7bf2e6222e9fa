"""Trains the reader of sentence roles, measures it and writes its card."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import f1_score
from torch import Tensor, nn

from models.fitting.effort import Effort
from models.text.fitting import Schedule, fit
from models.text.keeping import load_text_model, save_text_model
from models.text.parts import read_parts, train_measured
from models.text.roles.abstracts import ROLES, LabelledAbstract, read_abstracts
from models.text.roles.card import role_card
from models.text.roles.network import Batch, RoleNetwork
from models.text.roles.reader import RoleReader
from models.text.roles.vectors import Array, sentence_vectors

NAME = "roles"
DESCRIPTION = (
    "tells the role of each sentence of an abstract, such as population or outcome; training reads "
    "train.txt and, where it is there, dev.txt: ###PMID, then a role, a tab and a sentence a line"
)
SCHEDULE = Schedule(epochs=14, head_rate=1.5e-3)
ABSTRACTS = 16
"""Of a batch."""
MEMBERS = 4
"""Networks whose scores are averaged."""
LEAST_SPREAD = 1e-3


def train(data: Path, output: Path, effort: Effort) -> dict[str, float]:
    """Trains twice: without the part that is held out, for the figures, then on everything.

    Args:
        data: Has train.txt and may have dev.txt.
        output: Gets the model that was trained on everything, and the card.
        effort: Its seed decides every random choice.

    Returns:
        F1 on the part that was held out, and the micro-F1 of its commonest role.

    Raises:
        ToolError: train.txt is missing, or a file is not of the layout.
    """
    parts = read_parts(data, "train.txt", "dev.txt", read_abstracts)

    def measure(folder: Path, held_out: Sequence[LabelledAbstract]) -> dict[str, float]:
        return _measured(RoleReader(load_text_model(folder)), held_out)

    return train_measured(parts, output, effort, fit_roles, measure, role_card)


def fit_roles(
    abstracts: Sequence[LabelledAbstract],
    output: Path,
    effort: Effort,
    about: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Trains on all these abstracts, writes the model and returns its config.

    Args:
        abstracts: With at least one sentence each.
        output: Folder of the model.
        effort: Its seed decides every random choice.
        about: What the config says beside how the model was made.
    """
    rows = sentence_vectors().of([abstract.sentences for abstract in abstracts])
    head: dict[str, Array] = {}
    for member in range(MEMBERS):
        own = Effort(effort.seed + member, effort.deadline, effort.progress)
        share = own.part(member / MEMBERS, (member + 1) / MEMBERS)
        network = fit_network(rows, abstracts, SCHEDULE, share)
        head |= {f"{member}/{name}": array.numpy() for name, array in network.state_dict().items()}
    counts = Counter(role for abstract in abstracts for role in abstract.roles)
    config: dict[str, Any] = {
        "task": NAME,
        "roles": list(ROLES),
        "members": MEMBERS,
        "abstracts": len(abstracts),
        "sentences": {role: counts[role] for role in ROLES},
        "seed": effort.seed,
        **(about or {}),
    }
    save_text_model(output, {}, head, config)
    return config


def fit_network(
    rows: Sequence[Array],
    abstracts: Sequence[LabelledAbstract],
    schedule: Schedule,
    effort: Effort,
) -> RoleNetwork:
    """Trains one network on abstracts and what `SentenceVectors` knows of their sentences."""
    every = torch.from_numpy(np.concatenate(rows))
    torch.manual_seed(effort.seed)
    network = RoleNetwork(every.mean(0), every.std(0) + LEAST_SPREAD)
    gold = [torch.tensor([ROLES.index(role) for role in own.roles]) for own in abstracts]

    def epoch(rng: np.random.Generator) -> list[Batch]:
        order = rng.permutation(len(rows))
        return [_batch([(rows[n], gold[n]) for n in order[start : start + ABSTRACTS]])
                for start in range(0, len(order), ABSTRACTS)]  # fmt: skip

    fit(nn.Identity(), network, epoch, network.loss, schedule, effort)
    return network


def _batch(chosen: Sequence[tuple[Array, Tensor]]) -> Batch:
    rows, gold = zip(*chosen, strict=True)
    padded = nn.utils.rnn.pad_sequence([torch.from_numpy(own) for own in rows], batch_first=True)
    labels = nn.utils.rnn.pad_sequence(list(gold), batch_first=True)
    return Batch(padded, labels, torch.tensor([len(own) for own in gold]))


def _measured(reader: RoleReader, abstracts: Sequence[LabelledAbstract]) -> dict[str, float]:
    read = reader.read([abstract.sentences for abstract in abstracts])
    gold = [role for abstract in abstracts for role in abstract.roles]
    found = [role.label for roles in read for role in roles]
    return {
        "micro_f1": float(np.mean(np.array(gold) == np.array(found))),
        "weighted_f1": float(f1_score(gold, found, average="weighted", zero_division=0)),
        "macro_f1": float(f1_score(gold, found, average="macro", zero_division=0)),
        "baseline_micro_f1": Counter(gold).most_common(1)[0][1] / len(gold),
    }

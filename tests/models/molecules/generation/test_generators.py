"""Generators learn: each architecture on a few molecules, kept and read again."""

from pathlib import Path

import pytest
import torch
from rdkit import Chem

from models.fitting.effort import Effort
from models.molecules.design.language import read_objective
from models.molecules.generation.alphabet import Alphabet, Codes, Language, spelled
from models.molecules.generation.fitted import FittedMoleculeGenerator
from models.molecules.generation.networks.adversarial import Adversarial
from models.molecules.generation.networks.architectures import ARCHITECTURES, make_writer
from models.molecules.generation.networks.fitting import fit_writer
from models.molecules.generation.proposals import propose
from models.molecules.generation.train import half_precision

LEARNT = [
    "CCO", "CCCO", "CCCCO", "CCN", "CCCN", "CC(=O)O", "CCC(=O)O", "c1ccccc1O", "c1ccccc1N",
    "Cc1ccccc1", "CC(C)O", "CC(C)N",
]  # fmt: skip


def learnt(language: Language) -> tuple[Alphabet, list[Codes]]:
    texts = [str(spelled(smiles, language)) for smiles in LEARNT]
    alphabet = Alphabet.of(texts, language=language)
    rows = [row for text in texts if (row := alphabet.encode(text)) is not None]
    return alphabet, rows * 6


@pytest.mark.parametrize(
    ("architecture", "language"),
    [*((architecture, "selfies") for architecture in ARCHITECTURES), ("rnn", "smiles")],
)
def test_it_learns_writes_and_is_read_again(
    architecture: str, language: Language, tmp_path: Path
) -> None:
    alphabet, codes = learnt(language)
    torch.manual_seed(0)
    network = make_writer(architecture, alphabet.size)
    fit = fit_writer(network, alphabet, codes, codes[:12], 40, Effort(0))
    assert fit.history[fit.best_epoch - 1]["held_out_loss"] < 0.6 * fit.history[0]["loss"]
    if isinstance(network, Adversarial):
        network.learn_codes(codes, alphabet, Effort.within(0, 3))
    half_precision(network)
    generator = FittedMoleculeGenerator(architecture, alphabet, network, 12)
    written = generator.draw(120, Effort(1))
    drawn = written.texts
    assert written.rows >= written.molecules >= 120
    assert written.raw_validity == written.molecules / written.rows
    assert all(Chem.MolFromSmiles(smiles) is not None for smiles in drawn)
    known = {Chem.CanonSmiles(smiles) for smiles in LEARNT}
    share = sum(Chem.CanonSmiles(s) in known for s in drawn if s) / len(drawn)
    assert share > (0.5 if architecture == "rnn" else 0.1)
    generator.save(tmp_path)
    again = FittedMoleculeGenerator.load(tmp_path)
    assert again.draw(60, Effort(1)).texts == drawn[:60]


def test_bounds_are_met_by_evolving_where_drawing_does_not_do() -> None:
    alphabet, codes = learnt("selfies")
    network = make_writer("rnn", alphabet.size)
    fit_writer(network, alphabet, codes, codes[:12], 5, Effort(0))
    generator = FittedMoleculeGenerator("rnn", alphabet, network, 12)
    wanted = read_objective("weight 120 to 200, with an amide, no alerts")
    made = propose(generator, 5, wanted, None, Effort(0))
    assert len(made.chosen) == 5
    assert all(wanted.meets(wanted(Chem.MolFromSmiles(one.smiles))) for one in made.chosen)
    assert {one.how for one in made.chosen} >= {"evolved"}
    scaffold = Chem.MolFromSmiles("C1CCNCC1")
    built = propose(generator, 5, None, scaffold, Effort(0))
    assert all(Chem.MolFromSmiles(one.smiles).HasSubstructMatch(scaffold) for one in built.chosen)
    assert len(built.chosen) == 5

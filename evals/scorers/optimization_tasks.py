"""The tasks of the PMO benchmark that need RDKit alone, in terms of our objectives.

Brown et al. 2019 (arXiv:1811.09621) defined them; Gao et al. 2022 (arXiv:2206.12411) measure how
soon they are solved.
"""

from collections.abc import Callable
from dataclasses import dataclass

from models.molecules.design.desirability import Desirability
from models.molecules.design.objective import Objective
from models.molecules.design.quantities import QUANTITIES
from models.molecules.design.terms import (
    Term,
    formula_term,
    pattern_term,
    quantity_term,
    similarity_term,
)

ALBUTEROL = "CC(C)(C)NCC(O)c1ccc(O)c(CO)c1"
AMLODIPINE = r"Clc1ccccc1C2C(=C(/N/C(=C2/C(=O)OCC)COCCN)C)\C(=O)OC"
CAMPHOR = "CC1(C)C2CCC1(C)C(=O)C2"
CELECOXIB = "CC1=CC=C(C=C1)C1=CC(=NN1C1=CC=C(C=C1)S(N)(=O)=O)C(F)(F)F"
FEXOFENADINE = "CC(C)(C(=O)O)c1ccc(cc1)C(O)CCCN2CCC(CC2)C(O)(c3ccccc3)c4ccccc4"
HOP = "CCCOc1cc2ncnc(Nc3ccc4ncsc4c3)c2cc1S(=O)(=O)C(C)(C)C"
MENTHOL = "CC(C)C1CCC(C)CC1O"
MESTRANOL = "COc1ccc2[C@H]3CC[C@@]4(C)[C@@H](CC[C@@]4(O)C#C)[C@@H]3CCc2c1"
OSIMERTINIB = "COc1cc(N(C)CCN(C)C)c(NC(=O)C=C)cc1Nc2nccc(n2)c3cn(C)c4ccccc34"
PERINDOPRIL = "O=C(OCC)C(NC(C(=O)N1C(C(=O)O)CC2CCCCC12)C)CCC"
RANOLAZINE = "COc1ccccc1OCC(O)CN2CCN(CC(=O)Nc3c(C)cccc3C)CC2"
SILDENAFIL = "CCCC1=NN(C2=C1N=C(NC2=O)C3=C(C=CC(=C3)S(=O)(=O)N4CCN(CC4)C)OCC)C"
SITAGLIPTIN = "Fc1cc(c(F)cc1F)CC(N)CC(=O)N3Cc2nnc(n2CC3)C(F)(F)F"
TADALAFIL = "O=C1N(CC(N2C1CC3=C(C2C4=CC5=C(OCO5)C=C4)NC6=C3C=CC=C6)=O)C"
THIOTHIXENE = "CN(C)S(=O)(=O)c1ccc2Sc3ccccc3C(=CCCN4CCN(C)CC4)c2c1"
TROGLITAZONE = "Cc1c(C)c2OC(C)(COc3ccc(CC4SC(=O)NC4=O)cc3)CCc2c(C)c1O"
ZALEPLON = "O=C(C)N(CC)C1=CC=CC(C2=CC=NC3=C(C=NN23)C#N)=C1"
HOP_CORE = "[#7]-c1n[c;h1]nc2[c;h1]c(-[#8])[c;h0][c;h1]c12"
HOP_TAIL = "[#6]-[#6]-[#6]-[#8]-[#6]~[#6]~[#6]~[#6]~[#6]-[#7]-c1ccc2ncsc2c1"


@dataclass(frozen=True)
class Task:
    """A task with published areas under the curve of the best ten (means of runs).

    Attributes:
        name: As in the benchmark.
        make: Makes the objective.
        graph_ga: Graph GA (Jensen 2019; Gao et al. 2022).
        reinvent: REINVENT (Olivecrona et al. 2017; Gao et al. 2022).
        mol_ga: Mol GA (Tripp and Hernández-Lobato 2023).
        genetic_gfn: Genetic GFN (Kim et al. 2024).
    """

    name: str
    make: Callable[[], Objective]
    graph_ga: float
    reinvent: float
    mol_ga: float
    genetic_gfn: float


def _quantity(name: str, shape: str, at: float, width: float) -> Term:
    quantity = next(quantity for quantity in QUANTITIES if quantity.name == name)
    return quantity_term(quantity, Desirability(shape, at, width))  # type: ignore[arg-type]


def _own(name: str, smiles: str) -> float:
    from rdkit import Chem

    quantity = next(quantity for quantity in QUANTITIES if quantity.name == name)
    return float(quantity.compute(Chem.MolFromSmiles(smiles)))


def _count(symbol: str, count: int) -> Term:
    near = Desirability("near", count, 1.0)

    def value(molecule: object) -> float:
        return float(sum(atom.GetSymbol() == symbol for atom in molecule.GetAtoms()))  # type: ignore[attr-defined]

    return Term(f"{symbol} atoms", value, near)


def _up_to(at: float) -> Desirability:
    return Desirability("up_to", at)


TASKS = (
    Task("albuterol_similarity",
         lambda: Objective.of(similarity_term(ALBUTEROL, "FCFP4", _up_to(0.75))),
         0.838, 0.882, 0.896, 0.949),
    Task("amlodipine_mpo",
         lambda: Objective.of(similarity_term(AMLODIPINE), _quantity("rings", "near", 3, 0.5)),
         0.661, 0.635, 0.688, 0.761),
    Task("celecoxib_rediscovery", lambda: Objective.of(similarity_term(CELECOXIB)),
         0.630, 0.710, 0.680, 0.802),
    Task("deco_hop",
         lambda: Objective.of(
             similarity_term(HOP, "pharmacophore", _up_to(0.85)),
             pattern_term("CS([#6])(=O)=O", present=False),
             pattern_term("[#7]-c1ccc2ncsc2c1", present=False),
             pattern_term(HOP_CORE), mean="arithmetic"),
         0.619, 0.666, 0.649, 0.733),
    Task("fexofenadine_mpo",
         lambda: Objective.of(
             similarity_term(FEXOFENADINE, "AP", _up_to(0.8)),
             _quantity("tpsa", "at_least", 90, 10), _quantity("logp", "at_most", 4, 1)),
         0.760, 0.784, 0.825, 0.856),
    Task("isomers_c7h8n2o2",
         lambda: Objective.of(formula_term("C7H8N2O2", {"C": 7, "H": 8, "N": 2, "O": 2})),
         0.862, 0.852, 0.878, 0.969),
    Task("isomers_c9h10n2o2pf2cl",
         lambda: Objective.of(formula_term(
             "C9H10N2O2PF2Cl", {"C": 9, "H": 10, "N": 2, "O": 2, "P": 1, "F": 2, "Cl": 1})),
         0.719, 0.642, 0.865, 0.897),
    Task("median1", lambda: Objective.of(similarity_term(CAMPHOR), similarity_term(MENTHOL)),
         0.294, 0.356, 0.257, 0.379),
    Task("median2",
         lambda: Objective.of(
             similarity_term(TADALAFIL, "ECFP6"), similarity_term(SILDENAFIL, "ECFP6")),
         0.273, 0.276, 0.301, 0.294),
    Task("mestranol_similarity",
         lambda: Objective.of(similarity_term(MESTRANOL, "AP", _up_to(0.75))),
         0.579, 0.618, 0.591, 0.708),
    Task("osimertinib_mpo",
         lambda: Objective.of(
             similarity_term(OSIMERTINIB, "FCFP4", _up_to(0.8)),
             similarity_term(OSIMERTINIB, "ECFP6", Desirability("at_most", 0.85, 0.1)),
             _quantity("tpsa", "at_least", 100, 10), _quantity("logp", "at_most", 1, 1)),
         0.831, 0.837, 0.844, 0.860),
    Task("perindopril_mpo",
         lambda: Objective.of(
             similarity_term(PERINDOPRIL), _quantity("aromatic_rings", "near", 2, 0.5)),
         0.538, 0.537, 0.547, 0.595),
    Task("qed", lambda: Objective.of(_quantity("qed", "scaled", 1, 1)), 0.940, 0.941, 0.941, 0.942),
    Task("ranolazine_mpo",
         lambda: Objective.of(
             similarity_term(RANOLAZINE, "AP", _up_to(0.7)), _quantity("tpsa", "at_least", 95, 20),
             _quantity("logp", "at_least", 7, 1), _count("F", 1)),
         0.728, 0.760, 0.804, 0.819),
    Task("scaffold_hop",
         lambda: Objective.of(
             similarity_term(HOP, "pharmacophore", _up_to(0.75)),
             pattern_term(HOP_TAIL), pattern_term(HOP_CORE, present=False), mean="arithmetic"),
         0.517, 0.560, 0.527, 0.615),
    Task("sitagliptin_mpo",
         lambda: Objective.of(
             similarity_term(SITAGLIPTIN, "ECFP4", Desirability("near", 0, 0.1)),
             _quantity("logp", "near", _own("logp", SITAGLIPTIN), 0.2),
             _quantity("tpsa", "near", _own("tpsa", SITAGLIPTIN), 5),
             formula_term("C16H15F6N5O", {"C": 16, "H": 15, "F": 6, "N": 5, "O": 1})),
         0.433, 0.021, 0.582, 0.634),
    Task("thiothixene_rediscovery", lambda: Objective.of(similarity_term(THIOTHIXENE)),
         0.479, 0.534, 0.519, 0.583),
    Task("troglitazone_rediscovery", lambda: Objective.of(similarity_term(TROGLITAZONE)),
         0.390, 0.441, 0.427, 0.511),
    Task("zaleplon_mpo",
         lambda: Objective.of(
             similarity_term(ZALEPLON),
             formula_term("C19H17N3O2", {"C": 19, "H": 17, "N": 3, "O": 2})),
         0.346, 0.358, 0.519, 0.552),
)  # fmt: skip

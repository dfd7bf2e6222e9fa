"""Groups and rings of molecules by name."""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdkit import Chem

GROUPS = {
    "amide": "[NX3][CX3](=O)[#6]", "sulfonamide": "[NX3]S(=O)(=O)[#6]", "ester": "[#6]C(=O)O[#6]",
    "carboxylic acid": "[CX3](=O)[OX2H1]", "carboxyl": "[CX3](=O)[OX2H1]", "nitro": "[N+](=O)[O-]",
    "amine": "[NX3;H2,H1,H0;!$(N*=[O,S,N]);!$(N=*)]",
    "primary amine": "[NX3;H2;!$(N*=[O,S,N])]", "nitrile": "C#N",
    "carbamate": "[NX3]C(=O)O[#6]", "sulfone": "[#6]S(=O)(=O)[#6]",
    "sulfoxide": "[#6][SX3](=O)[#6]", "hydroxyl": "[OX2H]", "methoxy": "[CH3]O[#6]",
    "tertiary amine": "[NX3;H0;!$(N*=[O,S,N]);!$(N=*)]",
    "secondary amine": "[NX3;H1;!$(N*=[O,S,N])]([#6])[#6]", "hydroxamic acid": "C(=O)N[OX2H]",
    "boronic acid": "B(O)O", "acrylamide": "C=CC(=O)N", "catechol": "[OH]c1ccccc1[OH]",
    "lactam": "[NX3;R][CX3;R](=O)", "phosphate": "P(=O)(O)O", "cyclopropyl": "C1CC1",
    "cyclohexyl": "C1CCCCC1", "tert-butyl": "[CX4]([CH3])([CH3])[CH3]",
    "naphthalene": "c1ccc2ccccc2c1",
    "biphenyl": "c1ccccc1-c1ccccc1", "quinazoline": "c1ccc2ncncc2c1",
    "isoquinoline": "c1ccc2cnccc2c1", "quinoxaline": "c1ccc2nccnc2c1",
    "benzimidazole": "c1ccc2[nH]cnc2c1", "indazole": "c1ccc2[nH]ncc2c1",
    "benzofuran": "c1ccc2occc2c1", "benzothiophene": "c1ccc2sccc2c1",
    "benzothiazole": "c1ccc2scnc2c1", "benzoxazole": "c1ccc2ocnc2c1", "purine": "c1ncc2[nH]cnc2n1",
    "coumarin": "O=c1ccc2ccccc2o1", "pyrrole": "c1cc[nH]c1", "pyrazole": "c1cn[nH]c1",
    "oxazole": "c1cocn1", "thiazole": "c1cscn1", "isoxazole": "c1conc1",
    "1,2,4-triazole": "c1nc[nH]n1", "1,2,3-triazole": "c1c[nH]nn1", "tetrazole": "c1nnn[nH]1",
    "pyrazine": "c1cnccn1", "pyridazine": "c1ccnnc1", "pyrrolidine": "C1CCNC1",
    "azetidine": "C1CNC1", "azepane": "C1CCCNCC1", "tetrahydrofuran": "C1CCOC1",
    "tetrahydropyran": "C1CCOCC1",
    "alcohol": "[OX2H][CX4]", "phenol": "[OX2H]c", "aldehyde": "[CX3H1](=O)[#6]",
    "ketone": "[#6][CX3](=O)[#6]", "ether": "[OD2]([#6;!$(C=O)])[#6;!$(C=O)]",
    "halogen": "[F,Cl,Br,I]",
    "fluorine": "F", "chlorine": "Cl", "bromine": "Br", "iodine": "I", "sulfur": "[#16]",
    "phosphorus": "[#15]", "benzene": "c1ccccc1", "phenyl": "c1ccccc1", "pyridine": "n1ccccc1",
    "piperazine": "N1CCNCC1", "piperidine": "N1CCCCC1", "morpholine": "O1CCNCC1",
    "indole": "c1ccc2[nH]ccc2c1", "imidazole": "c1cncn1", "thiophene": "c1ccsc1",
    "furan": "c1ccoc1", "quinoline": "c1ccc2ncccc2c1", "pyrimidine": "c1cncnc1",
    "trifluoromethyl": "C(F)(F)F", "urea": "NC(=O)N", "guanidine": "NC(=N)N", "thiol": "[SX2H]",
    "epoxide": "C1OC1", "azide": "N=[N+]=[N-]",
}  # fmt: skip
"""SMARTS of groups; rings are SMILES too."""


NAMES = "|".join(sorted(map(re.escape, GROUPS), key=len, reverse=True))
"""Matches a name of a group, the longest first."""


def group_smarts(name: str) -> str | None:
    """Returns the SMARTS of a group by its name, in the plural too; None for another name.

    The nitrogen of a ring may be substituted: indole is found in N-methylindole.
    """
    folded = name.casefold()
    smarts = GROUPS.get(folded) or GROUPS.get(folded.removesuffix("s"))
    return smarts.replace("[nH]", "n") if smarts else None


def functional_groups(molecule: "Chem.Mol") -> dict[str, int]:
    """Returns which groups and rings a molecule has, and how many of each."""
    found = {name: len(molecule.GetSubstructMatches(query)) for name, query in queries().items()}
    return {name: times for name, times in found.items() if times}


def known_name(name: str) -> str:
    """Returns the name by which a group is counted that may have several: phenyl is benzene."""
    smarts = group_smarts(name)
    return next((known for known in queries() if group_smarts(known) == smarts), name)


@cache
def queries() -> dict[str, "Chem.Mol"]:
    """Returns what matches each group; of several names for the same, the first."""
    from rdkit import Chem

    names = {str(group_smarts(name)): name for name in reversed(GROUPS)}
    return {name: Chem.MolFromSmarts(smarts) for smarts, name in reversed(names.items())}

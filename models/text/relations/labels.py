"""The relations of ChemProt: their labels, the words for them and their groups."""

NONE = "NONE"
"""The label of a pair between which a sentence states no relation."""

NAMES = {
    "INHIBITOR": "inhibitor",
    "SUBSTRATE": "substrate",
    "INDIRECT-DOWNREGULATOR": "indirect downregulator",
    "INDIRECT-UPREGULATOR": "indirect upregulator",
    "ACTIVATOR": "activator",
    "ANTAGONIST": "antagonist",
    "PRODUCT-OF": "product of",
    "AGONIST": "agonist",
    "DOWNREGULATOR": "downregulator",
    "UPREGULATOR": "upregulator",
    "SUBSTRATE_PRODUCT-OF": "substrate and product of",
    "AGONIST-ACTIVATOR": "agonist and activator",
    "AGONIST-INHIBITOR": "agonist and inhibitor",
}
"""Labels, and what the chemical is to the protein."""

GROUPS = {
    "UPREGULATOR": "CPR:3",
    "ACTIVATOR": "CPR:3",
    "INDIRECT-UPREGULATOR": "CPR:3",
    "DOWNREGULATOR": "CPR:4",
    "INHIBITOR": "CPR:4",
    "INDIRECT-DOWNREGULATOR": "CPR:4",
    "AGONIST": "CPR:5",
    "AGONIST-ACTIVATOR": "CPR:5",
    "AGONIST-INHIBITOR": "CPR:5",
    "ANTAGONIST": "CPR:6",
    "SUBSTRATE": "CPR:9",
    "PRODUCT-OF": "CPR:9",
    "SUBSTRATE_PRODUCT-OF": "CPR:9",
}
"""The groups that BioCreative VI scored (Krallinger et al. 2017)."""

LABELS = (*NAMES, NONE)

"""What can be asked of molecules: how it is recognised, told and ranked."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from tools.molecules.words.questions import Question
from tools.molecules.words.wording import (
    BREAKS,
    FREE,
    GROUP_ASKED,
    POOR,
    Profile,
    Wording,
    absorption,
    accessibility,
    alerts,
    brain,
    charge,
    groups,
    hints,
    keeps_rule,
    lipinski,
    lowered,
    number,
    solubility,
    stereocentres,
    veber,
    violations,
    weight,
)  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """What holds of a molecule or not.

    Attributes:
        holds: Tells.
        turned: Words that ask for its opposite: break, free of.
        said: What those do of which it holds, and those of which it does not.
    """

    holds: Callable[[Profile], bool]
    turned: str
    said: tuple[str, str]


@dataclass(frozen=True)
class Topic:
    """Something that can be asked of a molecule.

    Attributes:
        asked: Recognises the question.
        answer: Words it for one molecule.
        key: The number of `profile_table` by which molecules are ranked; empty for none.
        measure: What that number is called.
        inverse: Words that ask for more and mean less of the number: easier to make.
        verdict: What of several molecules may hold; None where nothing is yes or no.
    """

    asked: re.Pattern[str]
    answer: Wording
    key: str = ""
    measure: str = ""
    inverse: str = r"(?!)"
    verdict: Verdict | None = None

    def turns(self, question: Question) -> bool:
        """Tells whether a question that asks for more of it wants less of the number."""
        return bool(re.search(self.inverse, question.words))


def _number(asked: str, key: str, name: str, unit: str = "", inverse: str = r"(?!)") -> Topic:
    measure = lowered(name).split(",")[0]
    return Topic(re.compile(asked), number(key, name, unit), key, measure, inverse)


def _things(asked: str, key: str, name: str) -> Topic:
    """Makes the topic of how many of something there are."""
    topic = _number(asked, key, name)
    return replace(topic, measure=f"number of {topic.measure}")


def _rule(key: str, name: str) -> Topic:
    told = keeps_rule(key, name)
    return Topic(re.compile(rf"\b{key}\b"), told, verdict=_keeps(key, f"{name}'s rule"))


def _filter(family: str, name: str, asked: str) -> Topic:
    verdict = Verdict(
        lambda profile: bool(profile[family]["alerts"]),
        FREE,
        (f"have a {name} alert", f"have no {name} alert"),
    )
    return Topic(re.compile(asked), alerts(family, name), verdict=verdict)


def _keeps(key: str, rule: str) -> Verdict:
    return Verdict(
        lambda profile: bool(profile[key]["pass"]), BREAKS, (f"keep {rule}", f"break {rule}")
    )


def _topic(
    asked: str,
    answer: Wording,
    key: str = "",
    measure: str = "",
    inverse: str = r"(?!)",
    verdict: Verdict | None = None,
) -> Topic:
    return Topic(re.compile(asked), answer, key, measure, inverse, verdict)


WEIGHT = _topic(
    r"molecular (weight|mass)|molar mass|\bmol\.? ?(weight|wt)\b|\bm\.?w\.?\b|weigh|"
    r"\bheav(y\b(?! ?atom)|ie)|\blight(er|est)\b|\b(is|which) (the )?(bigg|larg|small)(er|est)\b",
    weight,
    "molecular_weight",
    "molecular weight",
)
SOLUBILITY = _topic(r"solub|\blog ?s\b", solubility, "log_solubility", "log solubility", r"insolub")
ABSORPTION = _topic(
    r"gastro|\bg\.?i\.?\b|intestin|absor[bp]|\bhia\b|\bgut\b",
    absorption,
    verdict=Verdict(
        lambda profile: profile["gastrointestinal_absorption"] == "High",
        POOR,
        ("have high gastrointestinal absorption", "have low gastrointestinal absorption"),
    ),
)
BRAIN = _topic(
    r"\bbbb\b|blood[- ]?brain|\bbrain\b|\bcns\b",
    brain,
    verdict=Verdict(
        lambda profile: bool(profile["blood_brain_barrier"]),
        POOR,
        ("pass the blood-brain barrier", "do not pass the blood-brain barrier"),
    ),
)
FIVE = _keeps("lipinski", "Lipinski's rule of five")
TOPICS = (
    WEIGHT,
    _number(
        r"\bexact (molecular )?(mass|weight)|monoisotopic|accurate mass",
        "exact_mass",
        "Exact mass, monoisotopic",
        " g/mol",
    ),
    _number(r"\bformula\b", "formula", "Formula"),
    _number(
        r"\bqed\b|quantitative estimate",
        "qed",
        "QED",
        " (0 to 1, higher is more drug-like)",
    ),
    _topic(
        r"synthe|\bsas?\b|(eas(y|ier|iest)|hard(er|est)?|difficult)\b.{0,20}\b(make|made)\b",
        accessibility,
        "synthetic_accessibility",
        "synthetic accessibility score",
        r"eas(y|ie)|hard|best|better|worst|worse|accessible|able\b|simpl",
    ),
    _number(
        r"\bt?psa\b|polar surface|\b(more|most|less|least) polar\b",
        "tpsa",
        "Topological polar surface area",
        " Å²",
    ),
    _number(
        r"\b[cw]?log ?p\b|lipophil|hydrophob|hydrophil|partition coeff",
        "logp",
        "LogP",
        inverse="hydrophil",
    ),
    SOLUBILITY,
    _topic(
        r"^(?!.*\b(veber|ghose|egan|muegge)\b(?!.*lipinsk)).*violat",
        violations,
        "lipinski_violations",
        "number of Lipinski violations",
        verdict=Verdict(FIVE.holds, r"", FIVE.said),
    ),
    _topic(r"^(?!.*violat).*(?<!estimate of )drug[- ]?like", lipinski, "qed", "QED", verdict=FIVE),
    _topic(
        r"^(?!.*violat).*(lipinsk[iy]|rule[- ]of[- ](five|5)|\bro5\b)",
        lipinski,
        "lipinski_violations",
        "number of Lipinski violations",
        r"best|better|worst|worse",
        FIVE,
    ),
    _topic(r"\bveber|\boral", veber, verdict=_keeps("veber", "Veber's rule")),
    _rule("ghose", "Ghose"),
    _rule("egan", "Egan"),
    _rule("muegge", "Muegge"),
    _topic(r"\btoxic", hints),
    _filter("pains", "PAINS", r"\bpains?\b|pan[- ]assay|interference|structural alert"),
    _filter("brenk", "Brenk", r"\bbrenk|structural alert"),
    ABSORPTION,
    BRAIN,
    _things(r"\bdonors?\b|\bhbd\b", "h_bond_donors", "Hydrogen-bond donors"),
    _things(r"\bacceptors?\b|\bhba\b", "h_bond_acceptors", "Hydrogen-bond acceptors"),
    _things(r"rotatable|\b(more|most|less|least) flexible", "rotatable_bonds", "Rotatable bonds"),
    _things(r"\b(?<!aromatic )rings?\b", "rings", "Rings"),
    _things(r"aromatic rings?|\baromatic\b(?! atom)", "aromatic_rings", "Aromatic rings"),
    _number(r"\b(f?c?)sp3\b", "fraction_sp3", "Fraction of sp3 carbons"),
    _topic(
        r"(formal|net|total|overall) charge|\b(un)?charged\b|\bneutral\b(?! form)",
        charge,
        "formal_charge",
        "formal charge",
    ),
    _topic(
        r"stereo-? ?(cent|gen|chem)|chiral|asymmetric (carbon|cent|atom)",
        stereocentres,
        "stereocentres",
        "number of stereocentres",
    ),
    _number(r"refractivity|\bmr\b", "molar_refractivity", "Molar refractivity", " cm³/mol"),
    _topic(rf"functional groups?|{GROUP_ASKED.pattern}", groups),
    _things(r"heavy[- ]atom|non-?hydrogen atom", "heavy_atoms", "Heavy atoms"),
    _things(r"hetero-?atom", "heteroatoms", "Heteroatoms"),
    _things(r"carbon atoms?\b|\b(how many|number of) carbons", "carbons", "Carbon atoms"),
    _things(r"\b(how many|number of|total) atoms", "atoms", "Atoms, hydrogens included"),
    _number(r"inchi ?-?key", "inchikey", "InChIKey"),
    _number(r"\binchi\b(?! ?-?key)", "inchi", "InChI"),
    _number(
        r"canonical smiles|\bsmiles (string |code )?(of|for)\b|\bto smiles\b", "smiles", "SMILES"
    ),
)

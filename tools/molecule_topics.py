"""What can be asked of a molecule, and how it is told, value first."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tools.molecule_questions import Question

Profile = dict[str, Any]

DECIMALS = 4
HARD_TO_MAKE = 6
"""Score from which the authors call a molecule hard to make (Ertl and Schuffenhauer 2009)."""

SOLUBLE = ((-10, "insoluble"), (-6, "poorly soluble"), (-4, "moderately soluble"),
           (-2, "soluble"), (0, "very soluble"), (float("inf"), "highly soluble"))  # fmt: skip
"""Log solubility up to which a molecule is called so (Daina A et al. Sci Rep 2017; 7: 42717)."""

BREAKS = r"\b(break|broke|violat|fail|breach|exceed|infring|outside|flunk|disobey)"
FREE = r"\b(free|without|clean|clear|no|zero|lacks?|devoid|avoids?|pass(es)?|keeps?)\b"
POOR = r"\b(low|poor(ly)?|bad(ly)?|fails?|unable|excluded|kept out|impermeable)\b"


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
    answer: Callable[[Profile, Question], str]
    key: str = ""
    measure: str = ""
    inverse: str = r"(?!)"
    verdict: Verdict | None = None

    def turns(self, question: Question) -> bool:
        """Tells whether a question that asks for more of it wants less of the number."""
        return bool(re.search(self.inverse, question.words))


def _number(asked: str, key: str, name: str, unit: str = "", inverse: str = r"(?!)") -> Topic:
    """Makes the topic of a number or of a text that is told as it is."""

    def answer(profile: Profile, question: Question) -> str:
        value = profile[key]
        shown = f"{value:.{DECIMALS}f}" if isinstance(value, float) else str(value)
        told = f"{name}: {shown}{unit}."
        if not question.is_closed or isinstance(value, str):
            return told
        if bound := question.bound:
            return f"{question.answers(bound.holds(value))}: {told[0].lower()}{told[1:]}"
        counted = isinstance(value, int) and not re.search(r"\d", question.words)
        return f"{question.answers(value > 0)}: {told[0].lower()}{told[1:]}" if counted else told

    measure = name if name[:2].isupper() else name[0].lower() + name[1:]
    return Topic(re.compile(asked), answer, key, measure.split(",")[0], inverse)


def _things(asked: str, key: str, name: str) -> Topic:
    """Makes the topic of how many of something there are."""
    topic = _number(asked, key, name)
    return replace(topic, measure=f"number of {topic.measure}")


def _weight(profile: Profile, question: Question) -> str:
    text = (
        f"olecular weight: {profile['molecular_weight']:.{DECIMALS}f} g/mol (average; "
        f"monoisotopic mass {profile['exact_mass']:.{DECIMALS}f}), formula {profile['formula']}."
    )
    if question.is_closed and (bound := question.bound):
        return f"{question.answers(bound.holds(profile['molecular_weight']))}: m{text}"
    return f"M{text}"


def _solubility(profile: Profile, question: Question) -> str:
    value = profile["log_solubility"]
    called = next(name for most, name in SOLUBLE if value <= most)
    text = (
        f"og solubility in water, estimated (Delaney's linear model): {value:.{DECIMALS}f} (log10 "
        f"of mol/L)"
    )
    if not question.is_closed:
        return f"L{text}, {called}."
    if bound := question.bound:
        return f"{question.answers(bound.holds(value))}: l{text}, {called}."
    said = question.answers(value > SOLUBLE[2][0], rf"{POOR}|insolub")
    return f"{said}: {called}; l{text}."


def _accessibility(profile: Profile, question: Question) -> str:
    score = profile["synthetic_accessibility"]
    text = f"ynthetic accessibility: {score:.{DECIMALS}f} (1 is easy to make, 10 is hard)."
    if not question.is_closed:
        return f"S{text}"
    if bound := question.bound:
        return f"{question.answers(bound.holds(score))}: s{text}"
    return f"{question.answers(score < HARD_TO_MAKE, r'hard|difficult|tough')}: s{text}"


def _charge(profile: Profile, question: Question) -> str:
    charge = profile["formal_charge"]
    if question.is_closed:
        said = question.answers(charge != 0, r"\b(neutral|uncharged)\b")
        return f"{said}: formal charge {charge}."
    return f"Formal charge: {charge}."


def _stereocentres(profile: Profile, question: Question) -> str:
    centres, unspecified = profile["stereocentres"], profile["unspecified_stereocentres"]
    which = f", {unspecified} of them unspecified" if centres else ""
    if not question.is_closed:
        return f"Stereocentres: {centres}{which}."
    if bound := question.bound:
        said = question.answers(bound.holds(centres))
    elif re.search(r"\b(unspecified|undefined|unassigned|unknown)\b", question.words):
        said = question.answers(unspecified > 0)
    else:
        said = question.answers(centres > 0, r"achiral")
    return f"{said}: {count(centres, 'stereocentre')}{which}."


def _lipinski(profile: Profile, question: Question) -> str:
    verdict = profile["lipinski"]
    violations = verdict["violations"]
    values = ", ".join(f"{rule['name']} {rule['value']:.4g}" for rule in verdict["rules"])
    kept = "keeps" if verdict["pass"] else "breaks"
    found = f"({', '.join(violations)})" if violations else ""
    text = (
        f"it {kept} Lipinski's rule of five with {count(violations, 'violation')} {found}".strip()
    )
    if verdict["pass"] and violations:
        strictly = question.answers(holds=False, turned=BREAKS) or "No"
        text += f"; one is allowed, a strict reading that allows none would say {strictly.lower()}"
    text += f"; {values}; QED {profile['qed']:.{DECIMALS}f}."
    return question.says(text, verdict["pass"], BREAKS)


def _violations(profile: Profile, question: Question) -> str:
    found = profile["lipinski"]["violations"]
    which = f" ({', '.join(found)})" if found else ""
    if question.is_closed:
        said = question.answers(bool(found), FREE)
        return f"{said}: {count(found, 'Lipinski violation')}{which}."
    return f"Lipinski violations: {len(found)}{which}."


def _veber(profile: Profile, question: Question) -> str:
    kept = profile["veber"]["pass"]
    text = (
        f"it {'keeps' if kept else 'breaks'} Veber's rule for oral availability; polar surface "
        f"area {profile['tpsa']:.2f} Å², {count(profile['rotatable_bonds'], 'rotatable bond')}."
    )
    return question.says(text, kept, BREAKS)


def _rule(key: str, name: str) -> Topic:
    def answer(profile: Profile, question: Question) -> str:
        verdict = profile[key]
        values = ", ".join(f"{rule['name']} {rule['value']:.4g}" for rule in verdict["rules"])
        found = f" ({', '.join(verdict['violations'])})" if verdict["violations"] else ""
        text = f"it {'keeps' if verdict['pass'] else 'breaks'} {name}'s rule{found}; {values}."
        return question.says(text, verdict["pass"], BREAKS)

    return Topic(re.compile(rf"\b{key}\b"), answer, verdict=_keeps(key, f"{name}'s rule"))


def _filter(family: str, name: str, asked: str) -> Topic:
    def answer(profile: Profile, question: Question) -> str:
        alerts = profile[family]["alerts"]
        found = ", ".join(f"{alert['name']} ({alert['fragment']})" for alert in alerts)
        text = f"{count(alerts, f'{name} alert')}{', ' * bool(alerts)}{found}."
        return question.says(text, bool(alerts), FREE)

    verdict = Verdict(
        lambda profile: bool(profile[family]["alerts"]),
        FREE,
        (f"have a {name} alert", f"have no {name} alert"),
    )
    return Topic(re.compile(asked), answer, verdict=verdict)


def _keeps(key: str, rule: str) -> Verdict:
    return Verdict(
        lambda profile: bool(profile[key]["pass"]), BREAKS, (f"keep {rule}", f"break {rule}")
    )


def _absorption(profile: Profile, question: Question) -> str:
    level = profile["gastrointestinal_absorption"]
    reason = f"(BOILED-Egg, {_polarity(profile)})"
    if question.is_closed:
        said = question.answers(level == "High", POOR)
        return f"{said}: {level.casefold()} gastrointestinal absorption {reason}."
    return f"Gastrointestinal absorption: {level} {reason}."


def _brain(profile: Profile, question: Question) -> str:
    permeant = profile["blood_brain_barrier"]
    state = "permeant" if permeant else "not permeant"
    text = f"blood-brain barrier {state} (BOILED-Egg, {_polarity(profile)})."
    return question.says(text, permeant, POOR)


def _polarity(profile: Profile) -> str:
    return f"logP {profile['logp']:.2f}, polar surface area {profile['tpsa']:.2f} Å²"


def count(things: int | list[Any], name: str) -> str:
    """Returns how many there are: no violation, 1 violation, 2 violations."""
    number = things if isinstance(things, int) else len(things)
    return f"{number or 'no'} {name}{'s' * (number > 1)}"


def _topic(
    asked: str,
    answer: Callable[[Profile, Question], str],
    key: str = "",
    measure: str = "",
    inverse: str = r"(?!)",
    verdict: Verdict | None = None,
) -> Topic:
    return Topic(re.compile(asked), answer, key, measure, inverse, verdict)


WEIGHT = _topic(
    r"molecular (weight|mass)|molar mass|\bmol\.? ?(weight|wt)\b|\bm\.?w\.?\b|weigh|"
    r"\bheav(y\b(?! ?atom)|ie)|\blight(er|est)\b|\b(is|which) (the )?(bigg|larg|small)(er|est)\b",
    _weight,
    "molecular_weight",
    "molecular weight",
)
SOLUBILITY = _topic(
    r"solub|\blog ?s\b", _solubility, "log_solubility", "log solubility", r"insolub"
)
ABSORPTION = _topic(
    r"gastro|\bg\.?i\.?\b|intestin|absor[bp]|\bhia\b|\bgut\b",
    _absorption,
    verdict=Verdict(
        lambda profile: profile["gastrointestinal_absorption"] == "High",
        POOR,
        ("have high gastrointestinal absorption", "have low gastrointestinal absorption"),
    ),
)
BRAIN = _topic(
    r"\bbbb\b|blood[- ]?brain|\bbrain\b|\bcns\b",
    _brain,
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
        _accessibility,
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
        _violations,
        "lipinski_violations",
        "number of Lipinski violations",
        verdict=Verdict(FIVE.holds, r"", FIVE.said),
    ),
    _topic(r"^(?!.*violat).*(?<!estimate of )drug[- ]?like", _lipinski, "qed", "QED", verdict=FIVE),
    _topic(
        r"^(?!.*violat).*(lipinsk[iy]|rule[- ]of[- ](five|5)|\bro5\b)",
        _lipinski,
        "lipinski_violations",
        "number of Lipinski violations",
        r"best|better|worst|worse",
        FIVE,
    ),
    _topic(r"\bveber|\boral", _veber, verdict=_keeps("veber", "Veber's rule")),
    _rule("ghose", "Ghose"),
    _rule("egan", "Egan"),
    _rule("muegge", "Muegge"),
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
        _charge,
        "formal_charge",
        "formal charge",
    ),
    _topic(
        r"stereo-? ?(cent|gen|chem)|chiral|asymmetric (carbon|cent|atom)",
        _stereocentres,
        "stereocentres",
        "number of stereocentres",
    ),
    _number(r"refractivity|\bmr\b", "molar_refractivity", "Molar refractivity", " cm³/mol"),
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

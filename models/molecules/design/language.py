"""Objectives in plain words: `soluble, easy to make, logp between 1 and 3, similar to aspirin`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations

from rdkit import Chem, rdBase

from models.errors import FieldFault, ToolError, nearest
from models.molecules.chemistry.groups import GROUPS, group_smarts
from models.molecules.chemistry.names import find_compound, suggest_name
from models.molecules.chemistry.structure import SmilesError, parse_smiles
from models.molecules.design.bounds import (
    AT_LEAST,
    AT_MOST,
    BOUND,
    CHANGED_BY,
    NUMBER,
    UNCHANGED,
    ImpossibleError,
    exclude,
    possible,
    read_curve,
    relative_curve,
    shares,
)
from models.molecules.design.desirability import AS_IT_IS, Between, Curve, Desirability, Rising
from models.molecules.design.objective import Objective
from models.molecules.design.quantities import QUANTITIES, Quantity
from models.molecules.design.terms import (
    Term,
    alerts_term,
    formula_term,
    pattern_term,
    quantity_term,
    similarity_term,
)

SEPARATOR = re.compile(r"\s*(?:;|,(?!\d)|\s&\s|\band\b(?!\s+-?\d)|\bbut\b|\bwhile\b)\s*", re.I)
WEIGHT = re.compile(rf"(?:^({NUMBER})\s*[*x×]\s*|\s*[*x×]\s*({NUMBER})$|\(weight\s+({NUMBER})\)$)")
LIKE = re.compile(
    r"^(?:(?:be|stay|keep|remain|high|more|maximi[sz]e)\s+)*"
    r"(?:similar(?:ity)?|like|likeness|close)(?:\s+(?:to|of|with))?\s+(?P<what>.+)$", re.I,
)  # fmt: skip
UNLIKE = re.compile(
    r"^(?:(?:dissimilar|unlike|different|far)\b|not\s+similar|low\s+similarity)"
    r"(?:\s+(?:to|from|of))?\s+(?P<what>.+)$", re.I,
)  # fmt: skip
SPAN = re.compile(
    rf"\s+\(?(?:(?:of|between|from|within)\s+)*(?P<low>{NUMBER})\s*(?:to|and|-|–|\.\.)\s*"
    rf"(?P<high>{NUMBER})\)?$", re.I,
)  # fmt: skip
"""From where to where the likeness to a molecule should be."""

REDISCOVER = re.compile(r"^re-?discover(?:y of|ing)?\s+(?P<what>.+)$", re.I)
WITH = re.compile(
    r"^(?:(?:with|has|have|having|contain(?:s|ing)?|keep(?:s|ing)?|includ(?:e|es|ing)|"
    r"retain(?:s|ing)?|preserv(?:e|es|ing))\s+)+(?:an?\s+|the\s+)?"
    r"(?P<what>.+?)(?:\s+(?:group|ring|substructure|scaffold|core|moiety|motif))?$", re.I,
)  # fmt: skip
WITHOUT = re.compile(
    r"^(?:without|no|avoid(?:ing)?|excluding|has no|free of)\s+(?:an?\s+|any\s+)?"
    r"(?P<what>.+?)(?:\s+(?:groups?|rings?|substructures?))?$", re.I,
)  # fmt: skip
FORMULA = re.compile(r"^(?:formula|isomers? of|molecular formula)\s+(?P<what>(?:[A-Z][a-z]?\d*)+)$")
ELEMENT = re.compile(r"([A-Z][a-z]?)(\d*)")
ALERTS = frozenset(
    {"alerts", "alert", "structural alerts", "pains", "brenk alerts", "toxicophores"}
)
LIPINSKI = re.compile(
    r"\b(?:lipinski(?:['’]s)?(?: rules?)?(?: of (?:five|5))?|rule of (?:five|5)|ro5)\b", re.I
)
LEAD_LIKE = re.compile(r"\blead[- ]?like(?:ness)?\b", re.I)
FRAGMENT_LIKE = re.compile(r"\bfragment[- ]?like\b|\brule of (?:three|3)\b|\bro3\b", re.I)
BRAIN = re.compile(
    r"\b(?:cns|brain|bbb|blood[- ]brain[- ]barrier)[- ]?(?:penetra\w+|perme\w+|active)\b|"
    r"\b(?:cross|pass|penetrat|enter|reach|get into|get through)\w*\s+(?:into\s+|through\s+)?"
    r"(?:the\s+)?(?:bbb|blood[- ]brain[- ]barrier|brain|cns)\b",
    re.I,
)
ORAL = re.compile(
    r"\b(?:better|good|high(?:er)?|improved?)?\s*\boral(?:ly)?\s+(?:absor\w+|bioavailab\w+|"
    r"availab\w+|active)\b",
    re.I,
)
VEBER = re.compile(r"\bveber(?:['’]s)?(?: rules?)?\b", re.I)
RULES = (
    (LIPINSKI, "weight <= 500, logp <= 5, hbd <= 5, hba <= 10"),
    # Lipinski's and Veber's bounds together
    (ORAL, "weight <= 500, logp <= 5, hbd <= 5, hba <= 10, rotatable bonds <= 10, tpsa <= 140"),
    (VEBER, "rotatable bonds <= 10, tpsa <= 140"),
    # Teague et al. 1999 (doi 10.1002/(SICI)1521-3773(19991216)38:24<3743::AID-ANIE3743>3.0.CO;2-U),
    # with ZINC's bounds
    (LEAD_LIKE, "weight 250 to 350, logp <= 3.5, rotatable bonds <= 7"),
    # Congreve et al. 2003 (doi 10.1016/S1359-6446(03)02831-9)
    (FRAGMENT_LIKE, "weight <= 300, logp <= 3, hbd <= 3, hba <= 3, rotatable bonds <= 3"),
    # Pajouhesh and Lenz 2005 (doi 10.1602/neurorx.2.4.541)
    (BRAIN, "weight <= 450, logp 1.5 to 5, hbd <= 3, hba <= 7, tpsa <= 90"),
)
"""Rules by name, and their bounds in words (see `models.molecules.chemistry.rules`)."""

APART = 0.4
"""Similarity from which a molecule no longer counts as different."""

LIKENESS_WIDTH = 0.1
MODEL = re.compile(r"\b[a-z]{2,5}-\d+\b")
"""A model by its name, whose number is no bound."""

SURELY = re.compile(
    r"(?P<name>[a-z]{2,5}-\d+)(?P<bound>[^,;]*?)\s+with\s+(?:low|little|small)\s+uncertainty\b",
    re.I,
)
"""A model's prediction that should also be certain."""


@dataclass(frozen=True)
class _Spoken:
    term: Term
    weight: float


def read_objective(
    text: str,
    field: str = "objective",
    learned: Sequence[Quantity] = (),
    origins: Sequence[Chem.Mol] = (),
) -> Objective:
    """Reads an objective.

    Parts are parted by commas, semicolons, `and`: a quantity (qed, logp, tpsa, weight, synthetic
    accessibility, solubility and others) alone, or with `high`, `low`, a bound (`logp < 3`) or a
    range (`tpsa 40 to 90`); `similar to X`, `different from X`, `rediscover X` (X a SMILES or a
    known name); `with G`, `without G` (G a group or SMARTS); `no alerts`; `formula C7H8N2O2`. A
    part may have a weight: `2 * qed`. A trained model is a quantity too: `prop-1 above 6 with low
    uncertainty`. `keep logp` and `higher logp by 1` are relative to the molecules that the design
    starts from.

    Args:
        text: The objective.
        field: What it is called in errors.
        learned: What trained models predict (`models.molecules.design.learned`).
        origins: The molecules that the design starts from.

    Returns:
        The weighted geometric mean of its terms; of a single quantity without a bound, that
        quantity itself.

    Raises:
        ToolError: Parts are not understood; names all of them.
    """
    for rule, bounds in RULES:
        text = rule.sub(bounds, text)
    text = SURELY.sub(r"\g<name>\g<bound>, low uncertainty of \g<name>", text)
    names = _longest_first(learned) | _spoken_names() if learned else _spoken_names()
    spoken: list[_Spoken] = []
    faults: list[FieldFault] = []
    impossible = False
    for part in filter(None, (piece.strip(" .") for piece in SEPARATOR.split(text))):
        expected = "a quantity, similar to X, with or without a group, no alerts or a formula"
        try:
            found = _read(part, names, origins)
        except ImpossibleError as error:
            found, expected, impossible = error.suggestion or "", str(error), True
        if isinstance(found, str):
            faults.append(
                FieldFault(field=field, got=repr(part), expected=expected, suggestion=found or None)
            )
        else:
            spoken.append(found)
    for one, other in combinations((said.term for said in spoken), 2):
        if one.name == other.name and exclude(one.wanted, other.wanted):
            expected, impossible = "bounds that go together", True
            faults.append(FieldFault(field=field, got=f"{one}, {other}", expected=expected))
    if faults or not spoken:
        empty = FieldFault(field=field, got=repr(text), expected="such as 'qed, logp 1 to 3'")
        message = f"The objective {'cannot be met' if impossible else 'is not understood'}."
        raise ToolError(message, *(faults or [empty]))
    terms = [one.term for one in spoken]
    if len(terms) == 1 and isinstance(curve := terms[0].wanted, Rising):
        # alone, it never has enough
        terms = [replace(terms[0], wanted=Desirability("scaled", float(curve.sign)))]
    return Objective(terms, [one.weight for one in spoken])


def _read(part: str, names: Mapping[str, Quantity], origins: Sequence[Chem.Mol]) -> "_Spoken | str":
    """Returns the term of a part, or the nearest right name (empty where there is none)."""
    weight = 1.0
    if (match := WEIGHT.search(part)) and (number := next(filter(None, match.groups()))):
        weight = float(number)
        part = (part[: match.start()] + part[match.end() :]).strip()
    if weight <= 0:
        return "a weight above 0"
    term = _relative(part, names, origins) or _term(part, names)
    return term if isinstance(term, str) else _Spoken(term, weight)


def _relative(part: str, names: Mapping[str, Quantity], origins: Sequence[Chem.Mol]) -> Term | None:
    """Reads what is said relative to the molecules that a design starts from; None otherwise.

    Raises:
        ImpossibleError: It starts from none.
    """
    match = UNCHANGED.match(part) or CHANGED_BY.match(part)
    term = _quantity(match["what"], names) if match else None
    if not match or not term:
        return None
    quantity = next(one for one in names.values() if one.name == term.name)
    if not origins:
        raise ImpossibleError(
            f"a molecule to start from (smiles), whose {term.name} is meant", None
        )
    values = [quantity.compute(molecule) for molecule in origins]
    return quantity_term(quantity, relative_curve(match, quantity, values))


def _term(part: str, names: Mapping[str, Quantity]) -> "Term | str":
    if match := FORMULA.match(part):
        counts = ELEMENT.findall(match["what"])
        return formula_term(match["what"], {symbol: int(n or 1) for symbol, n in counts})
    for pattern, kind in ((UNLIKE, "unlike"), (REDISCOVER, "same"), (LIKE, "like")):
        if match := pattern.match(part):
            return _likeness(match["what"].strip(), kind)
    if match := WITHOUT.match(part):
        if match["what"].casefold() in ALERTS:
            return alerts_term()
        return _pattern(match["what"], present=False)
    if match := WITH.match(part):
        inner = _quantity(match["what"], names)
        return inner if inner else _pattern(match["what"], present=True)
    return _quantity(part, names) or nearest(part, names) or ""


def _quantity(part: str, names: Mapping[str, Quantity]) -> Term | None:
    folded = part.casefold().replace("_", " ")
    for name, quantity in names.items():
        if match := re.search(rf"(?<![a-z]){re.escape(name)}(?![a-z\d])", folded):
            rest = (folded[: match.start()] + " " + folded[match.end() :]).strip()
            curve = read_curve(MODEL.sub("", rest), quantity)
            return quantity_term(quantity, curve) if curve else None
    return None


def _likeness(what: str, kind: str) -> "Term | str":
    what = shares(what)
    span, bound = SPAN.search(what), BOUND.search(what)
    if span:
        what = what[: span.start()].strip(" (")
    elif bound and bound.end() == len(what):
        what = what[: bound.start()].strip(" (")
    compound = find_compound(what)
    try:
        smiles = compound.smiles if compound else Chem.MolToSmiles(parse_smiles(what))
    except SmilesError:
        return suggest_name(what) or ""
    curve: Curve = AS_IT_IS
    if span:
        low, high = sorted((float(span["low"]), float(span["high"])))
        curve = _alike(Between(low, high, LIKENESS_WIDTH))
    elif kind == "unlike":
        curve = Desirability("at_most", APART, LIKENESS_WIDTH)
    elif bound and bound["sign"].casefold() in AT_LEAST and float(bound["at"]) > 0:
        curve = _alike(Desirability("up_to", float(bound["at"])))
    elif bound and bound["sign"].casefold() in AT_MOST:
        curve = _alike(Desirability("at_most", float(bound["at"]), LIKENESS_WIDTH))
    return similarity_term(smiles, "ECFP4", curve, compound.name if compound else "")


def _alike(curve: Desirability | Between) -> Curve:
    return possible(curve, "similarity", 0, 1)


def _pattern(what: str, *, present: bool) -> "Term | str":
    group = what.casefold()
    if smarts := group_smarts(group):
        return pattern_term(smarts, present=present, label=group)
    with rdBase.BlockLogs():
        query = Chem.MolFromSmarts(what)
    if query is None or not query.GetNumAtoms():
        return nearest(group, GROUPS) or ""
    return pattern_term(what, present=present)


@cache
def _spoken_names() -> dict[str, Quantity]:
    """Returns every name of every quantity that is computed, the longest first."""
    return _longest_first(QUANTITIES)


def _longest_first(quantities: Sequence[Quantity]) -> dict[str, Quantity]:
    named = [
        (name.replace("_", " ").casefold(), quantity)
        for quantity in quantities
        for name in (quantity.name, *quantity.spoken)
    ]
    return dict(sorted(named, key=lambda pair: -len(pair[0])))

"""How each property of a molecule is told, value or Yes and No first."""

import re
from collections.abc import Callable
from typing import Any

from models.molecules.chemistry.groups import NAMES, known_name
from tools.molecules.words.questions import Question, begin

Profile = dict[str, Any]
Wording = Callable[[Profile, Question], str]

DECIMALS = 4
HARD_TO_MAKE = 6
"""Score from which the authors call a molecule hard to make (Ertl and Schuffenhauer 2009)."""

SOLUBLE = ((-10, "insoluble"), (-6, "poorly soluble"), (-4, "moderately soluble"),
           (-2, "soluble"), (0, "very soluble"), (float("inf"), "highly soluble"))  # fmt: skip
"""Log solubility up to which a molecule is called so (Daina A et al. Sci Rep 2017; 7: 42717)."""

BREAKS = r"\b(break|broke|violat|fail|breach|exceed|infring|outside|flunk|disobey)"
FREE = r"\b(free|without|clean|clear|no|zero|lacks?|devoid|avoids?|pass(es)?|keeps?)\b"
POOR = r"\b(low|poor(ly)?|bad(ly)?|fails?|unable|excluded|kept out|impermeable)\b"


def number(key: str, name: str, unit: str = "") -> Wording:
    """Makes the wording of a number or of a text that is told as it is."""

    def answer(profile: Profile, question: Question) -> str:
        value = profile[key]
        shown = f"{value:.{DECIMALS}f}" if isinstance(value, float) else str(value)
        if isinstance(value, str):
            return f"{name}: {shown}{unit}."
        said = question.within(value)
        if said is None and isinstance(value, int) and not re.search(r"\d", question.words):
            said = question.answers(value > 0) if question.is_closed else None
        return begin(said, f"{lowered(name)}: {shown}{unit}.")

    return answer


def weight(profile: Profile, question: Question) -> str:
    """Tells the average weight, the monoisotopic mass and the formula."""
    text = (
        f"molecular weight: {profile['molecular_weight']:.{DECIMALS}f} g/mol (average; "
        f"monoisotopic mass {profile['exact_mass']:.{DECIMALS}f}), formula {profile['formula']}."
    )
    return begin(question.within(profile["molecular_weight"]), text)


def solubility(profile: Profile, question: Question) -> str:
    """Tells the solubility and what it is called."""
    value = profile["log_solubility"]
    called = next(name for most, name in SOLUBLE if value <= most)
    text = (
        f"log solubility in water, estimated (Delaney's linear model): {value:.{DECIMALS}f} "
        "(log10 of mol/L)"
    )
    said = question.within(value)
    if question.is_closed and not said:
        said = question.answers(value > SOLUBLE[2][0], rf"{POOR}|insolub")
        return f"{said}: {called}; {text}."
    return begin(said, f"{text}, {called}.")


GROUP_ASKED = re.compile(
    rf"\b(?:contain\w*|ha(?:s|ve)|bear\w*|an?|any|number of|how many)\s+(?:an?\s+|any\s+)?"
    rf"(?P<name>{NAMES})s?(?![\w-])"
)
"""Names a group that a molecule may have."""


def groups(profile: Profile, question: Question) -> str:
    """Tells whether a molecule has the groups that are named, or which it has."""
    found = profile["functional_groups"]
    named = list(dict.fromkeys(match["name"] for match in GROUP_ASKED.finditer(question.words)))
    if not named:
        listed = ", ".join(f"{name} ({times})" for name, times in found.items())
        return f"Functional groups and rings: {listed or 'none that is known by name'}."
    told = []
    for name in named:
        times = found.get(known_name(name), 0)
        said = question.answers(times > 0) if question.is_closed else None
        told.append(begin(said, f"{count(times, name)}."))
    return " ".join(told)


def hints(profile: Profile, question: Question) -> str:
    """Tells the structural alerts, which is all that a structure says of toxicity."""
    told = [
        f"{name}: {', '.join(alert['name'] for alert in profile[family]['alerts']) or 'none'}"
        for family, name in (("brenk", "Brenk"), ("pains", "PAINS"))
    ]
    return f"Structural alerts ({'; '.join(told)}) are hints, no measurement of toxicity."


def accessibility(profile: Profile, question: Question) -> str:
    """Tells how easy it is to make."""
    score = profile["synthetic_accessibility"]
    said = question.within(score)
    if question.is_closed and not said:
        said = question.answers(score < HARD_TO_MAKE, r"hard|difficult|tough")
    return begin(
        said, f"synthetic accessibility: {score:.{DECIMALS}f} (1 is easy to make, 10 is hard)."
    )


def charge(profile: Profile, question: Question) -> str:
    """Tells the formal charge."""
    charge = profile["formal_charge"]
    if question.is_closed:
        said = question.answers(charge != 0, r"\b(neutral|uncharged)\b")
        return f"{said}: formal charge {charge}."
    return f"Formal charge: {charge}."


def stereocentres(profile: Profile, question: Question) -> str:
    """Tells how many stereocentres there are, and how many are unspecified."""
    centres, unspecified = profile["stereocentres"], profile["unspecified_stereocentres"]
    which = f", {unspecified} of them unspecified" if centres else ""
    if not question.is_closed:
        return f"Stereocentres: {centres}{which}."
    if within := question.within(centres):
        said = within
    elif re.search(r"\b(unspecified|undefined|unassigned|unknown)\b", question.words):
        said = question.answers(unspecified > 0)
    else:
        said = question.answers(centres > 0, r"achiral")
    return f"{said}: {count(centres, 'stereocentre')}{which}."


def lipinski(profile: Profile, question: Question) -> str:
    """Tells whether the rule of five is kept, by which values."""
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


def violations(profile: Profile, question: Question) -> str:
    """Tells how many of Lipinski's limits are exceeded."""
    found = profile["lipinski"]["violations"]
    which = f" ({', '.join(found)})" if found else ""
    if question.is_closed:
        said = question.answers(bool(found), FREE)
        return f"{said}: {count(found, 'Lipinski violation')}{which}."
    return f"Lipinski violations: {len(found)}{which}."


def veber(profile: Profile, question: Question) -> str:
    """Tells whether Veber's rule is kept."""
    kept = profile["veber"]["pass"]
    text = (
        f"it {'keeps' if kept else 'breaks'} Veber's rule for oral availability; polar surface "
        f"area {profile['tpsa']:.2f} Å², {count(profile['rotatable_bonds'], 'rotatable bond')}."
    )
    return question.says(text, kept, BREAKS)


def keeps_rule(key: str, name: str) -> Wording:
    """Makes the wording of a rule's verdict."""

    def answer(profile: Profile, question: Question) -> str:
        verdict = profile[key]
        values = ", ".join(f"{rule['name']} {rule['value']:.4g}" for rule in verdict["rules"])
        found = f" ({', '.join(verdict['violations'])})" if verdict["violations"] else ""
        text = f"it {'keeps' if verdict['pass'] else 'breaks'} {name}'s rule{found}; {values}."
        return question.says(text, verdict["pass"], BREAKS)

    return answer


def alerts(family: str, name: str) -> Wording:
    """Makes the wording of a family of structural alerts."""

    def answer(profile: Profile, question: Question) -> str:
        alerts = profile[family]["alerts"]
        found = ", ".join(f"{alert['name']} ({alert['fragment']})" for alert in alerts)
        text = f"{count(alerts, f'{name} alert')}{', ' * bool(alerts)}{found}."
        return question.says(text, bool(alerts), FREE)

    return answer


def absorption(profile: Profile, question: Question) -> str:
    """Tells the absorption in the gut."""
    level = profile["gastrointestinal_absorption"]
    reason = f"(BOILED-Egg, {_polarity(profile)})"
    if question.is_closed:
        said = question.answers(level == "High", POOR)
        return f"{said}: {level.casefold()} gastrointestinal absorption {reason}."
    return f"Gastrointestinal absorption: {level} {reason}."


def brain(profile: Profile, question: Question) -> str:
    """Tells whether it passes the blood-brain barrier."""
    permeant = profile["blood_brain_barrier"]
    state = "permeant" if permeant else "not permeant"
    text = f"blood-brain barrier {state} (BOILED-Egg, {_polarity(profile)})."
    return question.says(text, permeant, POOR)


def _polarity(profile: Profile) -> str:
    return f"logP {profile['logp']:.2f}, polar surface area {profile['tpsa']:.2f} Å²"


def lowered(name: str) -> str:
    """Returns a name as it stands within a sentence; QED stays."""
    return name if name[:2].isupper() else name[0].lower() + name[1:]


def count(things: int | list[Any], name: str) -> str:
    """Returns how many there are: no violation, 1 violation, 2 violations."""
    number = things if isinstance(things, int) else len(things)
    return f"{number or 'no'} {name}{'s' * (number > 1)}"

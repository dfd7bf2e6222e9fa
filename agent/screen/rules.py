"""The rules of refusal: what is asked for, what excuses it, and what is said."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from agent.screen.intents import HARMLESS, IN_SECRET, MAKE_NOW, STARTS_MAKING
from agent.screen.rule_patterns import (
    ABOUT_PEOPLE,
    ABUSE,
    AGENTS,
    ANALOGUES,
    CHOLINESTERASE,
    COOKING,
    DEFENCE,
    DESIGN,
    DIVERSION,
    DRINK,
    DRINK_STUDY,
    DRUG_TEST,
    ENHANCE,
    EVADE_LAW,
    FRAUD,
    FRAUD_STUDY,
    GERMS,
    HARD_TO_DETECT,
    INHALED,
    KILL,
    KILL_PEOPLE,
    LASTING,
    MAKE,
    MOST_TOXIC,
    PUBLIC_HARM,
    REVEAL,
    REVEAL_STUDY,
    SELF_HARM,
    SELF_HARM_STUDY,
    SUBSTANCES,
    TO_PEOPLE,
    USE_AS_WEAPON,
    VACCINE_ESCAPE,
    WEAPONS,
)


@dataclass(frozen=True)
class Rule:
    """One reason to refuse.

    Attributes:
        name: What the request would do.
        applies: Tells whether a text asks for it.
    """

    name: str
    applies: Callable[[str], bool]


def _makes_weapon(text: str) -> bool:
    if DESIGN.search(text) and all(
        words.search(text) for words in (CHOLINESTERASE, LASTING, INHALED)
    ):
        return not HARMLESS.search(text)
    if not (AGENTS.search(text) or WEAPONS.search(text)):
        return False
    if USE_AS_WEAPON.search(text):
        return not DEFENCE.search(text) or bool(MAKE_NOW.search(text))
    return bool(MAKE.search(text)) and (not HARMLESS.search(text) or bool(MAKE_NOW.search(text)))


def _spreads_germs(text: str) -> bool:
    if not GERMS.search(text):
        return False
    if USE_AS_WEAPON.search(text):
        return not DEFENCE.search(text) or bool(MAKE_NOW.search(text))
    excused = HARMLESS.search(VACCINE_ESCAPE.sub("", text)) and not MAKE_NOW.search(text)
    grows = (MAKE_NOW.search(text) or STARTS_MAKING.search(text)) and re.search(
        r"\b(?:cultur\w*|grow|synthesi[sz]\w*|reconstruct\w*|mail[\s-]order|powder|spores|"
        r"aerosol\w*)\b",
        text,
        re.I,
    )
    dangerous = re.search(
        r"\b(?:anthrax|anthracis|smallpox|variola|plague|pestis|ebola|marburg|1918|tularemia|"
        r"bio)\b",
        text,
        re.I,
    )
    return bool(not excused and (ENHANCE.search(text) or (grows and dangerous)))


def _makes_drugs(text: str) -> bool:
    if DRUG_TEST.search(text):
        return not SELF_HARM_STUDY.search(text)
    if not SUBSTANCES.search(text):
        return False
    if DIVERSION.search(text) or EVADE_LAW.search(text):
        return not SELF_HARM_STUDY.search(text)
    if not MAKE.search(text):
        return False
    cooks = COOKING.search(text) or MAKE_NOW.search(text) or STARTS_MAKING.search(text)
    designs = DESIGN.search(text) and ANALOGUES.search(text)
    return bool(cooks or designs) and (not HARMLESS.search(text) or bool(MAKE_NOW.search(text)))


def _maximises_toxicity(text: str) -> bool:
    return bool(
        MOST_TOXIC.search(text) and DESIGN.search(text) and TO_PEOPLE.search(text)
    ) and not HARMLESS.search(re.sub(r"\btoxicity\b", "", text, flags=re.I))


def _harms_people(text: str) -> bool:
    if KILL_PEOPLE.search(text) and not re.search(
        r"\b(?:kill|killed|kills) (?:people|patients|humans)\b.{0,40}\b(?:each year|worldwide|"
        r"annually)\b",
        text,
        re.I,
    ):
        return True
    if DRINK.search(text) and (HARD_TO_DETECT.search(text) or not DRINK_STUDY.search(text)):
        return True
    if PUBLIC_HARM.search(text) and not SELF_HARM_STUDY.search(text):
        return True
    if ABUSE.search(text):
        return not SELF_HARM_STUDY.search(text)
    return bool(KILL.search(text) and IN_SECRET.search(text)) and not re.search(
        r"\b(?:autopsy (?:findings|studies|series)|papers?|literature|studies|evidence|postmortem "
        r"(?:redistribution|findings|concentrations))\b",
        text,
        re.I,
    )


def _harms_self(text: str) -> bool:
    return bool(SELF_HARM.search(text)) and not SELF_HARM_STUDY.search(text)


def _reveals_people(text: str) -> bool:
    return bool(REVEAL.search(text) and ABOUT_PEOPLE.search(text)) and not REVEAL_STUDY.search(text)


def _fakes_data(text: str) -> bool:
    return bool(FRAUD.search(text)) and not FRAUD_STUDY.search(text)


RULES: tuple[Rule, ...] = (
    Rule("self_harm", _harms_self),
    Rule("weapons", _makes_weapon),
    Rule("pathogens", _spreads_germs),
    Rule("toxicity", _maximises_toxicity),
    Rule("drugs", _makes_drugs),
    Rule("violence", _harms_people),
    Rule("privacy", _reveals_people),
    Rule("fraud", _fakes_data),
)
"""In the order in which they are asked; the first that applies words the refusal."""

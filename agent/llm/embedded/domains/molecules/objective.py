"""What designed molecules should be like: the phrases of a request that state an objective."""

import re
from functools import cache

from agent.llm.embedded.domains.molecules.docking import find_prepared
from agent.llm.embedded.domains.molecules.groups import find_groups
from agent.llm.embedded.domains.molecules.likeness import find_likeness
from agent.llm.embedded.domains.molecules.phrases import plain
from agent.llm.embedded.domains.molecules.proteins import PROTEIN
from agent.llm.embedded.mentions.molecules import is_smiles
from models.molecules.chemistry.groups import group_smarts
from models.molecules.chemistry.names import find_compound
from models.molecules.design.bounds import NUMBER, SIGN
from tools.molecules.intake.docked_objectives import DOCKED

BEFORE = re.compile(
    r"\b(?:high(?:er|est)?|more|better|improv\w+|increas\w+|maxim\w+|rais\w+|good|great(?:er)?|"
    r"low(?:er|est)?|less|reduc\w+|decreas\w+|minim\w+|fewer|small(?:er)?|larger?)\s+"
    r"(?:(?:the|their|its|a|in|of|water|aqueous)\s+)*$",
    re.I,
)
AFTER = re.compile(
    rf"^\s*(?:of\s+(?!\d|about|around)\S+\s+)?"
    rf"(?:(?:should be|is|are|of|in|within|the range|range|stays?|staying|kept|be|gets?|down|up|to|"
    rf":|=)\s*)*"
    rf"(?P<bound>(?:between|from)?\s*{NUMBER}\s*(?:to|and|-|–|\.\.)\s*{NUMBER}(?![\d-])|"
    rf"{SIGN}\s*{NUMBER}(?!\S*-)|(?<=\s){NUMBER}(?=\s*(?:$|[,;)]|\.(?!\d)|and\b|but\b)))"
    rf"(?:\s*,?\s*(?:and|but)\s+(?P<second>{SIGN}\s*{NUMBER}))?",
    re.I,
)
KEPT = re.compile(
    r"\b(?:keep(?:s|ing)?|maintain(?:s|ing)?|preserv\w+|retain\w*|same|(?:without|not?)\s+"
    r"(?:chang\w+|affect\w*|los\w+|touch\w*|alter\w*)|do(?:es)?(?: not|n['’]t) "
    r"(?:change|affect|alter|touch))\s+(?:(?:the|its|same|in)\s+)*$", re.I,
)  # fmt: skip
"""Before a quantity that should stay what it is."""

BY = re.compile(
    r"^\s+(?:of\s+\S+\s+)?(?P<by>by\s+(?:at least\s+|about\s+)?\d+(?:\.\d+)?\s*"
    r"(?:%|percent)?(?:\s*(?:log\s+)?units?)?)", re.I,
)  # fmt: skip
"""By how much a quantity should change."""

COUNTED = re.compile(
    rf"\b(?:(?P<less>fewer than|less than|at most|no more than|under|up to|max(?:imum)?)|"
    rf"(?P<more>more than|at least|over|min(?:imum)?))\s+(?P<at>{NUMBER})\s+$|"
    rf"(?:\b(?:between|from|exactly|with|having|has|have|and|to)\s+|,\s*)"
    rf"(?P<low>\d+)(?:\s*(?:to|and|-|–)\s*(?P<high>\d+))?\s+$",
    re.I,
)
"""How many of something that is counted, before it: at most 5 rotatable bonds, 2 to 4 rings."""

DALTONS = re.compile(
    rf"(?:weigh(?:s|ing)?\s+)?(?P<bound>{SIGN}|lighter than|heavier than|up to|no more than|"
    rf"between\s+{NUMBER}\s+and|{NUMBER}\s*(?:to|-|–))\s*(?P<at>{NUMBER})\s*"
    rf"(?:da(?:ltons?)?|g/mol|amu|u)\b", re.I,
)  # fmt: skip
"""A weight by its unit: under 250 Da."""

NO_SET = r"(?!\s+than\s+\d)(?!\s+(?:\w+\s+)?(?:set|number|library|batch|sample|collection|file)\b)"
SIZES = (
    (re.compile(rf"\b(?:smaller|lighter|less heavy|shorter)\b{NO_SET}", re.I), "low weight"),
    (re.compile(rf"\b(?:bigger|larger|heavier)\b{NO_SET}", re.I), "high weight"),
)
"""Adjectives of molecules that speak of their weight."""

FEW = frozenset({"ring", "rings", "donor", "donors", "acceptor", "acceptors"})
"""Counts whose names mean something else without a number before them."""

ONE = re.compile(r"(?:ring|bond|atom|donor|acceptor|center|centre)$", re.I)
"""One of what is counted."""

COUNTS_OF = re.compile(
    r"bonds?|rings?|cent(?:er|re)s?|atoms?|donors?|acceptors?|\bhb[ad]|rotors", re.I
)
UNAIMED = re.compile(
    r"\bdock(?:s|ing)?\s+(?:very\s+)?(?:well|strongly|best|better|tightly)\b|"
    r"\b(?:good|best|better|strong(?:er)?|high|low(?:er)?|great)\s+docking(?:\s+scores?)?\b", re.I,
)  # fmt: skip
"""Wants good docking into a protein that is named elsewhere."""

DOCKING_OF = re.compile(r"(?P<target>[\w-]+(?:\s+\w{1,3})?)\s+docking(?:\s+scores?)?\b", re.I)
"""Wants docking into a protein that is named before: EGFR docking."""

BEFORE_IT, BEHIND_IT = (
    re.compile(rf"(?<![\w.])(?P<at>{NUMBER})\s*[*x×]\s*(?=[a-z])", re.I),
    re.compile(rf"\(weight\s*[:=]?\s*(?P<at>{NUMBER})\)|\s[*×]\s*(?P<by>{NUMBER})(?![\w.])", re.I),
)
"""How much a phrase counts: 2 * qed, solubility (weight 3)."""

IN_TURN = re.compile(
    rf"\b(?:weights|weighted|weightings?)\s+(?:of\s+|by\s+|as\s+)?"
    rf"(?P<all>{NUMBER}(?:\s*(?:\bto\b|\band\b|[:,/]|, and)\s*{NUMBER})+)", re.I,
)  # fmt: skip
"""How much the phrases count, one after the other: with weights 2 to 1."""

FOR_IT = re.compile(
    rf"\b(?:weights?|weighted|weighting)\s+(?:of\s+)?(?P<at>{NUMBER})\s+(?:for|on|to)\s+(?:the\s+)?"
    rf"(?P<what>[a-z][\w-]*)", re.I,
)  # fmt: skip
"""How much one phrase counts: weight 3 for docking."""

FORMULA = re.compile(r"\b(?:isomers? of|(?:molecular )?formula)\s+(?P<what>(?:[A-Z][a-z]?\d*){2,})")
TRAINED = re.compile(
    r"(?<![\w./-])(?P<family>prop|aff)[\s_-]?(?P<number>\d{1,5})(?![\w/]|\.\w)"
    rf"(?P<bound_to>\s+(?:for|against|to|on|towards|at)\s+(?:the\s+)?(?-i:{PROTEIN}))?",
    re.I,
)
"""A trained model that judges molecules, one of affinities for a protein."""

CERTAIN = re.compile(
    r"\b(?:low|little|small|less|minim\w+)\s+uncertainty\b(?:\s+(?:of|in)\s+\S+)?|"
    r"\bcertain(?:ty)?\b|\bconfident(?:ly)?\b", re.I,
)  # fmt: skip
"""Wants a prediction that is sure."""

ALERTS = re.compile(
    r"\b(?:no|without|free of|avoid\w*)\s+(?:any\s+)?(?:structural\s+)?(?:alerts|pains)|"
    r"\b(?:less|non|not|no|low|lower|without)[\s-]+toxic(?:ity)?\b", re.I,
)  # fmt: skip
"""Wants nothing that is known to react or to poison."""

SCAFFOLD = re.compile(
    r"\b(?:scaffold|core|substructure)\s+(?:of\s+|is\s+|=\s*|:\s*)?(?P<after>[^\s,;]+)|"
    r"\b(?:on|around|onto|from|with)\s+(?:the\s+|an?\s+)?(?!(?:the|an?)\s)(?P<before>[^\s,;]+)\s+(?:scaffold|core)\b",
    re.I,
)
COUNTS = (
    re.compile(
        r"(?<![\w.-])(?<!than )(?<!under )(?<!below )(?<!most )(\d{1,3}(?:,\d{3})+|\d+)\s+"
        r"(?:(?!rings?\b|atoms?\b|hydrogen|evaluations|epochs|minutes?|seconds?)[A-Za-z-]+,?\s+){0,4}"
        r"(?:molecules?|compounds?|smiles|structures?|ligands?|analog(?:ue)?s?|derivatives?|(?:bio)?isosteres?|"
        r"candidates?|mols|proposals?|ideas?|leads?|hits?|drugs|variants?|versions?|scaffolds?|"
        r"replacements?|inhibitors?|binders?)\b",
        re.I,
    ),
    re.compile(
        r"(?<![\w.-])(\d+)\s+(?:of (?:them|those|these)|in (?:all|total)|from (?:it|gen))", re.I
    ),
    re.compile(
        r"\b(?:generate|draw|sample|make|produce|create|suggest|give me|count|number|show(?: me)?)"
        r"\s*[:=]?\s*(\d+)\b(?!\s*(?:rings?|%|evaluations|epochs|\.\d))",
        re.I,
    ),
)
"""How many, most certain first."""

EVALUATIONS = re.compile(
    r"(?<![\w.])(\d{1,3}(?:[, ]\d{3})+|\de\d|\d{1,7})\s*(k?)\s*(?:evaluations|oracle calls|evals|"
    r"scored molecules|function calls)\b|\bevaluations\s*[=:]\s*(?P<set>\d+)",
    re.I,
)


def find_objective(text: str, *, bounded_likeness: bool = False) -> str | None:
    """Returns what is wanted of molecules, in the words of `models.molecules.design.language`.

    Args:
        text: The request.
        bounded_likeness: A bound of similarity belongs to it, and is no argument of its own.
    """
    found: list[tuple[int, str]] = []
    text = TRAINED.sub(_model, text)
    taken = [False] * len(text)
    for pattern in (BEFORE_IT, BEHIND_IT, IN_TURN, FOR_IT):
        for match in pattern.finditer(text):
            taken[match.start() : match.end()] = [True] * len(match[0])
    found += _docking(text, taken)
    for match in DALTONS.finditer(text):
        taken[match.start() : match.end()] = [True] * len(match[0])
        said = match["bound"].casefold()
        said = {"lighter than": "<", "heavier than": ">", "up to": "<=", "no more than": "<="}.get(
            said, said
        )
        found.append((match.start(), plain(f"weight {said} {match['at']}")))
    found += [
        (match.start(), said)
        for pattern, said in SIZES
        for match in pattern.finditer(text)
        if not any(taken[match.start() : match.end()])
    ]
    trained = TRAINED.search(text)
    if trained and (certain := CERTAIN.search(text)):
        found.append((certain.start(), f"low uncertainty of {_model(trained)}"))
    for pattern in (TRAINED, *_quantities()):
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            counted = COUNTED.search(text[: match.start()]) if COUNTS_OF.search(match[0]) else None
            if match[0].casefold() in FEW and not counted:
                continue
            before = BEFORE.search(text[: match.start()])
            kept = KEPT.search(text[: match.start()]) if not before else None
            after = AFTER.match(text[match.end() :])
            by = BY.match(text[match.end() :]) if not after else None
            start = (counted or before or match).start()
            behind = after or by
            end = match.end() + (behind.end() if behind else 0)
            taken[start:end] = [True] * (end - start)
            if counted:
                things = f"{match[0]}s" if ONE.search(match[0]) else match[0]
                found.append((start, plain(f"{things} {_counted(counted)}")))
            elif kept and not after:
                found.append((start, f"keep {match[0]}"))
            else:
                bound = after["bound"] if after else by["by"] if by else ""
                found.append((start, plain(f"{text[start : match.end()]} {bound}")))
            if after and after["second"]:
                found.append((end, plain(f"{match[0]} {after['second']}")))
    found += find_likeness(text, bounded=bounded_likeness)
    found += [(match.start(), f"formula {match['what']}") for match in FORMULA.finditer(text)]
    found += [(match.start(), match[0]) for rule in _rules() for match in rule.finditer(text)]
    found += [(match.start(), "no alerts") for match in ALERTS.finditer(text)]
    found += [(place, f"{sign} {what}") for place, sign, what in find_groups(text)]
    return ", ".join(dict.fromkeys(_weighted(text, sorted(found)))) or None


def _weighted(text: str, found: list[tuple[int, str]]) -> list[str]:
    """Returns the phrases, before each how much it counts where that is said."""
    weights: dict[int, str] = {}
    starts = [start for start, _ in found]
    listed = IN_TURN.search(text)
    numbers = re.findall(NUMBER, listed["all"]) if listed else []
    if len(numbers) == len(found):
        weights = dict(enumerate(numbers))
    for match in BEFORE_IT.finditer(text):
        weights |= {starts.index(match.end()): match["at"]} if match.end() in starts else {}
    for match in BEHIND_IT.finditer(text):
        earlier = [index for index, start in enumerate(starts) if start < match.start()]
        weights |= {earlier[-1]: match["at"] or match["by"]} if earlier else {}
    for match in FOR_IT.finditer(text):
        what = match["what"].casefold()
        named = (i for i, (_, said) in enumerate(found) if what in said.casefold())
        weights |= dict.fromkeys(named, match["at"])
    return [
        f"{weights[index]} * {phrase}" if index in weights else phrase
        for index, (_, phrase) in enumerate(found)
    ]


def _counted(match: re.Match[str]) -> str:
    """Returns the bound of something counted: fewer than 5 are at most 4."""
    if match["low"]:
        return f"{match['low']} to {match['high'] or match['low']}"
    said = (match["less"] or match["more"]).casefold()
    step = {"fewer than": -1, "less than": -1, "under": -1, "more than": 1, "over": 1}.get(said, 0)
    at = int(match["at"]) + step if match["at"].isdigit() else match["at"]
    return f"{'<=' if match['less'] else '>='} {at}"


def _docking(text: str, taken: list[bool]) -> list[tuple[int, str]]:
    """Returns what is said of docking, and marks where that is."""
    found = []
    for match in DOCKED.finditer(text):
        after = AFTER.match(text[match.end() :])
        end = match.end() + (after.end() if after else 0)
        taken[match.start() : end] = [True] * (end - match.start())
        prepared = find_prepared(match["target"])
        protein = prepared[0] if prepared else match["target"].split()[0]
        wanted = f"{'weak ' if match['poor'] else ''}docking to {protein}"
        found.append((match.start(), f"{wanted} {after['bound'] if after else ''}".strip()))
    named = DOCKING_OF.search(text) if not found else None
    if named and (prepared := find_prepared(named["target"])):
        taken[named.start() : named.end()] = [True] * len(named[0])
        found.append((named.start(), f"docking to {prepared[0]}"))
    unaimed = UNAIMED.search(text) if not found else None
    if unaimed and (prepared := find_prepared(text)):
        taken[unaimed.start() : unaimed.end()] = [True] * len(unaimed[0])
        found.append((unaimed.start(), f"docking to {prepared[0]}"))
    return found


def _model(match: re.Match[str]) -> str:
    return f"{match['family'].casefold()}-{match['number']}{match['bound_to'] or ''}"


def find_scaffold(text: str) -> str | None:
    """Returns the molecule that others are to be built on, as it was written."""
    for match in SCAFFOLD.finditer(text):
        written = (match["after"] or match["before"]).rstrip(".?!")
        if find_compound(written) or group_smarts(written) or is_smiles(written):
            return written
    return None


def find_evaluations(text: str) -> int | None:
    """Returns how many molecules may be judged."""
    match = EVALUATIONS.search(text)
    if not match:
        return None
    thousands = 1000 if match[2] else 1
    return int(float(re.sub(r"[, ]", "", match[1] or match["set"]))) * thousands


def find_molecule_count(text: str) -> int | None:
    """Returns how many molecules are asked for."""
    for pattern in COUNTS:
        if match := pattern.search(text):
            return int(re.sub(r"\D", "", match[1]))
    return None


@cache
def _quantities() -> tuple[re.Pattern[str], ...]:
    from models.molecules.design.quantities import QUANTITIES

    names = {
        name.replace("_", " ")
        for quantity in QUANTITIES
        for name in (quantity.name, *quantity.spoken)
    }
    ambiguous = {"size", "mass", "sa", "complexity", "flexibility"}
    return tuple(
        re.compile(rf"(?<![\w-]){_one_or_more(name)}(?![\w-])", re.I)
        for name in sorted(names - ambiguous, key=lambda name: (-len(name), name))
    )


def _one_or_more(name: str) -> str:
    """Returns what matches a name, of several things also of one: aromatic ring(s)."""
    spelt = re.escape(name).replace("\\ ", "[ _-]")
    return f"{spelt}?" if ONE.search(spelt.removesuffix("s")) else spelt


@cache
def _rules() -> tuple[re.Pattern[str], ...]:
    from models.molecules.design.language import RULES

    return tuple(rule for rule, _ in RULES)

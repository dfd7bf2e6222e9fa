"""Weighs the router's reading against what the tools can take: typed evidence shifts the scores."""

import math
import re
from collections.abc import Mapping

from agent.llm.embedded.arguments import ArgumentFiller
from agent.llm.embedded.domains.images.cues import of_images
from agent.llm.embedded.domains.literature.links import INDIRECT
from agent.llm.embedded.domains.molecules.cues import of_molecules
from agent.llm.embedded.domains.molecules.docking import find_aim
from agent.llm.embedded.domains.tables.records import find_records
from agent.llm.embedded.mentions import blank
from agent.llm.embedded.mentions.kinds import path_kind
from agent.llm.embedded.objects import find_objects
from agent.llm.embedded.router import OTHER_INTENTS, Reading
from agent.llm.embedded.situation import MADE
from agent.screen import names_hazard
from models.data.builtin import BUILT_INS
from models.text.leaning.questions import asks_yes_or_no

TAKEN_BY: dict[str, frozenset[str]] = {
    "smiles": frozenset({"smiles", "text", "query"}),
    "model": frozenset({"model"}),
    "path": frozenset({"dataset", "images", "path", "text"}),
    "image": frozenset({"images"}),
    "folder": frozenset({"images", "path"}),
    "dataset": frozenset({"dataset", "path"}),
}
"""Roles of arguments that can hold a kind of typed thing."""

UNUSED_PENALTY = 2.0
"""Log-odds against a tool for each kind of typed thing in the request that it cannot take."""

OTHER_MODEL_PENALTY = 3.0
"""Log-odds against a tool for each model that is named and of another kind than it takes."""

NO_TASK_PENALTY = 1.5
"""Log-odds against small talk and out of scope where the request names a typed thing."""

RECORD_BONUS = 1.0
"""Log-odds for a tool that takes described patients, where a model and a patient are described."""

METHOD_BONUS = 1.0
"""Log-odds for a trainer whose method the request names, unless it speaks of literature."""

OTHER_METHOD_PENALTY = 1.5
"""Log-odds against a trainer when the request names a method that only other trainers have."""

KNOWN_TARGET_BONUS = 2.5
"""Log-odds for a trainer of what a named built-in dataset is known to hold, against the others."""

STATES_OUTCOME = re.compile(
    r"\b(?:target|label|outcome|classif\w*|regress\w*|binary|class(?:es)?|columns?|"
    r"predictable|survival|y)\b|\.\w{2,7}\b",
    re.I,
)
"""Speaks of an outcome of its own, or of a file, so that a dataset's usual one says little."""

TRAIN_COMMAND = re.compile(
    r"^\W*(?:(?:please|pls|can you|could you|i want to|let['’]s|then|and|first)\s+)*"
    r"(?:re-?)?(?:train|fit)\b|^\W*(?:is|are)\b.{1,60}\bpredictable\b",
    re.I,
)
OPEN_QUESTION = re.compile(
    r"^\W*(?:how|what|which|why|who|do|does|did|is|are|has|have)\b"
    r"(?!.*\b(?:train|fit|build|make|model it|my|our|column|file)\b)",
    re.I | re.S,
)
QUESTION_PENALTY = 2.0
"""Log-odds against every trainer where something is asked and no data are named."""
TRAIN_BONUS = 3.0
"""Log-odds for every trainer where a clause begins with 'train' or 'fit'."""

YES_NO_BONUS = 1.5
"""Log-odds for a search where a yes or a no is asked about the world, and no data are named."""

LITERATURE_PENALTY = 2.0
"""Log-odds against making models and images where literature is spoken of and no data are named."""

SPOKEN_OF = {
    "find_research_leads": INDIRECT,
    "dock_molecules": re.compile(
        r"\b(?:(?:re)?dock|dok|vina|poses?\b|pockets?\b|sites?\b|bind|bound|virtual screen|sits?\b|"
        r"fits?\b|contacts?\b|residues?\b|touch|amino acids?\b|put\b|place\b|try\b|score|screen|"
        r"structure|receptor\b)|\.(?:pdb|pdbqt)\b",
        re.I,
    ),
    "optimize_molecules": re.compile(
        r"optimi|design|evol|find|search|look|improv|better|\bmore|less|low|high|mak|made|analog|"
        r"deriv|propos|suggest|similar|like|maxim|minim|grow|bring|rais|reduc|increas|decreas|"
        r"chang|modif|varia|version|molec|compound|structure|inhibitor|ligand|solub|qed|logp|tpsa|"
        r"objective|dock|isomer|discover|build|candidate|create|invent|generat|\baff|\bprop",
        re.I,
    ),
    "train_property_model": re.compile(
        r"train|fit|learn|build|make|predict|model|regress|classif|creat|develop|qsar|estimat|"
        r"fingerprint|network|boost|random forest|split|target|how well|can\b",
        re.I,
    ),
    "train_molecule_generator": re.compile(
        r"gen[er]{0,3}rat|molec|mol\b|compound|smiles|selfies|\.(?:smi|sdf)\b|rnn|vae|gan\b|gru\b|"
        r"lstm|autoencoder|prior\b|design|chemi|invent|recurrent|adversarial|similar",
        re.I,
    ),
}
"""Words of which a request for a tool has at least one."""

UNSPOKEN_PENALTY = 3.0
"""Log-odds against such a tool where there is none."""

DESIGN = re.compile(
    r"^\W*(?:(?:please|now|then|can you|could you)\s+)*"
    r"(?:design|invent|evolve|create|generate|optimi[sz]e|"
    r"(?:find|get|suggest|propose)\s+(?:me\s+)?(?:\d+\s+)?(?:better|new|novel|improved|stronger)\s+"
    r"(?:\w+\s+)?(?:binders?|ligands?|inhibitors?|molecules?|compounds?|analog(?:ue)?s?)|(?:\d+\s+)?(?:new|novel)\s+(?:\w+\s+)?"
    r"(?:ligands?|inhibitors?|binders?|(?:ant)?agonists?|molecules?|compounds?))\b",
    re.I,
)
DESIGN_PENALTY = 6.0
"""Log-odds against applying a model where the command is to design."""

AIMED_BONUS = 3.0
"""Log-odds for a search, beside drawing, where molecules are to bind a protein that can be docked
into: what is drawn at random cannot be led there."""

SAFER = re.compile(
    r"\b(?:less|lower|low|reduced?|reduc(?:e|ing)|minimi[sz]e|without|non|no|not)[\s-]+"
    r"(?:the\s+|its\s+)?(?:cardio|hepato|nephro|neuro)?tox(?:ic(?:ity)?)\b", re.I,
)  # fmt: skip
"""Wants something to be safer."""

REMEDY = re.compile(
    r"\b(?:antidotes?|antitoxins?|antivenoms?|reactivat\w+|decontaminat\w+)\b", re.IGNORECASE
)
"""Wants help against what is dangerous."""

HARMLESS_PENALTY = 2.5
"""Log-odds against `unsafe` where no word of the request is dangerous, or a remedy is wanted."""


LITERATURE = re.compile(
    r"\b(?:search|papers?|articles?|literature|lit|evidence|stud(?:y|ies)|published|"
    r"publications?|abstracts?|refs?|references|reviews?|trials?|known|pubmed|"
    r"what (?:do|does|did) (?:we|people|anyone|doctors) (?:already )?know|has anyone|reported|"
    r"medline|research|meta-?analys[ie]s|look (?:up|for)|written|reading|read about|find)\b",
    re.I,
)
"""Words that speak of publications."""


class Judge:
    """Weighs readings.

    Args:
        filler: Knows the tools' arguments.
    """

    def __init__(self, filler: ArgumentFiller, tools: Mapping[str, object]) -> None:
        self._filler = filler
        self._roles = {name: filler.roles(name) for name in tools}

    def weigh(self, reading: Reading) -> dict[str, float]:
        """Returns the probabilities, shifted by what the request names.

        Args:
            reading: What the router says.
        """
        kinds: set[str] = {m.kind for m in reading.mentions if m.certain and m.kind in TAKEN_BY}
        kinds |= {path_kind(m.value) for m in reading.mentions if m.kind == "path"} - {"file"}
        models = [m.value for m in reading.mentions if m.kind == "model"]
        is_typed = bool(kinds) or any(m.kind == "article" for m in reading.mentions)
        named = self._naming(reading)
        is_literature = bool(LITERATURE.search(reading.text))
        asks = not is_typed and bool(OPEN_QUESTION.match(reading.text))
        trains = bool(TRAIN_COMMAND.match(reading.text))
        designs = bool(DESIGN.match(reading.text))
        best = max(reading.scores, key=reading.scores.__getitem__)
        aims = designs and _aims(best, reading)
        asks_study = not is_typed and asks_yes_or_no(reading.text)
        is_harmless = bool(
            REMEDY.search(reading.text) or not names_hazard(SAFER.sub("", reading.text))
        )
        unspoken = {name for name, cue in SPOKEN_OF.items() if not cue.search(reading.text)}
        described = "model" in kinds and describes_patient(reading)
        weights: dict[str, float] = {}
        scores = dict(reading.scores)
        if aims:
            scores["optimize_molecules"] = scores[best]
        for name, score in scores.items():
            shift = 0.0
            if name in self._roles:
                roles = self._roles[name]
                shift -= UNUSED_PENALTY * sum(not roles & TAKEN_BY[kind] for kind in kinds)
                if "model" in roles:
                    misfits = [m for m in models if not self._filler.takes_model(name, m)]
                    shift -= OTHER_MODEL_PENALTY * len(misfits)
                shift += TRAIN_BONUS * (trains and (name.startswith("train_") or name in MADE))
                shift += of_images(name, reading.text, kinds)
                shift -= QUESTION_PENALTY * (asks and name.startswith("train_"))
                shift += of_molecules(name, reading.text)
                shift -= DESIGN_PENALTY * (designs and name == "predict")
                shift += AIMED_BONUS * (aims and name == "optimize_molecules")
                shift += YES_NO_BONUS * (asks_study and name == "search_literature")
                shift -= UNSPOKEN_PENALTY * (name in unspoken)
                shift += RECORD_BONUS * (described and "records" in roles)
                if any(named.values()) and named[name] is not None:
                    if not named[name]:
                        shift -= OTHER_METHOD_PENALTY
                    elif not is_literature:
                        shift += METHOD_BONUS
                shift -= LITERATURE_PENALTY * (name in MADE and is_literature and not is_typed)
            elif name == "unsafe":
                shift -= HARMLESS_PENALTY * is_harmless
            else:
                shift += of_images(name, reading.text, kinds) - NO_TASK_PENALTY * is_typed
            weights[name] = score * math.exp(shift)
        weights |= _among_trainers(weights, reading)
        total = sum(weights.values())
        return {name: weight / total for name, weight in weights.items()}

    def _naming(self, reading: Reading) -> dict[str, bool | None]:
        """Tells of each tool with algorithms to choose whether the request names one of them."""
        visible = blank(reading.text, [m for m in reading.mentions if m.certain])
        return {name: self._filler.names_algorithm(name, visible) for name in self._roles}


def _aims(best: str, reading: Reading) -> bool:
    """Tells whether molecules that are not there yet are to bind a protein that is named."""
    objects = find_objects(reading.text, reading.mentions)
    given = objects.molecules or objects.datasets
    makes = best == "generate_molecules" or (best == "dock_molecules" and not given)
    return makes and find_aim(reading.text) is not None


def _among_trainers(weights: Mapping[str, float], reading: Reading) -> dict[str, float]:
    """Shifts weight between trainers, to what the named built-in datasets hold."""
    suited = {name: sign for name, sign in _suited_trainers(reading).items() if name in weights}
    shifted = {
        name: weights[name] * math.exp(KNOWN_TARGET_BONUS * sign) for name, sign in suited.items()
    }
    before, after = sum(weights[name] for name in suited), sum(shifted.values())
    return {name: weight * before / after for name, weight in shifted.items()} if after else {}


def _suited_trainers(reading: Reading) -> dict[str, int]:
    """Returns 1 for trainers of what the named built-in datasets hold, -1 for the others."""
    named = [m.value for m in reading.mentions if m.kind == "dataset" and m.certain]
    entries = [BUILT_INS[name] for name in named if name in BUILT_INS]
    if not entries or STATES_OUTCOME.search(reading.text):
        return {}
    return {
        "train_survival_model": 1 if any(e.time_column for e in entries) else -1,
        "train_classifier": 1 if any(e.positive for e in entries) else -1,
        "train_regressor": 1
        if any(e.target_column and not e.positive and not e.smiles_column for e in entries)
        else -1,
        "train_property_model": 1
        if any(e.target_column and e.smiles_column for e in entries)
        else -1,
    }


def describes_patient(reading: Reading) -> bool:
    """Tells whether two or more measurements of somebody are given."""
    visible = blank(reading.text, [m for m in reading.mentions if m.certain])
    return any(len(record) > 1 for record in find_records(visible))


def is_task(name: str) -> bool:
    """Tells whether a class is a tool rather than talk, out of scope or unsafe."""
    return name not in OTHER_INTENTS

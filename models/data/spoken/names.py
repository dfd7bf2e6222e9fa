"""Which feature a spoken name means."""

import re
from collections.abc import Callable, Sequence

from rapidfuzz import fuzz

from models.data.features import Feature, FeatureSchema

ALMOST = 85
"""Similarity (0-100) from which a misspelt name is taken for the one feature that is so near."""
FILLERS = {"the", "a", "of", "in", "at", "is", "level", "value", "status", "patient", "s", "her",
           "his", "their", "number", "count", "no"}  # fmt: skip
TURNS_MEANING = {"family", "familial", "history", "mother", "father", "sibling", "parent", "prior",
                 "previou", "past", "without", "not", "maternal", "paternal", "contralateral",
                 "change", "delta"}  # fmt: skip
"""Words (in the singular) that make another thing of what they stand beside."""
SPOKEN = {
    "systolic blood pressure": ("sysbp", "sbp", "systolic", "systolic bp"),
    "diastolic blood pressure": ("diasbp", "dbp", "diastolic", "diastolic bp"),
    "blood pressure": ("bp",),
    "heart rate": ("hr", "pulse"),
    "body mass index": ("bmi",),
    "sex": ("gender",),
    "age": ("age years", "years old", "yo", "age at diagnosis"),
    "tumor size": ("tumour size", "tsize"),
    "haemoglobin": ("hemoglobin", "hb", "hgb"),
    "hba1c": ("glycated haemoglobin", "glycated hemoglobin", "a1c"),
    "white blood cells": ("wbc", "white cell count", "leukocytes", "leucocytes"),
    "platelets": ("plt", "platelet count", "thrombocytes"),
    "creatinine": ("crea", "scr", "serum creatinine"),
    "c reactive protein": ("crp",),
    "ejection fraction": ("ef", "lvef"),
    "estimated glomerular filtration rate": ("egfr", "gfr"),
    "performance status": ("ecog", "ecog performance status", "ps"),
    "diabetes mellitus": ("diabetes", "dm", "diabetic"),
    "hypertension": ("htn", "high blood pressure", "hypertensive"),
    "chronic obstructive pulmonary disease": ("copd",),
    "smoker": ("smoking", "smoking status", "smokes"),
    "weight": ("body weight", "wt"),
    "height": ("ht", "body height"),
    "temperature": ("temp", "body temperature"),
    "oxygen saturation": ("spo2", "sao2", "sats"),
    "respiratory rate": ("rr", "resp rate", "respiration rate"),
}  # fmt: skip
"""Names that mean the same in any clinical table."""


def match_name(name: str, schema: FeatureSchema) -> Sequence[Feature]:
    """Returns the features that a name may mean: one when it is clear, none when it is unknown.

    In this order: the name itself, what the dataset's glossary says, common clinical synonyms,
    the same words, all its words within the feature's, and a near spelling.
    """
    said = plain(name)
    rules: list[Callable[[Feature], bool]] = [
        lambda feature: feature.name == name.strip(),
        lambda feature: plain(feature.name) == said,
        lambda feature: said in map(plain, feature.aliases),
        lambda feature: bool(_synonyms(said) & _names(feature)),
        lambda feature: _joined(said) in {_joined(known) for known in _names(feature)},
        lambda feature: _content(said) in [_content(known) for known in _names(feature)],
        lambda feature: any(_within(said, known) for known in _names(feature)),
        lambda feature: any(_within(known, said) for known in _names(feature)),
    ]
    for applies in rules if _content(said) else rules[:3]:
        found = [feature for feature in schema.features if applies(feature)]
        if found:
            return found
    return _nearest_spelling(said, schema)


def plain(name: str) -> str:
    """Returns a name as lower-case words: tumorSize_mm becomes tumor size mm."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.strip())
    return " ".join(re.findall(r"[^\W_]+", split.casefold()))


def _nearest_spelling(said: str, schema: FeatureSchema) -> Sequence[Feature]:
    scored = [
        (max(fuzz.ratio(said, known) for known in _names(feature)), feature)
        for feature in schema.features
    ]
    best = max((score for score, _ in scored), default=0.0)
    return [feature for score, feature in scored if score == best] if best >= ALMOST else []


def _names(feature: Feature) -> set[str]:
    return {plain(feature.name), *map(plain, feature.aliases)}


def _synonyms(said: str) -> set[str]:
    return {
        word
        for name, others in SPOKEN.items()
        if said in (name, *others)
        for word in (name, *others)
    }


def _within(fewer: str, more: str) -> bool:
    """Tells whether one name is the other with further words that do not turn its meaning."""
    words, others = _content(fewer), _content(more)
    return bool(words) and words <= others and not TURNS_MEANING & (others - words)


def _joined(name: str) -> str:
    return name.replace(" ", "")


def _content(name: str) -> frozenset[str]:
    """Returns the words that carry the meaning, in the singular."""
    words = (word for word in name.split() if word not in FILLERS)
    return frozenset(word.removesuffix("s") if len(word) > 3 else word for word in words)

"""Names of trained models and of built-in datasets, with their spoken variants."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from agent.llm.embedded.mentions.mention import Mention

SPOKEN_DATASETS: dict[str, str] = {
    "gbsg2": r"gbsg[\s_-]?2?|german breast cancer(?: study(?: group)?)?(?: 2)?",
    "whas500": r"whas[\s_-]?(?:500)?|worcester(?: heart(?: attack)?(?: study)?)?",
    "veterans": r"veterans?['’]?(?:\s+administration)?(?:[\s_]+lung(?:[\s_]+cancer)?)?|va "
    r"lung(?: cancer)?",
    "flchain": r"fl[\s_-]?chain|(?:serum )?free light chains?",
    "aids": r"aids|actg[\s-]?320",
    "gse7390": r"gse[\s_-]?7390|transbig|desmedt",
    "breast_cancer": r"(?:wisconsin|sklearn|scikit-learn|wdbc)(?:'s)?(?: diagnostic)? "
    r"breast[\s_-]?cancer|"
    r"breast[\s_-]cancer|wdbc|breast cancer wisconsin",
    "diabetes": r"(?:sklearn|scikit-learn)(?:'s)? diabetes|diabetes",
    "nci5k": r"nci[\s_-]?5[\s]?(?:k|000)|nci (?:open )?database",
    "chembl_sulfonamides": r"(?:ch?embl[\s_-])?sul(?:f|ph)onamides?",
    "egfr": r"egfr(?: ligands?)?",
}
"""What people call the built-in datasets; a dataset without an entry is known by its own name."""

CERTAIN = re.compile(
    r"gbsg|german breast|whas|worcester|va lung|administration|fl[\s_-]?chain$|actg|gse|"
    r"transbig|desmedt|wisconsin|"
    r"sklearn|scikit|wdbc|breast_cancer|nci|ch?embl",
    re.I,
)
DATA_AFTER = re.compile(
    r"^['’]?s?\s*(?:lung cancer\s+|trial\s+|study\s+|cancer\s+)?(?:data(?:\s?sets?|"
    r"\s?frames?)?|sets?|tables?|cohort|samples?|collection|one\b|library|ligands)\b",
    re.I,
)
DATA_BEFORE = re.compile(
    r"(?:built[\s-]?in|bundled|sample|example|toy|data\s?set:?|data[:=]|called|"
    r"named)\s*(?:the\s+)?$",
    re.I,
)
STATED_PREFIX = re.compile(r"^PREFIX\s*=\s*[\"'](\w+)[\"']", re.M)


@cache
def known_prefixes() -> tuple[str, ...]:
    """Returns the prefixes of model names, read from the families' source without importing it."""
    spec = find_spec("models")
    folders = spec.submodule_search_locations if spec else None
    files = [file for folder in folders or () for file in Path(folder).rglob("family.py")]
    stated = [match[1] for file in files for match in STATED_PREFIX.finditer(file.read_text())]
    return tuple(sorted(stated))


def find_models(text: str, prefixes: Iterable[str]) -> Iterator[Mention]:
    """Yields names of trained models: `srv-1`, also written SRV1, srv 1 or srv_1."""
    families = "|".join(sorted(map(re.escape, {*prefixes}), key=len, reverse=True))
    for match in re.finditer(
        rf"(?<![\w./-])({families})[\s_#–-]?(\d{{1,5}})(?![\w/]|\.\w)", text, re.I
    ):
        yield Mention(*match.span(), "model", f"{match[1].casefold()}-{int(match[2])}")


def find_datasets(text: str, names: Iterable[str]) -> Iterator[Mention]:
    """Yields built-in datasets; certain where the name has no other meaning or data is said."""
    for name in names:
        spoken = SPOKEN_DATASETS.get(name, re.escape(name).replace("_", r"[\s_-]?"))
        for match in re.finditer(rf"(?<![\w./-])(?:{spoken})(?![\w/]|\.\w)", text, re.I):
            certain = (
                bool(CERTAIN.search(match[0]))
                or name not in SPOKEN_DATASETS
                or bool(DATA_AFTER.match(text[match.end() :]))
                or bool(DATA_BEFORE.search(text[: match.start()]))
            )
            yield Mention(*match.span(), "dataset", name, certain)

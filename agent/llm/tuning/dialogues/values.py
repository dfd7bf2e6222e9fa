"""Values that stand in for those of the example requests, so that no name is learnt by heart."""

import random
import re
from functools import cache

from agent.words import word_list

FOLDERS = ("", "", "", "data/", "clinic/", "study/", "exports/", "./", "/data/shared/", "raw/2024/")
STEMS = word_list(
    "cohort trial registry patients follow_up baseline admissions outcomes visits labs samples "
    "screening oncology cardio sepsis stroke renal asthma diabetes biopsies icu ward_7 site_b "
    "validation training biobank panel omics survey hospital_stays transplant relapse lymphoma"
)
MARKS = ("", "", "", "", "_2021", "_v2", "_final", "_clean", "-2", "_2019_2023", "_export", ".raw")
COLUMNS = word_list(
    "age sex bmi stage grade ldh albumin hb wbc crp egfr creatinine ecog smoker ki67 her2 "
    "er_status sodium lactate heart_rate sbp dbp hba1c ldl weight_kg height_cm nodes tumour_size "
    "site_id dose_mg arm cohort_id ferritin platelets psa troponin bnp ethnicity comorbidity "
    "charlson days_fu t_event os_months pfs_days status_code relapse_flag death30 "
    "n_visits var_12 x3 q7"
)
SUFFIXES = ("", "", "", "", "_0", "_baseline", "_2", "_mmol", "_log")


def number_like(text: str, random_: random.Random) -> str:
    """Returns another number, written as the given one is: as many digits, as many decimals."""
    whole, point, decimals = text.partition(".")
    sign = "-" if whole.startswith("-") else ""
    digits = whole.removeprefix("-")
    if len(digits) == 4 and not point and digits[:2] in ("19", "20"):
        return str(random_.randint(1985, 2025))
    low = 10 ** (len(digits) - 1) if len(digits) > 1 else 1
    made = str(random_.randint(low, 10 ** len(digits) - 1)) if digits != "0" else "0"
    return sign + made + point + "".join(random_.choice("123456789") for _ in decimals)


def path_like(text: str, random_: random.Random) -> str:
    """Returns another path with the same ending."""
    ending = re.search(r"(?:\.\w{2,8}){1,2}$", text)
    return (
        random_.choice(FOLDERS) + random_.choice(STEMS) + random_.choice(MARKS).replace(".", "_")
        + (ending[0] if ending else "")
    )  # fmt: skip


def column_like(text: str, random_: random.Random) -> str:
    """Returns another column name, sometimes in another style of writing."""
    name = random_.choice(COLUMNS) + random_.choice(SUFFIXES)
    if random_.random() < 0.15:
        name = name.upper()
    elif random_.random() < 0.1:
        name = "".join(part.capitalize() for part in name.split("_"))
    return name if name != text else name + "_x"


def model_like(text: str, random_: random.Random) -> str:
    """Returns another model of the same kind."""
    return f"{text.rpartition('-')[0]}-{random_.randint(1, 29)}"


def article_like(text: str, random_: random.Random) -> str:
    """Returns another identifier of the same form."""
    changed = "".join(random_.choice("123456789") if c.isdigit() else c for c in text)
    return re.sub(r"^(\d{2})\.\d{4}", lambda m: f"10.{random_.randint(1001, 9999)}", changed)


@cache
def structures() -> tuple[str, ...]:
    """Returns SMILES of common drugs."""
    from models.molecules.chemistry.names import compounds

    return tuple(item.smiles for item in compounds())


@cache
def compound_names() -> tuple[str, ...]:
    """Returns names of common drugs."""
    from models.molecules.chemistry.names import compounds

    return tuple(item.name for item in compounds())

"""Datasets that installed packages carry, with what their columns mean.

Nothing here is downloaded, and naming them costs no heavy import.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

Aliases = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class BuiltIn:
    """One built-in dataset.

    Attributes:
        description: What the rows are, for people.
        load: Returns the table with its outcome columns.
        time_column: Follow-up time, where there is one.
        event_column: 1 where the event was seen, 0 where censored.
        target_column: What a classifier or regressor predicts by default.
        positive: The level of the target that counts as positive.
        smiles_column: Where the molecules are.
        aliases: What people call the columns.
        level_aliases: What people call the codes of a column: column, code, names.
        units: Unit of a column.
    """

    description: str
    load: Callable[[], "pd.DataFrame"]
    time_column: str | None = None
    event_column: str | None = None
    target_column: str | None = None
    positive: str | None = None
    smiles_column: str | None = None
    aliases: Aliases = field(default_factory=dict)
    level_aliases: Mapping[str, Aliases] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


def _survival(name: str, time: str, event: str, *ordered: str) -> Callable[[], "pd.DataFrame"]:
    """Makes a loader of a scikit-survival dataset; `ordered` columns hold ordered codes."""

    def load() -> "pd.DataFrame":
        from sksurv import datasets

        frame, outcome = getattr(datasets, f"load_{name}")()
        event_field, time_field = outcome.dtype.names
        for column in frame.select_dtypes("category"):
            levels = set(frame[column].cat.categories)
            plain = frame[column].astype("str")
            is_number = column in ordered or levels == {"0", "1"}
            frame[column] = plain.astype("int64") if is_number else plain
        frame[time] = outcome[time_field]
        frame[event] = outcome[event_field].astype("int64")
        return frame

    return load


def _breast_cancer() -> "pd.DataFrame":
    from sklearn.datasets import load_breast_cancer

    bunch = load_breast_cancer(as_frame=True)
    names = dict(enumerate(bunch.target_names))
    return bunch.data.assign(diagnosis=bunch.target.map(names))


def _diabetes() -> "pd.DataFrame":
    from sklearn.datasets import load_diabetes

    bunch = load_diabetes(as_frame=True, scaled=False)
    return bunch.data.assign(progression=bunch.target)


def _rdkit_file(folder: str, name: str) -> Path:
    from rdkit import RDConfig

    return Path(getattr(RDConfig, folder)) / name


def _nci5k() -> "pd.DataFrame":
    from models.data.readers.molecules import read_smiles

    frame, _ = read_smiles(_rdkit_file("RDDataDir", "NCI/first_5K.smi").read_text())
    return frame.rename(columns={"id": "nsc"})


def _chembl_sulfonamides() -> "pd.DataFrame":
    import pandas as pd

    from models.data.readers.molecules import read_smiles

    path = _rdkit_file("RDContribDir", "FreeWilson/data/CHEMBL2321810.smi")
    molecules, _ = read_smiles(path.read_text())
    activity = pd.read_csv(path.with_name("CHEMBL2321810_act.csv"), dtype={"Name": str})
    activity.columns = ["id", "activity"]
    return molecules.merge(activity, on="id", how="left", validate="one_to_one")


def _egfr() -> "pd.DataFrame":
    from models.data.readers.molecules import read_sdf

    path = _rdkit_file("RDContribDir", "PBF/testData/egfr.sdf")
    frame, _ = read_sdf(path.read_bytes())
    return frame[["smiles", "id"]]


BUILT_INS: dict[str, BuiltIn] = {
    "gbsg2": BuiltIn(
        "German Breast Cancer Study Group 2: 686 women with node-positive breast cancer, "
        "recurrence-free survival in days",
        _survival("gbsg2", "time", "cens"),
        time_column="time",
        event_column="cens",
        aliases={
            "age": ("patient age", "years old"),
            "estrec": ("estrogen receptor", "oestrogen receptor", "er", "er level"),
            "horTh": ("hormone therapy", "hormonal therapy", "tamoxifen", "endocrine therapy"),
            "menostat": ("menopausal status", "menopause", "menopausal"),
            "pnodes": ("positive nodes", "positive lymph nodes", "nodes", "lymph nodes"),
            "progrec": ("progesterone receptor", "pr", "pgr", "pr level"),
            "tgrade": ("grade", "tumour grade", "tumor grade", "histological grade"),
            "tsize": ("tumour size", "tumor size", "size", "tumour diameter", "tumor diameter"),
        },
        units={"age": "years", "tsize": "mm", "estrec": "fmol/l", "progrec": "fmol/l",
               "time": "days"},
    ),
    "whas500": BuiltIn(
        "Worcester Heart Attack Study: 500 people with acute myocardial infarction, survival in "
        "days",
        _survival("whas500", "lenfol", "fstat"),
        time_column="lenfol",
        event_column="fstat",
        aliases={
            "afb": ("atrial fibrillation", "af"),
            "av3": ("complete heart block", "third degree av block"),
            "bmi": ("body mass index",),
            "chf": ("congestive heart failure", "heart failure", "congestive heart complications"),
            "cvd": ("cardiovascular disease", "history of cardiovascular disease"),
            "diasbp": ("diastolic blood pressure", "diastolic", "dbp", "diastolic bp"),
            "gender": ("sex",),
            "hr": ("heart rate", "pulse"),
            "los": ("length of stay", "hospital stay"),
            "miord": ("recurrent mi", "mi order", "recurrent infarction"),
            "mitype": ("mi type", "q wave", "q-wave mi"),
            "sho": ("cardiogenic shock", "shock"),
            "sysbp": ("systolic blood pressure", "systolic", "sbp", "systolic bp"),
        },
        level_aliases={"gender": {"0": ("male", "man", "m"), "1": ("female", "woman", "f")}},
        units={"age": "years", "bmi": "kg/m2", "los": "days", "lenfol": "days", "hr": "beats/min",
               "sysbp": "mmHg", "diasbp": "mmHg"},
    ),
    "veterans": BuiltIn(
        "Veterans' Administration lung cancer trial: 137 men, survival in days",
        _survival("veterans_lung_cancer", "Survival_in_days", "Status"),
        time_column="Survival_in_days",
        event_column="Status",
        aliases={
            "Age_in_years": ("age",),
            "Celltype": ("cell type", "histology"),
            "Karnofsky_score": ("karnofsky", "performance status", "performance score", "kps"),
            "Months_from_Diagnosis": ("time since diagnosis", "months since diagnosis"),
            "Prior_therapy": ("previous therapy", "previous treatment", "pretreated"),
            "Treatment": ("arm", "trial arm"),
        },
        units={"Age_in_years": "years", "Months_from_Diagnosis": "months",
               "Survival_in_days": "days"},
    ),
    "flchain": BuiltIn(
        "Serum free light chains and mortality: 7,874 people aged 50 or more, survival in days "
        "(chapter is the cause of death, known only for the dead: no predictor)",
        _survival("flchain", "futime", "death", "flc.grp", "sample.yr"),
        time_column="futime",
        event_column="death",
        aliases={
            "flc.grp": ("light chain group", "flc group", "decile"),
            "kappa": ("kappa light chain", "free kappa"),
            "lambda": ("lambda light chain", "free lambda"),
            "mgus": ("monoclonal gammopathy",),
            "sample.yr": ("sample year", "year of sample"),
            "sex": ("gender",),
        },
        units={"age": "years", "creatinine": "mg/dl", "futime": "days"},
    ),
    "aids": BuiltIn(
        "AIDS Clinical Trials Group 320: 1,151 people with HIV, time to AIDS or death in days",
        _survival("aids", "time", "censor", "karnof"),
        time_column="time",
        event_column="censor",
        aliases={
            "cd4": ("cd4 count", "baseline cd4"),
            "hemophil": ("hemophiliac", "haemophilia", "hemophilia"),
            "ivdrug": ("iv drug use", "intravenous drug use", "injection drug use"),
            "karnof": ("karnofsky", "performance status", "karnofsky score"),
            "priorzdv": ("prior zidovudine", "months of zidovudine", "prior zdv"),
            "raceth": ("race", "ethnicity"),
            "sex": ("gender",),
            "strat2": ("cd4 stratum",),
            "tx": ("treatment", "idv", "indinavir"),
            "txgrp": ("treatment group",),
        },
        level_aliases={
            "sex": {"1": ("male", "man", "m"), "2": ("female", "woman", "f")},
            "ivdrug": {"1": ("never",), "2": ("currently", "current"), "3": ("previously", "past")},
            "raceth": {"1": ("white",), "2": ("black",), "3": ("hispanic",), "4": ("asian",),
                       "5": ("native american",)},
        },
        units={"age": "years", "time": "days", "priorzdv": "months", "cd4": "cells/mm3"},
    ),
    "gse7390": BuiltIn(
        "GSE7390: 198 women with node-negative breast cancer, 76-gene signature, time to distant "
        "metastasis in days",
        _survival("breast_cancer", "t.tdm", "e.tdm"),
        time_column="t.tdm",
        event_column="e.tdm",
        aliases={"er": ("estrogen receptor", "er status"), "size": ("tumour size", "tumor size"),
                 "grade": ("tumour grade", "tumor grade")},
        units={"age": "years", "size": "cm", "t.tdm": "days"},
    ),
    "breast_cancer": BuiltIn(
        "Wisconsin diagnostic breast cancer: 569 fine-needle aspirates, malignant or benign",
        _breast_cancer,
        target_column="diagnosis",
        positive="malignant",
    ),
    "diabetes": BuiltIn(
        "442 people with diabetes, a measure of disease progression after one year",
        _diabetes,
        target_column="progression",
        aliases={
            "sex": ("gender",),
            "bmi": ("body mass index",),
            "bp": ("blood pressure", "mean blood pressure", "average blood pressure"),
            "s1": ("total cholesterol", "tc"),
            "s2": ("ldl", "low density lipoprotein"),
            "s3": ("hdl", "high density lipoprotein"),
            "s4": ("cholesterol ratio", "tch", "total cholesterol over hdl"),
            "s5": ("ltg", "log triglycerides", "triglycerides"),
            "s6": ("glucose", "blood sugar", "glu"),
        },
        units={"age": "years", "bmi": "kg/m2", "bp": "mmHg"},
    ),
    "nci5k": BuiltIn(
        "The first 4,999 molecules of the NCI open database, by NSC number",
        _nci5k,
        smiles_column="smiles",
    ),
    "chembl_sulfonamides": BuiltIn(
        "ChEMBL document CHEMBL2321810: 1,017 aryl sulfonamides with their activity "
        "(negative log molar)",
        _chembl_sulfonamides,
        target_column="activity",
        smiles_column="smiles",
    ),
    "egfr": BuiltIn(
        "365 EGFR ligands (ZINC ids)",
        _egfr,
        smiles_column="smiles",
    ),
}  # fmt: skip

BUILT_IN: dict[str, str] = {name: entry.description for name, entry in BUILT_INS.items()}

"""Plain sentences about profiled molecules, short enough for a language model to read."""

from typing import Any

from models.errors import FieldFault
from tools.contract import SUMMARY_LIMIT

FAULTS_TOLD = 3
ROWS_TOLD = 6


def describe_molecules(profiles: list[dict[str, Any]], reserved: int) -> str:
    """Returns a sentence per molecule, as many as fit in the limit less `reserved` characters."""
    sentences: list[str] = []
    room = SUMMARY_LIMIT - reserved - len(_rest(len(profiles)))
    for profile in profiles:
        sentence = _describe(profile)[:room]
        if len("\n".join([*sentences, sentence])) > room:
            break
        sentences.append(sentence)
    left = len(profiles) - len(sentences)
    return "\n".join(sentences) + (_rest(left) if left else "")


def describe_dataset(data: dict[str, Any]) -> str:
    """Returns what the profiles of a dataset say as a whole."""
    numbers, shares = data["statistics"]["properties"], data["statistics"]["shares"]

    def spread(key: str, name: str) -> str:
        found = numbers[key]
        return f"{name} {found['mean']:.2f} ({found['low']:.2f} to {found['high']:.2f})"

    means = ", ".join(
        [
            spread("molecular_weight", "molecular weight"),
            spread("logp", "logP"),
            spread("tpsa", "polar surface area"),
            spread("qed", "QED"),
            spread("synthetic_accessibility", "synthetic accessibility"),
        ]
    )
    return (
        f"{data['count']} molecules of {data['dataset']} were profiled. Means (lowest to highest): "
        f"{means}. {shares['lipinski_pass']:.1%} keep Lipinski's rule of five "
        f"({shares['lipinski_strict_pass']:.1%} without a violation), {shares['veber_pass']:.1%} "
        f"Veber's rule; {shares['pains']:.1%} have a PAINS alert, {shares['brenk']:.1%} a Brenk "
        f"alert; {shares['gastrointestinal_absorption_high']:.1%} have high gastrointestinal "
        f"absorption and {shares['blood_brain_barrier']:.1%} pass the blood-brain barrier "
        "(BOILED-Egg)."
    )


def describe_faults(faults: list[FieldFault]) -> str:
    """Returns what could not be read, by row; empty where everything could."""
    if not faults:
        return ""
    told = "; ".join(str(fault) for fault in faults[:FAULTS_TOLD])
    more = f"; and {len(faults) - FAULTS_TOLD} more" if len(faults) > FAULTS_TOLD else ""
    return f"\n{len(faults)} could not be read: {told}{more}."


def find_repeats(profiles: list[dict[str, Any]]) -> list[list[int]]:
    """Returns the rows of each molecule that is there more than once, told by its InChIKey."""
    rows: dict[str, list[int]] = {}
    for profile in profiles:
        if profile["inchikey"]:
            rows.setdefault(profile["inchikey"], []).append(profile["row"])
    return [found for found in rows.values() if len(found) > 1]


def describe_repeats(repeats: list[list[int]]) -> str:
    """Returns which rows are the same molecule; empty where none are."""
    if not repeats:
        return ""
    told = "; ".join(
        f"rows {', '.join(map(str, rows[:ROWS_TOLD]))}" for rows in repeats[:FAULTS_TOLD]
    )
    more = f"; and {len(repeats) - FAULTS_TOLD} more" if len(repeats) > FAULTS_TOLD else ""
    are = "1 molecule is" if len(repeats) == 1 else f"{len(repeats)} molecules are"
    return f"\n{are} there more than once (same InChIKey): {told}{more}."


def _describe(profile: dict[str, Any]) -> str:
    lipinski, veber = profile["lipinski"], profile["veber"]
    violations = f" ({', '.join(lipinski['violations'])})" if lipinski["violations"] else ""
    label = profile["label"]
    subject = label if label != profile["name"] else f"{label} ({profile['smiles']})"
    sentence = (
        f"{subject}: molecular weight {profile['molecular_weight']:.2f}, "
        f"logP {profile['logp']:.4f}, polar surface area {profile['tpsa']:.2f} Å², "
        f"QED {profile['qed']:.4f}, synthetic accessibility "
        f"{profile['synthetic_accessibility']:.4f}; "
        f"Lipinski {'pass' if lipinski['pass'] else 'fail'}{violations}, "
        f"Veber {'pass' if veber['pass'] else 'fail'}; PAINS {_alerts(profile, 'pains')}, "
        f"Brenk {_alerts(profile, 'brenk')}; gastrointestinal absorption "
        f"{profile['gastrointestinal_absorption']}, blood-brain barrier "
        f"{'permeant' if profile['blood_brain_barrier'] else 'not permeant'}."
    )
    return " ".join([sentence, *profile["notes"]])


def _alerts(profile: dict[str, Any], family: str) -> str:
    return ", ".join(alert["name"] for alert in profile[family]["alerts"]) or "none"


def _rest(left: int) -> str:
    return f"\n{left} more are in the table." if left else ""

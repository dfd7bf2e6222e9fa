"""What a docking leaves: table, poses, pictures and words."""

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.contract import Artifact, ToolContext, ToolResult
from tools.wording import within_limit

if TYPE_CHECKING:
    from models.errors import FieldFault
    from models.molecules.docking.docking import Docked
    from models.molecules.docking.poses.contacts import Contact
    from models.molecules.docking.proteins.box import Box
    from models.molecules.docking.proteins.receptor import Receptor

LISTED = 200
DRAWN = 24
PICTURED = 6
NAMED = 5
ERROR = 2.85
"""kcal/mol: standard error of Vina's scoring function on PDBbind (Trott and Olson 2010)."""


def report(
    docked: "list[Docked]",
    unread: "list[FieldFault]",
    receptor: "Receptor",
    box: "Box",
    settings: str,
    context: ToolContext,
) -> ToolResult:
    """Writes the files of a docking and its result.

    Args:
        docked: What became of each candidate.
        unread: What could not be read as a molecule.
        receptor: What was docked into.
        box: Where.
        settings: How, in words.
        context: Of the call.
    """
    from models.molecules.docking.poses.interactions import find_contacts
    from models.molecules.docking.poses.view import make_page
    from models.store.files import write_text

    ranked = sorted((one for one in docked if one.scores), key=lambda one: one.score)
    refused = [one for one in docked if not one.scores]
    contacts = [find_contacts(one.best_pose, receptor.protein) for one in ranked]
    rows = [
        _row(rank, one, [contact.as_json() for contact in found])
        for rank, (one, found) in enumerate(zip(ranked, contacts, strict=True), start=1)
    ]
    run = context.active_run
    page = run.artifact("view.html")
    write_text(page, make_page(ranked, contacts, receptor, box))
    artifacts = [
        Artifact(kind="picture", path=str(_draw(ranked, run.artifact("molecules.png")))),
        Artifact(
            kind="picture", path=str(_diagrams(ranked, contacts, run.artifact("contacts.png")))
        ),
        Artifact(kind="file", path=str(page)),
        Artifact(kind="table", path=str(_table(rows, run.artifact("docking.csv")))),
        Artifact(kind="file", path=str(_poses(ranked, run.artifact("poses.sdf")))),
        Artifact(kind="file", path=str(_receptor(receptor, run.artifact("receptor.pdb")))),
    ]
    return ToolResult(
        summary=_words(ranked, refused, unread, rows, receptor, settings),
        data={
            "receptor": receptor.name,
            "box": {"center": box.center, "size": box.size},
            "docked": len(ranked),
            "molecules": rows[:LISTED],
            "refused": [
                {"row": one.candidate.row, "label": one.candidate.label, "reason": one.refused}
                for one in refused[:LISTED]
            ],
            "invalid": [fault.model_dump() for fault in unread[:LISTED]],
        },
        artifacts=artifacts,
    )


def _row(rank: int, one: "Docked", contacts: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "rank": rank,
        "row": one.candidate.row,
        "label": one.candidate.label,
        "smiles": one.candidate.smiles,
        "docked_smiles": one.docked,
        "score": one.score,
        "ligand_efficiency": round(one.efficiency, 3),
        "poses": len(one.scores),
        "scores": list(one.scores),
        "contacts": contacts,
        "notes": list(one.notes),
    }


def _table(rows: list[dict[str, Any]], path: Path) -> Path:
    import pandas as pd

    from models.molecules.docking.poses.contacts import in_words
    from models.store.files import write_text

    flat = [
        row | {
            "scores": " ".join(f"{score:.3f}" for score in row["scores"]),
            "contacts": in_words(row["contacts"]),
            "notes": "; ".join(row["notes"]),
        }
        for row in rows
    ]  # fmt: skip
    write_text(path, pd.DataFrame(flat).to_csv(index=False))
    return path


def _poses(ranked: "list[Docked]", path: Path) -> Path:
    """Writes every pose of every molecule, best molecule first."""
    from rdkit import Chem

    from models.molecules.chemistry.sdf import write_sdf
    from models.store.files import write_text

    records = (
        (
            Chem.MolFromMolBlock(block, removeHs=False),
            one.candidate.label,
            {
                "score": f"{score:.3f}",
                "pose": pose,
                "rank": rank,
                "ligand_efficiency": f"{-score / one.heavy_atoms:.3f}",
                "smiles": one.candidate.smiles,
            },
        )
        for rank, one in enumerate(ranked, start=1)
        for pose, (score, block) in enumerate(zip(one.scores, one.poses, strict=True), start=1)
    )
    write_text(path, write_sdf(records))
    return path


def _receptor(receptor: "Receptor", path: Path) -> Path:
    from models.store.files import write_text

    write_text(path, receptor.protein.pdb())
    return path


def _draw(ranked: "list[Docked]", path: Path) -> Path:
    from rdkit import Chem

    from models.molecules.chemistry.drawing import Panel, draw_grid
    from models.molecules.chemistry.structure import shorten
    from models.store.files import write_bytes

    panels = [
        Panel(
            Chem.MolFromSmiles(one.candidate.smiles),
            f"{rank}: {shorten(one.candidate.label, 34)}\n{one.score:.1f} kcal/mol",
        )
        for rank, one in enumerate(ranked[:DRAWN], start=1)
    ]
    write_bytes(path, draw_grid(panels))
    return path


def _diagrams(ranked: "list[Docked]", contacts: "list[list[Contact]]", path: Path) -> Path:
    from models.molecules.chemistry.structure import shorten
    from models.molecules.docking.poses.diagram import draw_contacts
    from models.store.files import write_bytes

    panels = [
        (
            one.best_pose,
            found,
            f"{rank}: {shorten(one.candidate.label, 34)}, {one.score:.1f} kcal/mol",
        )
        for rank, (one, found) in enumerate(zip(ranked, contacts, strict=True), start=1)
    ]
    write_bytes(path, draw_contacts(panels[:PICTURED]))
    return path


def _words(
    ranked: "list[Docked]",
    refused: "list[Docked]",
    unread: "list[FieldFault]",
    rows: list[dict[str, Any]],
    receptor: "Receptor",
    settings: str,
) -> str:
    from models.molecules.docking.poses.contacts import in_words

    count = f"{len(ranked)} molecule{'s' * (len(ranked) > 1)}"
    sentences = [
        f"Docked {count} into {receptor.name} (AutoDock Vina {version('vina')}, {settings})."
    ]
    for row in rows[:NAMED]:
        found = in_words(row["contacts"], most=4)
        sentences.append(
            f"{row['rank']}: {row['label']}, {row['score']:.1f} kcal/mol"
            f" (ligand efficiency {row['ligand_efficiency']:.2f}"
            f"{'; ' + found if found else ''}"
            f"{'; ' + '; '.join(row['notes']) if row['notes'] else ''})."
        )
    sentences += [f"Not docked: {one.candidate.label}, as {one.refused}." for one in refused[:3]]
    if len(refused) > 3:
        sentences.append(f"{len(refused) - 3} more could not be docked; the result names them.")
    sentences += [f"Not read: {fault.got}." for fault in unread[:3]]
    sentences += [f"{note[0].upper()}{note[1:]}." for note in receptor.notes]
    sentences.append(
        f"Scores rank poses and molecules; as affinities they err by {ERROR} kcal/mol (standard "
        "error on known complexes)."
    )
    return within_limit(sentences)

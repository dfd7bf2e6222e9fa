"""A page that shows poses in the protein in three dimensions, whole in one file."""

import html
import json
import re
from collections.abc import Sequence
from pathlib import Path

from models.molecules.docking.docking import Docked
from models.molecules.docking.poses.contacts import Contact
from models.molecules.docking.proteins.box import Box
from models.molecules.docking.proteins.receptor import Receptor

FOLDER = Path(__file__).parent / "viewer"
SHOWN = 24
"""Most molecules on a page."""


def make_page(
    ranked: Sequence[Docked],
    contacts: Sequence[Sequence[Contact]],
    receptor: Receptor,
    box: Box,
) -> str:
    """Returns the page; it holds the viewer's program and asks nothing of the network.

    Args:
        ranked: What was docked, best first.
        contacts: Of the best pose of each.
        receptor: What it was docked into.
        box: Where.
    """
    data = {
        "protein": receptor.protein.pdb(),
        "box": {"center": box.center, "size": box.size},
        "molecules": [
            {
                "label": one.candidate.label,
                "poses": [
                    {"score": score, "block": block}
                    for score, block in zip(one.scores, one.poses, strict=True)
                ],
                "contacts": [
                    contact.as_json() | {"start": contact.start, "end": contact.end}
                    for contact in found
                ],
            }
            for one, found in list(zip(ranked, contacts, strict=True))[:SHOWN]
        ],
    }
    page = (FOLDER / "page.html").read_text(encoding="utf-8")
    parts = {
        "TITLE": html.escape(f"Docking into {receptor.name}"),
        "VIEWER": (FOLDER / "3Dmol-min.js").read_text(encoding="utf-8"),
        # What a molecule is called must not be able to end the element that holds it.
        "DATA": json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"),
    }
    return re.sub(r"@(TITLE|VIEWER|DATA)@", lambda mark: parts[mark[1]], page)

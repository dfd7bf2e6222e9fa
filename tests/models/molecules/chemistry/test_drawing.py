import struct

import pytest
from rdkit import Chem

from models.molecules.chemistry.drawing import PANEL, Panel, draw_grid


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize(("count", "columns", "rows"), [(1, 1, 1), (4, 4, 1), (5, 4, 2)])
def test_grid_has_four_columns(count: int, columns: int, rows: int) -> None:
    panels = [Panel(Chem.MolFromSmiles("CCO"), "ethanol")] * count
    assert size(draw_grid(panels)) == (PANEL[0] * columns, PANEL[1] * rows)


def test_alerts_change_the_picture() -> None:
    molecule = Chem.MolFromSmiles("Oc1ccccc1O")
    plain = draw_grid([Panel(molecule, "catechol")])
    marked = draw_grid([Panel(molecule, "catechol", {"pains": {0, 1, 6, 7}, "brenk": {0}})])
    assert plain != marked


def test_drawing_is_the_same_every_time() -> None:
    panels = [Panel(Chem.MolFromSmiles("[Na+].[O-]C(=O)c1ccccc1"), "salt")]
    assert draw_grid(panels) == draw_grid(panels)

"""Dice and Hausdorff distances against values worked out by hand, and against MONAI's."""

import numpy as np
import pytest
import torch

from models.images.segmentation.overlap import dice, hausdorff_95, per_case, summarised


def square(side: int, rows: slice, columns: slice) -> np.ndarray:
    mask = np.zeros((side, side), bool)
    mask[rows, columns] = True
    return mask


def test_dice_by_hand() -> None:
    truth = square(8, slice(0, 4), slice(0, 4))  # 16 pixels
    found = square(8, slice(2, 4), slice(0, 4))  # 8 pixels, all of them inside
    assert dice(truth, found) == pytest.approx(2 * 8 / (16 + 8))
    assert dice(truth, truth) == 1
    assert dice(truth, square(8, slice(5, 8), slice(5, 8))) == 0


def test_distance_by_hand() -> None:
    first, second = np.zeros((1, 12), bool), np.zeros((1, 12), bool)
    first[0, 2], second[0, 9] = True, True
    assert hausdorff_95(first, second, (1, 1)) == 7
    assert hausdorff_95(first, second, (1, 0.5)) == 3.5
    # Of 20 points 19 lie on the other outline and one 10 away: the 95th percentile, between the
    # last two, is 0.05 of the way from 0 to 10.
    line, longer = np.zeros((1, 40), bool), np.zeros((1, 40), bool)
    line[0, :19] = True
    longer[0, :19], longer[0, 28] = True, True
    assert hausdorff_95(line, longer, (1, 1)) == pytest.approx(0.5)
    assert hausdorff_95(line, line, (1, 1)) == 0


def test_anisotropic_distance_in_a_volume() -> None:
    first, second = np.zeros((6, 6, 6), bool), np.zeros((6, 6, 6), bool)
    first[1, 3, 3], second[4, 3, 3] = True, True
    assert hausdorff_95(first, second, (5.0, 0.7, 0.7)) == 15


def test_empty_outlines() -> None:
    empty, full = np.zeros((30, 40), bool), square(40, slice(3, 9), slice(3, 9))[:30]
    assert np.isnan(dice(empty, empty))
    assert np.isnan(hausdorff_95(empty, empty, (1, 1)))
    assert dice(full, empty) == dice(empty, full) == 0
    assert hausdorff_95(full, empty, (1, 1)) == hausdorff_95(empty, full, (1, 1)) == 50


@pytest.mark.filterwarnings("ignore:.*always_return_as_numpy:FutureWarning")  # MONAI's own call
@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (2.5, 0.8, 0.8)])
def test_distance_is_that_of_monai(spacing: tuple[float, ...]) -> None:
    from monai.metrics import compute_hausdorff_distance

    axes = np.meshgrid(*[np.arange(20.0)] * 3, indexing="ij")
    balls = [
        sum((axis - centre) ** 2 for axis in axes) <= radius**2
        for centre, radius in ((9, 5), (11, 6))
    ]
    one_hot = [torch.from_numpy(ball)[None, None].float() for ball in balls]
    theirs = compute_hausdorff_distance(
        *one_hot, include_background=True, percentile=95, spacing=list(spacing)
    )
    assert hausdorff_95(balls[0], balls[1], spacing) == pytest.approx(theirs.item(), rel=1e-5)


def test_means_leave_out_only_what_both_lack() -> None:
    truth, found = np.zeros((2, 2, 10, 10), np.uint8)
    truth[0, 2:4, 2:4] = found[0, 2:4, 2:4] = 1
    found[1, 5, 5] = 2  # the mask has no label 2 anywhere: in case 1 neither has it
    values = np.stack([per_case(t, f, 2, (1, 1)) for t, f in zip(truth, found, strict=True)])
    metrics = summarised(values, ["a", "b"], np.arange(2))
    assert metrics["dice a"]["value"] == 1
    assert metrics["dice b"]["value"] == 0
    assert metrics["dice"]["value"] == 0.5
    assert metrics["hausdorff_95 b"]["value"] == pytest.approx(np.hypot(10, 10))
    assert metrics["dice"]["low"] <= 0.5 <= metrics["dice"]["high"]  # type: ignore[operator]

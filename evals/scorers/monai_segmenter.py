"""A segmenter as MONAI's own tutorials train one, to stand beside ours.

The recipe of MONAI's spleen segmentation tutorial (Project-MONAI/tutorials): its U-Net, Dice loss,
Adam, patches half around the foreground, turns by 90° and mirror images; no schedule, the last
weights. It gets the same training cases, patch and time.
"""

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.images.segmentation.overlap import per_case

PATCHES_EACH = 4
LEARNING_RATE = 1e-3


def monai_scores(
    training: Sequence[tuple[Path, Path]],
    test: Sequence[tuple[Path, Path]],
    patch: Sequence[int],
    seconds: float,
    seed: int,
) -> NDArray[np.float64]:
    """Trains for a time and returns Dice and 95% Hausdorff distance, shape (cases, 1, 2).

    Args:
        training: Images and masks, grey, of one label.
        test: The same, to judge on.
        patch: Sizes that are cut out.
        seconds: Of the CPU, for training, after the images are read.
        seed: Decides every random choice.
    """
    import torch
    from monai.inferers import sliding_window_inference
    from monai.losses import DiceLoss
    from monai.networks.nets import UNet

    dimensions = len(patch)
    read, cut = _transforms(patch, seed)
    cases = [read({"image": str(image), "mask": str(mask)}) for image, mask in training]
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = UNet(
            dimensions, 1, 2, (16, 32, 64, 128, 256), (2, 2, 2, 2), num_res_units=2, norm="batch"
        )
    optimizer = torch.optim.Adam(network.parameters(), LEARNING_RATE)
    loss_of = DiceLoss(to_onehot_y=True, softmax=True)
    draw = np.random.default_rng(seed)
    end = time.process_time() + seconds
    network.train()
    while time.process_time() < end:
        for start in draw.permutation(len(cases)):
            patches = cut(cases[start])
            images = torch.stack([one["image"].as_tensor() for one in patches])
            masks = torch.stack([one["mask"].as_tensor() for one in patches])
            optimizer.zero_grad()
            loss_of(network(images), masks).backward()
            optimizer.step()
            if time.process_time() > end:
                break
    network.eval()
    found = []
    with torch.inference_mode():
        for image, mask in test:
            case = read({"image": str(image), "mask": str(mask)})
            scores = sliding_window_inference(
                case["image"].as_tensor()[None], patch, PATCHES_EACH, network
            )
            outlined = scores[0].argmax(0).numpy().astype(np.uint8)
            truth = case["mask"].as_tensor()[0].numpy().astype(np.uint8)
            found.append(per_case(truth, outlined, 1, (1.0,) * dimensions))
    return np.array(found)


def _transforms(patch: Sequence[int], seed: int):  # type: ignore[no-untyped-def]
    """Returns what reads a case, and what cuts and changes its patches."""
    from monai import transforms as t

    both = ["image", "mask"]
    read = t.Compose(
        [
            t.LoadImaged(both, ensure_channel_first=True),
            t.ScaleIntensityd(["image"]),
            t.AsDiscreted(["mask"], threshold=0.5),
        ]
    )
    cut = t.Compose(
        [
            t.RandCropByPosNegLabeld(
                both, label_key="mask", spatial_size=patch, num_samples=PATCHES_EACH
            ),
            *[t.RandFlipd(both, prob=0.5, spatial_axis=axis) for axis in range(len(patch))],
            t.RandRotate90d(both, prob=0.3),
        ]
    )
    cut.set_random_state(seed)
    return read, cut

"""Whether the heat that explains an image classifier lies where the reason is.

Phantoms with and without a lesion are the one kind of image whose reason is known to the pixel. The
same is asked of networks with random weights: an explanation that survives those shows the image,
not the model (Adebayo et al. 2018, arXiv 1810.03292).
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from evals.registry import EvalOptions, Report, ReportTable, eval_task

if TYPE_CHECKING:
    from monai.visualize.class_activation_maps import GradCAM
    from numpy.typing import NDArray
    from torch import Tensor, nn

    from models.images.classification.fitted import FittedImageClassifier
    from models.images.phantoms.bodies import Phantom

SIDE, TRAINED_ON, EPOCHS, FOLDS = 64, 160, 20, 2
"""Images of each class, how often each is shown, and parts of the cross-validation."""

JUDGED = 40
BAR = 0.8
NAME = "heat as analyze_image draws it"
RANDOM = "the same, random weights"


@eval_task(
    "image_explanation",
    f"share of the heat that lies inside the lesion of phantoms (bar: {BAR}), beside Grad-CAM and "
    "random weights",
)
def run(options: EvalOptions) -> Report:
    """Trains on phantoms, explains fresh ones; `limit` is how many."""
    from models.images.phantoms.bodies import make_phantom, write_classes
    from models.store.registry import ModelStore
    from tools.execution import execute

    folder = write_classes(options.workspace.root / "phantoms", TRAINED_ON, SIDE, options.seed)
    asked = {
        "image_folder": str(folder), "epochs": EPOCHS, "folds": FOLDS, "seed": options.seed,
    }  # fmt: skip
    trained = execute(options.workspace, "train_image_classifier", asked)
    model: FittedImageClassifier = ModelStore(options.workspace).load(trained.data["model"])
    rng = np.random.default_rng(options.seed + 1)
    fresh = [make_phantom(rng, SIDE) for _ in range(options.limit or JUDGED)]
    shares = {
        name: np.array([_inside(heat(phantom), phantom) for phantom in fresh])
        for name, heat in _heats(model, options.seed).items()
    }
    shares["everywhere alike: the lesion's share of the image"] = np.array(
        [phantom.lesion.mean() for phantom in fresh]
    )
    auroc = trained.data["rows"]["network"]["auroc"]["value"]
    return Report(
        title="Explanations of image classifiers",
        tables=[_table(shares, options.seed)],
        figures={
            "inside the lesion": round(float(shares[NAME].mean()), 4),
            "inside the lesion, random weights": round(float(shares[RANDOM].mean()), 4),
            "bar": f"at least {BAR}",
        },
        notes=[
            f"{len(model.networks)} × resnet18 trained on {2 * TRAINED_ON} phantoms of {SIDE} "
            f"pixels (held-out AUROC of the networks {auroc:.3f}); judged on {len(fresh)} others.",
            "Random weights: each network made anew and never trained. Grad-CAM is MONAI's, of the "
            "last layer, cut off at the same share of its maximum. The image without a network is "
            "what differs from its blurred copy.",
        ],
    )


def _heats(
    model: "FittedImageClassifier", seed: int
) -> "Mapping[str, Callable[[Phantom], NDArray[np.float32]]]":
    """Returns ways to explain, by name; each gives a map of the phantom's pixels."""
    import torch

    from models.images.classification.explaining import FAINT, HIDDEN, heat_of
    from models.images.formats.picture import Picture
    from models.images.networks.tensors import blurred, standardised

    label = model.classes.index("lesion")
    torch.manual_seed(seed)
    untrained = [model.recipe.network().eval() for _ in model.networks]

    def seen(phantom: "Phantom") -> "tuple[Tensor, Picture]":
        pixels = (phantom.image * 255).round().astype(np.uint8)
        picture = Picture("phantom", pixels)
        return model.tensor_of(picture), picture

    def ours(phantom: "Phantom", networks: "list[nn.Module]") -> "NDArray[np.float32]":
        images, picture = seen(phantom)
        return heat_of(networks, images, label, picture).values

    def strong(values: "Tensor") -> "NDArray[np.float32]":
        positive = values.clamp_min(0)
        found: NDArray[np.float32] = positive.where(positive >= FAINT * positive.max(), 0).numpy()
        return found

    def without(phantom: "Phantom") -> "NDArray[np.float32]":
        image = torch.from_numpy(phantom.image)[None, None]
        return strong((image - blurred(image, HIDDEN)).abs()[0, 0])

    cameras = [_camera(network) for network in model.networks]

    def grad_cam(phantom: "Phantom") -> "NDArray[np.float32]":
        images = standardised(seen(phantom)[0])
        maps = [torch.as_tensor(camera(images, class_idx=label)).detach() for camera in cameras]
        return strong(torch.stack(maps).mean(0)[0, 0])

    return {
        NAME: lambda phantom: ours(phantom, model.networks),
        RANDOM: lambda phantom: ours(phantom, untrained),
        "Grad-CAM (MONAI)": grad_cam,
        "the image without a network": without,
    }


def _camera(network: "nn.Module") -> "GradCAM":
    """Returns MONAI's Grad-CAM of the last maps of a copy: it puts hooks into what it looks at."""
    import copy

    from monai.visualize.class_activation_maps import GradCAM

    return GradCAM(copy.deepcopy(network), "layer4", postprocessing=lambda values: values)


def _inside(values: "NDArray[np.float32]", phantom: "Phantom") -> float:
    """Returns the share of the heat that lies in the lesion; 0 where there is no heat."""
    return float(values[phantom.lesion].sum() / max(float(values.sum()), 1e-12))


def _table(shares: "Mapping[str, NDArray[np.float64]]", seed: int) -> ReportTable:
    from models.metrics.intervals import bootstrap, show_interval

    rows: list[list[Any]] = []
    for name, each in shares.items():
        interval = bootstrap(lambda drawn, each=each: float(each[drawn].mean()), len(each), seed)  # type: ignore[misc]
        rows.append([name, show_interval(interval), f"{(each >= BAR).mean():.0%}"])
    return ReportTable(
        title="Share of the heat inside the lesion (95% CI)",
        columns=["explanation", "inside", f"images with at least {BAR:.0%} inside"],
        rows=rows,
    )

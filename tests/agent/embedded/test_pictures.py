from typing import Any

import pytest

from agent.llm.embedded.mentions.kinds import is_bare_folder, path_kind
from agent.llm.embedded.planner import Planner
from agent.llm.embedded.slots.quantities import find_epochs, find_lone_numbers, find_side
from agent.plan import Memory, Plan, PlannedCall


def calls(plan: Plan) -> list[tuple[str, dict[str, Any]]]:
    return [(step.tool, step.args) for step in plan.steps]


@pytest.mark.parametrize(
    ("request_text", "expected"),
    [
        (
            "Train a densenet121 on data/cxr for 12 epochs, 128 px, seed 4",
            [
                (
                    "train_image_classifier",
                    {"image_folder": "data/cxr", "architecture": "densenet121", "epochs": 12,
                     "image_size": 128, "seed": 4},
                )
            ],
        ),
        (
            "Train a resnet18 on data/cxr and use the unlabelled images in data/more/ too",
            [
                (
                    "train_image_classifier",
                    {"image_folder": "data/cxr", "unlabelled_folder": "data/more/",
                     "architecture": "resnet18"},
                )
            ],
        ),
        (
            "pretrain on the unlabelled scans in scans/all/ and fine-tune a classifier on "
            "scans/labelled/",
            [
                (
                    "train_image_classifier",
                    {"image_folder": "scans/labelled/", "unlabelled_folder": "scans/all/"},
                )
            ],
        ),
        (
            "describe data/cells/, pretrain on the unlabelled images in data/more/ and train a "
            "classifier on data/cells/",
            [
                ("describe_dataset", {"dataset": "data/cells/"}),
                (
                    "train_image_classifier",
                    {"image_folder": "data/cells/", "unlabelled_folder": "data/more/"},
                ),
            ],
        ),
        (
            "train a classifier on data/cells/ and learn from the unlabelled images in data/more/ "
            "first, then describe it",
            [
                (
                    "train_image_classifier",
                    {"image_folder": "data/cells/", "unlabelled_folder": "data/more/"},
                ),
                ("describe_model", {"model": "$1"}),
            ],
        ),
        (
            "Train a U-Net on volumes/spleen",
            [("train_image_segmenter", {"image_folder": "volumes/spleen"})],
        ),
        (
            "outline the lesion in ct/p7.nii.gz with seg-2",
            [("analyze_image", {"image": "ct/p7.nii.gz", "model": "seg-2"})],
        ),
        (
            "generate 20 images from data/mri/ and 30 from data/ct/",
            [
                ("generate_medical_images", {"image_folder": "data/mri/", "count": 20}),
                ("generate_medical_images", {"image_folder": "data/ct/", "count": 30}),
            ],
        ),
        (
            "read a.png with img-1 and b.png with img-2",
            [
                ("analyze_image", {"image": "a.png", "model": "img-1"}),
                ("analyze_image", {"image": "b.png", "model": "img-2"}),
            ],
        ),
        (
            "Check the images in data/cxr for copies, train a resnet50 on them and read new.png",
            [
                ("describe_dataset", {"dataset": "data/cxr"}),
                (
                    "train_image_classifier",
                    {"image_folder": "data/cxr", "architecture": "resnet50"},
                ),
                ("analyze_image", {"image": "new.png", "model": "$2"}),
            ],
        ),
        (
            "Make 50 synthetic images from data/rare/. Then ten more with the same generator.",
            [
                ("generate_medical_images", {"image_folder": "data/rare/", "count": 50}),
                ("generate_medical_images", {"model": "$1", "count": 10, "seed": 1}),
            ],
        ),
        (
            "start from img-1 and train on data/new_hospital_films/",
            [
                (
                    "train_image_classifier",
                    {"image_folder": "data/new_hospital_films/", "pretrained": "img-1"},
                )
            ],
        ),
    ],
)  # fmt: skip
def test_calls(
    planner: Planner, request_text: str, expected: list[tuple[str, dict[str, Any]]]
) -> None:
    plan = planner.plan(request_text)
    made = [
        (tool, {k: v for k, v in args.items() if (k, v) != ("architecture", "unet")})
        for tool, args in calls(plan)
    ]
    assert (plan.outcome, made) == ("act", expected)


@pytest.mark.parametrize(
    "request_text",
    ["train an image classifier", "what does this x-ray show?", "make 12 synthetic images"],
)
def test_what_lacks_images_is_asked_for(planner: Planner, request_text: str) -> None:
    assert planner.plan(request_text).outcome == "needs_input"


def test_images_and_models_of_earlier_turns_are_meant(planner: Planner) -> None:
    memory = Memory(models=["clf-3", "img-2", "seg-1"], images=["films/p9.png"])
    read = planner.plan("what does it show? read that image with the classifier", memory)
    assert calls(read) == [("analyze_image", {"image": "films/p9.png", "model": "img-2"})]
    outlined = planner.plan("outline the lesion in films/p9.png with that model", memory)
    assert calls(outlined) == [("analyze_image", {"image": "films/p9.png", "model": "seg-1"})]


def test_literature_about_images_is_searched(planner: Planner) -> None:
    for text in ("papers on generative adversarial networks for medical image synthesis",
                 "evidence for U-Net in polyp segmentation"):  # fmt: skip
        assert [tool for tool, _ in calls(planner.plan(text))] == ["search_literature"]


def test_numbers_beside_images() -> None:
    assert find_lone_numbers("make 8 pictures, seed 4, 64 px, 3 epochs") == [8]
    assert find_lone_numbers("20 from here and 30 from there") == [20, 30]
    assert find_side("at 128x128") == 128
    assert find_side("a resnet18 for 20 epochs") is None
    assert find_epochs("12 epocs") == 12


def test_paths_by_what_they_may_hold() -> None:
    assert path_kind("a/b.nii.gz") == "image"
    assert path_kind("a/b.csv") == "file"
    assert path_kind("a/b") == "folder"
    assert is_bare_folder("organs/spleen", "train a U-Net on ")
    assert not is_bare_folder("CT/MRI", "train on ")
    assert not is_bare_folder("morbidity/mortality", "the effect on ")


@pytest.mark.parametrize(
    ("request_text", "tool", "expected"),
    [
        ("Train a segmenter on cells/ using the boxes in boxes.csv", "train_image_segmenter",
         {"image_folder": "boxes.csv"}),
        ("Train a 3D unet on volumes/ with masks in masks/", "train_image_segmenter",
         {"image_folder": "volumes/", "architecture": "unet"}),
        ("Segment the vessels: train on retina/images with retina/masks for 30 epochs",
         "train_image_segmenter", {"image_folder": "retina", "epochs": 30}),
        ("Train an image classifier on mri/ for 10 epochs, patients in patients.csv",
         "train_image_classifier", {"image_folder": "mri/", "epochs": 10}),
        ("Train a classifier on labels.csv with image paths in column file",
         "train_image_classifier", {"image_folder": "labels.csv"}),
        ("Train on data/films/", "train_image_classifier", {"image_folder": "data/films/"}),
        ("Train an image classifier on cls/ with clear as the positive class",
         "train_image_classifier", {"image_folder": "cls/", "positive_class": "clear"}),
        ("Train a ResNet-34 on cls/", "train_image_classifier",
         {"image_folder": "cls/", "architecture": "resnet34"}),
        ("Train a VGG16 on cls/", "train_image_classifier",
         {"image_folder": "cls/", "architecture": "vgg16"}),
        ("Train a segmenter on seg/ with nnU-Net", "train_image_segmenter",
         {"image_folder": "seg/", "architecture": "dynunet"}),
        ("Train a resnet50 on films/ and use cells/ as unlabelled images",
         "train_image_classifier",
         {"image_folder": "films/", "architecture": "resnet50", "unlabelled_folder": "cells/"}),
        ("Generate 4 synthetic lesion images from cls/", "generate_medical_images",
         {"image_folder": "cls/", "count": 4, "label": "lesion"}),
        ("Make 4 artificial OCT scans like those in cls/", "generate_medical_images",
         {"image_folder": "cls/", "count": 4}),
        ("train on parts/train and test on parts/test", "train_image_classifier",
         {"image_folder": "parts/train", "test_folder": "parts/test"}),
        ("train a segmenter on organs/train and evaluate it on organs/test",
         "train_image_segmenter",
         {"image_folder": "organs/train", "test_folder": "organs/test"}),
        ("Train an image classifier on cls/ for 0 epochs", "train_image_classifier",
         {"image_folder": "cls/", "epochs": 0}),
        ("Train a segmenter on cells/ for -3 epochs", "train_image_segmenter",
         {"image_folder": "cells/", "epochs": -3}),
        ("describe scan.png", "describe_dataset", {"dataset": "scan.png"}),
        ("what is in series.dcm?", "describe_dataset", {"dataset": "series.dcm"}),
        ("how many slices are in ct.nii.gz", "describe_dataset", {"dataset": "ct.nii.gz"}),
        ("describe the lesion in a.png", "analyze_image", {"image": "a.png"}),
        ('What is in "Bilder Köln/"?', "describe_dataset", {"dataset": "Bilder Köln/"}),
    ],
)  # fmt: skip
def test_masks_boxes_and_tables_belong_to_their_images(
    planner: Planner, request_text: str, tool: str, expected: dict[str, Any]
) -> None:
    assert calls(planner.plan(request_text)) == [(tool, expected)]


@pytest.mark.parametrize(
    ("request_text", "refused"),
    [
        ("Train an image classifier on cls/ with learning rate 0.001 and batch size 32",
         ["the learning rate", "the batch size"]),
        ("train a resnet on cls/ without augmentation", ["augmentation"]),
        ("Train an image classifier on cls/ with an 80/20 split", ["the share that is held out"]),
        ("Train an image classifier on cls/ and hold out 30% for testing",
         ["the share that is held out"]),
        ("Train an image classifier on cls/ with leave-one-patient-out cross-validation",
         ["leaving one out at a time"]),
        ("Train an image classifier on cls/ at 64 px with 3 folds", []),
        ("Train a segmenter on cells/ at 64 px with 3 folds and focal loss",
         ["cross-validation", "the loss", "the size of the images"]),
        ("train a resnet18 on parts/train, validate on parts/val and test on parts/test",
         ["parts/val"]),
        ("train a classifier on images of frozen sections in data/frozen/", []),
        ("generate 100 images for data augmentation from cls/", []),
        ("Make 20 synthetic training images of cls/ for a classifier", []),
        ("Augment cls/ with synthetic images and train a classifier on them",
         ["training on real and made-up images together (copy them into the folders of their "
          "classes to do so)"]),
        ("train a random forest with 500 trees on breast_cancer", ["the size of the forest"]),
        ("train a classifier on x.csv to predict dropout", []),
    ],
)  # fmt: skip
def test_options_that_a_tool_does_not_have_are_said(
    planner: Planner, request_text: str, refused: list[str]
) -> None:
    plan = planner.plan(request_text)
    assert plan.outcome == "act"
    _, _, said = plan.message.partition("so not followed: ")
    assert said == (f"{', '.join(refused)}." if refused else "")


def test_a_question_says_too_what_is_no_option(planner: Planner) -> None:
    plan = planner.plan("Train an image classifier with batch size 8")
    assert plan.outcome == "needs_input"
    assert "Which images?" in plan.message
    assert plan.message.endswith("so not followed: the batch size.")


SEGMENTED = Memory(
    models=["seg-1", "img-1"], images=["cells/", "a.png"], datasets=["cells/"],
    last=PlannedCall(request="", tool="analyze_image", args={"image": "a.png", "model": "seg-1"}),
)  # fmt: skip
DRAWN = Memory(
    models=["syn-1"], images=["cls/"], datasets=["cls/"],
    last=PlannedCall(request="", tool="generate_medical_images", args={"image_folder": "cls/"}),
)  # fmt: skip
TRAINED = Memory(
    models=["seg-2"], images=["cells/", "a.png"], datasets=["cells/"],
    last=PlannedCall(request="", tool="train_image_segmenter", args={"image_folder": "cells/"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("request_text", "memory", "expected"),
    [
        ("How big is it?", SEGMENTED, ("analyze_image", {"image": "a.png", "model": "seg-1"})),
        ("And the area of the lesion?", SEGMENTED,
         ("analyze_image", {"image": "a.png", "model": "seg-1"})),
        ("Segment this scan", TRAINED, ("analyze_image", {"image": "a.png", "model": "seg-2"})),
        ("show me the worst cases", TRAINED, ("describe_model", {"model": "seg-2"})),
        ("why?", SEGMENTED, ("analyze_image", {"image": "a.png", "model": "seg-1"})),
        ("Is the segmenter any good?", TRAINED, ("describe_model", {"model": "seg-2"})),
        ("draw four more", DRAWN,
         ("generate_medical_images", {"model": "syn-1", "count": 4, "seed": 1})),
        ("and 3 more of the lesion class", DRAWN,
         ("generate_medical_images",
          {"model": "syn-1", "count": 3, "label": "lesion", "seed": 1})),
        ("which images did it get wrong?", SEGMENTED, ("describe_model", {"model": "seg-1"})),
    ],
)  # fmt: skip
def test_what_the_turn_before_makes_plain(
    planner: Planner, request_text: str, memory: Memory, expected: tuple[str, dict[str, Any]]
) -> None:
    assert calls(planner.plan(request_text, memory)) == [expected]


def test_other_questions_after_a_reading_stand_alone(planner: Planner) -> None:
    for text in ("Why is the sky blue?", "How good is metformin in diabetes?"):
        tools = [tool for tool, _ in calls(planner.plan(text, SEGMENTED))]
        assert not {"analyze_image", "describe_model"} & {*tools}


def test_a_size_that_nothing_was_measured_for_is_no_call(planner: Planner) -> None:
    assert planner.plan("How big is it?").outcome == "refused"


def test_training_may_be_asked_for_its_worst_cases(planner: Planner) -> None:
    plan = planner.plan("train a segmenter on cells/ and show me the worst cases")
    assert calls(plan) == [
        ("train_image_segmenter", {"image_folder": "cells/"}),
        ("describe_model", {"model": "$1"}),
    ]


def test_more_images_are_drawn_with_the_next_seed(planner: Planner) -> None:
    last = PlannedCall(request="", tool="generate_medical_images",
                       args={"model": "syn-1", "seed": 4})  # fmt: skip
    plan = planner.plan("Draw 10 more with syn-1", Memory(models=["syn-1"], last=last))
    assert calls(plan) == [("generate_medical_images", {"model": "syn-1", "count": 10, "seed": 5})]


@pytest.mark.parametrize(
    ("text", "tool", "args"),
    [
        ("do all images in organs/spleen/ have masks?", "describe_dataset",
         {"dataset": "organs/spleen/"}),
        ("train an image classifier on films/ with patients in column pid of meta.csv",
         "train_image_classifier",
         {"image_folder": "films/", "split": "group", "group_column": "pid"}),
        ("train a segmenter on cells/ with boxes.csv", "train_image_segmenter",
         {"image_folder": "boxes.csv"}),
    ],
)  # fmt: skip
def test_what_lies_beside_images_is_no_second_call(
    planner: Planner, text: str, tool: str, args: dict[str, Any]
) -> None:
    assert [(step.tool, step.args) for step in planner.plan(text).steps] == [(tool, args)]


@pytest.mark.parametrize("text", ["resize the images in cls/ to 224", "anonymise scan.dcm"])
def test_images_are_not_changed(planner: Planner, text: str) -> None:
    assert planner.plan(text).outcome == "refused"

"""Options of a training that people ask for and that its tool may not have."""

import re
from collections.abc import Collection

from agent.llm.embedded.slots.quantities import EPOCHS

MADE_UP = r"(?:synthetic|made-?up|generated|artificial)"

OPTIONS: dict[str, tuple[str, str]] = {
    "learning_rate": ("the learning rate", r"\blearning[\s_-]?rate\b|\blr\s*(?:=|:|of\b)?\s*[\d.]"),
    "batch_size": ("the batch size", r"\bbatch[\s_-]?size\b|\bbatch(?:es)? of \d"),
    "epochs": ("the number of epochs", EPOCHS.pattern),
    "folds": ("cross-validation", r"\bcross[\s-]?validat\w*|\b(?:\d+|k)[\s-]?folds?\b"),
    "leave_one_out": (
        "leaving one out at a time",
        r"\bleave[\s-]+(?:one|1)[\s-]+(?:[\w]+[\s-]+)?out\b|\blo(?:o|po|so)(?:cv)?\b",
    ),
    "test_share": (
        "the share that is held out",
        r"\b(?:hold|held|holding|keep|set|put|leave|reserve|test|validat|split)\w*\b[^.;\n]{0,25}?"
        r"(?:\d+\s?(?:%|percent)|\b(?:a|one) (?:half|third|quarter|fifth|tenth)\b)|"
        r"\d+\s?(?:%|percent)\s+(?:for\s+|as\s+)?(?:a\s+|the\s+)?(?:test|validat|hold|held)\w*|"
        r"\b\d\d\s?[/:-]\s?\d\d\b(?=[^.;\n]{0,15}\bsplit)|\bsplit\w*\s+(?:\w+\s+)?\d\d\s?[/:-]\s?\d\d\b|"
        r"\btest[\s_-]?size\b",
    ),
    "augmentation": (
        "augmentation",
        r"\b(?:no|without|any|with|heav\w+|strong\w*|off|disable|skip|apply|use)\s+(?:\w+\s+)?"
        r"augment\w*|\b(?:mix-?up|cut-?mix|random crops?|flips?|flipping|rotations?)\b",
    ),
    "made_up_images": (
        "training on real and made-up images together (copy them into the folders of their "
        "classes to do so)",
        rf"\b(?:train|fit|learn)\b[^.;\n]{{0,60}}\b(?:on|with|from|using|by)\s+(?:(?:the|these|"
        rf"those|both|real|all|and|their|its|my|\d+)\s+)*{MADE_UP}\b|"
        rf"\b(?:augment\w*|generat\w+|mak\w+|creat\w+)\b[^\n]{{0,80}}\btrain\b[^.;\n]{{0,40}}\bon\s+"
        r"(?:them|both|those|these|the (?:result|images|augmented|enlarged))|"
        rf"\baugment\w*\b[^.;\n]{{0,60}}\b{MADE_UP}\b[^\n]{{0,60}}\btrain\b",
    ),
    "optimizer": (
        "the optimizer",
        r"\boptimi[sz]er\b|\b(?:adam|adamw|sgd|rmsprop|adagrad|lion)\b|\bmomentum\b",
    ),
    "schedule": (
        "the schedule of the learning rate",
        r"\b(?:cosine|warm-?up|one-?cycle|step decay|lr decay|schedul\w+)\b",
    ),
    "loss": (
        "the loss",
        r"\b(?:focal|dice|cross[\s-]?entropy|bce|tversky|hinge|mse|huber|weighted|jaccard|"
        r"lov[aá]sz|boundary)[\s-]+(?:\w+[\s-]+)?loss\b|\bloss[\s-]function\b",
    ),
    "class_weight": (
        "weights of the classes",
        r"\b(?:class|balanced|inverse)[\s_-]?weight\w*|\b(?:over|under)-?sampl\w+|\bsmote\b",
    ),
    "image_size": (
        "the size of the images",
        r"\b(?:image|input|patch|tile)[\s_-]?size\b|\bresiz\w+|\bresolution of\b|"
        r"\bat\s+\d+\s*(?:[x×]\s*\d+|px\b|pixels\b)|\b\d+\s?px\b",
    ),
    "pretrained": (
        "weights from elsewhere",
        r"\bpre-?trained\b|\btransfer learning\b|\bfine-?tun\w+",
    ),
    "imagenet": ("the weights of ImageNet", r"\bimage-?net\b"),
    "frozen": (
        "frozen layers",
        r"\bfr(?:eez|oz)\w+\s+(?:\w+\s+)?(?:backbone|encoder|layers?|weights|base)\b",
    ),
    "dropout": ("dropout", r"\bdrop-?out\b"),
    "weight_decay": (
        "weight decay", r"\bweight[\s_-]?decay\b|\bl[12][\s-]+(?:regulari\w+|penalty)\b",
    ),
    "architecture": ("the kind of network", r"\b(?:style|dc)?gans?\b|\bvaes?\b|\bautoencoders?\b"),
    "subset": (
        "a part of the data",
        r"\b(?:on|only|use)\s+(?:a |the )?(?:half|third|quarter|\d+\s?%|(?:random )?(?:part|subset|"
        r"sample)|first \d+(?: \w+)?)\s+of\b",
    ),
    "patience": ("patience", r"\bpatience\b"),
    "layers": (
        "the size of the network",
        r"\b\d+\s+(?:hidden\s+)?(?:layers|filters|channels|units|neurons|heads)\b",
    ),
    "trees": (
        "the size of the forest",
        r"\b\d+\s+trees\b|\bn_?estimators\b|\bmax[\s_-]?depth\b|\bdepth of \d",
    ),
    "private_epsilon": (
        "differential privacy", r"\bdifferential(?:ly)?[\s-]priva\w+|\bdp-?sgd\b|\bepsilon\b",
    ),
}  # fmt: skip
"""By the name that its argument would have: what it is called, and the words that ask for it."""


def find_missing_options(text: str, had: Collection[str]) -> list[str]:
    """Returns what a text asks of a training and its tool has no argument for.

    Args:
        text: The words, things and columns blanked.
        had: Names of the tool's arguments.
    """
    return [
        called
        for name, (called, asked) in OPTIONS.items()
        if name not in had and re.search(asked, text, re.IGNORECASE)
    ]


def say_missing(tool: str, options: Collection[str]) -> str:
    """Says which options are not followed; nothing where all are."""
    return f"Not an option of {tool}, so not followed: {', '.join(options)}." if options else ""

"""What words about images say for and against readings of a request."""

import re
from collections.abc import Collection

BARE_TRAINING = re.compile(r"^\W*(?:please\s+)?(?:train|fit|learn)\s+(?:on|from)\s+\S+/\W*$", re.I)
"""Names a folder to learn from, and not what: its classes then."""

IMAGE_TABLE = re.compile(
    r"\b(?:image|picture|scan|film)s?[\s_](?:paths?|files?|file ?names?)\b|"
    r"\bpaths? (?:of|to) (?:the )?(?:images|pictures|scans|films)\b", re.I,
)  # fmt: skip
"""Speaks of a table whose rows are images."""

IMAGE_FILE = re.compile(
    r"^\W*(?:(?:please|can you|could you)\s+)*describe\s+(?:the\s+)?(?:\w+\s+)?\S+\W*$|"
    r"\b(?:metadata|headers?|dicom tags?|what kind of file|modality|who is the patient)\b|"
    r"\bhow many (?:slices|planes|frames)\b|"
    r"\bwhat(?:['’]s| is) (?:in|inside)\s+\S+\.(?:dcm|dicom|ima|nii(?:\.gz)?)\W*$",
    re.I,
)
"""Asks what an image file is, not what it shows."""

OUTLINES_CHECK = re.compile(
    r"^\W*(?:(?:please|can you|could you)\s+)*(?:are|is|do|does|has|have|check|verify|which|"
    r"how many)\b"
    r"(?!.*\b(?:train|learn|fit|teach)).*\b(?:masks?|outlines?|boxes|annotations?)\b", re.I,
)  # fmt: skip
"""Asks whether masks are there and fit."""

READ_ALL = re.compile(
    r"^\W*(?:(?:please|can you|could you)\s+)*(?:classify|segment|outline|read|label)\s+"
    r"(?:all|every|each)\b(?!.*\b(?:train|learn|model that)\b)", re.I,
)  # fmt: skip
"""Wants images to be read, not to be learnt from."""

CHANGED = re.compile(
    r"^\W*(?:(?:please|can you|could you)\s+)*(?:resize|rescale|crop|rotate|flip|convert|denoise|"
    r"anonymi[sz]e|de-?identify|blur|register|rename|invert|normali[sz]e|stitch)\b"
    r"(?!.*\b(?:train|learn|then|and)\b)", re.I,
)  # fmt: skip
"""Wants files to be changed, which no tool does."""

SHIFTS: tuple[tuple[str, tuple[re.Pattern[str], ...], frozenset[str], float], ...] = (
    ("train_image_classifier", (BARE_TRAINING, IMAGE_TABLE), frozenset(), 3.0),
    ("describe_dataset", (IMAGE_FILE,), frozenset({"image"}), 5.0),
    ("describe_dataset", (OUTLINES_CHECK,), frozenset({"folder"}), 5.0),
    ("analyze_image", (READ_ALL,), frozenset({"folder"}), 4.0),
    ("out_of_scope", (CHANGED,), frozenset({"image", "folder"}), 8.0),
)
"""A tool or intent, words, the kinds of paths of which one is named (any), and its log-odds."""


def of_images(name: str, text: str, kinds: Collection[str]) -> float:
    """Returns the log-odds for a tool or intent by what a request says of images.

    Args:
        name: Of the tool or intent.
        text: The request.
        kinds: Kinds of the typed things it names.
    """
    return sum(
        bonus
        for meant, cues, wanted, bonus in SHIFTS
        if meant == name
        and (not wanted or wanted.intersection(kinds))
        and any(cue.search(text) for cue in cues)
    )

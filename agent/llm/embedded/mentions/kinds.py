"""What a path may hold, by its name: an image, a folder, or a file of another kind."""

import re
from typing import Literal

from agent.words import word_set

IMAGE_FILE = re.compile(
    r"\.(?:png|jpe?g|tiff?|bmp|webp|dcm|dicom|ima|nii(?:\.gz)?)$", re.IGNORECASE
)
FILE_ENDING = re.compile(r"[^/\\.]\.[A-Za-z][A-Za-z0-9]{1,9}$")

PathKind = Literal["image", "folder", "file"]

ROOTS = word_set("data dataset datasets")
"""Folders below which anything may lie."""

IMAGE_ROOTS = word_set(
    "scans scan images image imgs img pictures pics photos photographs slices slides tiles "
    "patches films film xrays x-rays xray x-ray radiographs cxr mri mr ct cts pet us ultrasound "
    "dicom dicoms nifti nii histology microscopy mammo mammograms retina fundus derm skin cells "
    "train test val raw input inputs uploads downloads papers docs volumes volume"
)
"""Folders that a first word may also name in prose: scans/brain, but not CT/MRI or cells/ml."""

PAIRED = word_set("images image imgs pictures scans masks mask labels outlines")
"""Folders that lie side by side in the folder that is meant."""

SIDES = word_set("train training test testing val valid validation")
"""Folders that are parts of the one above them, where it is no part itself: films/train."""

PROSE = word_set(
    "test testing train training val validation mask masks label labels mri ct pet us image images "
    "picture pictures photo photos scan scans slice slices volume volumes ml ul ll mm mm2 mm3 "
    "articles documents abstracts hour day week month year visit patient person case s min sec "
    "spect eeg ecg ultrasound x-ray x-rays xray xrays film films text texts or and"
)
IMAGING = re.compile(
    r"(?:mri|x-?ray|cxr|\bct|scan|image|img|slice|slide|film|dicom|nifti|patch|tile|photo|pic|"
    r"lesion|tumou?r|retina|fundus|chest|brain|skin|derm|oct|histo|cell|nuclei)",
    re.IGNORECASE,
)
PARTS = re.compile(r"^[\w.+-]+(?:/[\w.+-]+)+$", re.ASCII)
TRAINED_ON = re.compile(
    r"\b(?:train|fit|learn|generate|synthesi[sz]e|outline|segment|classif|u-?net|dynunet|vit|"
    r"resnet|densenet|efficientnet|classifier|segmenter|generator|images|pictures|scans)\w*\b"
    r"[^.?!]{0,60}\b(?:on|in|from|of|below|under|using|with|at)\s+$",
    re.IGNORECASE,
)
"""Stands before what images are learnt from: train a U-Net on organs/spleen."""

JUDGED_ON = re.compile(
    r"\b(?:test|evaluat|validat|judg|check|report|tun)\w*\b[^.?!]{0,30}\b(?:on|in|with|by|using)\s+$",
    re.IGNORECASE,
)
"""Stands before what a model is judged on: test it on films/test."""

FOLDER_CUE = re.compile(
    r"\b(?:folder|directory|dir|subfolder)s?\s*(?P<named>called|named|[:=]|is)?\s*[\"'`]?$",
    re.IGNORECASE,
)


def path_kind(path: str) -> PathKind:
    """Returns what a path may hold."""
    if IMAGE_FILE.search(path):
        return "image"
    return "file" if FILE_ENDING.search(path) else "folder"


def is_bare_folder(token: str, before: str) -> bool:
    """Tells whether a word without ending or closing slash names a folder: scans/brain_mri.

    Args:
        token: The word.
        before: The text before it.
    """
    cue = FOLDER_CUE.search(before)
    if not PARTS.match(token):
        is_name = bool(re.match(r"^[A-Za-z][\w-]*$", token)) and "_" in token
        if cue is None:
            return False
        return is_name or bool(cue["named"] and re.match(r"^\w[\w-]*$", token))
    if re.fullmatch(r"[\d/.]+", token):  # 80/20
        return False
    first, *rest = token.split("/")
    *above, last = token.casefold().split("/")
    prosaic = PROSE.intersection(above if last in PAIRED | SIDES else (*above, last))
    is_side = last in SIDES and JUDGED_ON.search(before)
    if cue or first in ROOTS or ((is_side or TRAINED_ON.search(before)) and not prosaic):
        return True
    if first in IMAGE_ROOTS:
        return rest[-1].casefold() not in PROSE
    return any("_" in part and IMAGING.search(part) for part in (first, *rest))

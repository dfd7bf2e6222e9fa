"""Models that are named as on the Hugging Face hub, and not by a folder."""

import re
from pathlib import Path

from models.errors import PrerequisiteError

HUB_NAME = re.compile(r"^[\w.-]+/[\w.-]+$")
DESCRIBING = ["config.json", "tokenizer_config.json", "chat_template*"]
"""Files that tell a model's family; its weights are left to vLLM."""


def is_hub_name(model: str) -> bool:
    """Tells whether a model is named as on the hub: ORGANISATION/MODEL, and no such folder."""
    return bool(HUB_NAME.match(model)) and not Path(model).expanduser().exists()


def described(model: str) -> Path:
    """Returns a folder with the files that tell a hub model's family.

    They are taken from the hub's cache on this machine, and fetched where they are not in it,
    unless HF_HUB_OFFLINE forbids it.

    Raises:
        PrerequisiteError: They can neither be found nor fetched.
    """
    from huggingface_hub import constants, snapshot_download

    try:
        return Path(snapshot_download(model, allow_patterns=DESCRIBING))
    except (OSError, ValueError) as error:
        if constants.HF_HUB_OFFLINE:
            message = (
                f"{model} is no folder, and not in the hub's cache on this machine; "
                "HF_HUB_OFFLINE forbids to fetch it."
            )
            raise PrerequisiteError(message, f"HF_HUB_OFFLINE=0 hf download {model}") from error
        reason = str(error).strip().partition("\n")[0]
        message = f"{model} is no folder, and cannot be had from the hub: {reason}"
        command = f"hf download {model}  # where there is a network, with hf auth login if gated"
        raise PrerequisiteError(message, command) from error

"""Model folders in the Hugging Face form: loaded without the network, written whole or not."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agent.llm.server.families import dialect_of, model_type
from agent.llm.tuning.learning.encoding import DialogueEncoder
from agent.llm.tuning.learning.training import fast_in_bfloat16
from models.errors import PrerequisiteError, ToolError, fault
from models.store.files import TEMPORARY_PREFIX


def check_folder(folder: Path) -> None:
    """Looks whether a folder can hold a model that may be loaded, before anything is loaded.

    Raises:
        PrerequisiteError: It has no config, or no weights in safetensors.
    """
    model_type(folder)
    if not any(folder.glob("*.safetensors")):
        message = f"{folder} holds no weights in safetensors; other formats are not loaded."
        raise PrerequisiteError(message, f"hf download ORGANISATION/MODEL --local-dir {folder}")


def load_folder(folder: Path) -> tuple[Any, DialogueEncoder]:
    """Loads a model and its tokenizer onto the GPU if there is one; code in the folder is not run.

    Raises:
        PrerequisiteError: The folder holds no model that transformers can load.
    """
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging as transformers_logging

    check_folder(folder)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        tokenizer = AutoTokenizer.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
        model: Any = AutoModelForCausalLM.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, trust_remote_code=False,
            dtype="auto" if fast_in_bfloat16(device) else torch.float32,
        )  # fmt: skip
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        message = f"{folder} cannot be loaded as a language model: {error}"
        raise PrerequisiteError(message, f"ls {folder}") from error
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    dialect = dialect_of(folder)
    if dialect.template:  # the one that the server uses; the folder that is written keeps it
        tokenizer.chat_template = dialect.template
    return model.to(device), DialogueEncoder(tokenizer)


def check_output(output: Path) -> None:
    """Looks whether a new folder can be made.

    Raises:
        ToolError: It exists already.
    """
    if output.exists():
        wrong = fault("--output", str(output), "a folder that does not exist yet")
        raise ToolError(f"{output} exists.", wrong, kind="refused_path")


@contextmanager
def new_folder(output: Path) -> Iterator[Path]:
    """Yields a temporary folder that becomes `output` on success and is removed otherwise."""
    output.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(
        tempfile.mkdtemp(dir=output.parent, prefix=f"{TEMPORARY_PREFIX}{os.getpid()}-")
    )
    try:
        yield temporary
        temporary.chmod(0o755)
        temporary.rename(output)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise

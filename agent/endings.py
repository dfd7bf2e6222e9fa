"""How a turn ends that was not answered: cancelled, no language model, too long, to be approved."""

import logging
import threading
from typing import Any

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.exceptions import ModelError

from tools.execution import CancellationError

APPROVAL = "This call is estimated to take long; approve, edit or reject it."
CANCELLED = "Cancelled."
KEPT = (
    "The conversation is kept: ask again once it is there, or use --llm embedded. "
    "See: theriac doctor"
)
TOO_LONG = (
    "This is more than the language model can read at once: shorten it, or begin a new thread."
)

# A callback that ends a reply is no error to tell the person of.
logging.getLogger("langchain_core.callbacks.manager").addFilter(
    lambda record: CancellationError.__name__ not in record.getMessage()
)


class Cancelling(BaseCallbackHandler):
    """Ends a language model's reply at its next token once the person has cancelled.

    Args:
        cancelled: Is set by who cancels.
    """

    raise_error = True

    def __init__(self, cancelled: threading.Event) -> None:
        self._cancelled = cancelled

    def on_llm_new_token(self, token: str | list[str | dict[str, Any]], **kwargs: Any) -> None:
        """Looks whether to go on.

        Raises:
            CancellationError: The person has cancelled.
        """
        if self._cancelled.is_set():
            raise CancellationError


def breaks_off(error: Exception) -> bool:
    """Tells whether an error is the model's or the person's doing, and not a bug.

    The client of the chat API is known by its name: importing it takes half a second, and who
    uses the embedded planner never does.
    """
    ours = isinstance(error, CancellationError | ModelError)
    return ours or type(error).__module__.partition(".")[0] == "openai"


def broken_off(error: Exception) -> dict[str, str]:
    """Returns the stop reason and the answer of a turn that an error of the model ended."""
    if isinstance(error, CancellationError):
        return {"stop_reason": "cancelled", "answer": CANCELLED}
    if "context length" in str(error):
        return {"stop_reason": "limit", "answer": TOO_LONG}
    text = f"The language model does not answer ({str(error).rstrip('.')}). {KEPT}"
    return {"stop_reason": "llm_unavailable", "answer": text}

"""One setting chooses the language model: a server's URL, a provider, or the embedded planner."""

import json
import urllib.error
import urllib.request

from langchain_core.language_models import BaseChatModel
from pydantic import SecretStr

from agent.settings import LOCAL_SERVER, Settings
from models.errors import PrerequisiteError

PROBE_SECONDS = 0.5


def connect(settings: Settings) -> tuple[BaseChatModel, str]:
    """Returns the chat model of the setting `llm`, and the name to report.

    Raises:
        PrerequisiteError: The named server does not answer.
    """
    if settings.llm == "auto":
        name = served_model(LOCAL_SERVER, settings)
        return (_server(LOCAL_SERVER, name, settings), name) if name else _embedded()
    if settings.llm == "embedded":
        return _embedded()
    if settings.llm.startswith(("http://", "https://")):
        name = settings.llm_model or served_model(settings.llm, settings)
        if not name:
            message = f"No language model answers at {settings.llm}."
            raise PrerequisiteError(message, "theriac doctor --llm " + settings.llm)
        return _server(settings.llm, name, settings), name
    from langchain.chat_models import init_chat_model

    try:
        model = init_chat_model(settings.llm, temperature=settings.temperature)
    except (ImportError, ValueError) as error:
        message = f"{settings.llm!r} is no URL, no provider:model and not 'embedded': {error}"
        raise PrerequisiteError(message, "theriac ask --llm embedded …") from error
    return model, settings.llm


def served_model(url: str, settings: Settings) -> str | None:
    """Returns the first model that an OpenAI-compatible server offers; None if it is silent."""
    request = urllib.request.Request(  # noqa: S310  # http(s) only: checked by the caller
        url.rstrip("/") + "/models", headers={"Authorization": f"Bearer {settings.llm_key}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=PROBE_SECONDS) as response:  # noqa: S310
            offered = json.load(response)["data"]
    except (OSError, ValueError, KeyError):
        return None
    return str(offered[0]["id"]) if offered else None


def _server(url: str, name: str, settings: Settings) -> BaseChatModel:
    from langchain_openai import ChatOpenAI

    return ChatOpenAI(
        base_url=url,
        model=name,
        api_key=SecretStr(settings.llm_key),
        temperature=settings.temperature,
        seed=settings.seed,
        timeout=settings.timeout,
        max_retries=2,
        stream_usage=True,
    )


def _embedded() -> tuple[BaseChatModel, str]:
    from agent.llm.embedded.model import EmbeddedModel

    return EmbeddedModel(), "embedded"

"""One setting chooses the language model: servers' URLs, a provider, or the embedded planner."""

import json
import urllib.request
from dataclasses import dataclass

from langchain_core.language_models import BaseChatModel
from pydantic import SecretStr

from agent.settings import LOCAL_SERVER, Settings
from models.errors import PrerequisiteError

PROBE_SECONDS = 0.5
RETRIES = 2
"""Further tries of a request that failed on its way, with growing pauses between them."""


@dataclass(frozen=True)
class ServedModel:
    """What a server says of its first model.

    Attributes:
        name: What to ask for.
        context: Tokens of prompt and answer together; None where the server does not tell.
    """

    name: str
    context: int | None


def connect(settings: Settings) -> tuple[BaseChatModel, str]:
    """Returns the chat model of the setting `llm`, and the name to report.

    Raises:
        PrerequisiteError: No named server answers.
    """
    if settings.llm == "auto":
        served = served_model(LOCAL_SERVER, settings)
        return (_server([LOCAL_SERVER], served, settings), served.name) if served else _embedded()
    if settings.llm == "embedded":
        return _embedded()
    if settings.llm.startswith(("http://", "https://")):
        urls = server_urls(settings)
        found = next(filter(None, (served_model(url, settings) for url in urls)), None)
        if not found:
            message = f"No language model answers at {settings.llm}."
            raise PrerequisiteError(message, "theriac doctor --llm " + settings.llm)
        return _server(urls, found, settings), settings.llm_model or found.name
    from langchain.chat_models import init_chat_model

    try:
        model = init_chat_model(settings.llm, temperature=settings.temperature)
    except (ImportError, ValueError) as error:
        message = f"{settings.llm!r} is no URL, no provider:model and not 'embedded': {error}"
        raise PrerequisiteError(message, "theriac ask --llm embedded …") from error
    return model, settings.llm


def server_urls(settings: Settings) -> list[str]:
    """Returns the addresses in the setting `llm`."""
    return [url.strip().rstrip("/") for url in settings.llm.split(",") if url.strip()]


def served_model(
    url: str, settings: Settings, seconds: float = PROBE_SECONDS
) -> ServedModel | None:
    """Returns the first model that an OpenAI-compatible server offers; None if it is silent."""
    request = urllib.request.Request(  # noqa: S310  # http(s) only: checked by the caller
        url.rstrip("/") + "/models", headers={"Authorization": f"Bearer {settings.llm_key}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=seconds) as response:  # noqa: S310
            first = json.load(response)["data"][0]
            return ServedModel(str(first["id"]), first.get("max_model_len"))
    except (OSError, ValueError, KeyError, IndexError):
        return None


def _server(urls: list[str], served: ServedModel, settings: Settings) -> BaseChatModel:
    import httpx2
    from langchain_openai import ChatOpenAI

    from agent.llm.balance import BalancedTransport

    # A model with a short context keeps half of it for the prompt.
    tokens = min(settings.answer_tokens, (served.context or 2**31) // 2)
    several = httpx2.Client(transport=BalancedTransport(urls)) if len(urls) > 1 else None
    return ChatOpenAI(
        base_url=urls[0],
        model=settings.llm_model or served.name,
        api_key=SecretStr(settings.llm_key),
        temperature=settings.temperature,
        seed=settings.seed,
        timeout=settings.timeout,
        max_retries=RETRIES,
        max_tokens=tokens,
        stream_usage=True,
        http_client=several,
        profile={"max_input_tokens": served.context - tokens} if served.context else None,
    )


def _embedded() -> tuple[BaseChatModel, str]:
    from agent.llm.embedded.model import EmbeddedModel

    return EmbeddedModel(), "embedded"

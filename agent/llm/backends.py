"""One setting chooses the language model: servers' URLs, a provider, or the embedded planner."""

import json
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING

from langchain_core.language_models import BaseChatModel
from pydantic import SecretStr

from agent.settings import LOCAL_SERVER, Settings
from models.errors import PrerequisiteError

if TYPE_CHECKING:
    from httpx2 import BaseTransport

PROBE_SECONDS = 0.5
NAMED_SECONDS = 10.0
"""How long a server may take to say what it serves: one that was named may be busy."""

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


@dataclass(frozen=True)
class Endpoint:
    """Servers of one model, and what to ask them for.

    Attributes:
        urls: Their addresses.
        model: What to ask for.
        context: Tokens of prompt and answer together; None where they do not tell.
        answer_tokens: Tokens of one reply at most.
    """

    urls: tuple[str, ...]
    model: str
    context: int | None
    answer_tokens: int


def connect(
    settings: Settings, transport: "BaseTransport | None" = None
) -> tuple[BaseChatModel, str]:
    """Returns the chat model of the setting `llm`, and the name to report.

    Args:
        settings: Which model, how it is sampled, how long it is waited for.
        transport: What speaks HTTP with a server, where not our own.

    Raises:
        PrerequisiteError: No named server answers.
    """
    if settings.llm == "auto" or is_url(settings.llm):
        found = find_endpoint(settings)
        return (_server(found, settings, transport), found.model) if found else _embedded()
    if settings.llm == "embedded":
        return _embedded()
    from langchain.chat_models import init_chat_model

    try:
        model = init_chat_model(settings.llm, temperature=settings.temperature)
    except (ImportError, ValueError) as error:
        message = f"{settings.llm!r} is no URL, no provider:model and not 'embedded': {error}"
        raise PrerequisiteError(message, "theriac ask --llm embedded …") from error
    return model, settings.llm


def find_endpoint(settings: Settings) -> Endpoint | None:
    """Returns the servers of the setting `llm`; None where 'auto' finds the local one silent.

    Raises:
        PrerequisiteError: No named server answers.
    """
    auto = settings.llm == "auto"
    urls = [LOCAL_SERVER] if auto else server_urls(settings)
    seconds = PROBE_SECONDS if auto else NAMED_SECONDS
    served = next(filter(None, (served_model(url, settings, seconds) for url in urls)), None)
    if served is None and auto:
        return None
    if served is None:
        message = f"No language model answers at {settings.llm}."
        raise PrerequisiteError(message, "theriac doctor --llm " + settings.llm)
    # A model with a short context keeps half of it for the prompt.
    tokens = min(settings.answer_tokens, (served.context or 2**31) // 2)
    return Endpoint(tuple(urls), settings.llm_model or served.name, served.context, tokens)


def is_url(llm: str) -> bool:
    """Tells whether the setting `llm` names servers by their addresses."""
    return llm.startswith(("http://", "https://"))


def server_urls(settings: Settings) -> list[str]:
    """Returns the addresses in the setting `llm`."""
    return [url.strip().rstrip("/") for url in settings.llm.split(",") if url.strip()]


def served_model(
    url: str, settings: Settings, seconds: float = NAMED_SECONDS
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


def _server(
    found: Endpoint, settings: Settings, transport: "BaseTransport | None"
) -> BaseChatModel:
    import httpx2

    from agent.llm.balance import BalancedTransport
    from agent.llm.served import ServedChat

    if transport is None and len(found.urls) > 1:
        transport = BalancedTransport(found.urls)
    room = found.context - found.answer_tokens if found.context else None
    return ServedChat(
        base_url=found.urls[0],
        model=found.model,
        api_key=SecretStr(settings.llm_key),
        temperature=settings.temperature,
        seed=settings.seed,
        timeout=settings.timeout,
        max_retries=RETRIES,
        max_tokens=found.answer_tokens,
        stream_usage=True,
        http_client=httpx2.Client(transport=transport) if transport else None,
        profile={"max_input_tokens": room} if room else None,
    )


def _embedded() -> tuple[BaseChatModel, str]:
    from agent.llm.embedded.model import EmbeddedModel

    return EmbeddedModel(), "embedded"

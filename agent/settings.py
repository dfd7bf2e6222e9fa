"""All settings, composed here and read from the environment and `theriac.toml` only here."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from retrieval.entrez.settings import EntrezSettings
from retrieval.settings import LibrarySettings

LOCAL_SERVER = "http://localhost:8000/v1"


class Settings(LibrarySettings, EntrezSettings, BaseSettings):
    """Settings of the agent; each is THERIAC_<NAME> in the environment or a key in theriac.toml."""

    model_config = SettingsConfigDict(
        env_prefix="THERIAC_", toml_file="theriac.toml", extra="forbid"
    )

    workspace: Path = Field(Path("theriac-workspace"), description="The workspace folder.")
    data: list[Path] = Field(default_factory=list, description="Further folders tools may read.")
    llm: str = Field(
        "auto",
        description="A vLLM or OpenAI-compatible URL (several, with commas, share the work), a "
        "LangChain provider string (provider:model), 'embedded', or 'auto': the local server if "
        "it answers, else embedded.",
    )
    llm_model: str | None = Field(
        None, description="The model to ask for; the server's first when not given."
    )
    llm_key: str = Field("none", description="The key that the server wants.", repr=False)
    temperature: float = Field(0.0, ge=0, le=2, description="Sampling temperature of the LLM.")
    seed: int = Field(0, ge=0, description="Sampling seed of the LLM.")
    timeout: float = Field(120.0, gt=0, description="Seconds to wait for one LLM response.")
    answer_tokens: int = Field(
        2048, ge=64, description="Tokens of one LLM response at most, its thoughts included."
    )
    vllm: Path | None = Field(
        None, description="The folder of vLLM's own environment [default: in the user's data]."
    )
    approval_seconds: float = Field(
        300.0, ge=0, description="Tool calls estimated to take longer ask for approval."
    )
    model_calls: int = Field(6, ge=1, description="LLM calls in one step before it is ended.")
    history_characters: int = Field(
        6000, ge=0, description="Characters of earlier turns that the LLM is shown."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The command line comes before the environment, and that before the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

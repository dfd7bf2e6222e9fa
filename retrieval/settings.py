"""Settings of the library; `agent.settings` reads them from the environment and theriac.toml."""

from pydantic import BaseModel, ConfigDict, Field

NONE = "none"


class LibrarySettings(BaseModel):
    """What a library is told, and then keeps; one that is not given stays as the library has it."""

    model_config = ConfigDict(extra="forbid")

    chroma_url: str | None = Field(
        None,
        description="A Chroma server for the library's vectors, such as http://localhost:8000; "
        "'none' for the library's own folder.",
    )
    reranker: str | None = Field(
        None,
        description="A local folder with a cross-encoder that ranks the best passages again; "
        "'none' for no such thing.",
    )

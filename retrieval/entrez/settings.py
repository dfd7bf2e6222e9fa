"""Settings of the E-utilities client."""

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

NCBI = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"


class EntrezSettings(BaseModel):
    """How PubMed is asked; `agent.settings` reads these from the environment and theriac.toml."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    online: bool = Field(False, description="Commands may use the network without --online.")
    entrez_url: str = Field(NCBI, description="Where the E-utilities are.")
    ncbi_api_key: str | None = Field(
        None,
        description="NCBI's API key (also read from NCBI_API_KEY): 10 requests a second, not 3.",
        validation_alias=AliasChoices("ncbi_api_key", "theriac_ncbi_api_key"),
        repr=False,
    )
    ncbi_email: str | None = Field(
        None, description="Sent along with requests, so that NCBI can write before it blocks."
    )

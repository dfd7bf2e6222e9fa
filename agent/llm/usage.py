"""What replies of a language model cost, and how they were sampled."""

from collections.abc import Iterable
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from pydantic import BaseModel, ConfigDict, Field


class Usage(BaseModel):
    """Tokens as the server counted them; none where it does not tell."""

    model_config = ConfigDict(frozen=True)

    input: int = Field(0, ge=0, description="Tokens of all prompts.")
    output: int = Field(0, ge=0, description="Tokens of all replies, thoughts included.")

    @property
    def total(self) -> int:
        """Both together."""
        return self.input + self.output

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(input=self.input + other.input, output=self.output + other.output)

    @classmethod
    def of(cls, messages: Iterable[BaseMessage]) -> "Usage":
        """Returns what the replies among these messages cost."""
        told = [m.usage_metadata for m in messages if isinstance(m, AIMessage) and m.usage_metadata]
        return cls(
            input=sum(one["input_tokens"] for one in told),
            output=sum(one["output_tokens"] for one in told),
        )


class Sampling(BaseModel):
    """With what a language model's replies are drawn: what it takes to ask it again.

    None stands for what a model has no setting for.
    """

    model_config = ConfigDict(frozen=True)

    model: str = Field(description="The model that was asked for.")
    temperature: float | None = Field(description="Sampling temperature; 0 takes the likeliest.")
    seed: int | None = Field(description="Seed that the server draws with.")
    max_tokens: int | None = Field(description="Tokens of one reply at most.")

    @classmethod
    def of(cls, model: BaseChatModel) -> "Sampling":
        """Reads a chat model's own settings, whatever its provider calls its name."""
        given: dict[str, Any] = {
            field: getattr(model, field, None) for field in ("temperature", "seed", "max_tokens")
        }
        name = getattr(model, "model_name", None) or getattr(model, "model", None)
        return cls(model=str(name or model._llm_type), **given)

"""A language model alone, as a baseline: no tools, no retrieval, no planner."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from agent.llm.batch import BatchExtractor
from agent.settings import Settings

AT_ONCE = 8
INSTRUCTIONS = "Answer the question with one of the choices, from what you know."


@dataclass(frozen=True)
class BareAnswer:
    """A model's answer to one question.

    Attributes:
        choice: One of the choices; None where the model gave none.
        error: Why there is none.
        tokens: Of prompt and reply.
        seconds: Of this request; several run at once.
    """

    choice: str | None
    error: str | None
    tokens: int
    seconds: float


class BareModel:
    """Asks a server's model questions and nothing else.

    Args:
        extractor: Connected to the server.
    """

    def __init__(self, extractor: BatchExtractor) -> None:
        self.name = extractor.name
        self._extractor = extractor

    @classmethod
    def connect(cls, llm: str, at_once: int = AT_ONCE) -> "BareModel":
        """Connects to a server.

        Args:
            llm: Its address; several share the work.
            at_once: Questions that are asked at the same time.

        Raises:
            PrerequisiteError: It is none, or does not answer.
        """
        return cls(BatchExtractor.connect(Settings(llm=llm), at_once))

    def choose(
        self, questions: Iterable[str], choices: Sequence[str], instructions: str = INSTRUCTIONS
    ) -> list[BareAnswer]:
        """Has each question answered with one of the choices, which the server holds it to.

        Returns:
            The answers, in the order of the questions.
        """
        schema: dict[str, Any] = {
            "title": "Answer",
            "type": "object",
            "properties": {"answer": {"enum": list(choices)}},
            "required": ["answer"],
            "additionalProperties": False,
        }
        told = f"{instructions}\nChoices: {', '.join(choices)}. Reply as JSON."
        return [
            BareAnswer(
                made.content["answer"] if made.content else None,
                made.error,
                made.usage.total,
                made.seconds,
            )
            for made in self._extractor.extract(questions, schema, told)
        ]


def costs(answers: Sequence[BareAnswer]) -> dict[str, float]:
    """Returns tokens and seconds per question, for a report's figures."""
    return {
        "tokens_per_question": round(statistics.mean(one.tokens for one in answers), 1),
        "seconds_per_question": round(statistics.mean(one.seconds for one in answers), 3),
    }

"""A language model alone, as a baseline: no tools, no retrieval, no planner."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from agent.llm.batch import BatchExtractor
from agent.settings import Settings

AT_ONCE = 8
INSTRUCTIONS = "Answer the question with one of the choices, from what you know."
NUMBERS = "Answer the question with a number, from what you know."


@dataclass(frozen=True)
class BareAnswer:
    """A model's answer to one question.

    Attributes:
        choice: One of the choices, or a number with two decimals; None where the model gave none.
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
        told = f"{instructions}\nChoices: {', '.join(choices)}. Reply as JSON."
        return self._answers(questions, {"enum": list(choices)}, told)

    def estimate(self, questions: Iterable[str], instructions: str = NUMBERS) -> list[BareAnswer]:
        """Has each question answered with a number, which the server holds it to.

        Returns:
            The answers, in the order of the questions.
        """
        return self._answers(questions, {"type": "number"}, f"{instructions} Reply as JSON.")

    def _answers(
        self, questions: Iterable[str], answer: dict[str, Any], told: str
    ) -> list[BareAnswer]:
        schema: dict[str, Any] = {
            "title": "Answer",
            "type": "object",
            "properties": {"answer": answer},
            "required": ["answer"],
            "additionalProperties": False,
        }
        return [
            BareAnswer(
                _text(made.content["answer"]) if made.content else None,
                made.error,
                made.usage.total,
                made.seconds,
            )
            for made in self._extractor.extract(questions, schema, told)
        ]


def _text(answer: str | float) -> str:
    return answer if isinstance(answer, str) else f"{answer:.2f}"


def costs(answers: Sequence[BareAnswer]) -> dict[str, float]:
    """Returns tokens and seconds per question, for a report's figures."""
    return {
        "tokens_per_question": round(statistics.mean(one.tokens for one in answers), 1),
        "seconds_per_question": round(statistics.mean(one.seconds for one in answers), 3),
    }

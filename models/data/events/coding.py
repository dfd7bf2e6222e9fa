"""What the values of an event column mean: the event was seen, or follow-up was censored."""

import re

import numpy as np
import pandas as pd
from pydantic import BaseModel

from models.errors import FieldFault, ToolError

EVENT_WORD = re.compile(
    r"1|true|yes|y|t|event|dead|died|deceased|death|failed|failure|uncensored|observed|occurred|"
    r"relapsed?|recurred|recurrence|recurrent|progressed|progression|metastasi[sz]ed|"
    r"(dead|died|death|deceased)\b.*|(relapsed|recurred|progressed)/.*|.*/(relapsed|progressed)"
)
CENSORED_WORD = re.compile(
    r"0|false|no|n|f|none|censor(ed|ing)?|alive|living|survived|surviving|survivor|lost|withdrawn|"
    r"(no|not|non|without)[ -].*|.*[ -]?free|lost to follow-?up|(alive|living|censored)\b.*"
)


class EventCoding(BaseModel):
    """Which values of an event column mean the event and which censoring, as plain words."""

    event: list[str]
    censored: list[str]

    @classmethod
    def infer(cls, column: pd.Series) -> "EventCoding":
        """Tells the meaning of a column's values.

        Raises:
            ToolError: A value is not understood, or no row has the event.
        """
        words = sorted({plain_word(value) for value in column.dropna().unique()})
        if words == ["1", "2"]:
            return cls(event=["2"], censored=["1"])
        coding = cls(
            event=[word for word in words if EVENT_WORD.fullmatch(word) and not _censored(word)],
            censored=[word for word in words if _censored(word)],
        )
        unclear = sorted(set(words) - {*coding.event, *coding.censored})
        if unclear or not coding.event:
            raise _refusal(column, words, unclear)
        return coding

    @classmethod
    def understands(cls, column: pd.Series) -> bool:
        """Tells whether the meaning of a column's values is clear."""
        try:
            cls.infer(column)
        except ToolError:
            return False
        return True

    def apply(self, column: pd.Series) -> pd.Series:
        """Returns 1.0 for events, 0.0 for censoring, NaN where missing or unknown."""
        meaning = dict.fromkeys(self.event, 1.0) | dict.fromkeys(self.censored, 0.0)
        values = {
            value: meaning.get(plain_word(value), np.nan) for value in column.dropna().unique()
        }
        return column.map(values).astype("float64")

    def remarks(self, name: str) -> list[str]:
        """Says how the column was read, unless it is 0 and 1."""
        if set(self.event) | set(self.censored) <= {"0", "1"}:
            return []
        censored = ", ".join(self.censored) or "nothing"
        return [f"{name}: {', '.join(self.event)} read as the event, {censored} as censored"]


def plain_word(value: object) -> str:
    """Returns a value in lower case, without a code before a colon or a decimal zero."""
    word = str(value).strip().casefold().rsplit(":", 1)[-1].strip().replace("_", " ")
    return word[:-2] if word.endswith(".0") else word


def _censored(word: str) -> bool:
    return CENSORED_WORD.fullmatch(word) is not None


def _refusal(column: pd.Series, words: list[str], unclear: list[str]) -> ToolError:
    shown = ", ".join(words[:6]) + (", …" if len(words) > 6 else "")
    if not unclear and words:
        message = f"No row of {column.name} has the event: there is nothing to learn from."
    elif len(words) > 2:
        message = f"{column.name} holds more than event and censored."
    else:
        message = f"It is not clear what the values of {column.name} mean."
    expected = "1 (event seen) and 0 (censored); for competing events, mark one of them"
    wrong = FieldFault(field="event_column", got=f"{column.name!r} with {shown}", expected=expected)
    return ToolError(message, wrong, kind="refused_data")

"""What the values of an event column mean: the event was seen, or follow-up was censored.

Decided, in this order, by what the person states, by the values where they are words (`Dead`,
`1:DECEASED`, `lost to follow-up`), and by the words in the column's name where they are codes
(`alive` yes/no, `censor_flg` 1/0). Where none of these decides, or they disagree, it is asked.
"""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from pydantic import BaseModel

from models.data.events.names import Meaning, meaning_of_name
from models.errors import FieldFault, ToolError, nearest

TRUE = frozenset({"1", "true", "yes", "y", "t", "ja", "j", "si", "是", "有"})
FALSE = frozenset({"0", "false", "no", "n", "f", "nein", "否", "无", "none"})
HAPPENED = (
    r"event|dead|died|deceased|death|failed|failure|occurred|relapsed?|recurred|recurrence|"
    r"recurrent|progressed|progression|metastasi[sz]ed|metastasis|expired|verstorben|tot|gestorben|"
    r"ereignis|死亡|已故|复发|进展|事件"
)
EVENT_WORD = re.compile(
    rf"{HAPPENED}|observed|uncensored|(not|non|un)[ -]?censored|"
    r"(dead|died|death|deceased)\b.*|(relapsed|recurred|progressed)/.*|.*/(relapsed|progressed)"
)
CENSORED_WORD = re.compile(
    r"censor(ed|ing)?|alive|living|survived|surviving|survivor|lost|withdrawn|lost to follow-?up|"
    r"(alive|living|censored)\b.*|.*[ -]?free|zensiert|lebt|lebend|am leben|存活|生存|删失|失访|"
    rf"(no|not|non|without|kein|keine)[ -](evidence of )?(disease|({HAPPENED})\b.*|observed)"
)
UNKNOWN_WORD = re.compile(
    r"(not|no)[ -](reported|available|known|applicable|evaluated|assessed|recorded|specified|"
    r"stated|given|follow[ -]?up|information|data)\b.*|unknown|unspecified|undetermined|missing|"
    r"n/?a|nan|null|\?+|-+|'-+|\.|unbekannt|keine angabe|未知|不详"
)


class EventCoding(BaseModel):
    """Which values of an event column mean the event and which censoring, as plain words.

    Attributes:
        event: Values that mean that the event was seen.
        censored: Values that mean that follow-up ended without it.
        competing: Values of other events, which end the follow-up for this one.
        reason: What decided, in a phrase; empty where the plain 1 and 0 did.
    """

    event: list[str]
    censored: list[str]
    competing: list[str] = []
    reason: str = ""

    @classmethod
    def infer(cls, column: pd.Series) -> "EventCoding":
        """Tells the meaning of a column's values by themselves and by the column's name.

        Raises:
            ToolError: A value is not understood, the name contradicts, or no row has the event.
        """
        words = _words(column)
        name = meaning_of_name(str(column.name))
        if words and set(words) <= TRUE | FALSE:
            return _flags(column, words, name)
        if words == ["1", "2"]:
            if name.censored:
                raise _ask(column, words, "1 and 2 say nothing of which is which")
            return cls(event=["2"], censored=["1"], reason="by the convention 1 and 2")
        coding = cls(
            event=[w for w in words if _happened(w)], censored=[w for w in words if _ended(w)]
        )
        unclear = sorted(set(words) - {*coding.event, *coding.censored})
        if unclear or not coding.event:
            raise _refusal(column, words, unclear)
        return coding

    @classmethod
    def stated(
        cls, column: pd.Series, event: Sequence[str], competing: Sequence[str] = ()
    ) -> "EventCoding":
        """Takes the event's values from the person; what else there is must be plain.

        Args:
            column: The event column.
            event: Values that mean the event.
            competing: Values of other events; who has one is followed up to it and not further.

        Raises:
            ToolError: A value is not in the column, or another is neither stated nor understood.
        """
        words = _words(column)
        given, others = [plain_word(v) for v in event], [plain_word(v) for v in competing]
        faults = [
            FieldFault(
                field=field, got=repr(word), expected=f"values of {column.name}: {_shown(words)}",
                suggestion=nearest(word, words),
            )
            for field, stated in (("event_value", given), ("competing_values", others))
            for word in stated
            if word not in words
        ]  # fmt: skip
        if both := sorted({*given} & {*others}):
            faults.append(
                FieldFault(
                    field="competing_values", got=", ".join(both), expected="other than event_value"
                )
            )
        if faults:
            raise ToolError(f"{column.name} does not hold what is stated of it.", *faults)
        rest = [word for word in words if word not in {*given, *others}]
        doubtful = [word for word in rest if word not in FALSE and not _ended(word)]
        if len(rest) > 1 and doubtful:
            raise _several(column, words, doubtful)
        return cls(event=given, censored=rest, competing=others, reason="as stated")

    @classmethod
    def understands(cls, column: pd.Series) -> bool:
        """Tells whether the meaning of a column's values is clear."""
        try:
            cls.infer(column)
        except ToolError:
            return False
        return True

    def apply(self, column: pd.Series) -> pd.Series:
        """Returns 1.0 for events, 0.0 for censoring and competing events, NaN where not known.

        Raises:
            ToolError: The column holds values that the coding does not know: read otherwise, its
                rows would vanish or change sides.
        """
        meaning = dict.fromkeys(self.event, 1.0) | dict.fromkeys(
            [*self.censored, *self.competing], 0.0
        )
        strange = [word for word in _words(column) if word not in meaning]
        if strange:
            wrong = FieldFault(
                field="event_column", got=f"{column.name!r} with {_shown(strange)}",
                expected=f"{', '.join(self.event)} (event) or {', '.join(self.censored)} "
                "(censored), as in the table that was read first",
            )  # fmt: skip
            raise ToolError(f"{column.name} is coded otherwise here.", wrong, kind="refused_data")
        values = {
            value: meaning.get(plain_word(value), np.nan) for value in column.dropna().unique()
        }
        return column.map(values).astype("float64")

    def remarks(self, name: str) -> list[str]:
        """Says how the column was read, unless it is 0 and 1 under the name of an event."""
        if not self.reason and set(self.event) | set(self.censored) <= {"0", "1"}:
            return []
        censored = ", ".join(self.censored) or "nothing"
        how = f" ({self.reason})" if self.reason else ""
        others = ", ".join(self.competing)
        ended = f"; {others} ends the follow-up as another event (cause-specific)" if others else ""
        return [
            f"{name}: {', '.join(self.event)} read as the event, {censored} as censored{ended}{how}"
        ]


def plain_word(value: object) -> str:
    """Returns a value in lower case, without a code before a colon or a decimal zero."""
    word = str(value).strip().casefold().rsplit(":", 1)[-1].strip().replace("_", " ")
    return word[:-2] if word.endswith(".0") else word


def unknown_count(column: pd.Series) -> int:
    """Returns how many cells say in words that the status is not known."""
    return sum(bool(UNKNOWN_WORD.fullmatch(plain_word(value))) for value in column.dropna())


def _words(column: pd.Series) -> list[str]:
    words = {plain_word(value) for value in column.dropna().unique()}
    return sorted(word for word in words if word and not UNKNOWN_WORD.fullmatch(word))


def _happened(word: str) -> bool:
    return word in TRUE or (bool(EVENT_WORD.fullmatch(word)) and not _ended(word))


def _ended(word: str) -> bool:
    if EVENT_WORD.fullmatch(word) and re.match(r"(not|non|un)[ -]?censored", word):
        return False
    return word in FALSE or CENSORED_WORD.fullmatch(word) is not None


def _flags(column: pd.Series, words: list[str], name: Meaning) -> EventCoding:
    """Reads yes and no as what the column's name says of those who have a yes."""
    yes, no = [w for w in words if w in TRUE], [w for w in words if w in FALSE]
    if name.censored and name.event:
        raise _ask(column, words, f"its name speaks of {name.said}")
    if name.doubtful:
        raise _ask(column, words, f"{name.said} is written for both")
    if name.censored:
        reason = f"by its name: {name.said}"
        coding = EventCoding(event=no, censored=yes, reason=reason)
    else:
        reason = "" if name.event or set(words) <= {"0", "1"} else "yes taken as the event"
        coding = EventCoding(event=yes, censored=no, reason=reason)
    if not coding.event:
        raise _refusal(column, words, [])
    return coding


def _shown(words: Sequence[str]) -> str:
    return ", ".join(words[:6]) + (", …" if len(words) > 6 else "")


def _ask(column: pd.Series, words: list[str], why: str) -> ToolError:
    wrong = FieldFault(
        field="event_value", got=f"{column.name!r} with {_shown(words)}: {why}",
        expected=f"the value that means the event: {' or '.join(words)}",
    )  # fmt: skip
    message = f"Which value of {column.name} means that the event was seen?"
    return ToolError(message, wrong)


def _several(column: pd.Series, words: list[str], doubtful: list[str]) -> ToolError:
    wrong = FieldFault(
        field="competing_values", got=f"{column.name!r} with {_shown(words)}",
        expected=f"{', '.join(doubtful)}, where these are other events that end the follow-up",
    )  # fmt: skip
    return ToolError(f"{column.name} holds more than event and censored.", wrong)


def _refusal(column: pd.Series, words: list[str], unclear: list[str]) -> ToolError:
    if not unclear and words:
        message = f"No row of {column.name} has the event: there is nothing to learn from."
    elif len(words) > 2:
        message = f"{column.name} holds more than event and censored."
    else:
        message = f"It is not clear what the values of {column.name} mean."
    expected = (
        "1 (event seen) and 0 (censored); else say event_value, and competing_values for other "
        "events that end the follow-up"
    )
    wrong = FieldFault(
        field="event_column", got=f"{column.name!r} with {_shown(words)}", expected=expected
    )
    return ToolError(message, wrong, kind="refused_data")

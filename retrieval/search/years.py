"""A range of publication years, for the indexes."""

from dataclasses import dataclass

import tantivy

from models.errors import FieldFault, ToolError

EARLIEST, LATEST = 1000, 2999


@dataclass(frozen=True)
class Years:
    """Both ends belong to the range; None leaves it open. Unbounded, undated passages count too."""

    first: int | None = None
    last: int | None = None

    def __post_init__(self) -> None:
        if self.first and self.last and self.first > self.last:
            wrong = FieldFault(
                field="year_from", got=str(self.first), expected=f"at most year_to, {self.last}"
            )
            raise ToolError("The range of years is empty.", wrong)

    @property
    def bounded(self) -> bool:
        """Whether undated passages are left out."""
        return self.first is not None or self.last is not None

    @property
    def ends(self) -> tuple[int, int]:
        """Returns the first and the last year."""
        return self.first or EARLIEST, self.last or LATEST

    def tantivy(self, schema: tantivy.Schema, field: str) -> tantivy.Query:
        """Returns the range as tantivy's query."""
        return tantivy.Query.range_query(schema, field, tantivy.FieldType.Integer, *self.ends)


ALL_YEARS = Years()

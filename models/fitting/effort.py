"""How a fit is seeded, how long it may take and whom it tells."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Effort:
    """What a fit may spend.

    Attributes:
        seed: Decides every random choice.
        deadline: `time.monotonic()` after which a fit ends with what it has; None for no limit.
        progress: Called with a fraction (0-1) and a message; may raise to cancel.
    """

    seed: int = 0
    deadline: float | None = None
    progress: Callable[[float, str], None] = field(default=lambda fraction, message: None)

    @classmethod
    def within(
        cls,
        seed: int,
        seconds: float | None,
        progress: Callable[[float, str], None] = lambda fraction, message: None,
    ) -> "Effort":
        """Makes an effort that ends so many seconds from now."""
        deadline = time.monotonic() + seconds if seconds is not None else None
        return cls(seed, deadline, progress)

    def spent(self) -> bool:
        """Tells whether the time is up."""
        return self.deadline is not None and time.monotonic() > self.deadline

    def spending(self, share: float) -> "Effort":
        """Returns the same effort with only a share (0-1) of the time that is left."""
        if self.deadline is None:
            return self
        now = time.monotonic()
        return replace(self, deadline=now + share * max(0.0, self.deadline - now))

    def part(self, start: float, end: float) -> "Effort":
        """Returns the effort of a step that covers a part of the progress bar."""
        whole = self.progress
        return Effort(
            self.seed,
            self.deadline,
            lambda fraction, message: whole(start + fraction * (end - start), message),
        )

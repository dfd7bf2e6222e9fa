"""The rate at which a server may be asked."""

import threading
import time


class Pace:
    """Lets requests through at least so far apart, from whatever thread.

    Args:
        per_second: Requests at most.
    """

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self) -> None:
        """Returns when the next request may be sent."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + self._gap
        time.sleep(max(0.0, turn - now))

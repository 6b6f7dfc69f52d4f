"""The consumer: the process that does what the queue asks for, until it is told to end."""

from __future__ import annotations

import os
import signal
from typing import Any, Final

from huey.consumer import Consumer, ConsumerStopped

from epa.background.queue import queue

_WORKERS: Final = 2
_LONGEST_PAUSE_SECONDS: Final = 2.0
_END_WITHIN_SECONDS: Final = 10


class PlumblineConsumer(Consumer):  # type: ignore[misc]  # Huey carries no types
    """Huey's consumer, which also ends when the process that started it is gone."""

    def __init__(self, *, beside: int | None) -> None:
        self._beside = beside
        super().__init__(
            queue,
            workers=_WORKERS,
            max_delay=_LONGEST_PAUSE_SECONDS,
            shutdown_timeout=_END_WITHIN_SECONDS,
            graceful_signal="TERM",
        )
        # Huey would start itself anew by the words of a command line that is not ours.
        self._signal_actions.pop(signal.SIGHUP, None)

    def loop(self, health_check_ts: Any = None) -> Any:
        """One turn of the main thread."""
        if self._beside is not None and os.getppid() != self._beside:
            self.stop(graceful=True)
            raise ConsumerStopped
        return super().loop(health_check_ts)


def consume(*, beside: int | None = None) -> None:
    """Do what the queue asks for, and what comes round, until a signal ends it.

    Args:
        beside: the process that started this one; without it this one ends too.
    """
    queue.immediate = False
    PlumblineConsumer(beside=beside).run()

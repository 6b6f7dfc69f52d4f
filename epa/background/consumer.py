"""The consumer: the process that does what the queue asks for, until it is told to end."""

from __future__ import annotations

import logging
import os
import signal
import time
from contextlib import suppress
from typing import Any, Final

from huey.consumer import Consumer, ConsumerStopped

from epa.background.queue import queue

_WORKERS: Final = 2
_LONGEST_PAUSE_SECONDS: Final = 2.0
_END_WITHIN_SECONDS: Final = 10
_AWAY: Final = ("Error reading from queue", "Error reading schedule", "Error enqueueing")
_SAID_AGAIN_SECONDS: Final = 60.0


class QueueIsAway(logging.Filter):
    """A queue that is away is one line a minute: each thread asks it every second or two.

    Huey would write the whole trace each time, with the queue's address. What a task raises stays
    as it is.
    """

    def __init__(self) -> None:
        """Nothing was said yet."""
        super().__init__()
        self._said_at: float | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a line is written; one about the queue is made short."""
        if not str(record.msg).startswith(_AWAY) or not record.exc_info:
            return True
        now = time.monotonic()
        if self._said_at is not None and now - self._said_at < _SAID_AGAIN_SECONDS:
            return False
        self._said_at = now
        kind = record.exc_info[0]
        record.msg = "queue: away (%s); asked again until it is there"
        record.args, record.exc_info = (kind.__name__ if kind else "unknown",), None
        return True


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
    said = QueueIsAway()
    for name in ("huey.consumer", "huey.consumer.Scheduler", "huey.consumer.Worker"):
        logging.getLogger(name).addFilter(said)
    # One thread makes the tables of a new queue; several at once get in each other's way.
    with suppress(Exception):  # it may be away: then whoever finds it first opens it
        queue.storage.queue_size()
    PlumblineConsumer(beside=beside).run()

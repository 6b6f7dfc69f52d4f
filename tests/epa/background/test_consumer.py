import logging
import time

from epa.background.consumer import QueueIsAway


def line(message, *args):
    fault = ConnectionError, ConnectionError("connecting to canary-host:6379"), None
    return logging.LogRecord("huey.consumer", logging.ERROR, "", 1, message, args, fault)


def test_a_queue_that_is_away_is_one_line_a_minute_without_its_address(monkeypatch):
    away, now = QueueIsAway(), time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    first = line("Error reading from queue")
    assert away.filter(first)
    said = logging.Formatter().format(first)
    assert said == "queue: away (ConnectionError); asked again until it is there"
    assert not away.filter(line("Error reading schedule."))
    assert not away.filter(line("Error enqueueing periodic task %s.", "send"))
    now += 61
    assert away.filter(line("Error reading from queue"))


def test_what_a_task_raises_is_written_whole():
    raised = line("Unhandled exception in task %s.", "send")
    assert QueueIsAway().filter(raised)
    assert "canary-host" in logging.Formatter().format(raised)

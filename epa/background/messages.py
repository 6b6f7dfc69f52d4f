"""A task as it waits in the queue: JSON with a name and row ids, nothing that runs on being read."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from huey.registry import Message
from huey.serializer import Serializer

_PLAIN: Final = ("id", "name", "retries", "retry_delay", "retry_backoff", "priority", "args")


class JsonMessages(Serializer):  # type: ignore[misc]  # Huey carries no types
    """Writes messages as JSON, so that whoever can write to the queue can still run no code.

    Huey's own serializer pickles. Here a task takes texts as arguments and gives nothing back.
    """

    def serialize(self, data: Any) -> bytes:
        """The bytes of one message.

        Raises:
            TypeError: it is no message, or carries what a message must not.
        """
        if not isinstance(data, Message) or data.kwargs or data.on_complete or data.on_error:
            raise TypeError("a task takes row ids and nothing else")
        kept = {name: getattr(data, name) for name in _PLAIN}
        kept["eta"] = data.eta.isoformat() if data.eta else None
        return json.dumps(kept, separators=(",", ":")).encode()

    def deserialize(self, data: bytes) -> Any:
        """The message of some bytes.

        Raises:
            ValueError: they are no message of ours.
        """
        kept = json.loads(bytes(data))
        eta = datetime.fromisoformat(kept["eta"]) if kept["eta"] else None
        plain = {name: kept[name] for name in _PLAIN}
        return Message(**plain | {"args": tuple(plain["args"]), "eta": eta})

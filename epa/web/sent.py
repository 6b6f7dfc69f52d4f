"""What a page's script sends, read in one way: as JSON of a known shape, however deeply nested it came."""

from __future__ import annotations

from typing import TypeVar

from flask import request
from pydantic import BaseModel

Body = TypeVar("Body", bound=BaseModel)


def sent_as(kind: type[Body]) -> Body:
    """What was sent, if it has this shape.

    Not by Python's own parser: what is nested deeply enough ends that with a fault of ours.

    Raises:
        ValidationError: it is no JSON, or has another shape.
    """
    return kind.model_validate_json(request.get_data() if request.is_json else b"")

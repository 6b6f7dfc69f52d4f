"""How a sitting's addresses answer a page's script: in JSON, with the server's time, or with a reason."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from flask import Response, current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from epa.errors import RuleBroken
from epa.web.attachments import attachment
from epa.web.filters import saved_time
from epa.web.sent import sent_as
from question_bank.sittings import ahead, queries, sealing, seb
from question_bank.sittings.forms import LateSave, SealedBatch
from question_bank.sittings.models import Receipt, Sitting
from question_bank.sittings.rules import BEFORE_START, OVER
from question_bank.sittings.seats import Seat
from question_bank.sittings.services import OtherDevice
from question_bank.sittings.writing import Delivery

# An answer with all that is sent about it, every letter of it escaped; and a whole journal.
SAVE_BYTES: Final = 64 * 1024
BATCH_BYTES: Final = 1024 * 1024
# Base64 and what stands around it make a sealed journal a third longer.
SEALED_BYTES: Final = 3 * BATCH_BYTES // 2
# Fifty events that a page tells of itself, each at its longest.
EVENTS_BYTES: Final = 16 * 1024
# Where the fault lies in what was sent, and not in where the paper stands.
_SETTINGS_NAME: Final = "plumbline.seb"
# What a page says of itself where its browser sends no header with what a script asks for.
_WHENCE: Final = b"plumbline address and browser of a candidate 1"
_SAID_BY_PAGE: Final = "X-Page-Config-Key"
_UNFIT: Final = frozenset(
    {
        *("unknown-question", "unknown-option", "too-long", "unstorable", "clock"),
        *("sequence", "place-taken", "unknown-device", "nothing-late"),
        *("seal", "other-test"),
    }
)
Body = TypeVar("Body", bound=BaseModel)


@dataclass(frozen=True)
class Stored:
    """JSON that is sent as it is stored: to read it and write it anew would take the most time."""

    text: str


def answer(
    kind: type[Body], act: Callable[[Body], Mapping[str, Any]], most_bytes: int = SAVE_BYTES
) -> ResponseReturnValue:
    """Read what a page sent, act on it, and say what became of it.

    Args:
        kind: the shape of what is sent.
        act: does it and gives the answer.
        most_bytes: how much may be sent; no more is even read.
    """
    request.max_content_length = most_bytes
    try:
        sent = sent_as(kind)
    except RequestEntityTooLarge:
        return _refused(413, "too-much", f"At most {most_bytes:,} bytes can be sent here.")
    except ValidationError as fault:
        where = ", ".join(".".join(map(str, one["loc"])) or "body" for one in fault.errors())
        return _refused(400, "malformed", f"This cannot be read as it was sent ({where}).")
    try:
        return _told(act(sent))
    except OtherDevice as other:
        return _refused(409, "other-device", other.message)
    except RuleBroken as broken:
        return _refused(422 if broken.code in _UNFIT else 409, broken.code, broken.message)


def batch_in(content: bytes) -> SealedBatch:
    """A sealed batch that came as a file.

    Raises:
        RuleBroken: the file is none.
    """
    try:
        return SealedBatch.model_validate_json(content)
    except ValidationError as fault:
        raise RuleBroken("seal", "This is no file with sealed answers.", "file") from fault


def unsealed(sitting: Sitting, batch: SealedBatch) -> LateSave:
    """What a sealed batch of a sitting holds.

    Raises:
        RuleBroken: it is of another test, was changed, or was sealed for another server.
    """
    if batch.sitting != sitting.id:
        raise RuleBroken("other-test", "These answers are of another test.", "file")
    try:
        content = sealing.opened(batch.key, batch.iv, batch.sealed, str(sitting.id))
        return LateSave.model_validate_json(content)
    except (sealing.SealBroken, ValidationError) as fault:
        said = "The seal is broken: these answers were changed, or sealed for another server."
        raise RuleBroken("seal", said, "file") from fault


def ahead_of_start(sitting: Sitting) -> ResponseReturnValue:
    """The paper sealed, for a page that waits; a paper that was started is asked for openly."""
    if sitting.state not in BEFORE_START:
        return _refused(409, "started", "This paper is not delivered ahead any more.")
    return jsonify(asdict(ahead.sealed(sitting.id, queries.content_of(sitting))))


def delivery_words(given: Delivery) -> dict[str, Any]:
    """What a page works with: the key of the paper that it holds, or else the questions."""
    answers = [
        {"number": number, "value": value, "saved_at": saved_time(saved)}
        for number, (value, saved) in given.answers.items()
    ]
    paper = {"questions": Stored(given.content)} if given.key is None else {"key": given.key}
    return {"answers": answers, "sequence": given.sequence, **paper}


def refuse_other_browser(sitting: Sitting | Seat) -> None:
    """Refuse whoever is not in Safe Exam Browser with our settings, where the test asks for it.

    The browser says so of the address that it asks; where it cannot, its page says so of itself.

    Raises:
        RuleBroken: nothing says so, or what is said is of other settings.
    """
    if sitting.needs_safe_browser and not is_safe_browser(sitting):
        raise RuleBroken(
            "safe-browser", "This test is sat in Safe Exam Browser, with the settings for it."
        )


def is_safe_browser(sitting: Sitting | Seat) -> bool:
    """Whether this request comes from Safe Exam Browser with our settings."""
    page = url_for("sittings.show", sitting_id=sitting.id)
    said = {request.headers.get(name, "").lower() for name in (seb.HEADER, _SAID_BY_PAGE)}
    urls = {f"{_origin()}{path}" for path in (request.full_path.removesuffix("?"), page)}
    key = seb.key_for(start_url())
    asked = [seb.key_hash(url, key).encode() for url in urls]
    # As bytes: letters beyond ASCII cannot be compared otherwise, and a header may hold them.
    return any(hmac.compare_digest(one.encode(), wanted) for one in said for wanted in asked)


def start_url() -> str:
    """Where Safe Exam Browser begins: what needs whoever signs in."""
    return f"{_origin()}/"


def settings_file() -> Response:
    """The settings for Safe Exam Browser as a file to open with it."""
    content = seb.packed(seb.settings_for(start_url()))
    return attachment(
        iter([content]), name=_SETTINGS_NAME, content_type=seb.MEDIA_TYPE, size=len(content)
    )


def _origin() -> str:
    """How the outside calls this server; a proxy may call it otherwise."""
    return str(current_app.config["PUBLIC_URL"])


def whence(sitting: Sitting) -> str:
    """A digest of the address and the browser that a request came from, of use for one test alone."""
    said = f"{sitting.id}\n{request.remote_addr}\n{request.user_agent.string}"
    return sealing.keyed_digest(_WHENCE, said)


def standing(sitting: Sitting | Seat, at: datetime) -> dict[str, Any]:
    """Where a sitting stands, as every answer says it: its state, the server's time, what is left."""
    clock = sitting.clock
    ends = clock.deadline(at) if clock.started_at is not None else None
    return {
        "state": sitting.state.value,
        "now": at.isoformat(),
        "remaining_ms": round(clock.left(at).total_seconds() * 1000),
        "ends_at": ends.isoformat() if ends else None,
        "is_rest": sitting.is_rest,
        "receipt_url": receipt_url(sitting) if sitting.state in OVER else None,
    }


def receipt_url(sitting: Sitting | Seat) -> str:
    """Where the receipt is."""
    return url_for("sittings.receipt", sitting_id=sitting.id)


def receipt_words(receipt: Receipt) -> dict[str, Any]:
    """A receipt for a page."""
    return {"digest": receipt.digest, "answered": receipt.answered, "version": receipt.version}


def saved_words(at: datetime) -> dict[str, str]:
    """When something was saved: to show, and as an instant."""
    return {"saved_at": saved_time(at), "saved_instant": at.isoformat()}


def _told(told: Mapping[str, Any]) -> Response:
    answer = jsonify({name: one for name, one in told.items() if not isinstance(one, Stored)})
    for name, one in told.items():
        if isinstance(one, Stored):
            body = answer.get_data(as_text=True).rstrip()
            answer.set_data(f'{body.removesuffix("}")},"{name}":{one.text}}}')
    return answer


def _refused(status: int, code: str, message: str) -> ResponseReturnValue:
    return jsonify({"error": message, "code": code}), status

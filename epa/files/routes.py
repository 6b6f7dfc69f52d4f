"""A large file sent in parts by a page's script: begun, asked after, continued, finished."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from flask import Blueprint, current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ValidationError

from epa.clock import utc_now
from epa.errors import RuleBroken
from epa.files import queries, receiving
from epa.files.forms import UploadAnnounced, UploadWhole
from epa.files.models import PartialUpload
from epa.files.rules import BEYOND_ANY_SIZE
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.sent import sent_as
from epa.web.transaction import step, writes_in_steps

bp = Blueprint("files", __name__)
OFFSET: Final = "Upload-Offset"
Body = TypeVar("Body", bound=BaseModel)


@bp.post("/uploads")
@access(Permission.USE_PLUMBLINE)
@writes_in_steps
def begin() -> ResponseReturnValue:
    """Announce a file; the answer says where its parts go, and which of them are here already."""

    def keep(said: UploadAnnounced) -> Mapping[str, Any]:
        most = current_app.config["MAX_UPLOAD_BYTES"]
        with step():
            upload = receiving.begin(
                said.name,
                said.size,
                actor=signed_in_person(),
                at=utc_now(),
                most=most,
                afresh=said.afresh,
            )
            return _standing(upload)

    return _answered(UploadAnnounced, keep)


@bp.get("/uploads/<uuid:upload_id>")
@access(Permission.USE_PLUMBLINE, upload=queries.upload_for)
def so_far(upload: PartialUpload) -> ResponseReturnValue:
    """Which parts are here: a script asks after the connection was lost."""
    return jsonify(_standing(upload))


@bp.post("/uploads/<uuid:upload_id>/parts")
@access(Permission.USE_PLUMBLINE, upload=queries.upload_for)
@writes_in_steps
def take(upload: PartialUpload) -> ResponseReturnValue:
    """Take the next part; it is read before any lock is taken, for a slow line holds up nobody."""
    largest: int = current_app.config["UPLOAD_PART_BYTES"]
    offset = request.headers.get(OFFSET, "")
    if not (offset.isascii() and offset.isdecimal() and len(offset) < len(str(BEYOND_ANY_SIZE))):
        return _refused(f"The header {OFFSET} says at which byte a part begins.", 400)
    if request.content_length is None or request.content_length > largest:
        return _refused(f"A part of a file has at most {largest:,} bytes.", 413)
    content = request.get_data(cache=False)
    try:
        with step():
            here = receiving.take(upload, int(offset), content, at=utc_now(), largest=largest)
    except RuleBroken as broken:
        return jsonify({"error": broken.message, **_standing(upload)}), 409
    return jsonify({"received": here})


@bp.post("/uploads/<uuid:upload_id>/whole")
@access(Permission.USE_PLUMBLINE, upload=queries.upload_for)
@writes_in_steps
def finish(upload: PartialUpload) -> ResponseReturnValue:
    """Compare the digest and look into the file; one that will not do is given up at once."""

    def keep(said: UploadWhole) -> Mapping[str, Any]:
        most = current_app.config["MAX_UPLOAD_BYTES"]
        try:
            receiving.check_whole(upload, said.sha256, most=most)
        except RuleBroken as broken:
            if broken.code != "upload-part":
                with step():
                    receiving.drop(upload, at=utc_now())
            raise
        with step():
            receiving.settle(upload, said.sha256, at=utc_now())
            return {"id": str(upload.id), "name": upload.name, "size": upload.size}

    return _answered(UploadWhole, keep)


def _standing(upload: PartialUpload) -> dict[str, Any]:
    return {
        "id": str(upload.id),
        "parts_url": url_for("files.take", upload_id=upload.id),
        "whole_url": url_for("files.finish", upload_id=upload.id),
        "so_far_url": url_for("files.so_far", upload_id=upload.id),
        "received": sum(one.size for one in upload.parts),
        "parts": [
            {"offset": one.offset, "size": one.size, "sha256": one.sha256} for one in upload.parts
        ],
        "is_whole": upload.sha256 is not None,
    }


def _answered(kind: type[Body], keep: Callable[[Body], Mapping[str, Any]]) -> ResponseReturnValue:
    try:
        said = sent_as(kind)
    except ValidationError:
        return _refused("This cannot be read as it was sent.", 400)
    try:
        return jsonify(keep(said))
    except RuleBroken as broken:
        return _refused(broken.message, 422)


def _refused(message: str, status: int) -> ResponseReturnValue:
    return jsonify({"error": message}), status

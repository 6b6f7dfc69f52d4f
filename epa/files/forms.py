"""The field for a file that is looked into before anything is stored."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import Response, after_this_request, current_app, url_for
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.datastructures import FileStorage

from epa.errors import RuleBroken
from epa.files import receiving
from epa.files.models import PartialUpload
from epa.files.queries import upload_for
from epa.files.rules import BEYOND_ANY_SIZE
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.uploads import CheckedUpload, check_upload
from epa.web.fields import FileBox
from epa.web.warned import WarnedForm

CHOOSE_AGAIN: Final = "Choose the file again: a browser does not keep it."
GONE: Final = "The file that was uploaded is no longer here. Choose it again."


class UploadAnnounced(BaseModel):
    """What a page's script says of a file before it sends the first part."""

    model_config = ConfigDict(extra="forbid", strict=True)
    name: str = Field(max_length=1000)
    size: int = Field(ge=0, lt=BEYOND_ANY_SIZE)
    afresh: bool = False


class UploadWhole(BaseModel):
    """What a page's script says once every part is sent: the digest of the whole."""

    model_config = ConfigDict(extra="forbid", strict=True)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class UploadBox(FileBox):
    """One file of the kinds taken here; ``checked`` holds it once the form is valid.

    A large file comes in parts before the form is sent, which then names it by its id; so does one
    that was kept while the page was shown again.
    """

    def __init__(self, label: str, *, endings: Collection[str], **kwargs: Any) -> None:
        """Ask for a file with one of these endings (of ``epa.uploads.KINDS``)."""
        super().__init__(label, endings=endings, **kwargs)
        self.checked: CheckedUpload | None = None
        self.kept: PartialUpload | None = None

    def read(self, valuelist: list[Any]) -> Any:
        """Return the upload; without one, the id of a file that is here already."""
        if upload := super().read(valuelist):
            return upload
        return next((one for one in valuelist if isinstance(one, str) and one), None)

    def understood(self) -> Any:
        """Return the upload, or the file that is here already and is this person's own."""
        if isinstance(self.typed, FileStorage):
            return super().understood()
        try:
            found = upload_for(signed_in_person(), Permission.USE_PLUMBLINE, UUID(self.typed))
        except ValueError:
            found = None
        if found is None or found.sha256 is None:
            raise ValueError(GONE)
        self.kept = found
        return found

    def check(self) -> None:
        """Read the file within its limit, recognise it and look into it."""
        try:
            checked = self._looked_into()
        except RuleBroken as refused:
            self.kept = None
            raise ValueError(refused.message) from refused
        self.checked = checked

        @after_this_request
        def forget(response: Response) -> Response:
            checked.close()
            return response

    def _looked_into(self) -> CheckedUpload:
        allowed, most = frozenset(self.endings), current_app.config["MAX_UPLOAD_BYTES"]
        if self.kept is not None:
            return receiving.opened(self.kept, allowed=allowed, most=most)
        return check_upload(self.data.filename, self.data.stream, allowed=allowed, max_bytes=most)

    def keep(self, *, at: datetime) -> None:
        """Keep a file that came with the form, while its page is shown once more."""
        if self.checked is not None and self.kept is None:
            self.kept = receiving.keep(self.checked, actor=signed_in_person(), at=at)

    @property
    def given_name(self) -> str:
        """The name of the file that was given, as it is shown; empty without one."""
        return self.checked.display_name if self.checked else ""

    @property
    def in_parts(self) -> dict[str, Any]:
        """What the page's script needs to send a large file in parts."""
        config = current_app.config
        return {
            "url": url_for("files.begin"),
            "above": config["UPLOAD_IN_PARTS_ABOVE"],
            "part": config["UPLOAD_PART_BYTES"],
        }

    @property
    def choose_again(self) -> str:
        """What to say when a file came but the page is shown again."""
        return CHOOSE_AGAIN if self.typed and not self.kept and not self.errors else ""


def sent_to_be_kept(form: WarnedForm, at: datetime) -> bool:
    """Whether a form was sent that holds together and needs no warning that was not given yet.

    When it is to be shown once more, its files are kept, as a browser does not keep them.
    """
    if not form.validate_on_submit():
        return False
    if not form.warns():
        return True
    for box in form:
        if isinstance(box, UploadBox):
            box.keep(at=at)
    return False

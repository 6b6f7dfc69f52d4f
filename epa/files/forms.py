"""The field for a file that is looked into before anything is stored."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from flask import Response, after_this_request, current_app

from epa.uploads import CheckedUpload, UploadRefused, check_upload
from epa.web.fields import FileBox

CHOOSE_AGAIN: Final = "Choose the file again: a browser does not keep it."


class UploadBox(FileBox):
    """One file of the kinds taken here; ``checked`` holds it once the form is valid."""

    def __init__(self, label: str, *, endings: Collection[str], **kwargs: Any) -> None:
        """Ask for a file with one of these endings (of ``epa.uploads.KINDS``)."""
        super().__init__(label, endings=endings, **kwargs)
        self.checked: CheckedUpload | None = None

    def check(self) -> None:
        """Read the file within its limit, recognise it and look into it."""
        try:
            checked = check_upload(
                self.data.filename,
                self.data.stream,
                allowed=frozenset(self.endings),
                max_bytes=current_app.config["MAX_UPLOAD_BYTES"],
            )
        except UploadRefused as refused:
            raise ValueError(refused.message) from refused
        self.checked = checked

        @after_this_request
        def forget(response: Response) -> Response:
            checked.close()
            return response

    @property
    def choose_again(self) -> str:
        """What to say when a file came but the page is shown again."""
        return CHOOSE_AGAIN if self.typed and not self.errors else ""

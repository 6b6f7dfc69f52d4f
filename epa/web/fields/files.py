"""The field for one uploaded file: allowed endings, size, and a closer look by whoever keeps it."""

import os
from collections.abc import Callable, Collection
from pathlib import PurePath
from typing import Any

from werkzeug.datastructures import FileStorage

from epa.web.fields.question import Question
from epa.web.fields.text import unstorable

_MEGABYTE = 1024 * 1024
_LONGEST_NAME = 255


class FileBox(Question):
    """One file; `data` is werkzeug's FileStorage, at its beginning, or None."""

    kind = "file"
    verb = "Choose"

    def __init__(
        self,
        label: str,
        *,
        endings: Collection[str] = ("pdf",),
        most_megabytes: int = 10,
        inspect: Callable[[FileStorage], str | None] | None = None,
        **kwargs: Any,
    ) -> None:
        """Ask for a file.

        Args:
            label: The question.
            endings: Allowed endings without the dot, in lower case.
            most_megabytes: The largest size taken.
            inspect: Looks into the file (magic bytes) and returns what is wrong, or None.
            kwargs: As for `Question`.
        """
        super().__init__(label, **kwargs)
        self.endings = tuple(endings)
        self.most_megabytes = most_megabytes
        self.inspect = inspect

    @property
    def accept(self) -> str:
        """The endings as the browser's file chooser wants them."""
        return ",".join(f".{ending}" for ending in self.endings)

    def read(self, valuelist: list[Any]) -> FileStorage | None:
        """Return the upload, if there is one with a name."""
        found = (one for one in valuelist if isinstance(one, FileStorage) and one.filename)
        return next(found, None)

    def shown(self, value: Any) -> None:
        """Return nothing: a file on record is shown beside the box, not in it."""

    def understood(self) -> FileStorage:
        """Return the upload, without looking inside yet."""
        upload: FileStorage = self.typed
        return upload

    def check(self) -> None:
        """Look at the name, then the size, then inside."""
        upload = self.data
        name = str(upload.filename)
        if unstorable(name) or len(name) > _LONGEST_NAME:
            raise ValueError(f"{self.called} must have a shorter or plainer file name")
        if PurePath(name.lower()).suffix.removeprefix(".") not in self.endings:
            raise ValueError(f"{self.called} must be {self._kinds()}")
        size = upload.stream.seek(0, os.SEEK_END)
        upload.stream.seek(0)
        if size == 0:
            raise ValueError(f"{self.called} is empty; choose another file")
        if size > self.most_megabytes * _MEGABYTE:
            raise ValueError(
                f"{self.called} must be {self.most_megabytes} MB or smaller;"
                f" it is {size / _MEGABYTE:.1f} MB"
            )
        self._look_inside(upload)

    def _look_inside(self, upload: FileStorage) -> None:
        problem = self.inspect(upload) if self.inspect else None
        upload.stream.seek(0)
        if problem:
            raise ValueError(problem)

    def _kinds(self) -> str:
        *others, last = (f".{ending}" for ending in self.endings)
        return f"a {', '.join(others)} or {last} file" if others else f"a {last} file"

    def _value(self) -> str:
        """Return nothing: browsers do not take a file name from a page."""
        return ""

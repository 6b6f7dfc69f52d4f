"""The forms of a portfolio: a piece of evidence, and submission."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, cast
from urllib.parse import unquote

from wtforms.fields import HiddenField

from epa.errors import Conflict
from epa.files.forms import UploadBox
from epa.files.models import StoredFile
from epa.personal_data.remarks import words_of_file_name
from epa.portfolio.checks import PieceFields
from epa.portfolio.models import EvidencePiece, PortfolioVersion
from epa.portfolio.rules import (
    KIND_TITLES,
    LONGEST_LINK,
    LONGEST_REASON,
    LONGEST_TEXT,
    LONGEST_TITLE,
    link_fault,
)
from epa.web.fields import ManyChoices, SelectBox, TextBox, TextField, Tick
from epa.web.fields.question import Question
from epa.web.forms import PlumblineForm
from epa.web.warned import WarnedForm
from frameworks import AssessmentPlan

ENDINGS: Final = (
    "pdf", "docx", "odt", "txt", "xlsx", "ods", "csv", "pptx", "odp",
    "jpg", "png", "mp3", "m4a", "wav", "mp4",
)  # fmt: skip
RESEARCH: Final = "research"


class LinkBox(TextField):
    """A whole web address."""

    def check(self) -> None:
        """Refuse what is not one, and what a browser would run."""
        if fault := link_fault(self.data):
            raise ValueError(fault)


class PieceForm(WarnedForm):
    """A piece: what it is, the matter itself, what it shows, whose work it is."""

    title = TextField(
        "Title",
        hint="Without names of people. For example, SU-2: action plan after the first month",
        most_letters=LONGEST_TITLE,
    )
    kind = SelectBox("Kind", choices=list(KIND_TITLES.items()))
    file = UploadBox(
        "File",
        endings=ENDINGS,
        called="The file",
        optional=True,
        hint="A document, spreadsheet, picture, recording or film, up to 100 MB.",
    )
    drops_file = Tick("Take the file out of this piece")
    link = LinkBox(
        "Link",
        called="The link",
        optional=True,
        most_letters=LONGEST_LINK,
        hint="For example, https://example.org/plan",
    )
    text = TextBox("Text", called="The text", optional=True, most_letters=LONGEST_TEXT, rows=8)
    service_user = SelectBox(
        "Who it is about", missing="Choose who it is about, or research with no service user"
    )
    activities = ManyChoices(
        "Activities it shows",
        called="Activities",
        hint="At least one, unless the piece is research.",
        optional=True,
    )
    ksbs = ManyChoices("What it evidences", missing="Choose at least one that this piece shows")
    is_own_work = Tick(
        "This is my own work, and nobody in it can be identified",
        missing="Say that this is your own work and that nobody in it can be identified",
    )

    def __init__(self, framework: AssessmentPlan, piece: EvidencePiece | None = None) -> None:
        """Offer what the definition allows; with a piece, what is on record for it."""
        super().__init__(data=_on_record(piece))
        self.kept_file: StoredFile | None = piece.file if piece else None
        most = framework.portfolio.service_users_max
        if piece and piece.service_user:
            most = max(most, piece.service_user)
        self.service_user.choices = [
            *((number, f"SU-{number}") for number in range(1, most + 1)),
            (RESEARCH, "Research, no service user"),
        ]
        self.activities.choices = [(one.code, one.title) for one in framework.portfolio.activities]
        self.ksbs.choices = [
            (code, f"{code} {framework.criterion(code).title}")
            for code in framework.ksbs_of(framework.portfolio.underpins)
        ]

    def answers_to_look_over(self) -> Mapping[str, tuple[str, str]]:
        """The words of a piece in which somebody may be named."""
        return {
            "title": ("the title", self.title.data or ""),
            "file": ("the file’s name", words_of_file_name(self.file.given_name)),
            "link": ("the link", unquote(self.link.data or "")),
            "text": ("the text", self.text.data or ""),
        }

    def fields(self, file: StoredFile | None) -> PieceFields:
        """What was typed.

        Args:
            file: the upload once it is stored; None when none came.
        """
        kept = None if self.drops_file.data else self.kept_file
        return PieceFields(
            title=self.title.data,
            kind=self.kind.data,
            service_user=None if self.service_user.data == RESEARCH else self.service_user.data,
            activities=tuple(self.activities.data),
            ksbs=tuple(self.ksbs.data),
            is_own_work=self.is_own_work.data,
            text=self.text.data,
            link=self.link.data,
            file=file or kept,
        )


class IntakeForm(PlumblineForm):
    """What has to be put right, piece by piece; a box for each piece is added to it.

    When somebody else was first, what was typed stays and ``changed`` says so; sending it again is
    a choice made with open eyes.
    """

    seen = HiddenField()
    version: PortfolioVersion
    changed = ""

    def applied(self, service: Callable[..., object], *args: Any, **kwargs: Any) -> bool:
        """Call a service with the state that was seen; see ``PlumblineForm.applied``."""
        typed = str(self.seen.data or "")
        seen = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0  # noqa: PLR2004 (longer ones are no state of ours)
        try:
            return super().applied(service, *args, seen=seen, **kwargs)
        except Conflict as conflict:
            self.changed, self.seen.data = conflict.message, str(self.version.lock_version)
            return False


def intake_form(version: PortfolioVersion) -> IntakeForm:
    """The form with a box for each piece of a version, holding what was noted so far."""
    boxes = {
        _box_name(piece): TextBox(
            "What has to be put right",
            called=f"What has to be put right in piece {piece.number}",
            optional=True,
            most_letters=LONGEST_REASON,
            rows=2,
        )
        for piece in version.pieces
    }
    noted = {_box_name(piece): piece.to_put_right for piece in version.pieces}
    kind = cast("type[IntakeForm]", type("IntakeForm", (IntakeForm,), boxes))
    form = kind(data={"seen": version.lock_version, **noted})
    form.version = version
    return form


def box_of(form: IntakeForm, piece: EvidencePiece) -> Question:
    """The form's box for a piece."""
    box: Question = form[_box_name(piece)]
    return box


def reasons_in(form: IntakeForm, version: PortfolioVersion) -> dict[int, str]:
    """What was typed, by the piece's number."""
    return {piece.number: box_of(form, piece).data or "" for piece in version.pieces}


def _box_name(piece: EvidencePiece) -> str:
    return f"piece_{piece.number}"


class SubmitForm(PlumblineForm):
    """Nothing to fill in: the page says what will happen."""


def _on_record(piece: EvidencePiece | None) -> dict[str, Any]:
    if piece is None:
        return {}
    return {
        "title": piece.title,
        "kind": piece.kind,
        "link": piece.link,
        "text": piece.text,
        "service_user": piece.service_user or RESEARCH,
        "activities": piece.activities,
        "ksbs": piece.ksbs,
        "is_own_work": piece.is_own_work,
    }

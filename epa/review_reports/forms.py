"""What is typed of a report: its words, notes on criteria, and a moderator's remark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from epa.review_ratings.services import field_of
from epa.review_reports.models import CriterionNote, ReportText
from epa.review_reports.rules import LONGEST_NOTE, LONGEST_PART
from epa.review_reports.services import Words
from epa.reviews.rules import LONGEST_WORDS
from epa.web.fields import SelectBox, TextBox
from epa.web.forms import PlumblineForm
from epa.web.versioned import VersionedForm
from epa.web.warned import WarnedForm
from frameworks import QualityFramework


class ReportForm(VersionedForm):
    """The report's own words."""

    background = TextBox(
        "Background",
        rows=6,
        most_letters=LONGEST_PART,
        hint="What the service is, whom it works with, and how it was looked at.",
    )
    impression = TextBox(
        "Overall impression", called="The overall impression", rows=8, most_letters=LONGEST_PART
    )
    recipients = TextBox(
        "Who receives the report",
        called="Who receives the report",
        rows=3,
        most_letters=LONGEST_NOTE,
        hint="The provider, and the organisations associated with it.",
    )

    @classmethod
    def of(cls, text: ReportText | None) -> ReportForm:
        """The form with what was written last."""
        if text is None:
            return cls(0)
        data = {
            "background": text.background,
            "impression": text.impression,
            "recipients": text.recipients,
        }
        return cls(text.version, data=data)

    @property
    def words(self) -> Words:
        """What was typed; only of a form that is valid."""
        return Words(self.background.data, self.impression.data, self.recipients.data)


class NotesForm(WarnedForm):
    """Good practice and improvement for the criteria of one section."""

    codes: tuple[str, ...] = ()

    def answers_to_look_over(self) -> Mapping[str, tuple[str, str]]:
        """The words in which a client may be named."""
        return {
            f"{part}_{field_of(code)}": (
                f"{title} of {code}",
                self[f"{part}_{field_of(code)}"].data or "",
            )
            for code in self.codes
            for part, title in (("good", "good practice"), ("improve", "improvement"))
        }

    @property
    def said(self) -> dict[str, tuple[str, str]]:
        """Good practice and improvement by criterion; only of a form that is valid."""
        return {
            code: (
                self[f"good_{field_of(code)}"].data or "",
                self[f"improve_{field_of(code)}"].data or "",
            )
            for code in self.codes
        }


def notes_form(codes: Iterable[str], notes: Mapping[str, CriterionNote]) -> NotesForm:
    """The form of some criteria, with what was written last."""
    codes, data = tuple(codes), {}
    fields: dict[str, Any] = {}
    for code in codes:
        place = field_of(code)
        for part, title in (("good", "Good practice"), ("improve", "To improve")):
            fields[f"{part}_{place}"] = TextBox(
                f"{title} ({code})",
                called=f"{title} of {code}",
                optional=True,
                rows=2,
                most_letters=LONGEST_NOTE,
            )
        if code in notes:
            data[f"good_{place}"] = notes[code].good_practice
            data[f"improve_{place}"] = notes[code].improvement
    form = cast("NotesForm", type("SectionNotesForm", (NotesForm,), fields)(data=data))
    form.codes = codes
    return form


class RemarkForm(PlumblineForm):
    """A criterion that the moderator gives back, and why."""

    criterion = SelectBox(
        "Which criterion do you return?", called="The criterion", empty_label="Choose one"
    )
    words = TextBox(
        "Why?",
        called="Why",
        missing="Enter why it is returned",
        most_letters=LONGEST_WORDS,
        hint="For example: what was found does not bear out the level.",
    )

    @classmethod
    def of(cls, framework: QualityFramework, codes: Iterable[str]) -> RemarkForm:
        """The form with the criteria of the review."""
        form = cls()
        form.criterion.choices = [
            (code, f"{code} {framework.criterion(code).title}") for code in codes
        ]
        return form

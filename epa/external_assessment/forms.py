"""What is typed about a visit: blocks, interviews, feedback, objections and their answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from epa.external_assessment.rules import LONGEST_REFERENCE, LONGEST_TITLE, Slot
from epa.review_ratings.models import CriterionRating
from epa.review_ratings.services import Given
from epa.reviews.rules import LONGEST_WORDS
from epa.web.fields import (
    Choice,
    ChoiceField,
    DateBoxes,
    SelectBox,
    TextBox,
    TextField,
    TimeBox,
    WholeNumber,
)
from epa.web.forms import PlumblineForm
from epa.web.warned import WarnedForm
from epa.wording.queries import Wording
from frameworks import QualityFramework
from frameworks.review_cycle import CycleStep, Heard

_MOST_DAYS: Final = 10


class BlockForm(PlumblineForm):
    """One block of the timetable."""

    day = WholeNumber("Day of the visit", called="The day", least=1, most=_MOST_DAYS)
    starts = TimeBox("Starts at", called="The time it starts", hint="For example, 09:30")
    ends = TimeBox("Ends at", called="The time it ends")
    title = TextField("What it is", called="What it is", most_letters=LONGEST_TITLE)

    @property
    def slot(self) -> Slot:
        """The block; only of a form that is valid."""
        return Slot(self.day.data, self.starts.data, self.ends.data, self.title.data)


class InterviewForm(WarnedForm):
    """Who was heard, and what was said."""

    kind = ChoiceField("Who was heard?", called="Who was heard")
    reference = TextField(
        "Reference",
        called="The reference",
        hint="For example, Client 2. No names.",
        most_letters=LONGEST_REFERENCE,
    )
    held_on = DateBoxes("When", called="The day of the interview", hint="For example, 20 5 2026")
    words = TextBox("What was said", most_letters=LONGEST_WORDS)

    @classmethod
    def of(cls, heard: Iterable[Heard]) -> InterviewForm:
        """The form with the kinds of people whom the framework wants to be heard."""
        form = cls()
        form.kind.choices = [
            *(Choice(one.code, one.title, f"At least {one.least}") for one in heard),
            Choice("other", "Somebody else", "Such as managers, staff or partners"),
        ]
        return form

    def answers_to_look_over(self) -> Mapping[str, tuple[str, str]]:
        """The words in which somebody may be named."""
        return {
            "reference": ("the reference", self.reference.data or ""),
            "words": ("what was said", self.words.data or ""),
        }


class FeedbackForm(WarnedForm):
    """What the provider is told."""

    step = ChoiceField("Which feedback is it?", called="Which feedback it is")
    words = TextBox(
        "What the provider is told",
        rows=8,
        most_letters=LONGEST_WORDS,
        hint="What was found so far, and where evidence is missing. The provider reads it at once.",
    )

    @classmethod
    def of(cls, steps: Iterable[CycleStep]) -> FeedbackForm:
        """The form with the kinds of feedback that may be given."""
        form = cls()
        form.step.choices = [Choice(one.code, one.title) for one in steps]
        return form

    def answers_to_look_over(self) -> Mapping[str, tuple[str, str]]:
        """The words in which a client may be named."""
        return {"words": ("what the provider is told", self.words.data or "")}


class ObjectionForm(WarnedForm):
    """What the provider does not agree with."""

    criterion = SelectBox(
        "About which criterion?", called="The criterion", empty_label="Choose one"
    )
    words = TextBox(
        "What is not right?",
        called="What is not right",
        missing="Enter what is not right",
        most_letters=LONGEST_WORDS,
        hint="Say what is so, and where it can be seen.",
    )

    @classmethod
    def of(
        cls, framework: QualityFramework, codes: Iterable[str], elsewhere: str = ""
    ) -> ObjectionForm:
        """The form with the criteria, and what else may be meant."""
        form = cls()
        others = [Choice("-", elsewhere)] if elsewhere else []
        form.criterion.choices = [
            *others,
            *(Choice(code, f"{code} {framework.criterion(code).title}") for code in codes),
        ]
        return form

    @property
    def code(self) -> str | None:
        """The criterion's code; None where another part of the report is meant."""
        chosen: str = self.criterion.data
        return None if chosen == "-" else chosen

    def answers_to_look_over(self) -> Mapping[str, tuple[str, str]]:
        """The words in which a client may be named."""
        return {"words": ("what is not right", self.words.data or "")}


class AnswerForm(PlumblineForm):
    """The answer to an objection or a remark; with the rating, where it has one to change."""

    is_upheld = ChoiceField(
        "Is the objection right?",
        called="Whether the objection is right",
        choices=[Choice(value=True, label="Yes"), Choice(value=False, label="No")],
    )
    level = ChoiceField("Rating", called="The rating", optional=True)
    words = TextBox("Your answer", missing="Enter your answer", most_letters=LONGEST_WORDS)
    seen: str = ""
    code: str = ""

    @classmethod
    def of(
        cls,
        framework: QualityFramework,
        wording: Wording,
        code: str | None,
        row: CriterionRating | None,
        *,
        asks_whether: bool,
    ) -> AnswerForm:
        """The form for a criterion that is rated now as this row says; None for another part."""
        form = cls(data={"level": row.level if row else None})
        if not asks_whether:
            del form.is_upheld
        if row is None or row.level is None:
            del form.level
        else:
            levels = wording.levels(row.criterion_code)
            form.level.choices = [
                Choice(one.code, one.title, levels.get(one.code, "")) for one in framework.scale
            ]
        form.row, form.code = row, code or ""
        return form

    row: CriterionRating | None = None

    @property
    def given(self) -> Given | None:
        """The rating that was chosen, with the words it rests on; None where there is none."""
        if self.row is None or "level" not in self or not self.level.data:
            return None
        return Given(
            code=self.code, seen=str(self.row.id), level=self.level.data, words=self.row.words
        )

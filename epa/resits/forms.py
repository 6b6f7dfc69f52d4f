"""What is typed about another attempt: the kind, reasons, an action of the plan, the end."""

from __future__ import annotations

from datetime import date
from typing import Final

from epa.lifecycle.rules import AttemptKind
from epa.resits.rules import ActionOwner
from epa.resits.services import ActionFields
from epa.web.fields import Choice, ChoiceField, DateBoxes, SelectBox, TextBox
from epa.web.forms import PlumblineForm
from epa.web.versioned import VersionedForm
from frameworks import AssessmentPlan

_LETTERS: Final = 1000


class AskForm(PlumblineForm):
    """Which kind of attempt is asked for."""

    kind = ChoiceField("What is asked for?", called="What is asked for")
    words = TextBox(
        "What else should be known?",
        called="What else should be known",
        hint="For example, what was learned since, or when it would suit. Nothing about health.",
        optional=True,
        rows=3,
        most_letters=_LETTERS,
    )

    @classmethod
    def of(cls, plan: AssessmentPlan) -> AskForm:
        """The form with the kinds of attempt that the plan knows."""
        form = cls()
        hints = {
            False: "The method again, with no further learning before it.",
            True: "The method again, after further learning.",
        }
        form.kind.choices = [
            Choice(AttemptKind(one.code), one.title, hints[one.further_learning])
            for one in plan.resits.kinds
        ]
        return form


class StepForm(VersionedForm):
    """A button of the page, with the request as the page showed it."""


class AgreementForm(VersionedForm):
    """How the employer agreed, where they have not done so here."""

    agreement = TextBox(
        "How did the employer agree?",
        called="How the employer agreed",
        hint="For example: by email of 4 June 2026, from the line manager.",
        missing="Enter how the employer agreed",
        rows=3,
        most_letters=_LETTERS,
    )


class ReasonForm(VersionedForm):
    """Why a request comes to nothing."""

    reason = TextBox(
        "Why?",
        called="Why",
        hint="The apprentice, the employer and the provider read it.",
        missing="Enter why",
        rows=4,
        most_letters=_LETTERS,
    )


class CircumstancesForm(VersionedForm):
    """Exceptional circumstances and the last day that they allow."""

    reason = TextBox(
        "What are the circumstances?",
        called="What the circumstances are",
        hint="Outside the control of the apprentice and the employer. Only the organisation’s own"
        " people read it.",
        missing="Enter what the circumstances are",
        rows=4,
        most_letters=_LETTERS,
    )
    closes_on = DateBoxes(
        "Last day on which the method may be taken",
        called="The last day",
        hint="After the last day of the period. For example, 30 9 2026.",
    )


class ActionForm(PlumblineForm):
    """One action of the plan."""

    ksb_code = SelectBox("What is it for?", called="What it is for", empty_label="Choose one")
    action = TextBox(
        "What will be done?",
        called="What will be done",
        hint="For example: two observed reviews with feedback by the line manager.",
        missing="Enter what will be done",
        rows=3,
        most_letters=_LETTERS,
    )
    owner = ChoiceField("Who sees to it?", called="Who sees to it")
    due_on = DateBoxes(
        "By when?", called="The day by which it is done", hint="For example, 14 7 2026."
    )

    @classmethod
    def of(cls, ksbs: dict[str, str], owners: dict[ActionOwner, str], today: date) -> ActionForm:
        """The form with what an action may be for, and who may see to it."""
        form = cls()
        form.ksb_code.choices = [(code, f"{code} {title}") for code, title in ksbs.items()]
        form.owner.choices = list(owners.items())
        form.due_on.earliest = today
        return form

    @property
    def fields(self) -> ActionFields:
        """The action; only of a form that is valid."""
        day: date = self.due_on.data
        return ActionFields(self.ksb_code.data, self.action.data, self.owner.data, day)


class CloseForm(PlumblineForm):
    """Why an EPA is closed as failed."""

    reason = TextBox(
        "Why is there no other attempt?",
        called="Why there is no other attempt",
        hint="For example: the period is over, and no exceptional circumstances are known. Only the"
        " organisation’s own people read it.",
        missing="Enter why there is no other attempt",
        rows=4,
        most_letters=_LETTERS,
    )

"""The gateway's forms: one for each kind of evidence, the confirmation, advice, the decision."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from epa.files.forms import UploadBox
from epa.gateway.models import GatewayRequirement, GatewayReview
from epa.gateway.off_the_job import Measure, Terms
from epa.gateway.rules import Check, Readiness
from epa.lifecycle.models import Apprenticeship
from epa.lifecycle.rules import Attainment
from epa.web.fields import (
    ChoiceField,
    DateBoxes,
    DecimalNumber,
    TextBox,
    TextField,
    Tick,
    WholeNumber,
)
from epa.web.forms import PlumblineForm
from epa.web.versioned import VersionedForm

_FIRST_VERSION: Final = 1
_LEVELS: Final = (
    (Attainment.LEVEL_2, "Level 2"),
    (Attainment.ENTRY_3, "Entry Level 3"),
    (Attainment.NONE, "Neither"),
)


_GROUND: Final = (
    "With it Entry Level 3 is enough. Only those who supply and decide this row see it;"
    " say below where it can be seen, and attach no health papers"
)


def _evidence(label: str, *, called: str) -> UploadBox:
    """The box for a file that shows what is said."""
    return UploadBox(
        label,
        called=called,
        endings=("pdf", "jpg", "png"),
        hint="A PDF or a picture",
        optional=True,
    )


class GatewayForm(VersionedForm):
    """A form that carries the version of the review its page was made from."""

    def __init__(self, review: GatewayReview | None, **kwargs: Any) -> None:
        super().__init__(review.lock_version if review else _FIRST_VERSION, **kwargs)


class TimeForm(GatewayForm):
    """The dates as they are on record, and perhaps one more break in learning."""

    is_right = Tick(
        "The start of learning and the breaks are right as shown here",
        missing="Tick the box if the dates are right",
    )
    break_from = DateBoxes(
        "First day of one more break",
        called="The break's first day",
        hint="Leave it empty if there was no other break. For example, 3 2 2025",
        optional=True,
    )
    break_to = DateBoxes(
        "Last day of that break",
        called="The break's last day",
        hint="Leave it empty while the break lasts",
        optional=True,
    )
    break_reason = TextField("Reason for the break", optional=True, most_letters=500)
    file = _evidence("Apprenticeship agreement or training plan", called="The agreement or plan")


class OffTheJobForm(GatewayForm):
    """The training provider's declaration, with the questions of the policy that holds."""

    percent = DecimalNumber(
        "Off-the-job training as a percentage",
        called="The percentage",
        hint="Of the apprentice’s paid hours. For example, 21.4",
        unit="%",
        most=100,
        optional=True,
    )
    hours = WholeNumber(
        "Or: hours of off-the-job training given",
        called="The hours given",
        most=20_000,
        optional=True,
    )
    weekly_hours = DecimalNumber(
        "With the hours: hours worked each week",
        called="The hours worked each week",
        hint="For example, 37.5. What is needed follows from them and the weeks of training",
        least=1,
        most=80,
        optional=True,
    )
    paid_hours = WholeNumber(
        "All paid hours",
        called="All paid hours",
        hint="From the start of learning to its end",
        least=1,
        most=20_000,
        optional=True,
    )
    hours_needed = WholeNumber(
        "Hours published for the standard",
        called="The hours published",
        hint="The minimum that the funding rules publish for it",
        least=1,
        most=20_000,
        optional=True,
    )
    hours_off = WholeNumber(
        "Hours taken off for prior learning",
        called="The hours taken off",
        hint="Leave it empty if there are none",
        most=20_000,
        optional=True,
    )
    file = _evidence("Record of the training given", called="The record of training")

    def ask_for(self, terms: Terms) -> None:
        """Leave out what the policy has no use for, and say the rest as it needs it."""
        asked = {one for measure in terms.policy.measures for one in _ASKED_BY[measure]}
        if terms.published:
            asked.discard("hours_needed")
        for name in set().union(*_ASKED_BY.values()) - asked:
            del self[name]
        if "percent" not in asked:
            self["hours"].label.text = "Hours of off-the-job training given"
        if {"weekly_hours", "paid_hours"} <= asked:
            self["paid_hours"].label.text = "Or: all paid hours"


_ASKED_BY: Final = {
    Measure.SHARE: {"percent", "hours", "paid_hours"},
    Measure.WEEKLY: {"hours", "weekly_hours"},
    Measure.PUBLISHED: {"hours", "hours_needed", "hours_off"},
}


class QualificationsForm(GatewayForm):
    """English and mathematics as shown at the gateway, with where the evidence is."""

    english = ChoiceField("English", choices=_LEVELS)
    mathematics = ChoiceField("Mathematics", choices=_LEVELS)
    has_bsl = Tick("A qualification in British Sign Language, the apprentice’s primary language")
    ehc_plan = Tick("An education, health and care plan", hint=_GROUND)
    legacy_statement = Tick("A legacy statement", hint="The same as with a plan")
    opted_in = Tick(
        "The apprentice has opted in to English and mathematics",
        hint="It is then asked of them, even where the funding rules leave it open",
    )
    evidence = TextBox(
        "Where the evidence is",
        hint="For example, certificate number and awarding body, or the Personal Learning Record",
        most_letters=1000,
        rows=3,
        optional=True,
    )
    file = _evidence("Certificate", called="The certificate")


class PermissionForm(GatewayForm):
    """The apprentice's own permission to claim the certificate."""

    given = Tick(
        "I agree that my certificate may be claimed for me",
        missing="Tick the box to give your permission",
    )


SUPPLY_FORMS: Final[dict[Check, type[GatewayForm]]] = {
    Check.TIME: TimeForm,
    Check.OFF_THE_JOB: OffTheJobForm,
    Check.QUALIFICATIONS: QualificationsForm,
    Check.PERMISSION: PermissionForm,
}


def supply_form(requirement: GatewayRequirement, check: Check, terms: Terms) -> GatewayForm:
    """The form for a kind of evidence, filled with what is on record.

    Args:
        requirement: what is supplied for.
        check: how it is looked at.
        terms: what off-the-job training is held against.
    """
    said = dict(requirement.supplied or {})
    if check is Check.QUALIFICATIONS:
        said = _levels(requirement.review.assessment.apprenticeship) | said
        said = {name: _level(value) for name, value in said.items()}
    for name in {"percent", "weekly_hours"} & said.keys():
        said[name] = Decimal(said[name])
    form = SUPPLY_FORMS[check](requirement.review, data=said)
    if isinstance(form, OffTheJobForm):
        form.ask_for(terms)
    return form


def _levels(apprenticeship: Apprenticeship) -> dict[str, Any]:
    known = {"english": apprenticeship.english, "mathematics": apprenticeship.maths}
    stated = {name: level for name, level in known.items() if level is not Attainment.NOT_REQUIRED}
    return {
        **stated,
        "has_bsl": apprenticeship.has_bsl,
        "ehc_plan": apprenticeship.has_ehc_plan,
        "legacy_statement": apprenticeship.has_legacy_statement,
        "opted_in": apprenticeship.opted_in_to_english_maths,
    }


def _level(value: Any) -> Any:
    return Attainment(value) if value in set(Attainment) else value


class ConfirmationForm(GatewayForm):
    """The employer's own confirmation; labels carry the apprentice's and employer's names."""

    is_ready = ChoiceField("", choices=(), hint="Think of their work over the last three months.")
    reason = TextBox(
        "If not yet: what is still missing?",
        called="What is still missing",
        most_letters=2000,
        rows=4,
        optional=True,
    )
    decided_on = DateBoxes(
        "When did you decide this?",
        called="The date of your decision",
        missing="Enter the date of your decision",
        hint="For example, 28 5 2026",
    )
    speaks_for = Tick("", missing="")

    def __init__(
        self, review: GatewayReview | None, *, given_names: str, employer: str, told: str
    ) -> None:
        """Name everybody.

        Args:
            review: the review, if it was opened.
            given_names: the apprentice's.
            employer: the organisation confirmed for.
            told: who reads a reason.
        """
        super().__init__(review)
        self.is_ready.label.text = (
            f"Is {given_names} working at or above the level of the occupation?"
        )
        self.is_ready.called = self.is_ready.label.text.rstrip("?")
        self.is_ready.missing = f"Say whether {given_names} is ready"
        self.is_ready.choices = [
            (True, f"Yes, {given_names} is ready"),
            (False, "Not yet", f"We ask you for a reason and show it to {told}"),
        ]
        self.speaks_for.label.text = f"I confirm this for {employer}"
        self.speaks_for.missing = f"Tick the box to confirm this for {employer}"
        self.speaks_for.optional = False

    def validate(self, extra_validators: object = None) -> bool:
        """Ask for a reason with a “not yet”."""
        fine: bool = super().validate(extra_validators)
        if self.is_ready.data is False and not self.reason.data:
            self.add_error("Say what is still missing", "reason")
            return False
        return fine

    @property
    def answer(self) -> Readiness:
        """The answer as typed."""
        decided_on: date = self.decided_on.data
        return Readiness(self.is_ready.data, decided_on, self.reason.data or "")


class AdviceForm(GatewayForm):
    """The training provider's advice."""

    in_favour = ChoiceField(
        "What do you advise?",
        missing="Say what you advise",
        choices=[
            (True, "The apprentice is ready"),
            (False, "Not ready yet"),
        ],
    )
    text = TextBox("Your advice", missing="Enter your advice", most_letters=4000)


class StartForm(PlumblineForm):
    """An earlier first day of the period, and why."""

    to_on = DateBoxes(
        "First day of the period",
        called="The first day of the period",
        hint="The day on which everything had been shown. For example, 28 5 2026",
    )
    reason = TextBox(
        "Why did it begin earlier?",
        called="The reason",
        missing="Enter why it began earlier",
        hint="For example, all was shown on that day, and the last row was accepted late",
        most_letters=2000,
        rows=4,
    )


class StartDecisionForm(VersionedForm):
    """A second person's answer."""

    agrees = ChoiceField(
        "Your decision",
        missing="Say whether you agree",
        choices=[
            (True, "Agree", "The clock counts from the earlier day at once"),
            (False, "Do not agree", "Say why below; the start stays as it is"),
        ],
    )
    answer = TextBox(
        "If you do not agree: why?",
        called="Why you do not agree",
        most_letters=2000,
        rows=3,
        optional=True,
    )


class DecisionForm(GatewayForm):
    """Accept, or reject with a reason."""

    accepts = ChoiceField(
        "Your decision",
        missing="Say whether you accept or reject it",
        choices=[
            (True, "Accept", "It locks: nobody can change it afterwards"),
            (False, "Reject", "Say why below; it can be supplied again"),
        ],
    )
    reason = TextBox(
        "If you reject it: why, and what would do?",
        called="The reason",
        hint="Everybody who sees the gateway reads this",
        most_letters=2000,
        rows=4,
        optional=True,
    )

"""The forms of a change: from which day, why, and what it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from epa.changes.rules import Why
from epa.lifecycle.rules import PLACEHOLDER_ULN, uln_adds_up
from epa.people.models import Organisation, Person
from epa.registration.forms import ULNField
from epa.web.fields import DateBoxes, NameField, SelectBox, TextBox, Tick
from epa.web.forms import PlumblineForm


class ChangeForm(PlumblineForm):
    """What every change says: a day and a reason."""

    on = DateBoxes("From which day", called="The date", hint="For example, 28 5 2026")
    reason = TextBox(
        "Why",
        called="The reason",
        hint="Kept with the record; only your own organisation reads it",
        most_letters=1000,
        rows=3,
    )

    @property
    def why(self) -> Why:
        """The day and the reason as they were typed."""
        return Why(self.on.data, self.reason.data)

    def begin_with(self, today: date) -> None:
        """Offer today until something was typed."""
        if not self.is_submitted():
            self.on.process_data(today)


class LeaveForm(ChangeForm):
    """The first day on which somebody is away."""

    on = DateBoxes(
        "First day away",
        called="The first day away",
        hint="Dates booked from then on are cleared",
    )


class ReturnForm(ChangeForm):
    """The first day back."""

    on = DateBoxes(
        "First day back", called="The first day back", hint="The days before do not count"
    )


class EmployerForm(ChangeForm):
    """The new employer."""

    employer = SelectBox("New employer")

    def offer(self, employers: Sequence[Organisation], now: Organisation) -> None:
        """Offer every employer but the one that they have."""
        self.employer.choices = [(one.id, one.name) for one in employers if one.id != now.id]


class ProviderForm(ChangeForm):
    """The new training provider; none is a choice."""

    provider = SelectBox("New training provider", empty_label="None", optional=True)

    def offer(self, providers: Sequence[Organisation], now: Organisation | None) -> None:
        """Offer every training provider but the one that they have."""
        of_now = now.id if now else None
        self.provider.choices = [(one.id, one.name) for one in providers if one.id != of_now]


class NameForm(ChangeForm):
    """The name as it should be."""

    given_names = NameField("Given names", hint="Exactly as on the certificate, in any script")
    family_name = NameField("Family name")

    def begin_with_name(self, person: Person) -> None:
        """Show the name on record until something was typed."""
        if not self.is_submitted():
            self.given_names.process_data(person.given_names)
            self.family_name.process_data(person.family_name)


class ULNForm(ChangeForm):
    """The number as it should be."""

    uln = ULNField("Correct ULN", called="The ULN", hint="10 figures", width="medium")
    uln_checked = Tick("I have checked this ULN; it is right as it stands")

    @property
    def asks_about_check_digit(self) -> bool:
        """Whether the ULN as typed does not add up, so that somebody should look again."""
        uln = self.uln.data
        return bool(uln) and not self.uln.errors and uln != PLACEHOLDER_ULN and not uln_adds_up(uln)

    def validate(self, extra_validators: object = None) -> bool:
        """Check every field; ask for a second look at a ULN that does not add up."""
        fine: bool = super().validate(extra_validators)
        if fine and self.asks_about_check_digit and not self.uln_checked.data:
            self.add_error(
                "The last figure of this ULN does not fit the others. Put it right, or tick the"
                " box if it stands like that in the learner record",
                "uln_checked",
            )
            return False
        return fine

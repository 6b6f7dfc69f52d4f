"""The form that registers one apprentice."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import request

from epa.lifecycle.rules import PLACEHOLDER_ULN, Attainment, is_uln, uln_adds_up
from epa.people.models import Organisation
from epa.registration.rules import Registration
from epa.web.fields import (
    ChoiceField,
    DateBoxes,
    EmailField,
    NameField,
    SelectBox,
    TextBox,
    TextField,
    Tick,
)
from epa.web.forms import PlumblineForm
from frameworks import AssessmentPlan

LEVELS = (
    (Attainment.LEVEL_2, "Level 2"),
    (Attainment.ENTRY_3, "Entry Level 3"),
    (Attainment.NONE, "Neither, or not known yet"),
    (Attainment.NOT_REQUIRED, "Not required"),
)


class ULNField(TextField):
    """A unique learner number, typed with or without spaces."""

    def understood(self) -> str:
        """Return ten figures."""
        uln = super().understood().replace(" ", "")
        if not is_uln(uln):
            raise ValueError(f"{self.called} must be 10 figures, the first of them not 0")
        return uln


class RegistrationForm(PlumblineForm):
    """Everything that is known of an apprentice at registration."""

    uln = ULNField(
        "Unique learner number (ULN)",
        called="The ULN",
        hint=f"10 figures. Use {PLACEHOLDER_ULN} until there is one",
        width="medium",
    )
    uln_checked = Tick("I have checked this ULN; it is right as it stands")
    given_names = NameField("Given names", hint="Exactly as on the certificate, in any script")
    family_name = NameField("Family name")
    date_of_birth = DateBoxes("Date of birth", hint="For example, 28 5 2003")
    email = EmailField("Email address", hint="The invitation to sign in goes there", optional=True)
    standard = SelectBox("Standard")
    epao = SelectBox("Registered for")
    employer_id = SelectBox("Employer")
    provider_id = SelectBox("Training provider")
    learning_start_on = DateBoxes(
        "Start of learning", called="The start of learning", hint="For example, 4 3 2025"
    )
    original_start_on = DateBoxes(
        "Original start",
        called="The original start",
        hint="Only if learning was restarted; the age on that day counts",
        optional=True,
    )
    planned_end_on = DateBoxes("Planned end", called="The planned end", optional=True)
    planned_gateway_on = DateBoxes("Planned gateway", called="The planned gateway", optional=True)
    workplace_address = TextBox(
        "Workplace address",
        hint="Where the apprentice works, and may be observed",
        most_letters=500,
        rows=3,
        optional=True,
    )
    english = ChoiceField("English", choices=LEVELS, default=Attainment.NONE)
    maths = ChoiceField("Mathematics", choices=LEVELS, default=Attainment.NONE)
    has_ehc_plan = Tick("Has an education, health and care plan")
    has_legacy_statement = Tick("Has a legacy statement of special educational needs")
    has_bsl = Tick("British Sign Language is their primary language")
    opted_in_to_english_maths = Tick("Opted in to English and mathematics")

    def offer(
        self,
        standards: Sequence[AssessmentPlan],
        epaos: Sequence[Organisation],
        employers: Sequence[Organisation],
        providers: Sequence[Organisation],
    ) -> None:
        """Offer what may be chosen; where there is no choice, it is made already."""
        self.standard.choices = [
            (plan.code, f"{plan.standard_reference} {plan.title}, level {plan.standard_level}")
            for plan in standards
        ]
        self.epao.choices = [(one.id, one.name) for one in epaos]
        self.employer_id.choices = [(one.id, one.name) for one in employers]
        self.provider_id.choices = [(one.id, one.name) for one in providers]
        for field in (self.standard, self.epao):
            if len(field.choices) == 1 and not field.typed:
                field.process_data(field.choices[0].value)

    @property
    def asks_about_check_digit(self) -> bool:
        """Whether the ULN as typed does not add up, so that somebody should look again."""
        uln = self.uln.data
        return bool(uln) and is_uln(uln) and uln != PLACEHOLDER_ULN and not uln_adds_up(uln)

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

    @property
    def fields(self) -> Registration:
        """The registration as it was typed."""
        names = Registration.__dataclass_fields__.keys()
        return Registration(**{name: self[name].data for name in names})


class InviteForm(PlumblineForm):
    """Whom to invite: one person by their button, or everybody on the list by the other."""

    @property
    def is_everybody(self) -> bool:
        """Whether the button for everybody was pressed."""
        return request.form.get("everybody") == "yes"

    @property
    def chosen(self) -> UUID | None:
        """The person whose button was pressed."""
        try:
            return UUID(request.form.get("person", ""))
        except ValueError:
            return None

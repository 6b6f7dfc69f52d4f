"""What is asked about competence, standardisation and availability."""

from __future__ import annotations

from datetime import date

from epa.assessors.rules import STANDARDISATION_TITLES, WEEKDAYS, StandardisationKind
from epa.assessors.services import CompetenceFields
from epa.web.fields import ChoiceField, DateBoxes, ManyChoices, SelectBox, TextBox, TimeBox
from epa.web.forms import PlumblineForm


class CompetenceForm(PlumblineForm):
    """That somebody is competent to assess a standard."""

    framework = SelectBox(
        "Standard", called="The standard", missing="Choose a standard", empty_label="Choose"
    )
    competent_from = DateBoxes(
        "Competent from", called="The first day", hint="For example, 28 5 2026"
    )
    competent_until = DateBoxes(
        "Competent until",
        called="The last day",
        hint="Leave it empty while it lasts",
        optional=True,
    )
    basis = TextBox(
        "What it rests on",
        called="What it rests on",
        hint="Occupational experience and its last year, qualifications, induction",
        most_letters=1000,
    )

    @property
    def fields(self) -> CompetenceFields:
        """What was typed; only of a form that is valid."""
        return CompetenceFields(
            self.framework.data,
            self.competent_from.data,
            self.competent_until.data,
            self.basis.data,
        )


class StandardisationForm(PlumblineForm):
    """That somebody took part in a standardisation."""

    framework = SelectBox(
        "Standard", called="The standard", missing="Choose a standard", empty_label="Choose"
    )
    kind = ChoiceField(
        "Which one was it?",
        called="The kind of standardisation",
        missing="Choose which one it was",
        choices=[(kind, STANDARDISATION_TITLES[kind]) for kind in StandardisationKind],
    )
    attended_on = DateBoxes(
        "Day", called="The day of the standardisation", hint="For example, 28 5 2026"
    )


class EndCompetenceForm(PlumblineForm):
    """The last day of a competence."""

    last_day = DateBoxes("Last day", called="The last day", hint="For example, 28 5 2026")


class HoursForm(PlumblineForm):
    """Hours of some weekdays at which somebody can be booked."""

    weekdays = ManyChoices(
        "Days of the week",
        called="The days of the week",
        missing="Choose at least one day of the week",
        choices=list(enumerate(WEEKDAYS)),
    )
    starts = TimeBox(
        "From", called="The time from which you can be booked", hint="For example, 9:00"
    )
    ends = TimeBox("To", called="The time to which you can be booked", hint="For example, 17:00")
    first_on = DateBoxes("First day", called="The first day", hint="For example, 28 5 2026")
    last_on = DateBoxes(
        "Last day", called="The last day", hint="Leave it empty while it goes on", optional=True
    )

    @classmethod
    def starting(cls, today: date) -> HoursForm:
        """The form, from today on."""
        return cls(data={"first_on": today})


class AwayForm(PlumblineForm):
    """Days on which somebody cannot be booked."""

    first_on = DateBoxes("First day away", called="The first day", hint="For example, 28 5 2026")
    last_on = DateBoxes("Last day away", called="The last day", hint="The same for a single day")

"""What is typed about a review: which one, its days and people, and steps noted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast
from uuid import UUID

from epa.people.models import Person, RoleAssignment
from epa.reviews.rules import LONGEST_SERVICE, LONGEST_WORDS
from epa.reviews.services import NewReview
from epa.web.fields import (
    Choice,
    ChoiceField,
    DateBoxes,
    SelectBox,
    TextBox,
    TextField,
)
from epa.web.forms import PlumblineForm
from frameworks import NarrativeProgress, QualityFramework
from frameworks.review_cycle import CycleStep


class OpenForm(PlumblineForm):
    """Which service of whom is reviewed, and against what."""

    lead_contact = SelectBox(
        "Who leads the self-assessment?",
        called="Who leads the self-assessment",
        empty_label="Choose a provider quality lead",
        hint="The review is of the organisation that the person belongs to. Whoever is not here is"
        " given the role of provider quality lead first, under People.",
    )
    framework = SelectBox("Framework", called="The framework", empty_label="Choose one")
    service = TextField(
        "Service that is reviewed",
        called="The service that is reviewed",
        hint="For example, Supported employment in Fellgate",
        most_letters=LONGEST_SERVICE,
    )

    @classmethod
    def of(
        cls, leads: Sequence[RoleAssignment], frameworks: Iterable[QualityFramework]
    ) -> OpenForm:
        """The form with the people and frameworks that may be chosen."""
        form = cls()
        form.lead_contact.choices = [
            Choice(held.id, held.person.name, held.organisation.name) for held in leads
        ]
        form.framework.choices = [one for each in frameworks for one in _offered(each)]
        form.leads = {held.id: held for held in leads}
        return form

    leads: Mapping[UUID, RoleAssignment]

    @property
    def new(self) -> NewReview:
        """What is to be opened; only of a form that is valid."""
        held = self.leads[self.lead_contact.data]
        code, version, *party = self.framework.data.split()
        return NewReview(
            provider=held.organisation,
            framework_code=code,
            framework_version=version,
            service=self.service.data,
            lead_contact=held.person,
            party=party[0] if party else None,
        )


def _offered(framework: QualityFramework) -> Iterable[Choice]:
    place = f"{framework.code} {framework.version}"
    if not isinstance(framework, NarrativeProgress):
        return [Choice(place, framework.title, f"version {framework.version}")]
    return [
        Choice(
            f"{place} {party.code}",
            f"{framework.title}: {party.title}",
            f"version {framework.version}",
        )
        for party in framework.parties
    ]


class DaysForm(PlumblineForm):
    """The first and last day of the assessment."""

    first_on = DateBoxes(
        "First day of the assessment", called="The first day", hint="For example, 20 5 2026"
    )
    last_on = DateBoxes("Last day of the assessment", called="The last day")


class PeopleForm(PlumblineForm):
    """Who assesses, the lead first, and who moderates."""

    moderator = SelectBox(
        "Who moderates?",
        called="Who moderates",
        empty_label="Choose a review moderator",
        hint="Somebody who does not assess.",
    )


def people_form(
    number: int, assessors: Sequence[Person], moderators: Sequence[Person], now: Mapping[str, UUID]
) -> PeopleForm:
    """The form with a box for each of the assessors.

    Args:
        number: how many the framework asks for.
        assessors: who may assess.
        moderators: who may moderate.
        now: who stands in which box, by field.
    """
    boxes = {
        f"assessor_{n}": SelectBox(
            "Who leads the assessment?" if n == 1 else f"Who assesses with them? ({n} of {number})",
            called="Who leads the assessment" if n == 1 else "Who assesses too",
            empty_label="Choose a provider-quality assessor",
        )
        for n in range(1, number + 1)
    }
    form = cast("PeopleForm", type("NumberedPeopleForm", (PeopleForm,), boxes)(data=dict(now)))
    for name in boxes:
        form[name].choices = [(one.id, one.name) for one in assessors]
    form.moderator.choices = [(one.id, one.name) for one in moderators]
    return form


class WithdrawForm(PlumblineForm):
    """Why a review comes to nothing."""

    reason = TextBox(
        "Why is the review withdrawn?",
        called="Why the review is withdrawn",
        hint="Everybody who takes part reads it.",
        missing="Enter why the review is withdrawn",
        most_letters=LONGEST_WORDS,
    )


class NoteForm(PlumblineForm):
    """A step that was taken elsewhere."""

    code = ChoiceField("What was done?", called="What was done")
    words = TextBox(
        "Where it can be found",
        called="Where it can be found",
        optional=True,
        rows=2,
        most_letters=1000,
        hint="For example, sent to the partnership on 4 June 2026",
    )

    @classmethod
    def of(cls, steps: Iterable[CycleStep]) -> NoteForm:
        """The form with the steps that are noted by hand."""
        form = cls()
        form.code.choices = [Choice(one.code, one.title, one.what) for one in steps]
        return form

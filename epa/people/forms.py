"""What is asked about people, organisations, roles and conflicts of interest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from epa.people.models import Organisation
from epa.people.rules import (
    CLIENT_KINDS,
    CONFLICT_TITLES,
    KIND_TITLES,
    ROLE_TITLES,
    ConflictKind,
    OrganisationKind,
)
from epa.people.services import OrganisationFields, PersonFields
from epa.web.fields import (
    ChoiceField,
    DateBoxes,
    EmailField,
    ManyChoices,
    NameField,
    SelectBox,
    TextBox,
    TextField,
)
from epa.web.forms import PlumblineForm


class PersonForm(PlumblineForm):
    """Names and address."""

    given_names = NameField(
        "Given names", hint="As the person writes them, in any script", called="The given names"
    )
    family_name = NameField("Family name", called="The family name")
    email = EmailField(
        "Email address",
        hint="Invitations and new passwords go here",
        called="The email address",
        autocomplete="off",
    )

    @property
    def fields(self) -> PersonFields:
        """What was typed."""
        return PersonFields(self.given_names.data, self.family_name.data, self.email.data)


class RoleForm(PlumblineForm):
    """A role and where it is held."""

    role = SelectBox("Role", called="The role", missing="Choose a role", empty_label="Choose")
    organisation = SelectBox(
        "Organisation",
        hint="Contacts belong to their own organisation, everybody else to yours",
        called="The organisation",
        missing="Choose an organisation",
        empty_label="Choose",
    )

    def offer(self, organisations: Sequence[Organisation]) -> None:
        """Give the lists their lines."""
        by_title = sorted(ROLE_TITLES, key=ROLE_TITLES.__getitem__)
        self.role.choices = [(role, ROLE_TITLES[role]) for role in by_title]
        _offer(self.organisation, organisations)


class InvitationForm(RoleForm, PersonForm):
    """A new person with a first role."""


class OrganisationForm(PlumblineForm):
    """A client organisation."""

    name = NameField("Name", most_letters=200, called="The name", autocomplete="off")
    kinds = ManyChoices(
        "What is it?",
        called="Kinds of organisation",
        missing="Choose at least one kind of organisation",
        choices=[(kind, KIND_TITLES[kind]) for kind in KIND_TITLES if kind in CLIENT_KINDS],
    )
    ukprn = TextField(
        "UKPRN",
        hint="UK Provider Reference Number, for example 10012345",
        called="The UKPRN",
        width="short",
        most_letters=20,
        optional=True,
        autocomplete="off",
    )

    @property
    def fields(self) -> OrganisationFields:
        """What was typed."""
        ukprn = "".join((self.ukprn.data or "").split())
        return OrganisationFields(self.name.data, frozenset(self.kinds.data), ukprn or None)

    def fields_for(self, organisation: Organisation) -> OrganisationFields:
        """What was typed for an organisation on record: whether it is an EPAO is not asked."""
        is_epao = organisation.kinds & {OrganisationKind.EPAO}
        return replace(self.fields, kinds=self.fields.kinds | is_epao)


class ConflictForm(PlumblineForm):
    """Whom somebody must not assess, and why."""

    kind = ChoiceField(
        "What is the conflict?",
        called="The kind of conflict",
        missing="Choose what the conflict is",
        choices=[(kind, CONFLICT_TITLES[kind]) for kind in ConflictKind],
    )
    organisation = SelectBox(
        "With an organisation",
        hint="Everybody who works or learns there counts",
        called="The organisation",
        empty_label="No organisation",
        optional=True,
    )
    email = EmailField(
        "Or with one person",
        hint="Their email address",
        called="The person's email address",
        autocomplete="off",
        optional=True,
    )
    description = TextBox(
        "What is behind it?",
        hint="As much as somebody needs to judge it",
        called="What is behind it",
        most_letters=1000,
    )

    def offer(self, organisations: Sequence[Organisation]) -> None:
        """Give the list its lines."""
        _offer(self.organisation, organisations)


class ScrutinyForm(PlumblineForm):
    """Why a conflict need not stand in the way."""

    reason = TextBox(
        "Why does it not stand in the way?",
        hint="What you looked at and what makes the assessment safe",
        called="The reason",
        missing="Enter the reason",
        most_letters=1000,
    )


class EndConflictForm(PlumblineForm):
    """The day from which a conflict no longer holds."""

    on = DateBoxes(
        "When did it end?", hint="For example, 28 5 2026", called="The day on which it ended"
    )


def _offer(field: SelectBox, organisations: Sequence[Organisation]) -> None:
    field.choices = [(one.id, _with_kinds(one)) for one in organisations]


def _with_kinds(organisation: Organisation) -> str:
    kinds = sorted(KIND_TITLES[kind] for kind in organisation.kinds)
    return f"{organisation.name} ({', '.join(kinds).lower()})"

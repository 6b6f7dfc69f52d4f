"""Organisations and people."""

from functools import cache

from epa.database import db
from epa.people.models import Organisation, OrganisationKindHeld, Person, RoleAssignment
from epa.people.names import search_form, searched_name
from epa.people.rules import OrganisationKind, Role
from epa.sign_in import sealing
from epa.sign_in.models import Credential

PASSWORD = "lantern river copper 84"


@cache
def _hashed(password):
    return sealing.hashed(password)


_AT = {
    Role.EMPLOYER: OrganisationKind.EMPLOYER,
    Role.TRAINING_PROVIDER: OrganisationKind.TRAINING_PROVIDER,
    Role.PROVIDER_QUALITY_LEAD: OrganisationKind.EMPLOYABILITY_PROVIDER,
}


class MakePeople:
    """Organisations and people."""

    def organisation(self, *kinds, name=None):
        name = name or f"Organisation {self.next()}"
        row = Organisation(
            name=name,
            search_name=search_form(name),
            created_at=self.at,
            kinds_held=[
                OrganisationKindHeld(kind=kind) for kind in kinds or (OrganisationKind.EPAO,)
            ],
        )
        db.session.add(row)
        db.session.commit()
        return row

    def person(self, *roles, organisation=None, given="Sam", family=None, email=None):
        """A person with roles at one organisation (made when none is given)."""
        number = self.next()
        family = family or f"Person{number}"
        email = email or f"person{number}@example.org"
        row = Person(
            given_names=given,
            family_name=family,
            search_name=searched_name(given, family),
            email=email,
            email_key=email.casefold(),
            created_at=self.at,
        )
        db.session.add(row)
        for role in roles:
            kind = _AT.get(role, OrganisationKind.EPAO)
            db.session.add(
                RoleAssignment(
                    person=row,
                    role=role,
                    organisation=organisation or self.organisation(kind),
                    granted_at=self.at,
                )
            )
        db.session.commit()
        return row

    def credential(self, person, password=PASSWORD, *, totp=None):
        """Give a person a password and, if a key is given, a second factor that is set up."""
        row = Credential(
            person_id=person.id,
            password_hash=_hashed(password),
            password_changed_at=self.at,
            totp_secret=sealing.sealed(totp) if totp else None,
            totp_confirmed_at=self.at if totp else None,
        )
        db.session.add(row)
        db.session.commit()
        return row

    def role(self, person, role, organisation):
        """Give a person another role."""
        row = RoleAssignment(
            person=person, role=role, organisation=organisation, granted_at=self.at
        )
        db.session.add(row)
        db.session.commit()
        return row

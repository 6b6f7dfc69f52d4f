"""Builds the world, and gives each of its people the browser they ask with."""

from datetime import timedelta
from urllib.parse import urlsplit

from epa.database import db
from epa.diary.services import open_feed
from epa.people.models import RoleAssignment
from epa.people.rules import Role
from epa.sign_in import services as sign_in
from epa.sign_in.rules import token_hash
from tests.access.world import METHODS, Builder, Hat, Reader


def build(make, world):
    """Both EPAOs, and the readers."""
    for tag in ("one", "two"):
        builder = Builder(make, world)
        builder.build(tag)
        if tag == "one":
            first = builder
    _readers(first, builder)
    db.session.commit()


def _readers(first, second):
    add = _Readers(first)
    staff, contacts = first.staff, first.contacts
    for name in (
        *("administrator", "iqa", "auditor", "item_author", "item_reviewer"),
        *("provider_quality_assessor", "review_moderator"),
        *("idle_assessor", "idle_marker", "idle_invigilator"),
    ):
        add(name, getattr(staff, name), Hat(name.removeprefix("idle_"), "one"))
    test = (("ada@one", "knowledge_test"),)
    add("assessor", staff.assessor, Hat("assessor", "one", attempts=(("ada@one", METHODS[0]),)))
    add("marker", staff.marker, Hat("marker", "one", attempts=test))
    add("second_marker", staff.second_marker, Hat("marker", "one", attempts=test))
    add(
        "invigilator",
        staff.invigilator,
        Hat("invigilator", "one", attempts=test, sessions=("one",)),
    )
    add("employer", contacts.employer, Hat("employer", "employer1@one"))
    add("provider", contacts.provider, Hat("provider", "provider1@one"))
    add("employer2", contacts.employer2, Hat("employer", "employer2@one"))
    add("provider2", contacts.provider2, Hat("provider", "provider2@one"))
    for name in ("ada", "ben", "cleo", "dan"):
        case = first.world.objects[f"person {name}@one"]
        add(name, db.session.get(type(staff.iqa), case), Hat("apprentice", "one", f"{name}@one"))
    add("provider_quality_lead", contacts.lead, Hat("provider_quality_lead", "support@one"))
    _grant(first, staff.two_hats, Role.EMPLOYER, first.employers[1])
    add(
        "two_hats",
        staff.two_hats,
        Hat("assessor", "one", attempts=(("ada@one", METHODS[1]),)),
        Hat("employer", "employer2@one"),
    )
    add("other administrator", second.staff.administrator, Hat("administrator", "two"))
    add("other iqa", second.staff.iqa, Hat("iqa", "two"))
    add("roleless", first.make.person(given="No", family="Role"))
    former = first._person("former", Role.ADMINISTRATOR, at=first.epao, kind="staff_name")
    former.roles_held[0].ended_at = first.at
    add("former administrator", former)
    disabled = first._person("disabled", Role.ADMINISTRATOR, at=first.epao, kind="staff_name")
    add("disabled", disabled, is_in=False)
    disabled.disabled_at = first.at
    waiting = first._person("waiting", Role.ADMINISTRATOR, at=first.epao, kind="staff_name")
    add("between the factors", waiting, is_in=False, complete=False)
    first.world.readers["nobody"] = Reader("nobody", (), None, is_in=False)


def _grant(builder, person, role, organisation):
    db.session.add(
        RoleAssignment(
            person=person,
            role=role,
            organisation=organisation,
            granted_at=builder.at + timedelta(seconds=1),
        )
    )


class _Readers:
    def __init__(self, builder):
        self.world, self.at = builder.world, builder.at

    def __call__(self, name, person, *hats, is_in=True, complete=True):
        db.session.flush()
        token = sign_in.open_session(person, at=self.at, complete=complete)
        self.world.secrets.append(token_hash(token))
        address = open_feed(person, at=self.at)
        self.world.feeds[name] = urlsplit(address).path
        self.world.secrets.append(address.rpartition("/")[2])
        self.world.readers[name] = Reader(name, hats, token, person.family_name, is_in)

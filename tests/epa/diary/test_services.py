from datetime import timedelta

import pytest

from epa.booking import services as booking
from epa.booking.appointments import Wish
from epa.diary import queries, services
from epa.lifecycle.rules import Duty, Stage
from epa.people.rules import Role
from epa.sign_in.rules import token_hash


@pytest.fixture
def observation(make):
    return make.attempt(make.assessment_in_epa(), "observation")


@pytest.fixture
def admin(make, observation):
    return make.person(Role.ADMINISTRATOR, organisation=observation.assessment.epao)


def token_of(address):
    return address.rpartition("/")[2].removesuffix(".ics")


def summaries(person, at):
    return [one.summary for one in queries.entries(person, at=at)]


def test_a_feed_keeps_only_the_hash_of_its_address_and_is_revoked(session, make, at):
    person = make.person(Role.INDEPENDENT_ASSESSOR)
    first = token_of(services.open_feed(person, at=at))
    feed = queries.own_feed(person)
    assert feed.token_hash == token_hash(first) != first
    second = token_of(services.open_feed(person, at=at))
    assert queries.feed_at(first) is None
    assert queries.feed_at(second).person is person
    services.revoke_feed(person, at=at)
    assert queries.feed_at(second) is None
    services.revoke_feed(person, at=at)


def test_a_disabled_persons_feed_is_not_there(session, make, at):
    person = make.person(Role.INDEPENDENT_ASSESSOR)
    token = token_of(services.open_feed(person, at=at))
    person.disabled_at = at
    session.flush()
    assert queries.feed_at(token) is None


def test_it_has_ones_own_dates_held_and_confirmed(make, session, observation, admin, at):
    make.with_people(observation)
    helen = observation.allocated(Duty.ASSESSOR)
    apprentice = observation.assessment.apprenticeship.person
    wish = Wish(at + timedelta(days=20), "4 Quay Street")
    booking.hold(observation, wish, actor=admin, at=at)
    for person in (helen, apprentice):
        assert summaries(person, at) == ["Observation (held, not confirmed yet)"]
    assert summaries(helen, at + timedelta(days=6)) == []
    assert summaries(admin, at) == []
    booking.confirm(observation, actor=admin, at=at, agreement="By phone")
    [entry] = queries.entries(helen, at=at)
    assert (entry.summary, entry.sequence, entry.location) == ("Observation", 2, "4 Quay Street")
    assert entry.url.endswith(f"/attempts/{observation.id}/date")
    booking.cancel(observation, "Ill", actor=admin, at=at)
    assert summaries(helen, at) == []


def test_an_online_date_does_not_give_the_link_away(make, observation, admin, at):
    make.with_people(observation)
    wish = Wish(at + timedelta(days=20), "https://meet.example/secret", is_online=True)
    booking.hold(observation, wish, actor=admin, at=at)
    [entry] = queries.entries(observation.allocated(Duty.ASSESSOR), at=at)
    assert entry.location == "Online"


def test_a_session_is_one_entry_for_its_invigilator(make, at):
    epao = make.organisation()
    ines = make.person(Role.INVIGILATOR, organisation=epao)
    admin = make.person(Role.ADMINISTRATOR, organisation=epao)
    event = make.event(epao, on_shift=(ines,), actor=admin)
    attempts = [make.attempt(make.assessment_in_epa(epao=epao), "knowledge_test") for _ in range(3)]
    make.in_session(event, attempts, admin)
    assert summaries(ines, at) == ["Test session, invigilating"]
    assert summaries(attempts[0].assessment.apprenticeship.person, at) == [
        "Knowledge test (held, not confirmed yet)"
    ]
    days = [event.starts_at.date()]
    [one] = queries.appointments(admin, days, at=at)
    assert (one.title, one.who, one.is_confirmed) == ("Knowledge test", "3 candidates", False)


def test_a_calendar_shows_each_what_they_reach(make, observation, admin, at):
    make.scheduled(observation, at + timedelta(days=20))
    elsewhere = make.attempt(
        make.assessment_in_epa(epao=observation.assessment.epao), "observation"
    )
    make.scheduled(elsewhere, at + timedelta(days=20, hours=1))
    days = [(at + timedelta(days=20)).date()]
    helen = observation.allocated(Duty.ASSESSOR)
    assert len(queries.appointments(admin, days, at=at)) == 2
    [own] = queries.appointments(helen, days, at=at)
    assert own.who == observation.assessment.apprenticeship.person.name
    assert queries.appointments(make.person(Role.ADMINISTRATOR), days, at=at) == []
    assert queries.appointments(admin, [at.date()], at=at) == []
    assert queries.overseen(helen) == frozenset()


def test_a_hold_of_somebody_paused_takes_no_time(make, observation, admin, at):
    make.with_people(observation)
    starts_at = at + timedelta(days=20)
    booking.hold(observation, Wish(starts_at, "Leeds"), actor=admin, at=at)
    assert len(queries.appointments(admin, [starts_at.date()], at=at)) == 1
    make.close_stage(observation.assessment, Stage.PAUSED, admin)
    assert queries.appointments(admin, [starts_at.date()], at=at) == []

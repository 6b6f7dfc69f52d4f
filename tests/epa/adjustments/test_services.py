from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from epa.adjustments import queries, services
from epa.adjustments.rules import Asked, AskedAs, RequestState, Ruling
from epa.allowances.queries import allowance_of
from epa.allowances.rules import AdjustmentKind, Granted
from epa.audit.models import AuditEntry
from epa.booking import queries as booking
from epa.booking import services as bookings
from epa.booking.appointments import Wish, misfit
from epa.conduct.queries import method_of
from epa.errors import Conflict, NotAllowed, RuleBroken
from epa.knowledge_test import queries as knowledge_test
from epa.lifecycle.rules import Duty, Stage
from epa.needs.queries import needs_of
from epa.outbox.models import Mail
from epa.people.models import ConflictOfInterest
from epa.people.rules import ConflictKind, Permission, Role
from epa.resits import ending

ASKED = Asked(("observation",), "More time.", "Canary of a need.")
TEN = datetime(2026, 7, 14, 9, tzinfo=UTC)  # 10:00 in London
QUARTER = Ruling(("observation",), Granted(extra_percent=25), is_granted=True, reason="Canary.")
REFUSED = Ruling(("observation",), Granted(), is_granted=False, reason="Canary of a refusal.")


@pytest.fixture
def case(make):
    return make.assessment_in_epa()


@pytest.fixture
def panel(make, case):
    return make.panel_member(case)


@pytest.fixture
def admin(make, case):
    return make.person(Role.ADMINISTRATOR, organisation=case.epao)


@pytest.fixture
def observation(make, case):
    return make.attempt(case, "observation")


def mails(session, event):
    return session.scalars(select(Mail).where(Mail.event == event)).all()


def actions(session):
    return session.scalars(select(AuditEntry.action)).all()


class TestAsking:
    @pytest.mark.parametrize("part", [*AskedAs])
    def test_each_of_the_three_asks_from_registration_on(self, make, at, session, part):
        case = make.assessment()
        member, people = make.panel_member(case), make.people_of(case)
        row = services.ask(case, ASKED, actor=people[part.value], at=at)
        assert (row.asked_as, row.state, row.number) == (part, RequestState.WAITING, 1)
        assert [mail.to_person_id for mail in mails(session, "adjustment asked for")] == [member.id]
        assert "adjustment asked for" in actions(session)
        assert list(session.scalars(queries.queue(member, RequestState.WAITING))) == [row]

    def test_nobody_else_asks(self, make, case, admin, at):
        elsewhere = make.person(Role.EMPLOYER, organisation=make.organisation())
        for person in (admin, elsewhere):
            with pytest.raises(NotAllowed):
                services.ask(case, ASKED, actor=person, at=at)

    def test_it_is_too_late_once_everything_is_over(self, make, case, at):
        make.close_stage(case, Stage.WITHDRAWN)
        with pytest.raises(RuleBroken) as broken:
            services.ask(case, ASKED, actor=case.apprenticeship.person, at=at)
        assert broken.value.code == "adjustments-closed"

    def test_evidence_is_for_the_panel_and_each_reading_is_written_down(
        self, make, case, panel, admin, at, session
    ):
        apprentice = case.apprenticeship.person
        first, second = (make.stored_file(apprentice, name=f"Report {n}.pdf") for n in (1, 2))
        row = make.adjustment_request(case, file=first)
        services.add_evidence(row, second, actor=apprentice, at=at)
        session.refresh(row)
        assert [one.file for one in row.evidence] == [first, second]
        found = queries.evidence_for(panel, Permission.DECIDE_ADJUSTMENTS, row.evidence[0].id)
        assert services.fetch_evidence(found, actor=panel, at=at) is first
        assert "adjustment evidence read" in actions(session)
        for outsider in (admin, apprentice, make.panel_member(make.assessment())):
            permission = Permission.DECIDE_ADJUSTMENTS
            assert queries.evidence_for(outsider, permission, row.evidence[0].id) is None
        with pytest.raises(NotAllowed):
            services.add_evidence(row, second, actor=make.people_of(case)["employer"], at=at)

    def test_it_is_withdrawn_until_it_is_decided(self, make, case, panel, at, session):
        apprentice, employer = case.apprenticeship.person, make.people_of(case)["employer"]
        row = make.adjustment_request(case)
        with pytest.raises(NotAllowed):
            services.withdraw(row, actor=employer, at=at)
        services.withdraw(row, actor=apprentice, at=at)
        assert row.state is RequestState.WITHDRAWN
        assert queries.count(panel, RequestState.WAITING) == 0
        for again in (
            lambda: services.withdraw(row, actor=apprentice, at=at),
            lambda: services.decide(row, QUARTER, actor=panel, at=at),
        ):
            with pytest.raises(RuleBroken) as broken:
                again()
            assert broken.value.code == "withdrawn-already"
        decided = make.granted(case)
        with pytest.raises(RuleBroken) as broken:
            services.withdraw(decided, actor=apprentice, at=at)
        assert broken.value.code == "decided-already"


class TestDeciding:
    def test_it_is_decided_method_by_method(self, make, case, panel, at, session):
        row = make.adjustment_request(case, ("observation", "presentation"))
        services.decide(row, QUARTER, actor=panel, at=at)
        assert row.state is RequestState.WAITING
        granted = Granted(0, 20, {AdjustmentKind.READER: "reads the slides aloud"})
        ruling = Ruling(("presentation",), granted, is_granted=True, reason="As at work.")
        services.decide(row, ruling, actor=panel, at=at)
        assert row.state is RequestState.DECIDED
        assert [one.adjustment.method_code for one in row.decisions] == [
            "observation",
            "presentation",
        ]
        presentation = allowance_of(make.attempt(case, "presentation"))
        assert (presentation.extra_percent, presentation.break_minutes) == (0, 20)
        assert presentation.in_words[1] == "A reader: reads the slides aloud."
        assert allowance_of(make.attempt(case, "knowledge_test")).in_words == ()
        assert queries.adjusted_methods(case) == ["Presentation", "Observation"]

    def test_a_later_decision_takes_the_place_and_the_earlier_one_stays(
        self, make, case, panel, at
    ):
        row = make.granted(case, ("observation",))
        services.decide(row, REFUSED, actor=panel, at=at + timedelta(hours=1))
        standing = next(
            one for one in queries.standings(case, with_reasons=True) if one.code == "observation"
        )
        assert (standing.now.sentences, standing.now.reason) == ((), "Canary of a refusal.")
        assert [one.sentences for one in standing.before] == [("+52 min (25% extra time).",)]
        assert queries.adjusted_methods(case) == []
        hidden = queries.standings(case, with_reasons=False)
        assert {one.now.reason for one in hidden if one.now} == {""}

    def test_the_apprentice_and_who_asked_hear_that_it_is_decided_and_nothing_more(
        self, make, case, panel, at, session
    ):
        employer = make.people_of(case)["employer"]
        row = make.adjustment_request(case, ("observation",), actor=employer)
        services.decide(row, QUARTER, actor=panel, at=at)
        told = mails(session, "adjustment decided")
        assert {one.to_person_id for one in told} == {employer.id, case.apprenticeship.person_id}
        for mail in session.scalars(select(Mail)):
            words = f"{mail.subject} {mail.body} {mail.attachment}"
            assert "Canary" not in words
            assert "extra" not in words
            assert "adjustment " not in words

    def test_who_has_a_duty_on_the_case_is_not_of_its_panel(self, make, case, observation, at):
        both = make.person(
            Role.INTERNAL_QUALITY_ASSURER, Role.INDEPENDENT_ASSESSOR, organisation=case.epao
        )
        row = make.adjustment_request(case)
        assert queries.request_for(both, Permission.DECIDE_ADJUSTMENTS, row.id) is row
        assert queries.is_of_panel(both, case)
        make.allocate(observation, both)
        assert queries.request_for(both, Permission.DECIDE_ADJUSTMENTS, row.id) is None
        assert not queries.is_of_panel(both, case)
        assert both not in queries.panel(row)

    def test_nobody_decides_with_a_conflict_of_interest(self, make, case, panel, at, session):
        row = make.adjustment_request(case)
        session.add(
            ConflictOfInterest(
                person=panel,
                kind=ConflictKind.TRAINED,
                description="Taught on the first module.",
                declared_at=at,
                declared_by=panel,
                with_person=case.apprenticeship.person,
            )
        )
        session.commit()
        with pytest.raises(RuleBroken) as broken:
            services.decide(row, QUARTER, actor=panel, at=at)
        assert broken.value.code == "conflict-of-interest"

    def test_the_second_of_two_is_told_who_was_first(self, make, case, panel, at):
        row = make.adjustment_request(case, ("observation",))
        seen = row.lock_version
        services.decide(row, QUARTER, actor=panel, at=at, seen=seen)
        other = make.panel_member(case)
        with pytest.raises(Conflict, match=f"{panel.name} decided on it on 9 June 2026 at 10:30"):
            services.decide(row, REFUSED, actor=other, at=at, seen=seen)

    def test_the_log_has_codes_and_no_words(self, make, case, session):
        make.granted(case)
        entries = session.scalars(select(AuditEntry)).all()
        assert "adjustment decided" in {one.action for one in entries}
        assert not [one for one in entries if "Canary" in str(one.details)]


class TestTheDay:
    def test_the_limits_of_the_day_are_the_longer_ones(self, make, case):
        make.granted(case)
        observing, questions = method_of(make.attempt(case, "observation")).parts
        assert (observing.minutes, observing.longest_minutes) == (225, 247)
        assert (questions.minutes, questions.longest_minutes) == (37, 37)
        assert knowledge_test.method_of(make.attempt(case, "knowledge_test")).minutes == 150

    def test_a_day_that_was_held_keeps_the_limits_it_had(self, make, case, at):
        attempt = make.attempt(case, "observation")
        attempt.held_on = at.date() - timedelta(days=1)
        make.granted(case)
        assert allowance_of(attempt).extra_percent == 0
        attempt.held_on = at.date()
        assert allowance_of(attempt).extra_percent == 25

    def test_a_booking_takes_the_longer_time_and_the_breaks(self, make, case):
        attempt = make.attempt(case, "observation")
        assert booking.longest_minutes(attempt) == 228
        make.granted(case, ("observation",), extra_percent=25, break_minutes=30)
        assert booking.longest_minutes(attempt) == 247 + 37 + 30
        assert booking.slot_of(attempt, TEN).ends_at == TEN + timedelta(minutes=314)

    def test_a_set_date_reaches_calendars_with_its_new_end(
        self, make, case, observation, admin, session
    ):
        make.scheduled(observation, TEN)
        make.granted(case, ("observation",))
        told = {
            one.to_person_id: one
            for one in mails(session, "booking changed")
            if one.subject == "Observation: how it goes has changed"
        }
        assessor = observation.allocated(Duty.ASSESSOR)
        assert {case.apprenticeship.person_id, assessor.id, admin.id} <= set(told)
        assert "DTEND:20260714T134400Z" in told[assessor.id].attachment
        assert told[admin.id].attachment is None

    def test_what_has_no_date_tells_nobody(self, make, case, session):
        make.granted(case)
        assert mails(session, "booking changed") == []

    def test_a_date_that_no_longer_fits_is_named_to_who_books(
        self, make, case, observation, admin, at
    ):
        make.scheduled(observation, TEN)
        assessor = observation.allocated(Duty.ASSESSOR)
        other = make.attempt(make.assessment_in_epa(epao=case.epao), "observation")
        make.scheduled(other, TEN + timedelta(minutes=240), people={Duty.ASSESSOR: assessor})
        assert misfit(observation, at=at) is None
        make.granted(case, ("observation",))
        assert misfit(observation, at=at).code == "double-booked"
        need = next(one for one in needs_of(admin, at) if "no longer fits" in one.what)
        assert need.what == "The observation no longer fits its time"
        assert need.text.startswith(f"{assessor.name} is booked")
        assert need.parameters == {"attempt_id": observation.id}
        assert not [one for one in needs_of(assessor, at) if "no longer fits" in one.what]

    def test_a_new_date_is_held_against_the_longer_time(self, make, case, observation, admin, at):
        make.with_people(observation)
        assessor = observation.allocated(Duty.ASSESSOR)
        other = make.attempt(make.assessment_in_epa(epao=case.epao), "observation")
        make.scheduled(other, TEN + timedelta(minutes=240), people={Duty.ASSESSOR: assessor})
        make.granted(case, ("observation",))
        wish = Wish(TEN, "Room 2, Harbour House")
        with pytest.raises(RuleBroken) as broken:
            bookings.hold(observation, wish, actor=admin, at=at)
        assert broken.value.code == "double-booked"

    def test_the_panel_is_asked_and_nobody_else(self, make, case, panel, admin, at):
        row = make.adjustment_request(case)
        asked = [one for one in needs_of(panel, at) if one.place == "adjustments.decide"]
        assert [one.parameters for one in asked] == [{"asked_id": row.id}]
        assert not [one for one in needs_of(admin, at) if one.place == "adjustments.decide"]

    def test_what_was_read_before_a_decision_is_not_kept_after_it(self, make, case, panel, at):
        attempt, row = make.attempt(case, "observation"), make.adjustment_request(case)
        assert allowance_of(attempt).extra_percent == 0
        services.decide(row, QUARTER, actor=panel, at=at)
        assert allowance_of(attempt).extra_percent == 25

    def test_a_decision_that_was_undone_is_not_kept_either(self, make, case, panel, at, session):
        attempt, row = make.attempt(case, "observation"), make.adjustment_request(case)
        savepoint = session.begin_nested()
        services.decide(row, QUARTER, actor=panel, at=at)
        assert allowance_of(attempt).extra_percent == 25
        savepoint.rollback()
        assert allowance_of(attempt).extra_percent == 0


class TestASecondAssessment:
    """What was granted before holds by itself no longer: who needs it says so, the panel decides."""

    @pytest.fixture
    def again(self, make, at):
        first = make.assessment_in_epa()
        make.granted(first, ("observation", "knowledge_test"), extra_percent=25)
        make.granted(first, ("knowledge_test",), at=at, break_minutes=15)
        make.close_stage(first, Stage.CLOSED)
        return ending.start_again(first, actor=make.office(first), at=at)

    def test_nothing_of_it_is_in_force_until_it_is_asked_for_and_decided(self, make, again, at):
        apprentice = again.apprenticeship.person
        assert all(one.now is None for one in queries.standings(again, with_reasons=True))
        needs = [one.what for one in needs_of(apprentice, at)]
        assert "Say which adjustments are needed again" in needs
        asked = services.ask_again(again, actor=apprentice, at=at)
        assert asked.methods == ["observation", "knowledge_test"]
        assert "+52 min (25% extra time)" in asked.help_wanted
        assert (
            "Canary" not in asked.need
        )  # whoever wrote the reasons before, wrote them to the panel
        assert queries.to_carry(again) == {}
        needs = [one.what for one in needs_of(apprentice, at)]
        assert "Say which adjustments are needed again" not in needs
        chosen, granted = queries.to_decide(asked)
        assert (chosen, granted) == (["observation"], Granted(extra_percent=25))
        make.granted(again, ("observation",), request=asked, extra_percent=25)
        assert queries.to_decide(asked) == (["knowledge_test"], Granted(break_minutes=15))

    def test_whoever_does_not_need_it_any_more_is_not_asked_twice(self, make, session, again, at):
        employer, told = make.contact(again), len(mails(session, "adjustment asked for"))
        services.decline_again(again, actor=employer, at=at)
        [kept] = queries.requests_of(again)
        assert kept.state is RequestState.WITHDRAWN
        assert len(mails(session, "adjustment asked for")) == told
        with pytest.raises(RuleBroken, match="nothing from before"):
            services.ask_again(again, actor=again.apprenticeship.person, at=at)
        services.ask(again, ASKED, actor=employer, at=at)

    def test_an_administrator_does_not_answer_for_them(self, make, again, at):
        with pytest.raises(NotAllowed):
            services.ask_again(again, actor=make.office(again), at=at)

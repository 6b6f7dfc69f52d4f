from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from epa.booking.appointments import window_of
from epa.clock import london_date
from epa.database import db
from epa.errors import RuleBroken, RulesBroken
from epa.grading.queries import overall_of, visible_results
from epa.lifecycle.queries import assessments_beside, period_for, period_of
from epa.lifecycle.rules import AttemptKind, Grade, Stage
from epa.needs.queries import needs_of
from epa.outbox.models import Mail
from epa.people.rules import Role
from epa.resits import ending, listing, queries, services
from epa.resits.rules import ActionOwner, Awaited, FailState, ResitStatus
from epa.resits.services import ActionFields
from epa.settings import services as settings

METHODS = ("presentation", "observation", "knowledge_test")
LAST = date(2026, 9, 9)  # three months from 9 June
AFTER = timedelta(days=100)


@pytest.fixture
def failed(make):
    return make.failed()


@pytest.fixture
def apprentice(failed):
    return failed.assessment.apprenticeship.person


class TestAsking:
    def test_a_released_fail_opens_the_way_while_other_methods_are_to_come(
        self, failed, apprentice, at
    ):
        request = services.ask(failed, AttemptKind.RETAKE, " ", actor=apprentice, at=at)
        assert (request.status, request.words) == (ResitStatus.ASKED, None)

    def test_a_pass_and_an_unreleased_fail_are_not_taken_again(self, make, at):
        row = make.assessment_in_epa()
        passed = make.released(make.attempt(row, "observation"), Grade.PASS)
        unreleased = make.graded(make.attempt(row, "presentation"), Grade.FAIL)
        for attempt in (passed, unreleased):
            with pytest.raises(RuleBroken, match="released Fail"):
                services.ask(attempt, AttemptKind.RESIT, "", actor=row.apprenticeship.person, at=at)

    def test_it_is_asked_for_once_until_that_came_to_something(self, make, failed, apprentice, at):
        request = make.asked(failed)
        with pytest.raises(RuleBroken, match="asked for this already"):
            services.ask(failed, AttemptKind.RESIT, "", actor=apprentice, at=at)
        services.withdraw(request, actor=apprentice, at=at)
        assert services.ask(failed, AttemptKind.RESIT, "", actor=apprentice, at=at).number == 2

    def test_nobody_else_of_the_clients_takes_it_back(self, make, failed, at):
        request = make.asked(failed)
        with pytest.raises(RuleBroken, match="Whoever asked"):
            services.withdraw(request, actor=make.contact(failed.assessment), at=at)
        services.withdraw(request, actor=make.office(failed.assessment), at=at)
        assert request.status is ResitStatus.WITHDRAWN

    def test_an_employer_who_asks_has_agreed(self, make, failed, at):
        employer = make.contact(failed.assessment)
        request = services.ask(failed, AttemptKind.RESIT, "", actor=employer, at=at)
        assert (request.status, request.agreed_by) == (ResitStatus.AGREED, employer)

    def test_the_organisation_may_set_how_often(self, make, failed, apprentice, at):
        office = make.office(failed.assessment)
        settings.change({"attempts_max": 1}, seen=0, actor=office, at=at)
        with pytest.raises(RuleBroken, match="once in all"):
            services.ask(failed, AttemptKind.RESIT, "", actor=apprentice, at=at)

    def test_no_mail_says_that_somebody_failed(self, make, session, failed, at):
        make.contact(failed.assessment)
        make.resat(make.asked(failed, make.contact(failed.assessment, Role.TRAINING_PROVIDER)))
        mails = session.scalars(select(Mail)).all()
        events = {one.event for one in mails}
        assert {"answer asked for", "step moved on", "step opened"} <= events
        told = " ".join(one.subject + one.body for one in mails if one.event in events).lower()
        name = failed.assessment.apprenticeship.person.family_name.lower()
        for word in ("fail", "re-sit", "re-take", "not passed", "agree", name):
            assert word not in told.replace("hello", ""), word


class TestAnswering:
    def test_only_the_employer_agrees_others_say_how_they_did(self, make, failed, at):
        request, office = make.asked(failed), make.office(failed.assessment)
        with pytest.raises(RuleBroken, match="how the employer agreed") as broken:
            services.agree(request, actor=office, at=at)
        assert broken.value.field == "agreement"
        services.agree(request, actor=office, at=at, agreement="By email of 4 June.")
        assert (request.agreement, request.agreed_by) == ("By email of 4 June.", office)
        with pytest.raises(RuleBroken, match="does not wait"):
            services.agree(request, actor=make.contact(failed.assessment), at=at)

    def test_a_declined_request_says_why_and_leaves_room_for_another(self, make, failed, at):
        request, employer = make.asked(failed), make.contact(failed.assessment)
        with pytest.raises(RuleBroken, match="Write why"):
            services.decline(request, " ", actor=employer, at=at)
        services.decline(request, "Not before July.", actor=employer, at=at)
        assert (request.status, request.ended_reason) == (ResitStatus.DECLINED, "Not before July.")
        assert make.asked(failed).status is ResitStatus.ASKED


class TestThePlan:
    def test_it_is_for_what_was_not_met(self, make, failed, at):
        request, office = make.asked(failed), make.office(failed.assessment)
        met = next(
            code for code, grade in failed.scoring_input["ratings"].items() if grade != Grade.FAIL
        )
        fields = ActionFields(met, "Read.", ActionOwner.APPRENTICE, LAST)
        with pytest.raises(RuleBroken, match="not met"):
            services.plan_action(request, fields, actor=office, at=at)
        make.planned(request)
        assert queries.preparation_of(request).unplanned == ()

    def test_a_test_is_planned_for_with_any_of_its_ksbs(self, make, at):
        request = make.planned(make.asked(make.failed("knowledge_test")))
        assert queries.preparation_of(request).actions == 1

    def test_it_is_done_and_not_done_after_all_and_taken_out(self, make, at):
        request = make.planned()
        office, [action] = make.office(request.attempt.assessment), request.actions
        services.mark_done(action, is_done=True, actor=office, at=at)
        assert action.done_by is office
        services.mark_done(action, is_done=False, actor=office, at=at)
        assert action.done_at is None
        services.remove_action(action, actor=office, at=at)
        assert request.actions == []


class TestOpening:
    def test_it_names_everything_that_is_missing(self, make, failed, at):
        request = make.asked(failed)
        with pytest.raises(RulesBroken) as broken:
            services.open_attempt(request, actor=make.office(failed.assessment), at=at)
        assert [one.code for one in broken.value.each] == ["employer-agrees", "action-plan"]

    def test_it_opens_the_whole_method_anew_and_what_passed_stays(self, make, at):
        row = make.assessment_in_epa()
        for code in METHODS:
            make.released(make.attempt(row, code), Grade.FAIL if code == METHODS[1] else Grade.PASS)
        assert row.stage is Stage.RESULTS
        attempt = make.resat(make.asked(make.attempt(row, "observation")))
        assert (row.stage, attempt.number, attempt.kind) == (
            Stage.ASSESSMENT,
            2,
            AttemptKind.RESIT,
        )
        assert (attempt.grade, attempt.closes_on, attempt.allocations) == (None, None, [])
        make.released(attempt, Grade.DISTINCTION)
        shown = visible_results(row.apprenticeship.person, row)
        grades = {one.code: one.grade for one in shown.methods}
        assert grades == {
            "presentation": Grade.PASS,
            "observation": Grade.DISTINCTION,
            "knowledge_test": Grade.PASS,
        }
        assert [(one.number, one.grade) for one in shown.earlier] == [(1, Grade.FAIL)]
        assert row.stage is Stage.RESULTS

    def test_it_is_opened_once(self, make, at):
        attempt = make.resat()
        first = next(
            one
            for one in attempt.assessment.attempts
            if (one.method_code, one.number) == (attempt.method_code, 1)
        )
        [request] = queries.requests_of(first)
        with pytest.raises(RuleBroken, match="opened already"):
            services.open_attempt(request, actor=make.office(attempt.assessment), at=at)

    def test_after_the_period_only_with_exceptional_circumstances(self, make, at):
        request = make.ready()
        office, later = make.office(request.attempt.assessment), at + AFTER
        with pytest.raises(RulesBroken, match="period is over"):
            services.open_attempt(request, actor=office, at=later)
        with pytest.raises(RuleBroken, match="must be"):
            services.record_circumstances(request, "Illness.", LAST, actor=office, at=later)
        until = date(2026, 10, 31)
        services.record_circumstances(request, "Illness.", until, actor=office, at=later)
        attempt = services.open_attempt(request, actor=office, at=later)
        assert period_for(attempt).ends_on == period_of(attempt.assessment).ends_on == until
        other = make.attempt(attempt.assessment, "presentation")
        assert period_for(other).ends_on == LAST
        window = window_of(attempt, today=date(2026, 9, 17), short_notice=True)
        assert window.closes_on == until
        assert "exceptional circumstances" in window.closing_rule.message


class TestTheEnd:
    @pytest.fixture
    def graded(self, make):
        def made(*grades):
            row = make.assessment_in_epa()
            for code, grade in zip(METHODS, grades, strict=True):
                if grade:
                    make.released(make.attempt(row, code), Grade(grade))
            return row

        return made

    def test_it_closes_after_the_period_with_an_overall_fail(self, make, graded, at):
        row = graded("fail", "pass", None)
        office = make.office(row)
        with pytest.raises(RuleBroken, match="period runs"):
            ending.close_as_failed(row, "Over.", actor=office, at=at)
        with pytest.raises(RuleBroken, match="Write why"):
            ending.close_as_failed(row, " ", actor=office, at=at + AFTER)
        closing = ending.close_as_failed(row, "Over.", actor=office, at=at + AFTER)
        assert (row.stage, overall_of(row).grade) == (Stage.CLOSED, Grade.FAIL)
        assert (closing.reason, closing.closed_by) == ("Over.", office)

    def test_an_attempt_that_was_opened_and_never_taken_leaves_the_fail(self, make, graded, at):
        row = graded("fail", "pass", "pass")
        make.resat(make.asked(make.attempt(row, "presentation")))
        office = make.office(row)
        with pytest.raises(RuleBroken, match="period runs"):
            ending.close_as_failed(row, "Over.", actor=office, at=at)
        ending.close_as_failed(row, "Over.", actor=office, at=at + AFTER)
        assert (row.stage, overall_of(row).grade) == (Stage.CLOSED, Grade.FAIL)

    def test_without_a_fail_it_closes_without_a_grade(self, make, graded, at):
        row = graded("pass", None, None)
        ending.close_as_failed(row, "Never taken.", actor=make.office(row), at=at + AFTER)
        assert (row.stage, overall_of(row)) == (Stage.CLOSED, None)

    def test_it_is_a_second_persons(self, make, graded, at):
        row = graded("fail", "pass", "pass")
        assessor = make.attempt(row, "observation").graded_by
        with pytest.raises(RuleBroken, match="You had a part"):
            ending.close_as_failed(row, "Left.", actor=assessor, at=at)
        assert row.stage is Stage.RESULTS

    def test_what_is_asked_for_is_decided_first(self, make, graded, at):
        row = graded("fail", "pass", "pass")
        request, office = make.asked(make.attempt(row, "presentation")), make.office(row)
        with pytest.raises(RuleBroken, match="Decide on that first"):
            ending.close_as_failed(row, "Over.", actor=office, at=at + AFTER)
        services.refuse(request, "Nothing exceptional.", actor=office, at=at + AFTER)
        ending.close_as_failed(row, "Over.", actor=office, at=at + AFTER)
        assert row.stage is Stage.CLOSED

    def test_a_new_one_begins_once_linked_both_ways_and_carries_nothing(self, make, graded, at):
        row = graded("fail", "pass", "pass")
        office = make.office(row)
        with pytest.raises(RuleBroken, match="after one that was not passed"):
            ending.start_again(row, actor=office, at=at)
        ending.close_as_failed(row, "Both want none.", actor=office, at=at)
        new = ending.start_again(row, actor=office, at=at)
        assert assessments_beside(new)[0] is row
        assert assessments_beside(row)[1] is new
        assert (new.number, new.stage, new.attempts) == (2, Stage.ON_PROGRAMME, [])
        assert new.gateway_accepted_at is None
        with pytest.raises(RuleBroken, match="starts once"):
            ending.start_again(row, actor=office, at=at)


class TestWhatNeedsWhom:
    def wants(self, person, at):
        return {(one.what, one.place) for one in needs_of(person, at) if "resits" in one.place}

    def test_each_has_what_is_theirs_at_each_step(self, make, failed, apprentice, at):
        row = failed.assessment
        office, employer = make.office(row), make.contact(row)
        provider = make.contact(row, Role.TRAINING_PROVIDER)
        see = ("See what follows the observation", "resits.show")
        for person in (apprentice, employer, provider):
            assert self.wants(person, at) == {see}
        assert self.wants(office, at) == set()
        request = make.asked(failed)
        plan = ("Plan what supports the observation", "resits.show")
        assert self.wants(apprentice, at) == set()
        assert self.wants(employer, at) == {("Answer about the observation", "resits.show"), plan}
        assert self.wants(provider, at) == {plan}
        assert self.wants(office, at) == {("Follow up the observation", "resits.show")}
        make.planned(request)
        services.agree(request, actor=employer, at=at)
        assert self.wants(employer, at) == {("See to the plan for the observation", "resits.show")}
        assert self.wants(provider, at) == set()
        assert self.wants(office, at) == {("Open the next observation", "resits.show")}
        services.open_attempt(request, actor=office, at=at)
        for person in (apprentice, employer, provider, office):
            assert self.wants(person, at) == set()

    def test_an_administrator_closes_what_is_over(self, make, failed, at):
        office, later = make.office(failed.assessment), at + AFTER
        over = ("Decide on a period that is over", "resits.close")
        assert over not in self.wants(office, at)
        assert self.wants(office, later) == {over}
        make.asked(failed)
        assert over not in self.wants(office, later)

    def test_it_asks_the_database_no_more_often_for_more_of_them(self, make, failed, at, session):
        """The number of questions does not grow with the number of those who failed."""
        row = failed.assessment
        employer = make.contact(row)

        def asked():
            session.expire_all()
            return count_of_questions(session, lambda: list(needs_of(employer, at)))

        before = asked()
        for _ in range(3):
            again = make.assessment_in_epa(employer=row.apprenticeship.employer, epao=row.epao)
            make.failed(assessment=again)
        assert asked() == before


def count_of_questions(session, act):
    seen = []

    def note(*_args):
        seen.append(1)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    act()
    event.remove(connection, "before_cursor_execute", note)
    return len(seen)


class TestTheList:
    """Each failed method stands in one state, with its last day and what it waits for."""

    @pytest.fixture
    def office(self, make, failed):
        return make.office(failed.assessment)

    def only(self, office, state, at):
        """The one line of a state, where no other state has it too."""
        found = {
            one: [row.id for row in session_rows(listing.fails(office, one, ""))]
            for one in FailState
        }
        assert [one for one, ids in found.items() if ids] == [state]
        assert [listing.count(office, one) for one in FailState].count(1) == 1
        attempts = session_rows(listing.fails(office, state, ""))
        (row,) = listing.rows(attempts, state, london_date(at))
        return row

    def test_it_follows_a_method_from_the_fail_to_the_next_result(self, make, failed, office, at):
        row = self.only(office, FailState.TO_ASK, at)
        assert (row.last_day, row.days_left, row.awaited) == (LAST, 92, (Awaited.REQUEST,))
        over = listing.rows([failed], FailState.TO_ASK, LAST + timedelta(days=1))[0]
        assert (over.days_left, over.awaited) == (-1, (Awaited.LATE_REQUEST,))

        request = make.asked(failed)
        row = self.only(office, FailState.ASKED, at)
        assert row.awaited == (Awaited.AGREEMENT, Awaited.PLAN)
        assert row.kind_title == "Re-sit"

        later = LAST + timedelta(days=30)
        services.record_circumstances(request, "Ill.", later, actor=office, at=at)
        make.ready(request)
        row = self.only(office, FailState.AGREED, at)
        assert (row.last_day, row.awaited) == (later, (Awaited.OPENING,))

        attempt = services.open_attempt(request, actor=office, at=at)
        row = self.only(office, FailState.OPENED, at)
        assert (row.last_day, row.awaited) == (later, (Awaited.DATE,))
        attempt.scheduled_at, attempt.place = at + timedelta(days=9), "Room 2"
        assert self.only(office, FailState.OPENED, at).awaited == (Awaited.DAY,)
        assert self.only(office, FailState.OPENED, at + timedelta(days=9)).awaited == (
            Awaited.GRADE,
        )

        make.released(attempt, Grade.PASS)
        row = self.only(office, FailState.OVER, at)
        assert (row.became, row.last_day, row.awaited) == ("Re-sit: Pass", None, ())

    def test_a_break_leaves_it_waiting_for_the_apprentice(self, failed, office, at):
        failed.assessment.stage = Stage.PAUSED
        assert self.only(office, FailState.TO_ASK, at).awaited == (Awaited.RETURN,)
        failed.assessment.stage = Stage.WITHDRAWN
        assert self.only(office, FailState.OVER, at).became == "Withdrawn"

    def test_it_is_found_by_words_and_by_nobody_of_another_organisation(self, make, failed, office):
        about = failed.assessment.apprenticeship
        other = make.failed()
        for words in (about.uln, about.employer.name.upper(), about.person.family_name):
            assert session_rows(listing.fails(office, FailState.TO_ASK, words)) == [failed]
        assert not session_rows(listing.fails(office, FailState.TO_ASK, "zzz"))
        assert other not in session_rows(listing.fails(office, FailState.TO_ASK, ""))


def session_rows(query):
    return list(db.session.scalars(query).unique())

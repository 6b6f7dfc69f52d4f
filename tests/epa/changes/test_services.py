from datetime import date, timedelta

import pytest
from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.booking.models import BookingChange
from epa.changes import queries, services
from epa.changes.rules import ChangeKind, Why
from epa.errors import NotAllowed, RuleBroken
from epa.gateway.queries import confirmation_of, review_of
from epa.gateway.rules import RequirementDecision
from epa.lifecycle.queries import assessment_for, period_of
from epa.lifecycle.rules import PLACEHOLDER_ULN, Duty, Stage
from epa.outbox.models import Mail
from epa.people.rules import OrganisationKind, Permission, Role

TODAY = date(2026, 6, 9)
WHY = Why(TODAY, "Agreed with everybody")


@pytest.fixture
def assessment(make):
    return make.assessment()


@pytest.fixture
def in_epa(make):
    return make.assessment_in_epa(starts_on=date(2026, 5, 1))


@pytest.fixture
def admin(make, request):
    def administrator(row):
        return make.person(Role.ADMINISTRATOR, organisation=row.epao)

    return administrator


def refused(service, *args, **kwargs):
    with pytest.raises(RuleBroken) as broken:
        service(*args, **kwargs)
    return broken.value


class TestWithdraw:
    def test_it_ends_the_way_clears_dates_and_tells_those_concerned(
        self, make, in_epa, admin, at, session
    ):
        attempt = make.scheduled(make.attempt(in_epa, "observation"))
        change = services.withdraw(in_epa, WHY, actor=admin(in_epa), at=at)
        session.commit()
        assert (in_epa.stage, attempt.scheduled_at) == (Stage.WITHDRAWN, None)
        assert "Observation: its date, 9 July 2026 at 10:00, is cleared." in change.effects
        assert session.scalars(select(BookingChange.reason)).all() == ["Withdrawn on 9 June 2026"]
        assert session.scalars(select(Mail.event)).all() == ["booking changed"] * 2
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "apprenticeship changed: withdrawn")
        ).one()
        assert WHY.reason not in str(entry.details)

    def test_it_takes_a_reason_and_a_day_that_has_come(self, assessment, admin, at):
        actor = admin(assessment)
        for why, code in (
            (Why(TODAY, "  "), "reason-missing"),
            (Why(date(2026, 6, 10), "x"), "change-date"),
            (Why(date(2024, 3, 3), "x"), "change-date"),
            (Why(date(1, 1, 1), "x"), "change-date"),
        ):
            assert refused(services.withdraw, assessment, why, actor=actor, at=at).code == code
        assert assessment.stage is Stage.ON_PROGRAMME

    def test_it_is_done_once(self, assessment, admin, at):
        actor = admin(assessment)
        services.withdraw(assessment, WHY, actor=actor, at=at)
        broken = refused(services.withdraw, assessment, WHY, actor=actor, at=at)
        assert broken.code == "stage-order"


class TestPause:
    def test_before_the_gateway_its_days_do_not_count_on_programme(self, assessment, admin, at):
        change = services.pause(assessment, WHY, actor=admin(assessment), at=at)
        assert assessment.stage is Stage.PAUSED
        (row,) = assessment.apprenticeship.breaks
        assert (row.started_on, row.ended_on, row.reason) == (TODAY, None, "Break in learning")
        assert change.effects == [
            "Days from 9 June 2026 on do not count towards the time on programme."
        ]

    def test_in_the_epa_period_the_clock_stands_still(self, make, in_epa, admin, at):
        attempt = make.scheduled(make.attempt(in_epa, "observation"))
        change = services.pause(in_epa, WHY, actor=admin(in_epa), at=at)
        assert change.effects[0] == (
            "The clock stands still from 9 June 2026: 53 days of the EPA period are left for the"
            " return."
        )
        assert attempt.scheduled_at is None
        period = period_of(in_epa)
        assert (period.paused_since, period.days_left(date(2026, 12, 1))) == (TODAY, 53)

    def test_it_begins_after_what_has_happened(self, make, in_epa, admin, at):
        make.attempt(in_epa, "observation").held_on = date(2026, 6, 5)
        broken = refused(
            services.pause, in_epa, Why(date(2026, 6, 5), "x"), actor=admin(in_epa), at=at
        )
        assert broken.message == "The date must be 6 June 2026 or later"


class TestReinstate:
    def test_it_goes_on_with_as_many_days_as_were_left(self, in_epa, admin, at, session):
        actor = admin(in_epa)
        services.pause(in_epa, WHY, actor=actor, at=at)
        later = at + timedelta(days=30)
        back = Why(date(2026, 7, 9), "Back at work")
        change = services.reinstate(in_epa, back, actor=actor, at=later)
        session.commit()
        assert in_epa.stage is Stage.ASSESSMENT
        assert period_of(in_epa).ends_on == date(2026, 8, 31)
        assert period_of(in_epa).days_left(date(2026, 7, 9)) == 53
        assert change.effects == [
            "Back at the stage “In the EPA period”.",
            "30 days away do not count in the EPA period.",
            "Its last day is 31 August 2026 now, not 1 August 2026.",
        ]

    def test_back_on_the_first_day_there_was_no_break(self, assessment, admin, at, session):
        actor = admin(assessment)
        services.pause(assessment, WHY, actor=actor, at=at)
        services.reinstate(assessment, WHY, actor=actor, at=at)
        session.commit()
        session.expire_all()
        assert assessment.apprenticeship.breaks == []
        assert assessment.stage is Stage.ON_PROGRAMME

    def test_a_withdrawn_apprentice_comes_back_to_the_gateway(self, make, assessment, admin, at):
        actor, people = admin(assessment), make.people_of(assessment)
        make.supplied_review(assessment, people)
        services.withdraw(assessment, Why(date(2026, 6, 1), "Left"), actor=actor, at=at)
        services.reinstate(assessment, WHY, actor=actor, at=at)
        assert assessment.stage is Stage.GATEWAY
        (row,) = assessment.apprenticeship.breaks
        assert (row.started_on, row.ended_on) == (date(2026, 6, 1), date(2026, 6, 8))

    def test_it_says_that_the_period_is_over(self, in_epa, admin, at):
        actor = admin(in_epa)
        late = at + timedelta(days=90)
        services.withdraw(in_epa, Why(date(2026, 9, 6), "Left"), actor=actor, at=late)
        change = services.reinstate(in_epa, Why(date(2026, 9, 6), "x"), actor=actor, at=late)
        assert change.effects[-1] == "The EPA period is over, so that no method can be booked."

    def test_not_when_registered_again(self, make, assessment, admin, at):
        actor = admin(assessment)
        services.withdraw(assessment, WHY, actor=actor, at=at)
        again = make.assessment(epao=assessment.epao)
        again.apprenticeship.uln = assessment.apprenticeship.uln
        broken = refused(services.reinstate, assessment, WHY, actor=actor, at=at)
        assert broken.code == "registered-again"

    def test_nobody_comes_back_before_they_left(self, assessment, admin, at):
        actor = admin(assessment)
        services.pause(assessment, WHY, actor=actor, at=at)
        broken = refused(
            services.reinstate, assessment, Why(date(2026, 6, 8), "x"), actor=actor, at=at
        )
        assert broken.code == "change-date"


class TestChangeEmployer:
    def test_the_confirmation_lapses_and_the_new_employer_is_asked(
        self, make, assessment, admin, at, session
    ):
        actor, people = admin(assessment), make.people_of(assessment)
        review = make.supplied_review(assessment, people)
        row = confirmation_of(review)
        row.decision, row.decided_by, row.decided_at = RequirementDecision.ACCEPTED, actor, at
        row.shown, former = "Given", assessment.apprenticeship.employer
        new = make.organisation(OrganisationKind.EMPLOYER, name="Harbour Row Trust")
        seen = review.lock_version
        change = services.change_employer(assessment, new, WHY, actor=actor, at=at)
        session.commit()
        assert (row.supplied, row.decision, row.shown) == (None, RequirementDecision.PENDING, None)
        assert review.lock_version > seen
        assert any("has lapsed" in one for one in change.effects)
        assert (change.before, change.after) == (former.name, "Harbour Row Trust")
        asked = Permission.CONFIRM_READINESS
        assert assessment_for(people["employer"], asked, assessment.id) is None
        contact = make.person(Role.EMPLOYER, organisation=new)
        assert assessment_for(contact, asked, assessment.id) is assessment

    def test_after_the_gateway_the_confirmation_stays(self, make, in_epa, admin, at):
        new = make.organisation(OrganisationKind.EMPLOYER)
        change = services.change_employer(in_epa, new, WHY, actor=admin(in_epa), at=at)
        assert not any("lapsed" in one for one in change.effects)

    def test_it_names_an_assessor_who_must_not_go_on(self, make, in_epa, admin, at):
        attempt = make.with_people(make.attempt(in_epa, "observation"))
        assessor = attempt.allocated(Duty.ASSESSOR)
        new = make.organisation(OrganisationKind.EMPLOYER, name="Harbour Row Trust")
        make.role(assessor, Role.EMPLOYER, new)
        change = services.change_employer(in_epa, new, WHY, actor=admin(in_epa), at=at)
        assert any(
            one.startswith("Observation, independent assessor: ") and "Harbour Row Trust" in one
            for one in change.effects
        )

    def test_it_names_the_places_that_are_booked(self, make, in_epa, admin, at):
        make.scheduled(make.attempt(in_epa, "observation"), place="Tidewell, room 2")
        new = make.organisation(OrganisationKind.EMPLOYER)
        change = services.change_employer(in_epa, new, WHY, actor=admin(in_epa), at=at)
        assert (
            "Check the places that are booked: Tidewell, room 2 on 9 July 2026." in change.effects
        )

    def test_only_another_employer_will_do(self, make, assessment, admin, at):
        actor, of = admin(assessment), assessment.apprenticeship
        for wrong, code in (
            (of.employer, "same-organisation"),
            (of.provider, "wrong-kind"),
        ):
            broken = refused(services.change_employer, assessment, wrong, WHY, actor=actor, at=at)
            assert (broken.code, broken.field) == (code, "employer")


class TestChangeProvider:
    def test_it_changes_who_sees_the_record(self, make, assessment, admin, at):
        new = make.organisation(OrganisationKind.TRAINING_PROVIDER, name="Northbeck")
        former = assessment.apprenticeship.provider
        change = services.change_provider(assessment, new, WHY, actor=admin(assessment), at=at)
        assert assessment.apprenticeship.provider is new
        assert (change.before, change.after) == (former.name, "Northbeck")

    def test_there_may_be_none(self, assessment, admin, at):
        actor = admin(assessment)
        change = services.change_provider(assessment, None, WHY, actor=actor, at=at)
        assert change.after == "None"
        broken = refused(services.change_provider, assessment, None, WHY, actor=actor, at=at)
        assert broken.code == "same-provider"


class TestCorrections:
    def test_a_name_is_kept_exactly_and_the_former_one_in_the_history(
        self, assessment, admin, at, session
    ):
        former = assessment.apprenticeship.person.name
        change = services.correct_name(
            assessment, ("Siân", "O’Neill 李"), WHY, actor=admin(assessment), at=at
        )
        session.commit()
        assert assessment.apprenticeship.person.name == "Siân O’Neill 李"
        assert (change.before, change.after) == (former, "Siân O’Neill 李")

    def test_a_name_of_somebody_who_belongs_elsewhere_too_is_not_ours(
        self, make, assessment, admin, at
    ):
        make.role(assessment.apprenticeship.person, Role.MARKER, make.organisation())
        with pytest.raises(NotAllowed):
            services.correct_name(assessment, ("A", "B"), WHY, actor=admin(assessment), at=at)

    def test_a_number_is_put_right_even_after_the_result(self, assessment, admin, at):
        assessment.stage = Stage.COMPLETE
        services.correct_uln(assessment, "1000000019", WHY, actor=admin(assessment), at=at)
        assert assessment.apprenticeship.uln == "1000000019"

    def test_a_number_must_be_one_and_nobody_elses(self, make, assessment, in_epa, admin, at):
        actor = admin(assessment)
        taken = make.assessment().apprenticeship.uln
        for uln, code in (
            ("123", "uln"),
            (assessment.apprenticeship.uln, "same-uln"),
            (taken, "uln-taken"),
        ):
            broken = refused(services.correct_uln, assessment, uln, WHY, actor=actor, at=at)
            assert (broken.code, broken.field) == (code, "uln")
        broken = refused(
            services.correct_uln, in_epa, PLACEHOLDER_ULN, WHY, actor=admin(in_epa), at=at
        )
        assert broken.code == "uln-placeholder"


def test_it_keeps_every_change_in_order(make, assessment, admin, at, session):
    actor = admin(assessment)
    services.correct_uln(assessment, "1000000019", WHY, actor=actor, at=at)
    services.pause(assessment, WHY, actor=actor, at=at)
    services.reinstate(assessment, WHY, actor=actor, at=at)
    session.commit()
    kinds = [(one.number, one.kind) for one in queries.history(assessment)]
    assert kinds == [
        (3, ChangeKind.REINSTATED),
        (2, ChangeKind.PAUSED),
        (1, ChangeKind.ULN),
    ]
    assert review_of(assessment) is None

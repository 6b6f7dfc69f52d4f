"""The demonstration as it lies in the database, on both databases; loaded once for each."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from sqlalchemy import func, select

from config import TestConfig
from epa.app import create_app
from epa.audit.models import AuditEntry
from epa.audit.queries import verified
from epa.booking.models import Booking, BookingChange
from epa.booking.states import BookingAction, BookingStatus
from epa.client_data.models import ClientRecords
from epa.clock import london_date
from epa.commands.demonstration import load_into_empty
from epa.conduct.clock import PauseReason
from epa.conduct.models import AskedQuestion, TimerEntry
from epa.conduct.queries import measured
from epa.database import Base, db, reading, writing
from epa.demonstration import loading
from epa.demonstration.cast import ACCOUNTS, PASSWORD
from epa.grading.models import OverallGrade
from epa.grading.queries import visible_results
from epa.judgements.models import EvidenceNote, MarkSheet, SheetFeedback
from epa.knowledge_test.models import MarkEntry, PaperSitting
from epa.knowledge_test.queries import differences
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.queries import period_of
from epa.lifecycle.rules import Duty, Grade, Stage
from epa.observation.models import DrawnPrompt
from epa.outbox.models import Mail
from epa.people.models import Organisation, Person, RoleAssignment
from epa.people.rules import ROLE_TITLES, OrganisationKind, Role
from epa.portfolio.models import EvidencePiece, PortfolioShare, PortfolioVersion
from epa.portfolio.queries import standing_of
from epa.portfolio.rules import PortfolioStatus
from epa.presentation.models import PresentationSubmission
from epa.review_ratings.queries import ratings_of
from epa.reviews.models import ProviderReview
from epa.reviews.queries import criteria_of
from epa.reviews.rules import Side
from epa.sign_in.passwords import fault
from epa.sign_in.queries import credential_of, person_by_email
from epa.sign_in.sealing import matches
from frameworks import grade_method, overall_grade
from question_bank.items.models import ItemEvent, ItemVersion
from question_bank.items.queries import writers_of
from question_bank.items.rules import ItemKind, ItemStatus, ItemStep, is_overdue
from question_bank.papers.models import Paper
from question_bank.papers.rules import PaperPurpose
from tests.conftest import NOW

SIAN = "sian.prosser@tidewell.example"


@pytest.fixture(scope="module")
def demonstration(database_kind, postgresql_server, tmp_path_factory):
    """An application on a database of its own, with the demonstration in it."""
    environ = {"PLUMBLINE_DATA": str(tmp_path_factory.mktemp("demo")), "AUDIT_KEY": "a" * 64}
    if database_kind == "postgresql":
        environ["DATABASE_URL"] = postgresql_server.new_database()
    app = create_app(TestConfig(environ, WTF_CSRF_ENABLED=False))
    with app.app_context():
        with writing():
            Base.metadata.create_all(db.engine)
            db.session.remove()
        with time_machine.travel(NOW, tick=False):
            assert load_into_empty(app)
        db.session.remove()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(autouse=True)
def _loaded(request):
    """Each test reads the same database with a session of its own."""
    if "demonstration" in request.fixturenames:
        app = request.getfixturevalue("demonstration")
        with app.app_context(), reading():
            yield
            db.session.remove()
    else:
        yield


def rows(model, *where):
    return db.session.scalars(select(model).where(*where)).all()


def number_of(model, *where):
    return db.session.scalar(select(func.count()).select_from(model).where(*where))


def assessment_of(address):
    return db.session.scalar(
        select(EndPointAssessment)
        .join(EndPointAssessment.apprenticeship)
        .join(Apprenticeship.person)
        .where(Person.email == address)
    )


def test_it_has_forty_apprentices_in_every_stage(demonstration):
    assert Counter(one.stage for one in rows(EndPointAssessment)) == {
        Stage.ON_PROGRAMME: 9,
        Stage.GATEWAY: 7,
        Stage.ASSESSMENT: 14,
        Stage.RESULTS: 3,
        Stage.COMPLETE: 4,
        Stage.PAUSED: 1,
        Stage.WITHDRAWN: 1,
        Stage.CLOSED: 1,
    }


def test_it_has_the_organisations_and_people_of_the_issue(demonstration):
    kinds = Counter(kind for one in rows(Organisation) for kind in one.kinds)
    assert kinds[OrganisationKind.EMPLOYER] == 3
    assert kinds[OrganisationKind.TRAINING_PROVIDER] == 2
    assert kinds[OrganisationKind.EPAO] == 1
    assert number_of(RoleAssignment, RoleAssignment.role == Role.INDEPENDENT_ASSESSOR) == 6


def test_it_lists_one_account_for_every_role(demonstration):
    assert {title for title, _ in ACCOUNTS} == set(ROLE_TITLES.values())
    for title, address in ACCOUNTS:
        assert title in {ROLE_TITLES[role] for role in person_by_email(address).roles}


def test_every_account_has_the_password_that_is_printed(demonstration):
    hashes = {credential_of(person_by_email(address)).password_hash for _, address in ACCOUNTS}
    assert len(hashes) == 1
    assert matches(hashes.pop(), PASSWORD)


def test_the_password_keeps_the_rules_of_everybody_who_has_it(demonstration):
    for person in rows(Person):
        about = [
            person.name,
            person.email or "",
            *(one.organisation.name for one in person.current_roles),
        ]
        assert fault(PASSWORD, about=about) is None


def test_its_log_is_intact_and_holds_nothing_from_the_future(demonstration):
    verdict = verified("a" * 64)
    assert verdict.intact
    assert verdict.rows == number_of(AuditEntry)
    assert number_of(AuditEntry, AuditEntry.at > NOW) == 0


def test_its_log_runs_from_the_first_moment_to_the_last(demonstration):
    moments = db.session.scalars(select(AuditEntry.at).order_by(AuditEntry.row)).all()
    assert all(one <= after for one, after in pairwise(moments))


def test_its_grades_are_what_the_frameworks_make_of_the_stored_inputs(demonstration):
    graded = rows(MethodAttempt, MethodAttempt.grade.is_not(None))
    assert graded
    for one in graded:
        scored = one.scoring_input.get("ratings") or one.scoring_input["marks"]
        outcome = grade_method(framework_of(one.assessment), one.method_code, scored)
        assert (outcome.grade, list(outcome.reasons)) == (one.grade, one.explanation)


def test_its_overall_grades_follow_from_the_methods(demonstration):
    found = rows(OverallGrade)
    assert Counter(one.grade for one in found) == {
        Grade.FAIL: 1,
        Grade.PASS: 2,
        Grade.DISTINCTION: 2,
    }
    for one in found:
        grades = {it.method_code: it.grade for it in one.assessment.attempts}
        assert overall_grade(framework_of(one.assessment), grades).grade == one.grade


def test_it_numbers_statements_in_the_order_of_their_release(demonstration):
    released = sorted(rows(OverallGrade), key=lambda one: one.released_at)
    numbers = [one.statement_number for one in released]
    assert numbers == sorted(numbers)


def test_an_apprentice_sees_nothing_that_is_not_released(demonstration):
    hidden = 0
    for one in rows(EndPointAssessment):
        attempts = {it.id: it for it in one.attempts}
        for result in visible_results(one.apprenticeship.person, one).methods:
            released = attempts[result.attempt_id].released_at
            hidden += attempts[result.attempt_id].grade is not None and released is None
            assert (result.grade is not None) == (released is not None)
    assert hidden >= 5


def test_its_methods_were_held_inside_their_period_on_weekdays(demonstration):
    for one in rows(MethodAttempt, MethodAttempt.scheduled_at.is_not(None)):
        day = london_date(one.scheduled_at)
        assert period_of(one.assessment).holds(day)
        assert day.isoweekday() <= 5
        assert one.held_on in {None, day}


def test_assessors_have_the_portfolio_twenty_days_before_a_presentation(demonstration):
    shared = {(one.version.assessment_id, one.person_id): one for one in rows(PortfolioShare)}
    dated = rows(
        MethodAttempt,
        MethodAttempt.method_code == "presentation",
        MethodAttempt.scheduled_at.is_not(None),
    )
    assert dated
    for one in dated:
        share = shared[one.assessment_id, one.allocated(Duty.ASSESSOR).id]
        since = london_date(one.scheduled_at) - london_date(share.shared_at)
        assert since >= timedelta(days=20)


def test_somebody_whose_conflict_stands_assesses_nobody_there(demonstration):
    graham = person_by_email("graham@caldervale.example")
    theirs = [
        one.assessment.apprenticeship.employer.name
        for one in rows(MethodAttempt)
        if graham in {held.person for held in one.allocations}
    ]
    assert theirs
    assert "Harbour Row Trust" not in theirs


def test_submitted_portfolios_keep_the_plan_and_show_every_ksb(demonstration):
    submitted = rows(PortfolioVersion, PortfolioVersion.status != PortfolioStatus.DRAFT)
    assert {PortfolioStatus.RETURNED, PortfolioStatus.SUBMITTED} < {one.status for one in submitted}
    for one in submitted:
        assert standing_of(one).findings == ()


def test_its_portfolios_hold_texts_links_and_files(demonstration):
    pieces = rows(EvidencePiece)
    assert {bool(one.text) for one in pieces} == {True}
    assert {"text/plain", "image/png"} == {one.file.content_type for one in pieces if one.file}
    assert any(one.link for one in pieces)
    assert not any("{" in one.title + (one.text or "") for one in pieces)


def test_it_has_open_work_of_every_kind(demonstration):
    assert number_of(MarkSheet, MarkSheet.signed_at.is_(None)) == 2
    entered = Counter(one.attempt_id for one in rows(MarkEntry))
    waiting = [one.attempt for one in rows(PaperSitting) if one.attempt.grade is None]
    assert sorted(entered[one.id] for one in waiting) == [1, 2]
    assert [differences(one) for one in waiting if entered[one.id] == 2] == [(22, 31)]
    late = [one for one in rows(PresentationSubmission) if one.late_reason]
    assert len(late) == 1
    assert number_of(BookingChange, BookingChange.action == BookingAction.CONFIRM) == number_of(
        MethodAttempt, MethodAttempt.scheduled_at.is_not(None)
    )


def test_it_has_a_window_that_closes_within_a_fortnight(demonstration):
    open_ones = rows(EndPointAssessment, EndPointAssessment.stage == Stage.ASSESSMENT)
    left = [period_of(one).days_left(london_date(NOW)) for one in open_ones]
    assert min(left) >= 0
    assert sum(days < 14 for days in left) >= 2


def test_notes_name_service_users_by_number_alone(demonstration):
    texts = [one.text for one in rows(EvidenceNote)]
    assert len(set(texts)) > 100
    people = {one.family_name for one in rows(Person)}
    assert not [name for name in people for text in texts if name in text.split()]


def test_sian_has_an_observation_to_be_released_and_more_to_come(demonstration):
    sian = assessment_of(SIAN)
    methods = {one.method_code: one for one in sian.attempts}
    observation = methods["observation"]
    assert (sian.stage, observation.grade) == (Stage.ASSESSMENT, Grade.DISTINCTION)
    assert observation.released_at is None
    assert methods["knowledge_test"].scheduled_at > NOW
    assert methods["presentation"].scheduled_at > NOW
    assert sian.apprenticeship.uln == "9900001345"


def test_the_outbox_has_an_invitation_that_waits_and_older_mail_that_went(demonstration):
    waiting = rows(Mail, Mail.sent_at.is_(None))
    assert [one.event for one in waiting if one.one_time_link] == ["invitation"]
    assert number_of(Mail, Mail.sent_at.is_not(None)) > len(waiting)


def test_its_question_bank_holds_work_of_every_state(demonstration):
    versions = rows(ItemVersion)
    standing = Counter((one.item.kind, one.status) for one in versions)
    assert standing == {
        (ItemKind.MULTIPLE_CHOICE, ItemStatus.APPROVED): 56,
        (ItemKind.SHORT_ANSWER, ItemStatus.APPROVED): 104,
        (ItemKind.OBSERVATION_PROMPT, ItemStatus.APPROVED): 20,
        (ItemKind.OBSERVATION_PROMPT, ItemStatus.IN_REVIEW): 2,
        (ItemKind.OBSERVATION_PROMPT, ItemStatus.DRAFT): 2,
        (ItemKind.MULTIPLE_CHOICE, ItemStatus.DRAFT): 2,
        (ItemKind.SHORT_ANSWER, ItemStatus.IN_REVIEW): 2,
    }
    due = {one.item for one in versions if one.status is ItemStatus.APPROVED}
    today = london_date(NOW)
    assert sum(is_overdue(one.review_due_on, today) for one in due) == 2
    assert any(timedelta() < one.review_due_on - today < timedelta(days=60) for one in due)
    authors = set()
    for one in rows(ItemEvent, ItemEvent.step == ItemStep.APPROVED):
        written = writers_of(one.version)
        assert one.by_id not in written
        authors |= written
    assert len(authors) == 2
    [paper] = rows(Paper)
    assert (paper.bank.code, paper.purpose) == ("st0663-demo", PaperPurpose.PRACTICE)


def test_one_observation_was_kept_live_with_prompts_of_the_bank(demonstration):
    [said] = rows(SheetFeedback)
    sheet = db.session.get(MarkSheet, said.sheet_id)
    assert sheet.attempt.assessment is assessment_of(SIAN)
    whole = measured(sheet.attempt, NOW)
    assert (whole.main_minutes, whole.question_minutes, whole.questions_asked) == (177, 27, 4)
    assert [one.reason for one in rows(TimerEntry) if one.reason] == [PauseReason.BREAK]
    asked = rows(AskedQuestion)
    assert sum(one.follow_up > 0 for one in asked) == 2
    drawn = {one.number: one for one in rows(DrawnPrompt) if one.passed_over is None}
    assert {one.number for one in asked if one.prompt_reference} == set(drawn)
    assert len(rows(DrawnPrompt)) == len(drawn) + 1


def test_its_rooms_are_booked_before_and_after_today(demonstration):
    booked = [one for one in rows(Booking) if one.room_id]
    assert {one.status for one in booked} >= {BookingStatus.CONFIRMED}
    assert any(one.starts_at < NOW for one in booked)
    assert any(one.starts_at > NOW for one in booked)


def test_a_provider_has_a_list_of_clients_and_half_a_self_assessment(demonstration):
    [review], [listed] = rows(ProviderReview), rows(ClientRecords)
    assert review.provider is listed.organisation
    assert review.sample_drawn_at is not None
    assert (listed.left_out, len(listed.samples[0].clients)) == ([], 12)
    given = ratings_of(review, Side.PROVIDER)
    assert 0 < len(given) < len(criteria_of(review))
    assert len({one.level for one in given.values()}) == 3


def test_it_goes_into_an_empty_database_alone(demonstration):
    people = number_of(Person)
    assert not load_into_empty(demonstration)
    assert number_of(Person) == people


def test_it_is_there_whole_or_not_at_all(app, monkeypatch):
    def fail(*_args):
        raise RuntimeError("the power went")

    monkeypatch.setattr(loading, "APPRENTICES", loading.APPRENTICES[-3:])
    monkeypatch.setattr(loading, "adjust", lambda *_args: None)  # of others than those three
    monkeypatch.setattr(loading, "_mark_sent", fail)
    with pytest.raises(RuntimeError, match="the power went"):
        load_into_empty(app)
    assert number_of(Person) == number_of(Organisation) == number_of(AuditEntry) == 0

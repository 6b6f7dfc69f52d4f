"""Two EPAOs, each with four apprentices at every stage, and somebody of every role.

Built once for each database. What a page must not show carries a token (see `tokens`).

- ada: in assessment. Portfolio accepted after a return, presentation signed and not released with
  a correction to be decided, observation half judged, test sat and marked two ways.
- ben: at the gateway, with another employer and provider than ada; portfolio in draft.
- cleo: finished, with ada's employer and provider; a Fail, released.
- dan: waiting for release, with ben's employer and provider; one method released, a Fail, with a
  request to take it again after the period.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from epa.case_notes import services as case_notes
from epa.case_notes.rules import Channel
from epa.case_notes.rules import NoteFields as CaseFields
from epa.database import db
from epa.gateway import services as gateway
from epa.gateway.rules import Readiness
from epa.grading.services import release_overall
from epa.judgements import services as judgements
from epa.judgements.correcting import open_correction
from epa.judgements.feedback import write_feedback
from epa.judgements.rules import FeedbackFields, NoteFields
from epa.knowledge_test import services as knowledge_test
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.rules import AttemptKind, Duty, Grade
from epa.outbox import services as outbox
from epa.people import services as people
from epa.people.rules import ConflictKind, OrganisationKind, Role
from epa.portfolio.models import EvidencePiece, PortfolioShare, PortfolioVersion
from epa.portfolio.rules import PieceKind, PortfolioStatus
from epa.presentation.models import PresentationSubmission
from epa.presentation.services import sign as sign_presentation
from epa.resits import queries
from epa.resits import services as resits
from epa.resits.rules import ActionOwner
from epa.resits.services import ActionFields
from epa.settings import services as settings
from epa.sign_in import services as sign_in
from epa.sign_in.models import Credential
from epa.sign_in.sealing import sealed
from tests.access.adjusting import adjust
from tests.access.client_data import keep_clients
from tests.access.dates import Dates
from tests.access.handed_in import hand_in
from tests.access.question_bank import fill_bank
from tests.access.reviews import review_provider
from tests.access.the_day import keep_day, official_texts
from tests.access.tokens import Tokens

METHODS = ("presentation", "observation", "knowledge_test")


@dataclass(frozen=True)
class Case:
    """One apprentice's assessment, and whose it is."""

    name: str
    epao: str
    employer: str
    provider: str
    id: object


@dataclass(frozen=True)
class Hat:
    """One role of a reader: at which organisation, on which case or attempts."""

    role: str
    at: str
    own: str = ""
    attempts: tuple[tuple[str, str], ...] = ()
    sessions: tuple[str, ...] = ()


@dataclass
class Reader:
    """Somebody who asks for pages: their hats, and the cookie's token (None for nobody)."""

    name: str
    hats: tuple[Hat, ...]
    token: str | None
    own_name: str = ""
    is_in: bool = True


@dataclass
class World:
    """Everything by name; ids only, since each request reads the rows anew."""

    tokens: Tokens
    cases: dict = field(default_factory=dict)
    attempts: dict = field(default_factory=dict)
    objects: dict = field(default_factory=dict)
    readers: dict = field(default_factory=dict)
    secrets: list = field(default_factory=list)
    feeds: dict = field(default_factory=dict)
    marks: dict = field(default_factory=dict)
    ksbs: dict = field(default_factory=dict)


class Builder:
    """Makes one EPAO after the other; ``tag`` tells them apart in every name."""

    def __init__(self, make, world):
        self.make, self.world, self.at = make, world, make.at

    def build(self, tag):
        self.tag, make = tag, self.make
        self.epao = self._organisation("epao", OrganisationKind.EPAO)
        self.employers = [
            self._organisation(f"employer{n}", OrganisationKind.EMPLOYER) for n in (1, 2)
        ]
        self.providers = [
            self._organisation(f"provider{n}", OrganisationKind.TRAINING_PROVIDER) for n in (1, 2)
        ]
        self.support = self._organisation("support", OrganisationKind.EMPLOYABILITY_PROVIDER)
        self.staff = self._staff()
        self.contacts = SimpleNamespace(
            employer=self._person("employer", Role.EMPLOYER, at=self.employers[0]),
            employer2=self._person("employer2", Role.EMPLOYER, at=self.employers[1]),
            provider=self._person("provider", Role.TRAINING_PROVIDER, at=self.providers[0]),
            provider2=self._person("provider2", Role.TRAINING_PROVIDER, at=self.providers[1]),
            lead=self._person("lead", Role.PROVIDER_QUALITY_LEAD, at=self.support),
        )
        official_texts(self)
        self._ada(self._case("ada", 0))
        self._ben(self._case("ben", 1, in_epa=False))
        self._cleo(self._case("cleo", 0))
        self._dan(self._case("dan", 1))
        self.dates = Dates(self)
        self.dates.build()
        self._notes()
        hand_in(self)
        self._conflicts()
        self._mails()
        self._table()
        keep_clients(self)
        fill_bank(self)
        review_provider(self)
        self._credentials()
        self._logo()
        db.session.commit()
        make.next()

    def _token(self, kind, case=None, method=None, **about):
        case = f"{case}@{self.tag}" if case else None
        return self.world.tokens.new(kind, tag=self.tag, case=case, method=method, **about)

    def _organisation(self, name, kind):
        word = "epao_name" if kind is OrganisationKind.EPAO else "client_name"
        token = self._token(word, organisation=f"{name}@{self.tag}")
        row = self.make.organisation(kind, name=f"Org {token}")
        self.world.objects[f"{name}@{self.tag}"] = row.id
        return row

    def _person(self, name, *roles, at=None, kind="contact_name", case=None, **about):
        token = self._token(kind, case=case, organisation=self._name_of(at), owner=name, **about)
        row = self.make.person(*roles, organisation=at, family=token)
        key = f"{name}@{self.tag}"
        self.world.objects[f"person {key}"] = row.id
        for held in row.roles_held:
            self.world.objects[f"role {key}"] = held.id
        return row

    def _name_of(self, organisation):
        found = (name for name, key in self.world.objects.items() if key == organisation.id)
        return next(found) if organisation is not None else None

    def _staff(self):
        roles = {
            "administrator": Role.ADMINISTRATOR,
            "iqa": Role.INTERNAL_QUALITY_ASSURER,
            "auditor": Role.AUDITOR,
            "assessor": Role.INDEPENDENT_ASSESSOR,
            "assessor2": Role.INDEPENDENT_ASSESSOR,
            "idle_assessor": Role.INDEPENDENT_ASSESSOR,
            "two_hats": Role.INDEPENDENT_ASSESSOR,
            "marker": Role.MARKER,
            "second_marker": Role.MARKER,
            "idle_marker": Role.MARKER,
            "invigilator": Role.INVIGILATOR,
            "idle_invigilator": Role.INVIGILATOR,
            "item_author": Role.ITEM_AUTHOR,
            "item_reviewer": Role.ITEM_REVIEWER,
            "provider_quality_assessor": Role.PROVIDER_QUALITY_ASSESSOR,
            "second_quality_assessor": Role.PROVIDER_QUALITY_ASSESSOR,
            "review_moderator": Role.REVIEW_MODERATOR,
        }
        return SimpleNamespace(
            **{
                name: self._person(name, role, at=self.epao, kind="staff_name")
                for name, role in roles.items()
            }
        )

    def _case(self, name, client, *, in_epa=True):
        person = self._person(
            name, Role.APPRENTICE, at=self.epao, kind="apprentice_name", case=name
        )
        make = self.make.assessment_in_epa if in_epa else self.make.assessment
        more = {"actor": self.staff.administrator} if in_epa else {}
        row = make(
            epao=self.epao,
            employer=self.employers[client],
            provider=self.providers[client],
            apprentice=person,
            **more,
        )
        key = f"{name}@{self.tag}"
        self.world.cases[key] = Case(
            key,
            self.tag,
            f"employer{client + 1}@{self.tag}",
            f"provider{client + 1}@{self.tag}",
            row.id,
        )
        self.world.objects[key] = row.id
        for attempt in row.attempts:
            self.world.attempts[key, attempt.method_code] = attempt.id
            self.world.objects[f"{key} {attempt.method_code}"] = attempt.id
        return row

    def _file(self, actor, token):
        content = f"%PDF-1.7\n% {token}\n%%EOF\n".encode()
        return self.make.stored_file(actor, name=f"{token}.pdf", content=content)

    def _version(self, case, name, number, status, **more):
        kind = "portfolio" if status is PortfolioStatus.ACCEPTED else "portfolio_draft"
        person = case.apprenticeship.person
        word, text = self._token(kind, name), self._token(kind, name)
        version = PortfolioVersion(
            assessment=case, number=number, status=status, created_at=self.at, **more
        )
        file = self._file(person, self._token(kind, name))
        for index, matter in enumerate(({"file": file}, {"text": text}), start=1):
            version.every_piece.append(
                EvidencePiece(
                    number=index,
                    title=f"Piece {word}",
                    kind=PieceKind.WORK_PRODUCT,
                    service_user=1,
                    activities=["review"],
                    ksbs=["K1"],
                    is_own_work=True,
                    added_at=self.at,
                    **matter,
                )
            )
        db.session.add(version)
        db.session.flush()
        self.world.objects[f"piece {name}@{self.tag} v{number}"] = version.every_piece[0].id
        self.world.objects[f"version {name}@{self.tag} v{number}"] = version.id
        return version

    def _ada(self, case):
        make, staff, apprentice = self.make, self.staff, case.apprenticeship.person
        decided = {
            "submitted_at": self.at,
            "submitted_by_id": apprentice.id,
            "decided_at": self.at,
            "decided_by_id": staff.administrator.id,
        }
        reason = self._token("portfolio_draft", "ada")
        self._version(case, "ada", 1, PortfolioStatus.RETURNED, reason=reason, **decided)
        accepted = self._version(case, "ada", 2, PortfolioStatus.ACCEPTED, **decided)
        db.session.add(PortfolioShare(version=accepted, person=staff.assessor, shared_at=self.at))
        presentation = make.booked("presentation", assessment=case, assessor=staff.assessor)
        db.session.add(
            PresentationSubmission(
                attempt=presentation,
                version=1,
                file=self._file(apprentice, self._token("presentation_file", "ada", METHODS[0])),
                submitted_at=self.at,
                submitted_by=staff.administrator,
                allowed_late_by=staff.administrator,
                late_reason=self._token("late_reason", "ada"),
            )
        )
        sheet = make.whole_sheet(presentation, distinctions=25)
        self._note(sheet, staff.assessor, "ada")
        keep_day(self, presentation, staff.assessor, "ada")
        facts = make.conduct_of("presentation", questions_asked=1)
        judgements.set_conduct(sheet, facts, actor=staff.assessor, at=self.at)
        told = FeedbackFields(f"You showed {self._token('unreleased', 'ada', METHODS[0])}.")
        write_feedback(sheet, told, actor=staff.assessor, at=self.at)
        sign_presentation(sheet, actor=staff.assessor, at=self.at)
        self._explain(presentation, "unreleased", "ada")
        reason = f"Because {self._token('correction', 'ada', METHODS[0])}"
        correction = open_correction(presentation, reason, actor=staff.assessor, at=self.at)
        sign_presentation(correction, actor=staff.assessor, at=self.at)
        observation = make.booked("observation", assessment=case, assessor=staff.two_hats)
        sheet = make.sheet(observation, staff.two_hats)
        self._note(sheet, staff.two_hats, "ada")
        keep_day(self, observation, staff.two_hats, "ada")
        self._test_marked_two_ways(case)
        adjust(self, case, "ada")

    def _note(self, sheet, actor, name):
        code = sheet.attempt.method_code
        ksb = self.world.ksbs[code] = judgements.queries.plan_of(sheet).ksbs_of(code)[0]
        judgements.judge(sheet, ksb, Grade.DISTINCTION, actor=actor, at=self.at)
        source = judgements.queries.plan_of(sheet).judged_method(code).sources[0].code
        fields = NoteFields(source, f"Saw {self._token('evidence_note', name, code)}.")
        judgements.note(sheet, ksb, fields, actor=actor, at=self.at)

    def _explain(self, attempt, kind, name):
        token = self._token(kind, name, attempt.method_code)
        attempt.explanation = [*attempt.explanation, f"{token}."]

    def _test_marked_two_ways(self, case):
        staff, attempt = self.staff, self.make.attempt(case, "knowledge_test")
        self.make.allocate(attempt, staff.invigilator, Duty.INVIGILATOR, staff.administrator)
        self.make.sat_test(
            attempt,
            staff.marker,
            staff.second_marker,
            minutes=150,
            adjustment=f"Because {self._token('adjustment', 'ada', METHODS[2])}",
            incidents=f"Then {self._token('incidents', 'ada', METHODS[2])}",
        )
        for duty, person, total in (
            (Duty.FIRST_MARKER, staff.marker, 61),
            (Duty.SECOND_MARKER, staff.second_marker, 37),
        ):
            marks = self.make.marks(attempt, total)
            self.world.marks[f"{duty.value}@{self.tag}"] = marks
            knowledge_test.enter_marks(attempt, duty, marks, actor=person, at=self.at)

    def _ben(self, case):
        staff, contacts, apprentice = self.staff, self.contacts, case.apprenticeship.person
        review = self.make.review(case, apprentice)
        rows = {row.code: row for row in review.requirements}
        gateway.supply(
            rows["off_the_job"], {"percent": Decimal(21)}, actor=contacts.provider2, at=self.at
        )
        said = {"english": "level_2", "mathematics": "level_2"}
        said["evidence"] = self._token("gateway", "ben")
        gateway.supply(
            rows["english_and_mathematics"],
            said,
            actor=contacts.provider2,
            at=self.at,
            file=self._file(contacts.provider2, self._token("gateway", "ben")),
        )
        gateway.supply(
            rows["certificate_permission"], {"given": True}, actor=apprentice, at=self.at
        )
        gateway.reject(
            rows["off_the_job"],
            self._token("gateway", "ben"),
            actor=staff.administrator,
            at=self.at,
        )
        gateway.confirm_readiness(
            review,
            Readiness(
                is_ready=False, decided_on=date(2026, 6, 1), reason=self._token("gateway", "ben")
            ),
            actor=contacts.employer2,
            at=self.at,
            organisation=self.employers[1],
        )
        gateway.advise(review, self._token("gateway", "ben"), actor=contacts.provider2, at=self.at)
        for code, row in rows.items():
            self.world.objects[f"{code} ben@{self.tag}"] = row.id
        self._version(case, "ben", 1, PortfolioStatus.DRAFT)

    def _cleo(self, case):
        reason = self._token("change_reason", "cleo")
        self.make.corrected_uln(case, self.staff.administrator, reason)
        for method, grade in zip(METHODS, ("pass", "fail", "pass"), strict=True):
            attempt = self.make.attempt(case, method)
            self.make.released(attempt, Grade(grade), self.staff.assessor2, self.staff.iqa)
            self._explain(attempt, "released", "cleo")
        release_overall(
            case,
            actor=self.staff.iqa,
            at=self.at,
            no_resit_reason=self._token("no_resit_reason", "cleo"),
        )

    def _dan(self, case):
        staff = self.staff
        presentation = self.make.attempt(case, "presentation")
        self.make.released(presentation, Grade.FAIL, staff.assessor2, staff.iqa)
        self._explain(presentation, "released", "dan")
        self._asked_again(presentation)
        for method in METHODS[1:]:
            attempt = self.make.attempt(case, method)
            self.make.graded(attempt, Grade.DISTINCTION, staff.assessor2)
            self._explain(attempt, "unreleased", "dan")
        about = {"submitted_at": self.at, "submitted_by_id": case.apprenticeship.person_id}
        self._version(case, "dan", 1, PortfolioStatus.SUBMITTED, **about)

    def _asked_again(self, failed):
        office, words = self.staff.administrator, self._token("asked_again", "dan")
        request = resits.ask(
            failed, AttemptKind.RESIT, words, actor=self.contacts.provider2, at=self.at
        )
        action = ActionFields(
            queries.not_passed(failed)[0],
            f"Read {self._token('asked_again', 'dan')}",
            ActionOwner.EMPLOYER,
            date(2026, 6, 30),
        )
        planned = resits.plan_action(request, action, actor=self.contacts.employer2, at=self.at)
        reason = f"Since {self._token('circumstances', 'dan')}"
        resits.record_circumstances(request, reason, date(2026, 12, 1), actor=office, at=self.at)
        self.world.objects |= {
            f"resit dan@{self.tag}": request.id,
            f"action dan@{self.tag}": planned.id,
        }

    def _notes(self):
        ada = db.session.get(EndPointAssessment, self.world.objects[f"ada@{self.tag}"])
        fields = CaseFields(
            Channel.PHONE,
            date(2026, 6, 1),
            f"Said {self._token('case_note', 'ada')}",
            f"The {self._token('case_note', 'ada')}",
        )
        office = self.staff.administrator
        first = case_notes.write_note(ada, fields, actor=office, at=self.at)
        note = case_notes.write_note(ada, fields, actor=office, at=self.at, corrects=first)
        self.world.objects[f"note ada@{self.tag}"] = note.id

    def _conflicts(self):
        for owner in ("assessor", "iqa"):
            person = getattr(self.staff, owner)
            row = people.declare_conflict(
                person,
                people.Declaration(
                    ConflictKind.EMPLOYER,
                    f"Once {self._token('conflict', owner=owner)}",
                    with_organisation=self.employers[1],
                ),
                actor=person,
                at=self.at,
            )
            self.world.objects[f"conflict {owner}@{self.tag}"] = row.id

    def _mails(self):
        mail = outbox.write(
            self.contacts.employer,
            event="news",
            subject=f"News {self._token('mail')}",
            body=f"Hello {self._token('mail')}\n[one-time link]",
            behalf=self.epao,
            at=self.at,
        )
        token = self._token("never")
        mail.one_time_link = f"http://127.0.0.1/sign-in/links/{token}"
        db.session.flush()
        self.world.objects[f"mail@{self.tag}"] = mail.id
        sign_in.invite(
            self.contacts.provider2,
            organisation=self.epao,
            actor=self.staff.administrator,
            at=self.at,
        )

    def _logo(self):
        """One for the whole installation; the second EPAO's takes the first one's place."""
        file = self._file(self.staff.administrator, f"logo {self.tag}")
        change = {"logo": str(file.id)}
        seen = settings.queries.last_version(change)
        settings.change(change, seen=seen, actor=self.staff.administrator, at=self.at)

    def _table(self):
        """A table of apprentices that was checked and not stored."""
        kept = self.make.checked_table(
            self.epao,
            self.staff.administrator,
            family=self._token("imported_name"),
            file=self._token("imported_name"),
        )
        self.world.objects[f"table@{self.tag}"] = kept.id

    def _credentials(self):
        for person in (self.staff.administrator, self.staff.assessor, self.contacts.employer):
            secret, password = self._token("never").upper(), self._token("never")
            kept = sealed(secret)
            db.session.add(
                Credential(
                    person_id=person.id,
                    password_hash=f"$argon2id${password}",
                    password_changed_at=self.at,
                    totp_secret=kept,
                    totp_confirmed_at=self.at,
                )
            )
            self.world.secrets += [kept.decode(), secret]

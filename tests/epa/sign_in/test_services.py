from datetime import timedelta

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.errors import RuleBroken, TooManyTries
from epa.origin import request_source
from epa.outbox.models import LINK_MARK, Mail
from epa.people import services as people
from epa.people.rules import OrganisationKind, Permission, Role
from epa.sign_in import limits, queries, sealing, second_factor, services
from epa.sign_in.doors import Try, tried
from epa.sign_in.models import CredentialAttempt, OneTimeLink, SignInSession
from epa.sign_in.rules import LIMITS, Door
from tests.factories.people import PASSWORD

KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NEW = "seven quiet harbours"


def token_of(mail):
    return mail.one_time_link.rsplit("/", 1)[1]


def newest_mail(session):
    return session.scalars(select(Mail).order_by(Mail.written_at.desc(), Mail.id)).first()


def actions(session):
    return session.scalars(select(AuditEntry.action).order_by(AuditEntry.row)).all()


def test_it_knows_a_person_by_address_and_password(make):
    person = make.person(Role.EMPLOYER, email="Zoë@example.org")
    make.credential(person)
    assert services.verified("zoë@EXAMPLE.org", PASSWORD) is person
    assert services.verified("zoë@example.org", "another password") is None


def test_it_does_the_same_work_for_an_unknown_address(make, monkeypatch):
    person = make.person(Role.EMPLOYER)
    make.credential(person).password_hash = sealing.hashed(PASSWORD)
    verified = []
    real = PasswordHasher.verify
    monkeypatch.setattr(
        PasswordHasher, "verify", lambda *args: verified.append(args[1]) or real(*args)
    )
    for email in (person.email, "nobody@example.org"):
        assert services.verified(email, "wrong but long enough") is None
    assert len(verified) == 2
    assert verified[0].split("$")[:4] == verified[1].split("$")[:4]


def test_it_lets_no_disabled_person_in(make, session, at):
    person, actor = make.person(Role.EMPLOYER), make.person(Role.ADMINISTRATOR)
    make.credential(person)
    people.disable(person, actor=actor, at=at)
    session.commit()
    assert services.verified(person.email, PASSWORD) is None


def test_it_hashes_again_when_the_parameters_changed(make, session, at):
    person = make.person(Role.EMPLOYER)
    credential = make.credential(person)
    credential.password_hash = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    session.commit()
    assert services.verified(person.email, PASSWORD) is person
    services.begin(person, PASSWORD, at=at, requires_totp=False)
    assert not sealing.is_outdated(credential.password_hash)
    assert services.verified(person.email, PASSWORD) is person


def test_it_waits_for_the_second_factor_of_staff(make, session, at):
    person = make.person(Role.AUDITOR)
    make.credential(person)
    token, is_complete = services.begin(person, PASSWORD, at=at, requires_totp=True)
    session.commit()
    assert not is_complete
    assert queries.session_for(token, at) is None
    assert queries.waiting_session_for(token, at).person is person
    assert queries.waiting_session_for(token, at + timedelta(minutes=11)) is None


def test_it_asks_no_second_factor_of_clients(make, at):
    person = make.person(Role.EMPLOYER)
    make.credential(person)
    assert services.begin(person, PASSWORD, at=at, requires_totp=True)[1]


def test_it_takes_a_code_once_and_gives_a_new_token(make, session, at):
    person = make.person(Role.AUDITOR)
    make.credential(person, totp=KEY)
    code = pyotp.TOTP(KEY).at(at)
    waiting_token, _ = services.begin(person, PASSWORD, at=at, requires_totp=True)
    waiting = queries.waiting_session_for(waiting_token, at)
    token = services.complete(waiting, code, at=at)
    assert queries.session_for(token, at).person is person
    assert queries.session_for(waiting_token, at) is None
    assert queries.waiting_session_for(waiting_token, at) is None
    assert not second_factor.accepts(person, code, at=at)


@pytest.mark.parametrize(("seconds", "opens"), [(-30, True), (30, True), (-60, False), (60, False)])
def test_it_takes_the_codes_of_the_neighbouring_half_minutes(make, at, seconds, opens):
    person = make.person(Role.AUDITOR)
    make.credential(person, totp=KEY)
    code = pyotp.TOTP(KEY).at(at + timedelta(seconds=seconds))
    assert second_factor.accepts(person, code, at=at) is opens


def test_it_takes_no_code_older_than_the_last_one_used(make, at):
    person = make.person(Role.AUDITOR)
    make.credential(person, totp=KEY)
    assert second_factor.accepts(person, pyotp.TOTP(KEY).at(at), at=at)
    older = pyotp.TOTP(KEY).at(at - timedelta(seconds=30))
    assert not second_factor.accepts(person, older, at=at)


@pytest.mark.parametrize("code", ["", "000000", "١٢٣٤٥٦", "12345", "\ud800", "1" * 400])
def test_it_refuses_what_is_no_code(make, at, code):
    person = make.person(Role.AUDITOR)
    make.credential(person, totp=KEY)
    assert not second_factor.accepts(person, code, at=at)


def test_it_seals_the_secret_so_that_the_table_alone_gives_no_codes(make):
    credential = make.credential(make.person(Role.AUDITOR), totp=KEY)
    assert KEY.encode() not in credential.totp_secret
    assert second_factor.key_of(credential) == KEY
    credential.totp_secret = credential.totp_secret[:-4] + b"AAAA"
    assert second_factor.key_of(credential) is None


def test_it_resets_a_second_factor_and_signs_the_person_out(make, session, at):
    epao = make.organisation()
    actor, person = (make.person(Role.ADMINISTRATOR, organisation=epao) for _ in range(2))
    credential = make.credential(person, totp=KEY)
    token = services.open_session(person, at=at, complete=True)
    services.reset_second_factor(person, actor=actor, at=at)
    session.commit()
    assert queries.session_for(token, at) is None
    assert credential.totp_secret is None
    assert "second factor reset" in actions(session)


def test_it_lets_nobody_reset_their_own_second_factor(make, at):
    person = make.person(Role.ADMINISTRATOR)
    make.credential(person, totp=KEY)
    with pytest.raises(RuleBroken, match="Another administrator"):
        services.reset_second_factor(person, actor=person, at=at)


def test_it_invites_with_a_link_that_is_kept_apart_and_works_once(make, session, at):
    epao = make.organisation(name="Calder Vale")
    actor = make.person(Role.ADMINISTRATOR, organisation=epao)
    person = make.person(Role.MARKER, organisation=epao)
    services.invite(person, organisation=epao, actor=actor, at=at)
    session.commit()
    mail = newest_mail(session)
    token = token_of(mail)
    assert LINK_MARK in mail.body
    assert token not in mail.body
    assert token not in session.scalars(select(OneTimeLink.token_hash)).all()
    services.set_password(token, NEW, at=at)
    session.commit()
    assert services.verified(person.email, NEW) is person
    with pytest.raises(RuleBroken, match="used already or is too old"):
        services.set_password(token, "another good phrase", at=at)


@pytest.mark.parametrize(
    ("after", "works"), [(timedelta(days=14, seconds=-1), True), (timedelta(days=14), False)]
)
def test_it_keeps_an_invitation_for_fourteen_days(make, session, at, after, works):
    epao = make.organisation()
    person = make.person(Role.MARKER, organisation=epao)
    services.invite(person, organisation=epao, actor=person, at=at)
    token = token_of(newest_mail(session))
    assert (queries.link_for(token, at + after) is not None) is works


@pytest.mark.parametrize(("minutes", "works"), [(59, True), (60, False)])
def test_it_keeps_a_reset_link_for_an_hour(make, session, at, minutes, works):
    person = make.person(Role.EMPLOYER)
    services.ask_reset(person.email.upper(), at=at)
    token = token_of(newest_mail(session))
    assert (queries.link_for(token, at + timedelta(minutes=minutes)) is not None) is works


def test_it_withdraws_the_earlier_link_when_another_is_asked_for(make, session, at):
    person = make.person(Role.EMPLOYER)
    services.ask_reset(person.email, at=at)
    first = token_of(newest_mail(session))
    services.ask_reset(person.email, at=at + timedelta(seconds=1))
    second = token_of(newest_mail(session))
    assert queries.link_for(first, at + timedelta(seconds=2)) is None
    assert queries.link_for(second, at + timedelta(seconds=2)) is not None


def test_it_leaves_an_invitation_alone_when_somebody_asks_for_a_reset(make, session, at):
    epao = make.organisation()
    person = make.person(Role.MARKER, organisation=epao)
    services.invite(person, organisation=epao, actor=person, at=at)
    invitation = token_of(newest_mail(session))
    services.ask_reset(person.email, at=at + timedelta(seconds=1))
    assert queries.link_for(invitation, at + timedelta(seconds=2)) is not None


def test_it_writes_no_mail_to_an_unknown_or_disabled_address(make, session, at):
    person, actor = make.person(Role.EMPLOYER), make.person(Role.ADMINISTRATOR)
    people.disable(person, actor=actor, at=at)
    services.ask_reset(person.email, at=at)
    services.ask_reset("nobody@example.org", at=at)
    assert newest_mail(session) is None


def test_it_invites_nobody_who_has_a_password(make, at):
    person = make.person(Role.EMPLOYER)
    make.credential(person)
    with pytest.raises(RuleBroken, match="set a password already"):
        services.invite(person, organisation=make.organisation(), actor=person, at=at)


@pytest.mark.parametrize(
    "password", ["short", "Password2026!", "x\0y" * 8, "Sam Person and on", "\ud800" * 12]
)
def test_it_refuses_a_weak_password_and_leaves_the_link(make, session, at, password):
    person = make.person(Role.EMPLOYER, given="Sam", family="Person")
    services.ask_reset(person.email, at=at)
    token = token_of(newest_mail(session))
    with pytest.raises(RuleBroken) as broken:
        services.set_password(token, password, at=at)
    assert broken.value.field == "password"
    assert queries.link_for(token, at) is not None


def test_it_signs_out_everywhere_when_a_password_is_set_or_changed(make, session, at):
    person = make.person(Role.EMPLOYER)
    make.credential(person)
    tokens = [services.open_session(person, at=at, complete=True) for _ in range(2)]
    fresh = services.change_password(person, NEW, at=at)
    session.commit()
    assert [queries.session_for(token, at) for token in tokens] == [None, None]
    assert queries.session_for(fresh, at).person is person
    services.ask_reset(person.email, at=at)
    services.set_password(token_of(newest_mail(session)), PASSWORD, at=at)
    session.commit()
    assert queries.session_for(fresh, at) is None


def test_it_ends_every_session_but_the_one_in_use(make, session, at):
    person = make.person(Role.EMPLOYER)
    here, there = (services.open_session(person, at=at, complete=True) for _ in range(2))
    session.commit()
    count = services.end_sessions(person, actor=person, at=at, but=queries.session_for(here, at))
    session.expire_all()
    assert count == 1
    assert queries.session_for(here, at) is not None
    assert queries.session_for(there, at) is None


@pytest.mark.parametrize(
    ("seen", "after", "opens"),
    [
        (timedelta(), timedelta(hours=2), True),
        (timedelta(), timedelta(hours=2, seconds=1), False),
        (timedelta(hours=11), timedelta(hours=12, seconds=-1), True),
        (timedelta(hours=11), timedelta(hours=12), False),
    ],
)
def test_it_ends_a_session_after_two_idle_or_twelve_hours(make, session, at, seen, after, opens):
    person = make.person(Role.EMPLOYER)
    token = services.open_session(person, at=at, complete=True)
    session.scalar(select(SignInSession)).last_seen_at = at + seen
    session.commit()
    assert (queries.session_for(token, at + after) is not None) is opens
    assert (queries.bearer_of(token, at + after) is not None) is opens


def test_a_bearer_is_whoever_the_session_is_of_and_nobody_once_it_is_not_open(make, session, at):
    person = make.person(Role.EMPLOYER, Role.MARKER)
    person.roles_held[1].ended_at = at
    token = services.open_session(person, at=at, complete=True)
    waiting = services.open_session(person, at=at, complete=False)
    session.commit()
    bearer = queries.bearer_of(token, at)
    assert (bearer.id, bearer.roles) == (person.id, person.roles)
    held = [one for one in Permission if bearer.may(one)]
    assert held == [one for one in Permission if person.may(one)] != []
    assert bearer.session_id == queries.session_for(token, at).id
    assert queries.bearer_of(waiting, at) is None
    assert queries.bearer_of("no token", at) is None
    person.disabled_at = at
    session.commit()
    assert queries.bearer_of(token, at) is None
    person.disabled_at = None
    services.end_sessions(person, actor=None, at=at)
    session.commit()
    assert queries.bearer_of(token, at) is None


def test_an_open_session_says_every_role_and_where_the_first_is_held(make, session, at):
    employer = make.organisation(OrganisationKind.EMPLOYER, OrganisationKind.TRAINING_PROVIDER)
    other = make.organisation(OrganisationKind.TRAINING_PROVIDER)
    person = make.person(Role.EMPLOYER, organisation=employer)
    make.role(person, Role.TRAINING_PROVIDER, other).granted_at = at + timedelta(minutes=1)
    ended = make.role(person, Role.TRAINING_PROVIDER, employer)
    ended.granted_at = ended.ended_at = at + timedelta(minutes=2)
    token = services.open_session(person, at=at, complete=True)
    session.flush()
    before = {(one.role, one.organisation_id) for one in person.current_roles}
    session.expunge_all()
    opened = queries.opened_by(token, at)
    now = {(one.role, one.organisation_id) for one in opened.person.current_roles}
    assert len(opened.person.roles_held) == 3
    assert now == before == {(Role.EMPLOYER, employer.id), (Role.TRAINING_PROVIDER, other.id)}
    assert opened.organisation == employer.name
    assert opened.kinds == {OrganisationKind.EMPLOYER, OrganisationKind.TRAINING_PROVIDER}
    assert opened.session_id == queries.session_for(token, at).id
    assert queries.opened_by("another", at) is None
    assert queries.opened_by(token, at + timedelta(hours=13)) is None
    opened.person.disabled_at = at
    session.flush()
    session.expunge_all()
    assert queries.opened_by(token, at) is None


def test_it_names_nobody_in_the_table_of_knocks(make, session, at):
    token = request_source.set("192.0.2.7")
    limits.count(Door.SIGN_IN, "ruth@example.org", at=at)
    request_source.reset(token)
    keys = session.scalars(select(CredentialAttempt.key)).all()
    assert len(set(keys)) == 2
    assert not any("ruth" in key or "192" in key for key in keys)


def refused(door, account, at):
    return tried(Try(door, account, at), lambda: None, lambda found: found)


@pytest.mark.parametrize("door", list(Door))
def test_it_shuts_every_door_to_an_account_that_knocks_too_often(app, at, door):
    limit = LIMITS[door].account
    for _ in range(limit.most):
        assert refused(door, "a", at) is None
    with pytest.raises(TooManyTries, match="Try again after") as shut:
        tried(Try(door, "a", at), lambda: 1, lambda found: found)
    assert shut.value.until == at + limit.within
    assert tried(Try(door, "b", at), lambda: 1, lambda found: found) == 1
    later = at + limit.within
    assert tried(Try(door, "a", later), lambda: 1, lambda found: found) == 1


@pytest.mark.parametrize("door", list(Door))
def test_it_shuts_every_door_to_a_source_that_knocks_too_often(app, at, door):
    token = request_source.set("192.0.2.7")
    for number in range(LIMITS[door].source.most):
        assert refused(door, f"account {number}", at) is None
    with pytest.raises(TooManyTries):
        refused(door, "one more", at)
    request_source.set("192.0.2.8")
    assert refused(door, "from elsewhere", at) is None
    request_source.reset(token)


def test_it_does_not_count_good_tries_or_knocks_at_a_shut_door(session, at):
    for _ in range(30):
        assert tried(Try(Door.SIGN_IN, "a", at), lambda: 1, lambda found: found) == 1
    for _ in range(LIMITS[Door.SIGN_IN].account.most):
        refused(Door.SIGN_IN, "a", at)
    for _ in range(5):
        with pytest.raises(TooManyTries):
            refused(Door.SIGN_IN, "a", at)
    assert len(session.scalars(select(CredentialAttempt.id)).all()) == 2 * 10


def test_it_keeps_the_count_although_the_act_was_undone_and_forgets_when_a_rule_broke(session, at):
    def breaks(_):
        raise RuleBroken("weak", "Choose another")

    with pytest.raises(RuleBroken):
        tried(Try(Door.LINK, "a", at), lambda: 1, breaks)
    assert session.scalars(select(CredentialAttempt.id)).all() == []
    refused(Door.LINK, "a", at)
    assert len(session.scalars(select(CredentialAttempt.id)).all()) == 2


def test_it_writes_a_refusal_down_whether_the_account_is_known_or_not(make, session, at):
    person = make.person(Role.EMPLOYER)
    tried(Try(Door.SIGN_IN, "a", at, lambda: person), lambda: None, lambda found: found)
    refused(Door.SIGN_IN, "b", at)
    subjects = session.scalars(select(AuditEntry.subject_type).order_by(AuditEntry.row)).all()
    assert subjects == ["Person", "CredentialAttempt"]


def test_it_forgets_knocks_after_a_day(session, at):
    refused(Door.SIGN_IN, "a", at)
    refused(Door.SIGN_IN, "b", at + timedelta(days=1, seconds=1))
    assert len(session.scalars(select(CredentialAttempt.id)).all()) == 2


def test_the_reset_mail_comes_from_the_persons_own_epao(make, session, at):
    epao = make.organisation(OrganisationKind.EPAO)
    services.ask_reset(make.person(Role.MARKER, organisation=epao).email, at=at)
    assert newest_mail(session).from_organisation is epao


def test_it_hashes_with_argon2id_at_the_cost_that_is_recommended():
    """RFC 9106, second recommended option: 64 MiB, three passes, four lanes."""
    assert PasswordHasher().hash("x").startswith("$argon2id$v=19$m=65536,t=3,p=4$")

"""Sending what waits: each mail settled by itself, none lost, none sent twice."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from epa.database import unit_of_work
from epa.outbox.models import LINK_MARK, Mail
from epa.outbox.sending import send_waiting
from epa.outbox.services import claim_waiting, write
from epa.outbox.tasks import send_due
from tests import smtp

SENDER = "plumbline@epa.example.org"
NOBODY_LISTENS = "smtp://127.0.0.1:1"


@pytest.fixture
def mail(make, session, at):
    def written(name="siân@example.org", given="Siân"):
        person = make.person(given=given, family="Prosser", email=name)
        row = write(
            person,
            event="invitation",
            subject="Your invitation to Plumbline",
            body=f"Hello {given},\n\n{LINK_MARK}\n",
            behalf=make.organisation(name="Calder Vale Assessment"),
            at=at,
        )
        row.one_time_link = "http://127.0.0.1:5000/sign-in/links/secret"
        session.commit()
        return row

    return written


def test_it_sends_what_waits_once_and_forgets_the_link(mail, frozen, session):
    row = mail("sian@example.org")
    with smtp.serving() as (url, letters):
        assert send_waiting(url, SENDER) == [None]
        assert send_waiting(url, SENDER) == []
    (letter,) = letters
    assert "links/secret" in letter.get_content()
    assert letter["From"] == f"Calder Vale Assessment <{SENDER}>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert (row.sent_at is not None, row.one_time_link, row.attempts) == (True, None, 1)


def test_it_tries_again_later_what_one_server_refuses_and_sends_the_rest(mail, frozen, session, at):
    bad, good = mail("gone@example.org"), mail("ada@example.org", given="Ada")
    with smtp.serving("gone@") as (url, letters):
        assert set(send_waiting(url, SENDER)) == {"SMTPRecipientsRefused", None}
        assert send_waiting(url, SENDER) == []
        frozen.move_to(at + timedelta(minutes=2))
        assert send_waiting(url, SENDER) == ["SMTPRecipientsRefused"]
    assert len(letters) == 1
    assert (bad.sent_at, bad.attempts, bad.last_fault) == (None, 2, "SMTPRecipientsRefused")
    assert bad.one_time_link is not None
    assert good.sent_at is not None


def test_it_keeps_everything_while_nobody_listens(mail, frozen):
    row = mail("sian@example.org")
    (fault,) = send_waiting(NOBODY_LISTENS, SENDER)
    assert fault in {"ConnectionRefusedError", "OSError"}
    assert (row.sent_at, row.one_time_link is not None) == (None, True)


def test_it_gives_up_after_a_day_of_tries(mail, session, at):
    row = mail("sian@example.org")
    row.attempts = 12
    session.commit()
    assert claim_waiting(at=at + timedelta(days=30)) == []


def test_two_senders_do_not_take_the_same_mail(mail, at):
    mail("sian@example.org")
    assert len(claim_waiting(at=at)) == 1
    assert claim_waiting(at=at) == []


def test_every_letter_waits_its_turn(mail, session, at):
    for number in range(3):
        mail(f"person{number}@example.com", given=f"P{number}")
    claimed = claim_waiting(at=at, most=2)
    waiting = session.scalars(select(Mail.id).where(Mail.attempts == 0)).all()
    assert (len(claimed), len(waiting)) == (2, 1)


def test_a_mail_goes_out_as_soon_as_its_transaction_is_kept(mail, frozen, app, monkeypatch):
    with smtp.serving() as (url, letters):
        monkeypatch.setitem(app.config, "SMTP_URL", url)
        with unit_of_work():
            row = mail("sian@example.org")
    assert len(letters) == 1
    assert row.sent_at is not None


def test_what_comes_round_sends_the_rest(mail, frozen, app, monkeypatch):
    rows = [mail(f"person{number}@example.com", given=f"P{number}") for number in range(60)]
    with smtp.serving() as (url, letters):
        monkeypatch.setitem(app.config, "SMTP_URL", url)
        send_due()
    assert len(letters) == len(rows)


def test_it_says_a_fault_without_an_address(mail, frozen, app, monkeypatch, caplog):
    mail("sian@example.org")
    monkeypatch.setitem(app.config, "SMTP_URL", NOBODY_LISTENS)
    send_due()
    assert "mail: not sent, to be tried again" in caplog.text
    assert "sian" not in caplog.text

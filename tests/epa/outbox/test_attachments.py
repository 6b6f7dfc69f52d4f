from datetime import UTC, datetime, timedelta

from icalendar import Calendar

from epa.ics import Entry, calendar_file
from epa.mailer import Attachment, Letter, connected, send
from epa.outbox.services import claim_waiting, write
from tests import smtp

TEN = datetime(2026, 7, 14, 9, tzinfo=UTC)
ENTRY = Entry("1@plumbline", 0, TEN, TEN + timedelta(hours=1), "Observation, Höhe", TEN)
FILE = Attachment("booking.ics", "text/calendar; method=PUBLISH", calendar_file([ENTRY]))


def written(make, at, **more):
    epao = make.organisation()
    person = make.person()
    return write(person, event="test", subject="A date", body="See it.", behalf=epao, at=at, **more)


def test_a_small_file_waits_and_goes_with_its_mail(session, make, at):
    written(make, at, attached=FILE)
    session.flush()
    [claim] = claim_waiting(at=at)
    assert claim.letter.attached == FILE


def test_a_mail_without_one_has_none(session, make, at):
    assert written(make, at).attachment is None
    session.flush()
    [claim] = claim_waiting(at=at)
    assert claim.letter.attached is None


def test_a_calendar_entry_arrives_as_one():
    letter = Letter("a@example.org", "A", "B", "A date", "See it.", attached=FILE)
    with smtp.serving() as (url, letters), connected(url) as connection:
        send(connection, letter, "plumbline@example.org")
    [received] = letters
    [part] = received.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert part["Content-Type"].params["method"] == "PUBLISH"
    assert part.get_filename() == "booking.ics"
    [event] = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
    assert event["SUMMARY"] == "Observation, Höhe"
    assert "See it." in received.get_body().get_content()

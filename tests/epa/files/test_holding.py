"""What a virus scanner says: clean is taken, found is refused, and while it is down files are held."""

import io

import pytest

from epa.audit.models import AuditEntry
from epa.errors import RuleBroken
from epa.files import services
from epa.files.models import HeldFile
from epa.files.tasks import scan_held
from epa.people.rules import Role
from epa.uploads import UploadRefused, check_upload, scanning
from tests import clamd

pytestmark = pytest.mark.both_databases

TEXT = b"What SU-1 and I agreed.\n"
NOBODY = "clamd://127.0.0.1:9"


@pytest.fixture
def scanner(monkeypatch):
    """Asks the scanner at an address: ``scanner(url)``."""
    return lambda url: monkeypatch.setattr(scanning._Place, "url", url)


@pytest.fixture
def stored(session, make, at):
    """A text, checked and stored as an upload is."""

    def kept(content=TEXT):
        allowed = frozenset({"txt"})
        with check_upload("n.txt", io.BytesIO(content), allowed=allowed, max_bytes=999) as checked:
            file = services.store(checked, actor=make.person(Role.APPRENTICE), at=at)
        session.commit()
        return file

    return kept


def read(file):
    return b"".join(services.opened(file))


def test_it_takes_what_is_clean_and_refuses_what_is_not(session, scanner, stored):
    with clamd.serving() as (url, asked):
        scanner(url)
        assert read(stored()) == TEXT
        with pytest.raises(UploadRefused, match="finds something in it"):
            stored(TEXT + clamd.FOUND)
        assert asked == [len(TEXT), len(TEXT + clamd.FOUND)]
    assert session.query(HeldFile).count() == 0


@pytest.mark.usefixtures("frozen")
def test_it_holds_what_comes_while_the_scanner_is_down(session, scanner, stored):
    scanner(NOBODY)
    clean, unsafe = stored(), stored(TEXT + clamd.FOUND)
    scan_held()
    for file in (clean, unsafe):
        with pytest.raises(RuleBroken, match="could not be asked about it yet"):
            services.opened(file)
    with clamd.serving() as (url, asked):
        scanner(url)
        scan_held()
        scan_held()
        assert len(asked) == 2
    assert read(clean) == TEXT
    with pytest.raises(RuleBroken, match="finds something in it"):
        services.opened(unsafe)
    told = {entry.action for entry in session.query(AuditEntry)}
    assert told >= {"file held", "held file released", "held file unsafe"}


def test_it_holds_what_the_scanner_cannot_judge(scanner, stored):
    with clamd.serving(says=b"INSTREAM size limit exceeded. ERROR") as (url, _asked):
        scanner(url)
        with pytest.raises(RuleBroken, match="could not be asked"):
            services.opened(stored())


def test_it_goes_on_when_a_held_file_is_gone(session, scanner, stored, monkeypatch):
    scanner(NOBODY)
    services.storage().delete(stored().key)
    with clamd.serving() as (url, asked):
        scanner(url)
        scan_held()
        assert asked == []
    assert session.query(HeldFile).one().released_at is None


def test_a_held_file_is_said_to_be_so_on_its_page(session, make, scanner, sign_in_as, stored):
    scanner(NOBODY)
    mine = make.assessment()
    version = make.portfolio(mine)
    version.pieces[0].file = stored()
    session.commit()
    sam = sign_in_as(mine.apprenticeship.person)
    page = sam.get(f"/portfolio/pieces/{version.pieces[0].id}/file", status=409)
    assert "This file is held" in page.text

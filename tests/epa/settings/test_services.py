import pytest
from sqlalchemy import func, select

from epa.audit.models import AuditEntry
from epa.database import AppendOnlyViolation
from epa.errors import RuleBroken
from epa.people.rules import Role
from epa.settings import queries, services
from epa.settings.models import SettingVersion


@pytest.fixture
def ruth(make):
    return make.person(Role.ADMINISTRATOR, given="Ruth", family="Pemberton")


def test_a_default_holds_until_it_is_changed(session, ruth, at):
    assert queries.value("urgent_days") == 14
    changed = services.change({"urgent_days": 21, "hold_days": 5}, seen=0, actor=ruth, at=at)
    assert changed == ["urgent_days"]
    assert (queries.value("urgent_days"), queries.value("hold_days")) == (21, 5)
    services.change({"urgent_days": 14}, seen=1, actor=ruth, at=at)
    assert queries.value("urgent_days") == 14
    versions = session.scalars(select(SettingVersion.version).order_by(SettingVersion.version))
    assert versions.all() == [1, 2]


def test_a_change_is_in_the_log_without_its_value(session, ruth, at):
    services.change({"mail_from_address": "exam@example.org"}, seen=0, actor=ruth, at=at)
    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "setting changed"))
    assert entry.details == {"setting": "mail_from_address", "version": 1}


def test_the_second_of_two_is_told_who_was_first(ruth, make, at):
    other = make.person(Role.ADMINISTRATOR)
    services.change({"urgent_days": 21}, seen=0, actor=ruth, at=at)
    with pytest.raises(RuleBroken, match="Ruth Pemberton changed “Urgent when closing within”"):
        services.change({"urgent_days": 7, "hold_days": 3}, seen=0, actor=other, at=at)
    assert queries.value("hold_days") == 5


def test_nothing_is_kept_of_values_that_will_not_do(session, ruth, at):
    with pytest.raises(RuleBroken) as broken:
        services.change({"urgent_days": 0, "hold_days": 99}, seen=0, actor=ruth, at=at)
    assert [one.field for one in broken.value.each] == ["urgent_days", "hold_days"]
    assert session.scalar(select(func.count(SettingVersion.id))) == 0


def test_what_no_longer_fits_gives_way_to_the_default(session, ruth, at):
    for name, value in (("urgent_days", "many"), ("long_gone", 3)):
        session.add(
            SettingVersion(name=name, version=1, value=value, changed_at=at, changed_by=ruth)
        )
    session.flush()
    assert queries.value("urgent_days") == 14
    assert "long_gone" not in queries.current()


def test_a_version_is_never_changed(session, ruth, at):
    services.change({"urgent_days": 21}, seen=0, actor=ruth, at=at)
    session.scalar(select(SettingVersion)).value = 1
    with pytest.raises(AppendOnlyViolation):
        session.flush()

"""Keeping, replacing and removing a list; the sample that can be drawn again to the letter."""

from datetime import date

import pytest
from sqlalchemy import func, select

from epa.audit.models import AuditEntry
from epa.client_data import queries, receiving, services, tables
from epa.client_data.models import ClientRecords, ClientSample
from epa.client_data.receiving import ListRefused
from epa.client_data.rules import Period
from epa.errors import RuleBroken, RulesBroken
from epa.people.rules import OrganisationKind, Permission, Role
from frameworks.kpis.report import report_of
from tests.factories.client_data import PERIOD

ROWS = [f"C-{number:03},2025-01-06,2025-03-17,,{20 + number},woman,White" for number in range(40)]


@pytest.fixture
def epao(make):
    return make.organisation(OrganisationKind.EPAO)


@pytest.fixture
def provider(make):
    return make.organisation(OrganisationKind.EMPLOYABILITY_PROVIDER)


@pytest.fixture
def ruth(make, epao):
    return make.person(Role.ADMINISTRATOR, organisation=epao)


@pytest.fixture
def kept(make, provider, epao, ruth):
    return make.client_list(ruth, provider=provider, epao=epao, rows=ROWS)


def actions(session):
    return session.execute(
        select(AuditEntry.action, AuditEntry.details).order_by(AuditEntry.row)
    ).all()[-1]


def test_it_keeps_a_list_with_its_figures_and_writes_down_how_large_it_is(kept, session):
    session.expire_all()
    assert kept.clients == 40
    assert [one.reference for one in tables.read_kept(kept.content).clients][:2] == [
        *("C-000", "C-001"),
    ]
    assert kept.figures["indicators"][0]["value"] == "100"
    assert kept.answers is None
    action, details = actions(session)
    assert action == "client list stored"
    assert (details["clients"], details["answers"]) == (40, 0)
    assert "C-000" not in str(details)


def test_it_keeps_one_list_for_the_same_days(kept, make, provider, epao, ruth, at):
    reading = make.client_reading(ROWS)
    with pytest.raises(RuleBroken, match="There is a list for these days already"):
        services.keep(provider, epao, reading, actor=ruth, at=at)
    other = Period(PERIOD.starts_on, date(2026, 2, 28), PERIOD.assessed_on)
    reading = make.client_reading(ROWS, period=other)
    assert services.keep(provider, epao, reading, actor=ruth, at=at).id != kept.id


def test_the_same_seed_draws_the_same_sample_to_the_letter(kept, ruth, at, session):
    first = services.draw_sample(kept, 12, actor=ruth, at=at)
    again = services.draw_sample(kept, 12, actor=ruth, at=at, seed=first.seed)
    assert first.clients == again.clients
    assert [anonymous for anonymous, _, _ in first.clients][::11] == ["Client 1", "Client 12"]
    framework, _ = queries.newest_measures()
    listed = tables.read_kept(kept.content)
    report = report_of(framework, listed, None, kept.assessed_on, seed=first.seed, sample_size=12)
    assert [row[1:] for row in first.clients] == [
        [client.row, client.reference] for client in report.sample.clients
    ]
    assert actions(session)[1] == {"seed": first.seed, "size": 12}
    for size in (9, 16):
        with pytest.raises(RuleBroken, match="10 to 15 clients"):
            services.draw_sample(kept, size, actor=ruth, at=at)


def test_what_replaces_a_list_is_worked_out_anew_and_its_samples_go(kept, make, ruth, at, session):
    services.draw_sample(kept, 10, actor=ruth, at=at)
    services.set_population(kept, {"gender": {"woman": "51.2"}}, "Census", actor=ruth, at=at)
    services.replace(kept, make.client_reading(ROWS[:9], ["employer,4"]), actor=ruth, at=at)
    session.commit()
    session.expire_all()
    assert (kept.clients, kept.samples) == (9, [])
    assert kept.answers == {"employers": ["4"], "clients": []}
    assert kept.population == {"gender": {"woman": "51.2"}}
    later = Period(kept.starts_on, kept.ends_on, date(2025, 3, 1))
    services.replace(kept, receiving.read(later, None, None, kept), actor=ruth, at=at)
    session.expire_all()
    assert kept.clients == 9
    assert kept.answers == {"employers": ["4"], "clients": []}
    assert kept.figures["indicators"][0]["value"] == "0"
    assert actions(session)[0] == "client list replaced"


def test_a_removed_list_is_gone_and_the_log_says_what_it_was(kept, ruth, at, session):
    services.draw_sample(kept, 10, actor=ruth, at=at)
    services.remove(kept, actor=ruth, at=at)
    for model in (ClientRecords, ClientSample):
        assert session.scalar(select(func.count()).select_from(model)) == 0
    action, details = actions(session)
    assert (action, details["clients"], details["samples"]) == ("client list removed", 40, 1)


def test_shares_beyond_the_whole_or_without_a_source_are_refused(kept, ruth, at):
    with pytest.raises(RulesBroken) as caught:
        services.set_population(
            kept, {"gender": {"woman": "60", "man": "50"}}, "", actor=ruth, at=at
        )
    assert [one.field for one in caught.value.each] == [None, "source"]
    services.set_population(kept, {}, "", actor=ruth, at=at)


def test_days_and_rows_are_refused_before_anything_is_stored(make, session):
    turned = Period(PERIOD.ends_on, PERIOD.starts_on, PERIOD.assessed_on)
    with pytest.raises(RulesBroken):
        make.client_reading(ROWS, period=turned)
    with pytest.raises(ListRefused) as caught:
        make.client_reading(["C-1,soon,,,,,"], ["employer,6"])
    assert set(caught.value.faults) == {"clients", "answers"}
    assert session.scalar(select(func.count()).select_from(ClientRecords)) == 0


def test_who_reaches_a_list(kept, make, provider, epao):
    view = Permission.VIEW_CLIENT_DATA
    lead = make.person(Role.PROVIDER_QUALITY_LEAD, organisation=provider)
    auditor = make.person(Role.AUDITOR, organisation=epao)
    for person in (lead, auditor):
        assert queries.list_for(person, view, kept.id) is kept
    for person in (
        make.person(Role.PROVIDER_QUALITY_LEAD),
        make.person(Role.ADMINISTRATOR),
        make.person(Role.TRAINING_PROVIDER, organisation=provider),
    ):
        assert queries.list_for(person, view, kept.id) is None
    assert queries.list_for(auditor, Permission.MANAGE_CLIENT_DATA, kept.id) is None
    assert queries.kept_for(auditor, view) == [epao]
    assert epao in queries.kept_for(lead, view)

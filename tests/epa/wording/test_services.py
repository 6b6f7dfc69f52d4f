from datetime import timedelta

import pytest

from epa.errors import RuleBroken, RulesBroken
from epa.judgements.contents import content_digest
from epa.lifecycle.definitions import latest
from epa.people.rules import OrganisationKind, Role
from epa.wording import queries, services
from epa.wording.rules import Place

ROWS = b"code,method,grade,text\nK6,observation,pass,Official words.\n"


@pytest.fixture
def epao(make):
    return make.organisation(OrganisationKind.EPAO)


@pytest.fixture
def ruth(make, epao):
    return make.person(Role.ADMINISTRATOR, organisation=epao)


@pytest.fixture
def load(epao, ruth, at):
    def loaded(content=ROWS, name="Published, May 2022", later=0):
        when = at + timedelta(minutes=later)
        plan = latest("st0663")
        return services.load_pack(epao, plan, content, name=name, actor=ruth, at=when)

    return loaded


def test_the_newest_pack_that_is_not_ended_is_shown(load, epao, ruth, at):
    plan = latest("st0663")
    assert queries.shown_pack(epao.id, plan) is None
    first, second = load(), load(later=1)
    assert queries.shown_pack(epao.id, plan) is second
    services.end_pack(second, actor=ruth, at=at)
    assert queries.shown_pack(epao.id, plan) is first
    with pytest.raises(RuleBroken, match="ended already"):
        services.end_pack(second, actor=ruth, at=at)


def test_a_pack_with_a_wrong_row_is_not_kept(load):
    with pytest.raises(RulesBroken) as broken:
        load(ROWS + b"Z9,observation,pass,x\nK6,observation,pass,twice\n")
    assert [one.message.split(":")[0] for one in broken.value.each] == ["Row 3", "Row 4"]
    with pytest.raises(RuleBroken, match="what this pack is called"):
        load(name=" ")


def test_where_a_pack_has_no_text_our_own_is_shown(load):
    plan = latest("st0663")
    wording = queries.wording_of(plan, load())
    assert wording.texts[Place("K6", "observation", "pass")] == "Official words."
    own = plan.descriptor("observation", "K7").pass_wording
    assert wording.texts[Place("K7", "observation", "pass")] == own
    assert wording.official == {Place("K6", "observation", "pass")}
    assert wording.digest != queries.wording_of(plan, None).digest


def test_a_sheet_keeps_the_text_it_was_opened_with(make, load, epao):
    before = make.sheet(make.booked(assessment=make.assessment_in_epa(epao=epao)))
    pack = load()
    after = make.sheet(make.booked(assessment=make.assessment_in_epa(epao=epao)))
    assert (before.wording_pack, after.wording_pack) == (None, pack)
    assert before.wording_digest != after.wording_digest
    digest = content_digest(after)
    after.wording_digest = before.wording_digest
    assert content_digest(after) != digest  # what was shown is signed with the rest

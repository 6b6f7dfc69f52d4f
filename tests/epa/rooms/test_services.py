import pytest

from epa.errors import RuleBroken
from epa.people.rules import Permission, Role
from epa.rooms import queries, services


@pytest.fixture
def epao(make):
    return make.organisation()


@pytest.fixture
def admin(make, epao):
    return make.person(Role.ADMINISTRATOR, organisation=epao)


def fields(name="Room 2", **more):
    return services.RoomFields(**{"name": name, "address": "4 Quay Street", "capacity": 12, **more})


def test_it_adds_and_changes_a_room(session, epao, admin, at):
    room = services.add_room(epao, fields(), actor=admin, at=at)
    assert room.place == "4 Quay Street, Room 2"
    services.edit_room(room, fields(capacity=6, equipment=""), actor=admin, at=at)
    session.flush()
    assert (room.capacity, room.equipment) == (6, None)


def test_two_rooms_of_one_epao_have_two_names(make, session, epao, admin, at):
    services.add_room(epao, fields(), actor=admin, at=at)
    with pytest.raises(RuleBroken) as broken:
        services.add_room(epao, fields(), actor=admin, at=at)
    assert broken.value.field == "name"
    services.add_room(make.organisation(), fields(), actor=admin, at=at)


def test_a_room_out_of_use_is_offered_to_nobody_until_it_is_reopened(session, epao, admin, at):
    room = services.add_room(epao, fields(), actor=admin, at=at)
    services.retire_room(room, actor=admin, at=at)
    session.flush()
    assert queries.in_use(epao.id) == []
    services.reopen_room(room, actor=admin, at=at)
    session.flush()
    assert queries.in_use(epao.id) == [room]


def test_another_epaos_room_is_not_there(make, epao, at):
    room = make.room(make.organisation())
    admin = make.person(Role.ADMINISTRATOR, organisation=epao)
    assert queries.room_for(admin, Permission.MANAGE_ROOMS, room.id) is None

import pytest

from epa.people.rules import Role
from epa.rooms.queries import in_use

FILLED = {"name": "Room 2", "address": "4 Quay Street", "capacity": "12", "equipment": "Quiet"}


@pytest.fixture
def epao(make):
    return make.organisation()


@pytest.fixture
def admin(make, epao, sign_in_as):
    return sign_in_as(make.person(Role.ADMINISTRATOR, organisation=epao))


def test_a_room_is_added_changed_and_taken_out_of_use(epao, admin):
    assert "No room is known yet" in admin.get("/rooms").text
    admin.post("/rooms/new", FILLED, status=303)
    page = admin.get("/rooms")
    assert "Room 2 4 Quay Street 12 Quiet" in page.text
    [room] = in_use(epao.id)
    admin.post(f"/rooms/{room.id}", FILLED | {"capacity": "8"}, status=303)
    assert room.capacity == 8
    admin.post(f"/rooms/{room.id}/retire", status=303)
    assert "Out of use" in admin.get("/rooms").text
    admin.post(f"/rooms/{room.id}/reopen", status=303)
    assert "In use" in admin.get("/rooms").text


def test_it_keeps_what_was_typed_and_says_what_is_wrong(admin):
    admin.post("/rooms/new", FILLED, status=303)
    page = admin.post("/rooms/new", FILLED | {"address": ""}, status=422)
    assert page.errors["address"] == "Enter the address"
    assert page.html.find(id="name")["value"] == "Room 2"
    page = admin.post("/rooms/new", FILLED, status=422)
    assert page.errors["name"] == "Another room has this name already"
    admin.post("/rooms/new", FILLED | {"capacity": "0"}, status=422)

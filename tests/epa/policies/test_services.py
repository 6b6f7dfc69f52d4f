from datetime import date

from epa.people.rules import Role
from epa.policies.queries import booking_policy
from epa.settings import queries as settings_queries
from epa.settings.services import change

TODAY = date(2026, 6, 9)


def test_what_is_set_counts_in_place_of_the_policys_number(make, at):
    admin = make.person(Role.ADMINISTRATOR)
    assert booking_policy(TODAY).notice_days == 7
    new = {"notice_days": 28}
    change(new, seen=settings_queries.last_version(new), actor=admin, at=at)
    assert booking_policy(TODAY).notice_days == 28
    assert booking_policy(TODAY).hold_days == 5

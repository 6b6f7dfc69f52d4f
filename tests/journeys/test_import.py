"""An administrator imports a table of apprentices and invites them; then one takes a break."""

import pytest
from sqlalchemy import select

from epa.database import db
from epa.lifecycle.models import EndPointAssessment
from epa.people.rules import OrganisationKind, Role
from tests.journeys.people import Administrator

pytestmark = pytest.mark.browser

TABLE = """uln,given_names,family_name,date_of_birth,email,employer,learning_start
1000000019,Siân,O’Neill,2003-05-28,sian@example.org,Tidewell Housing,2025-03-04
1000000027,小龙,李,28/05/2001,,Tidewell Housing,04/03/2025
12,Nobody,Known,2001-05-28,,Tidewell Housing,2025-03-04
"""


def test_it_goes_from_a_table_to_invited_apprentices(server, visit, seeded, tmp_path):
    table = tmp_path / "learners.csv"
    table.write_text(TABLE, encoding="utf-8-sig")
    with seeded() as make:
        epao = make.organisation(OrganisationKind.EPAO, name="Calder Vale Assessment")
        ruth = make.person(
            Role.ADMINISTRATOR,
            organisation=epao,
            given="Ruth",
            family="Pemberton",
            email="ruth@caldervale.example",
        )
        make.credential(ruth)
    admin = visit(Administrator, "Ruth Pemberton", "ruth@caldervale.example")
    admin.sign_in()
    admin.open("/apprentices")
    admin.follow("Import a table")
    admin.page.set_input_files("#table", table)
    admin.press("Check the table")
    assert admin.sees("must be 10 figures, the first of them not 0")
    admin.press("Leave out 1 row and import 2")
    assert admin.sees("2 apprentices registered, 0 changed.")
    admin.follow("Invite those who are new")
    admin.press("Invite 1 person")
    assert admin.sees("1 invitation will be sent.")
    admin.open("/apprentices/employers-without-contact")
    assert admin.sees("Tidewell Housing")
    admin.open_record("李小龙")
    admin.follow("Change or correct something")
    admin.follow("Begin a break in learning")
    admin.write("Why", "Parental leave")
    admin.press("Begin the break")
    assert admin.sees("Days from")
    with server.app.app_context():
        stages = db.session.scalars(select(EndPointAssessment.stage)).all()
        assert sorted(stages) == ["on_programme", "paused"]

"""A gateway that is rejected, put right and accepted, with an adjustment asked for on the way."""

from datetime import date, time
from decimal import Decimal

import pytest

from epa.clock import london_instant
from epa.database import db
from epa.gateway import services as gateway
from epa.people.rules import OrganisationKind, Role
from tests.journeys import people
from tests.journeys.visitor import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

NINE = london_instant(date(2026, 6, 9), time(9))
PDF = b"%PDF-1.7\n%%EOF\n"
REASON = "The log ends in March. Send the months since, or the whole register."
NEED, WHY = "He tires quickly since an operation.", "It leaves what is assessed as it is."
CAST = {
    "administrator": (people.Administrator, Role.ADMINISTRATOR, "Ruth Calloway", {}),
    "panel": (people.Releaser, Role.INTERNAL_QUALITY_ASSURER, "Owen Achterberg", {}),
    "employer": (people.Employer, Role.EMPLOYER, "Elin Marsh", {"viewport": PHONE}),
    "training_provider": (people.Provider, Role.TRAINING_PROVIDER, "Tomás Reilly", {}),
    "apprentice": (people.Apprentice, Role.APPRENTICE, "Aled Bevan", {"viewport": PHONE}),
}


@pytest.fixture
def cast(visit, server, seeded):
    """Everybody with a browser; everything is supplied, the off-the-job training is short."""
    server.set_clock(NINE)
    found = {}
    with seeded() as make:
        epao = make.organisation(OrganisationKind.EPAO, name="Calder Vale Assessment")
        works = make.organisation(OrganisationKind.EMPLOYER, name="Tidewell Works")
        college = make.organisation(OrganisationKind.TRAINING_PROVIDER, name="Fellgate College")
        at = {Role.EMPLOYER: works, Role.TRAINING_PROVIDER: college}
        for key, (_, role, name, _) in CAST.items():
            given, family = name.split(" ", 1)
            found[key] = make.person(
                role,
                organisation=at.get(role, epao),
                given=given,
                family=family,
                email=f"{key}@example.org",
            )
            make.credential(found[key])
        case = make.assessment(
            epao=epao, employer=works, provider=college, apprentice=found["apprentice"]
        )
        review = make.supplied_review(case, found)
        short, row = {"percent": Decimal("18.4")}, make.requirement(review, "off_the_job")
        gateway.supply(row, short, actor=found["training_provider"], at=make.at)
        db.session.commit()
    return {
        key: visit(kind, name, f"{key}@example.org", **context)
        for key, (kind, _, name, context) in CAST.items()
    }


def test_a_gateway_is_rejected_put_right_and_accepted(cast):
    for one in cast.values():
        one.sign_in()
    reject_what_is_short(cast)
    ask_for_an_adjustment(cast["employer"])
    supply_again(cast["training_provider"])
    ruth = cast["administrator"]
    ruth.accept_everything(cast["apprentice"])
    assert ruth.sees("Every requirement was accepted, the last on 9 June 2026.")
    assert ruth.page.locator("main table").get_by_role("link").count() == 0
    decide_on_the_adjustment(cast["panel"])
    read_what_was_granted(cast)


def reject_what_is_short(cast):
    ruth, aled = cast["administrator"], cast["apprentice"]
    ruth.open_record("Aled Bevan")
    ruth.follow("The gateway, requirement by requirement")
    ruth.follow("Decide: Off-the-job training")
    assert ruth.sees("18.4% declared; 20% needed, 1.6% short")
    assert ruth.sees("It cannot be accepted yet")
    ruth.choose("Your decision", "Reject")
    ruth.write("If you reject it: why, and what would do?", REASON)
    ruth.press("Record the decision")
    aled.open_record("Aled Bevan")
    aled.follow("The gateway, requirement by requirement")
    for reader in (ruth, aled):
        assert reader.sees(f"Rejected: {REASON}")


def ask_for_an_adjustment(elin):
    elin.open_record("Aled Bevan")
    elin.follow("See the adjustments")
    elin.follow("Ask for an adjustment")
    elin.choose("Which methods is it about?", "Observation")
    elin.write("What would help?", "A break after each hour.")
    elin.write("Why is it needed?", NEED)
    elin.press("Send the request")
    elin.follow("Add evidence")
    elin.attach("Evidence", "Letter.pdf", PDF, "application/pdf")
    elin.press("Add the file")


def supply_again(tomas):
    tomas.open()
    tomas.follow("Supply again for the gateway: Aled Bevan")
    assert tomas.sees(REASON)
    tomas.follow("Supply: Off-the-job training")
    assert tomas.sees("Rejected before")
    tomas.write("Off-the-job training as a percentage", "21.4")
    tomas.attach("Record of the training given", "Register.pdf", PDF, "application/pdf")
    tomas.press("Supply it")


def decide_on_the_adjustment(owen):
    owen.open()
    owen.follow("Decide on an adjustment: Aled Bevan")
    assert owen.sees(NEED)
    owen.choose("Your decision", "Grant what is entered below")
    owen.write("Rest breaks, minutes in all", "30")
    owen.write("Why do you decide so?", WHY)
    owen.press("Record the decision")
    owen.follow("Requests for adjustments")
    assert owen.sees("Nothing waits for a decision.")


def read_what_was_granted(cast):
    for reader in (cast["apprentice"], cast["employer"], cast["administrator"]):
        is_own = reader is cast["apprentice"]
        reader.open_record("Aled Bevan")
        reader.follow("See your adjustments" if is_own else "See the adjustments")
        assert reader.sees("Rest breaks of up to 30 min in all, off the clock.")
        assert reader.sees(WHY) == is_own
        assert NEED not in reader.text

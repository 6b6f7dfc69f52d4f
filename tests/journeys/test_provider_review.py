"""A provider's review: self-assessment, assessment, moderation, a disputed fact, the certificate."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from epa.clock import london_date, utc_now
from epa.database import db
from epa.people.rules import OrganisationKind, Role
from epa.reviews import queries
from epa.reviews.models import ProviderReview
from epa.reviews.rules import Side
from frameworks import load_quality_framework
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

PEOPLE = {
    "office": ("Ruth", "Pemberton", Role.ADMINISTRATOR),
    "quality": ("Wren", "Castle", Role.PROVIDER_QUALITY_LEAD),
    "lead": ("Oluwaseun", "Bright", Role.PROVIDER_QUALITY_ASSESSOR),
    "second": ("Mair", "Pugh", Role.PROVIDER_QUALITY_ASSESSOR),
    "moderator": ("Dev", "Lund", Role.REVIEW_MODERATOR),
}
SECTION = "2.1"
SEQF = load_quality_framework("seqf")


def in_days(number):
    return london_date(utc_now()) + timedelta(days=number)


def titled(code):
    return f"{code} {SEQF.criterion(code).title}"


@pytest.fixture
def people(visit, seeded):
    with seeded() as make:
        epao = make.organisation(OrganisationKind.EPAO, name="Calder Vale Assessment")
        provider = make.organisation(
            OrganisationKind.EMPLOYABILITY_PROVIDER, name="Fellgate Supported Employment"
        )
        for key, (given, family, role) in PEOPLE.items():
            at = provider if role is Role.PROVIDER_QUALITY_LEAD else epao
            row = make.person(
                role, organisation=at, given=given, family=family, email=f"{key}@caldervale.example"
            )
            make.credential(row)
        db.session.commit()
    return {
        key: visit(Visitor, f"{given} {family}", f"{key}@caldervale.example")
        for key, (given, family, _role) in PEOPLE.items()
    }


def rate_the_rest(server, seeded, side, email):
    """Everything but the section that is rated in the browser."""
    with seeded() as make:
        review = db.session.query(ProviderReview).one()
        actor = next(
            one
            for one in (review.lead_contact, *(held.person for held in review.assessors))
            if one.email == email
        )
        but = queries.codes_in(review, SECTION)
        make.rate_all(review, side, actor, but=but)


def open_page(visitor, page):
    visitor.open("/reviews")
    visitor.follow("Fellgate Supported Employment", within="main")
    visitor.follow(page, within=".side")


def rate_section(visitor, page, level, button):
    open_page(visitor, page)
    visitor.follow(f"{SECTION} Business results")
    visitor.follow("Rate this section")
    for box in visitor.page.locator(f"input[type=radio][value={level}]").all():
        box.check()
    visitor.press(button)


def open_and_staff(office):
    office.sign_in()
    office.follow("Reviews", within="nav")
    office.follow("Open a review")
    office.select("Who leads the self-assessment?", "Wren Castle, Fellgate Supported Employment")
    office.select(
        "Framework",
        "Supported Employment Quality Framework: model fidelity, version 2024.1",
    )
    office.write("Service that is reviewed", "Supported employment in Fellgate")
    office.press("Open the review")
    office.follow("Fellgate Supported Employment", within="main")
    office.follow("People of the review")
    office.select("Who leads the assessment?", "Oluwaseun Bright")
    office.select("Who assesses with them? (2 of 2)", "Mair Pugh")
    office.select("Who moderates?", "Dev Lund")
    office.press("Name them")
    office.follow("Days of the assessment")
    office.date("First day of the assessment", in_days(14))
    office.date("Last day of the assessment", in_days(15))
    office.press("Set the days")


def assess_itself(quality):
    quality.sign_in()
    quality.follow("Self-assessment: Fellgate Supported Employment")
    quality.follow("Share out some work")
    quality.select("Section", "2.1 Business results")
    quality.write("What is to be done", "Gather the last three annual reports")
    quality.select("Who sees to it?", "Wren Castle")
    quality.press("Share it out")
    rate_section(quality, "Self-assessment", "substantial", "Keep what you said")
    quality.follow(f"{SECTION} Business results")
    quality.follow("Add evidence for 2.1.1")
    quality.write("What it shows", "Annual report")
    quality.write("Or a link", "https://www.example.org/report")
    quality.press("Add it")


def hand_in_self(quality):
    open_page(quality, "Timetable")
    quality.press("Begin with the standard blocks")
    quality.press("The timetable stands")
    open_page(quality, "Self-assessment")
    quality.follow("Hand it in")
    quality.tick("People from all over the service took part, and this is what we found together")
    quality.press("Hand it in")
    assert quality.sees("The self-assessment is handed in.")


def assess(second):
    second.sign_in()
    rate_section(second, "External assessment", "some", "Keep what you found")
    assert second.sees("1 step lower")


def hear_and_tell(lead):
    lead.sign_in()
    for kind in ("Jobseekers and employees", "Employers"):
        for number in "123":
            open_page(lead, "External assessment")
            lead.follow("Note an interview")
            lead.choose("Who was heard?", kind)
            lead.write("Reference", f"{kind[0]}-{number}")
            lead.date("When", in_days(0))
            lead.write("What was said", "They knew what to expect.")
            lead.press("Note it")
    for which in ("Feedback after day 1", "Feedback after day 2"):
        open_page(lead, "Feedback")
        lead.follow("Give feedback")
        lead.choose("Which feedback is it?", which)
        lead.write("What the provider is told", "Strong matching; figures are not used enough.")
        lead.press("Give the feedback")


def challenge_and_answer(quality, lead):
    open_page(quality, "Feedback")
    quality.follow("Challenge a finding")
    quality.select("About which criterion?", titled("2.1.1"))
    quality.write("What is not right?", "The goals are in the annual report.")
    quality.press("Challenge it")
    lead.open()
    lead.follow("Answer an objection")
    lead.choose("Is the objection right?", "No")
    lead.write("Your answer", "The report has goals, and nobody looked at them again.")
    lead.press("Give the answer")


def write_report(lead):
    open_page(lead, "Report")
    lead.follow("Background, overall impression, recipients")
    lead.write("Background", "A team of nine in two towns.")
    lead.write("Overall impression", "People are heard, and employers come back.")
    lead.write("Who receives the report", "Fellgate Supported Employment")
    lead.press("Keep the words")
    lead.follow("Good practice and improvement: 2.1 Business results")
    lead.write("To improve (2.1.1)", "Look at the goals each quarter.")
    lead.press("Keep the notes")
    lead.press("Hand it in")


def give_back_and_accept(moderator, lead):
    moderator.sign_in()
    moderator.follow("Moderate: Fellgate Supported Employment")
    moderator.follow("Mark a criterion")
    moderator.select("Which criterion do you return?", titled("2.1.2"))
    moderator.write("Why?", "What was found bears out the higher level.")
    moderator.press("Mark it")
    moderator.press("Return the marked criteria")

    open_page(lead, "External assessment")
    lead.follow("Settle it")
    lead.choose("Rating", "Substantial and consistent evidence")
    lead.write("Your answer", "Agreed; the files show it throughout.")
    lead.press("Settle it")
    open_page(lead, "Report")
    lead.press("Hand it in")
    moderator.open()
    moderator.follow("Moderate: Fellgate Supported Employment")
    assert moderator.sees("Agreed; the files show it throughout.")
    moderator.press("Accept the report")


def send_and_put_right(lead, quality):
    lead.open()
    lead.follow("Send the report: Fellgate Supported Employment")
    lead.press("Send the report")

    quality.open()
    quality.follow("Factual inaccuracies: Fellgate Supported Employment")
    quality.follow("Name an inaccuracy")
    quality.select("About which criterion?", "Another part of the report")
    quality.write("What is not right?", "We are a team of eleven.")
    quality.press("Send it")
    quality.press("Nothing more is wrong")
    lead.open()
    lead.follow("Answer an objection")
    lead.choose("Is the objection right?", "Yes")
    lead.write("Your answer", "Put right.")
    lead.press("Give the answer")
    lead.follow("Background, overall impression, recipients")
    lead.write("Background", "A team of eleven in two towns.")
    lead.press("Keep the words")
    lead.press("Make it final")


def certify_and_plan(office, quality):
    office.open()
    office.follow("Issue the certificate")
    office.press("Issue the certificate")

    quality.open()
    quality.follow("Action plan: Fellgate Supported Employment")
    quality.follow("Plan an action")
    quality.select("What is it for?", titled("2.1.1"))
    quality.write("What will be done?", "A look at the goals each quarter.")
    quality.write("Who sees to it?", "Service manager")
    quality.date("By when?", in_days(90))
    quality.press("Plan it")
    quality.press("Hand the plan in")


def take_away(quality):
    open_page(quality, "Report")
    with quality.page.expect_download() as saved:
        quality.page.get_by_role("link", name="Download the certificate (PDF)").click()
    text = " ".join(
        page.extract_text() for page in PdfReader(io.BytesIO(saved.value.path().read_bytes())).pages
    )
    assert "Fellgate Supported Employment" in text
    assert "Excellent" in text
    assert "indicative" in text
    with quality.page.expect_download() as saved:
        quality.page.get_by_role("link", name="download it (PDF)").click()
    report = PdfReader(io.BytesIO(saved.value.path().read_bytes()))
    assert "A team of eleven in two towns." in " ".join(one.extract_text() for one in report.pages)


def test_a_provider_is_reviewed_from_opening_to_certificate(people, server, seeded):
    office, quality, lead, second, moderator = people.values()
    open_and_staff(office)
    assess_itself(quality)
    rate_the_rest(server, seeded, Side.PROVIDER, quality.email)
    hand_in_self(quality)
    assess(second)
    rate_the_rest(server, seeded, Side.ASSESSORS, lead.email)
    hear_and_tell(lead)
    challenge_and_answer(quality, lead)
    write_report(lead)
    give_back_and_accept(moderator, lead)
    send_and_put_right(lead, quality)
    certify_and_plan(office, quality)
    take_away(quality)

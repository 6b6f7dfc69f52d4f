from epa.people.rules import Role


def test_it_says_that_nothing_waits(make, sign_in_as):
    page = sign_in_as(make.person(Role.ITEM_AUTHOR)).get("/")
    assert "No one needs you today" in page.text


def test_it_lists_what_waits_with_days_left(make, sign_in_as):
    row = make.assessment_in_epa()
    ruth = make.person(Role.ADMINISTRATOR, organisation=row.epao)
    page = sign_in_as(ruth).get("/")
    assert f"Book the observation: {row.apprenticeship.person.name}" in page.text
    assert "92 days left" in page.text
    assert page.link("Allocate") == f"/attempts/{make.attempt(row, 'knowledge_test').id}/booking"


def test_it_counts_only_what_the_reader_may_see(make, sign_in_as):
    mine, _other = make.assessment_in_epa(), make.assessment_in_epa()
    make.assessment(epao=mine.epao)
    ruth = make.person(Role.ADMINISTRATOR, organisation=mine.epao)
    page = sign_in_as(ruth).get("/")
    assert "In the EPA period 1" in page.text
    assert "On programme 1" in page.text


def test_it_asks_everybody_else_to_sign_in(browser):
    assert browser.get("/", status=302).location.endswith("/sign-in?next=/")

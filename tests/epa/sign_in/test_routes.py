import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from config import ProductionConfig, TestConfig
from epa.app import create_app
from epa.database import db, unit_of_work
from epa.outbox.models import Mail
from epa.people.rules import Role
from epa.sign_in import services
from epa.sign_in.models import Credential, CredentialAttempt, OneTimeLink, SignInSession
from epa.sign_in.rules import LIMITS, Door
from tests.factories import Make
from tests.factories.people import PASSWORD
from tests.once import make_tables
from tests.page import Browser

KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NEW = "seven quiet harbours"
WRONG = {"email": "nobody@example.org", "password": "not the right one"}


@pytest.fixture
def employer(make):
    person = make.person(Role.EMPLOYER, given="Ada", family="Okafor")
    make.credential(person)
    return person


@pytest.fixture
def auditor(make):
    person = make.person(Role.AUDITOR)
    make.credential(person, totp=KEY)
    return person


@pytest.fixture
def totp_required(app, monkeypatch):
    monkeypatch.setitem(app.config, "REQUIRE_TOTP", True)


def enter(browser, person, password=PASSWORD, status=303, path="/sign-in"):
    return browser.post(path, {"email": person.email, "password": password}, status)


def token_in(session):
    session.expire_all()
    mail = session.scalars(select(Mail).order_by(Mail.written_at.desc())).first()
    return mail.one_time_link.rsplit("/", 1)[1]


class TestEnter:
    def test_it_lets_in_and_goes_where_one_wanted(self, browser, employer):
        page = enter(browser, employer, path="/sign-in?next=/account")
        assert page.location == "/account"
        assert "Ada Okafor" in browser.get("/account").text

    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "javascript:alert(1)",
            "/%09/evil.example",
            "/\t/evil.example",
            "http:evil.example",
            "",
        ],
    )
    def test_it_leads_nobody_to_another_site(self, browser, employer, target):
        data = {"email": employer.email, "password": PASSWORD}
        response = browser.client.post("/sign-in", query_string={"next": target}, data=data)
        assert response.status_code == 303
        assert re.fullmatch(r"/(%09/evil\.example)?", response.headers["Location"])

    def test_it_answers_the_same_for_a_wrong_password_and_an_unknown_address(
        self, browser, employer
    ):
        known = enter(browser, employer, "not the right one", 422)
        unknown = browser.post("/sign-in", WRONG, 422)
        same = known.response.get_data(as_text=True).replace(employer.email, WRONG["email"])
        assert same == unknown.response.get_data(as_text=True)

    def test_it_keeps_the_address_and_never_the_password(self, browser):
        page = browser.post("/sign-in", WRONG, 422)
        assert page.html.find(id="email")["value"] == WRONG["email"]
        assert not page.html.find(id="password")["value"]

    def test_it_clears_whatever_was_in_the_cookie_before(self, app, browser, employer):
        with browser.client.session_transaction() as cookie:
            cookie["planted"] = "by somebody else"
            cookie["_user_id"] = "a token that the attacker knows"
        enter(browser, employer)
        with browser.client.session_transaction() as cookie:
            assert "planted" not in cookie
            assert cookie["_user_id"] != "a token that the attacker knows"

    def test_it_gives_another_token_at_every_sign_in(self, app, browser, employer):
        tokens = set()
        for _ in range(2):
            enter(browser, employer)
            with browser.client.session_transaction() as cookie:
                tokens.add(cookie["_user_id"])
        assert len(tokens) == 2

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"email": "no address", "password": "x"},
            {"email": "a\0@example.org", "password": "nul\0"},
            {"email": "a@example.org", "password": "x" * 5000},
            {"email": "a" * 5000 + "@example.org", "password": PASSWORD},
        ],
    )
    def test_it_says_what_to_put_right(self, browser, data):
        assert browser.post("/sign-in", data, 422).errors

    def test_it_counts_refused_tries_although_they_are_refused(self, browser, employer, session):
        for _ in range(3):
            enter(browser, employer, "not the right one", 422)
        assert len(session.scalars(select(CredentialAttempt.id)).all()) == 2 * 3

    def test_it_shuts_after_too_many_tries_and_says_when_it_opens(self, browser, employer, frozen):
        for _ in range(LIMITS[Door.SIGN_IN].account.most):
            enter(browser, employer, "not the right one", 422)
        page = enter(browser, employer, status=429)
        assert "Try again after 10:45" in page.text
        assert page.response.headers["Retry-After"] == str(15 * 60)
        frozen.shift(timedelta(minutes=15))
        enter(browser, employer)

    def test_it_shuts_for_unknown_addresses_just_the_same(self, browser):
        for _ in range(LIMITS[Door.SIGN_IN].account.most):
            browser.post("/sign-in", WRONG, 422)
        browser.post("/sign-in", WRONG, 429)

    def test_it_opens_the_next_page_only_after_sign_in(self, browser, employer):
        page = browser.get("/account", 302)
        assert page.location == "/sign-in?next=/account"


@pytest.mark.usefixtures("totp_required")
class TestSecondFactor:
    def test_it_serves_nothing_between_the_factors(self, browser, auditor):
        assert enter(browser, auditor).location == "/sign-in/second-factor"
        assert browser.get("/account", 302).location.startswith("/sign-in")
        browser.post("/account/password", {}, 401)
        assert auditor.name not in browser.get("/sign-in/second-factor").text

    def test_it_lets_in_with_the_code(self, browser, auditor, at):
        enter(browser, auditor, path="/sign-in?next=/account")
        code = pyotp.TOTP(KEY).at(at)
        page = browser.post("/sign-in/second-factor", {"code": f"{code[:3]} {code[3:]}"}, 303)
        assert page.location == "/account"
        browser.get("/account")

    def test_it_takes_a_code_once(self, app, browser, auditor, at):
        code = {"code": pyotp.TOTP(KEY).at(at)}
        enter(browser, auditor)
        browser.post("/sign-in/second-factor", code, 303)
        thief = Browser(app.test_client())
        enter(thief, auditor)
        page = thief.post("/sign-in/second-factor", code, 422)
        assert "was used already" in page.text

    def test_it_gives_a_cookie_that_the_one_between_the_factors_does_not_open(
        self, app, browser, auditor, at
    ):
        enter(browser, auditor)
        with browser.client.session_transaction() as cookie:
            between = cookie["waiting"]
        browser.post("/sign-in/second-factor", {"code": pyotp.TOTP(KEY).at(at)}, 303)
        thief = Browser(app.test_client())
        with thief.client.session_transaction() as cookie:
            cookie["_user_id"] = cookie["waiting"] = between
        thief.get("/account", 302)
        assert thief.get("/sign-in/second-factor", 303).location == "/sign-in"

    def test_it_shuts_after_five_wrong_codes(self, app, browser, auditor, at):
        enter(browser, auditor)
        for _ in range(LIMITS[Door.SECOND_FACTOR].account.most):
            browser.post("/sign-in/second-factor", {"code": "000000"}, 422)
        elsewhere = Browser(app.test_client())
        enter(elsewhere, auditor)
        code = {"code": pyotp.TOTP(KEY).at(at)}
        assert "Try again after" in elsewhere.post("/sign-in/second-factor", code, 429).text

    def test_it_waits_ten_minutes_at_most(self, browser, auditor, frozen, at):
        enter(browser, auditor)
        frozen.shift(timedelta(minutes=11))
        code = pyotp.TOTP(KEY).at(at + timedelta(minutes=11))
        page = browser.post("/sign-in/second-factor", {"code": code}, 303)
        assert page.location == "/sign-in"

    def test_it_sets_the_app_up_at_the_first_sign_in(self, browser, make, session, at):
        person = make.person(Role.MARKER)
        make.credential(person)
        enter(browser, person)
        assert browser.get("/sign-in/second-factor", 303).location == "/sign-in/enrol"
        page = browser.get("/sign-in/enrol")
        key = page.html.select_one("strong.code").get_text().replace(" ", "")
        assert page.html.select_one("[role=img] svg path")
        assert (
            browser.get("/sign-in/enrol").html.select_one("strong.code").get_text().replace(" ", "")
            == key
        )
        browser.post("/sign-in/enrol", {"code": "000000"}, 422)
        browser.post("/sign-in/enrol", {"code": pyotp.TOTP(key).at(at)}, 303)
        browser.get("/account")
        session.expire_all()
        assert session.get(Credential, person.id).totp_confirmed_at == at

    def test_it_never_shows_the_key_again_once_the_app_is_set_up(self, browser, auditor):
        enter(browser, auditor)
        assert browser.get("/sign-in/enrol", 303).location == "/sign-in/second-factor"

    def test_it_asks_nothing_more_of_an_employer(self, browser, employer):
        enter(browser, employer)
        browser.get("/account")

    def test_it_starts_again_for_whoever_has_not_shown_a_password(self, browser):
        for path in ("/sign-in/second-factor", "/sign-in/enrol"):
            assert browser.get(path, 303).location == "/sign-in"


class TestSessions:
    def test_signing_out_ends_the_session_in_the_database(self, app, browser, employer):
        enter(browser, employer)
        with browser.client.session_transaction() as cookie:
            stolen = cookie["_user_id"]
        browser.post("/sign-out", status=303)
        thief = Browser(app.test_client())
        with thief.client.session_transaction() as cookie:
            cookie["_user_id"] = stolen
        thief.get("/account", 302)

    def test_signing_out_twice_is_no_fault(self, browser):
        browser.post("/sign-out", status=303)

    def test_nobody_is_signed_out_by_a_link(self, sign_in_as, employer):
        browser = sign_in_as(employer)
        browser.get("/sign-out", 405)
        browser.get("/account")

    def test_somebody_disabled_is_out_at_the_next_request(self, sign_in_as, employer, at, session):
        browser = sign_in_as(employer)
        browser.get("/account")
        employer.disabled_at = at
        session.commit()
        browser.get("/account", 302)

    def test_changing_the_password_signs_the_others_out(self, sign_in_as, employer):
        here, there = sign_in_as(employer), sign_in_as(employer)
        data = {"password": PASSWORD, "new_password": NEW}
        assert here.post("/account/password", data, 303).location == "/account"
        here.get("/account")
        there.get("/account", 302)

    def test_a_stolen_session_cannot_change_the_password(self, sign_in_as, employer):
        browser = sign_in_as(employer)
        data = {"password": "a guess of mine", "new_password": NEW}
        for _ in range(LIMITS[Door.SIGN_IN].account.most):
            assert "is not right" in browser.post("/account/password", data, 422).text
        browser.post("/account/password", data | {"password": PASSWORD}, 429)

    @pytest.mark.parametrize("new", ["", "short", PASSWORD, "Password2026!"])
    def test_a_new_password_must_be_good_and_another(self, sign_in_as, employer, new):
        page = sign_in_as(employer).post(
            "/account/password", {"password": PASSWORD, "new_password": new}, 422
        )
        assert "new_password" in page.errors

    def test_the_others_can_be_signed_out_alone(self, sign_in_as, employer):
        here, there = sign_in_as(employer), sign_in_as(employer)
        assert len(here.get("/account").html.select("tbody tr")) == 2
        here.post("/account/sessions/end", status=303)
        there.get("/account", 302)
        assert len(here.get("/account").html.select("tbody tr")) == 1

    def test_last_seen_is_written_every_few_minutes_and_not_on_every_page(
        self, sign_in_as, employer, session, frozen, at
    ):
        browser = sign_in_as(employer)
        row = session.scalar(select(SignInSession))
        for minutes, seen in ((4, 0), (2, 6), (1, 6), (5, 12)):
            frozen.shift(timedelta(minutes=minutes))
            browser.get("/account")
            session.refresh(row)
            assert row.last_seen_at == at + timedelta(minutes=seen)

    def test_an_idle_session_ends_and_a_used_one_lives_until_twelve_hours(
        self, sign_in_as, employer, frozen
    ):
        browser, idle = sign_in_as(employer), sign_in_as(employer)
        for _ in range(7):
            frozen.shift(timedelta(minutes=100))
            browser.get("/account")
        idle.get("/account", 302)
        frozen.shift(timedelta(minutes=20))
        browser.get("/account", 302)


class TestLinks:
    def test_asking_answers_the_same_for_known_and_unknown(self, app, employer):
        pages = []
        for email in (employer.email, "nobody@example.org"):
            browser = Browser(app.test_client())
            browser.post("/sign-in/forgotten", {"email": email}, 303)
            pages.append(browser.get("/sign-in").response.get_data())
        assert pages[0] == pages[1]
        assert b"is on its way" in pages[0]

    def test_asking_too_often_is_refused_for_known_and_unknown(self, browser, employer):
        for email in (employer.email, "nobody@example.org"):
            for _ in range(LIMITS[Door.FORGOTTEN].account.most):
                browser.post("/sign-in/forgotten", {"email": email}, 303)
            browser.post("/sign-in/forgotten", {"email": email}, 429)

    def test_looking_at_a_link_uses_nothing_up(self, browser, employer, session, at):
        services.ask_reset(employer.email, at=at)
        session.commit()
        path = f"/sign-in/links/{token_in(session)}"
        for _ in range(3):
            assert employer.email in browser.get(path).text
        session.expire_all()
        assert session.scalar(select(OneTimeLink.used_at)) is None
        browser.post(path, {"password": NEW}, 303)
        assert enter(browser, employer, NEW)
        browser.get(path, 404)
        browser.post(path, {"password": "another good phrase"}, 422)

    def test_a_weak_password_is_refused_and_the_link_stays_good(
        self, browser, employer, session, at
    ):
        services.ask_reset(employer.email, at=at)
        session.commit()
        path = f"/sign-in/links/{token_in(session)}"
        assert "password" in browser.post(path, {"password": "short"}, 422).errors
        browser.post(path, {"password": NEW}, 303)

    @pytest.mark.parametrize("token", ["x", "a" * 2000, "%00", "%ff", "\uff58", "..%2f"])
    def test_a_made_up_link_says_that_it_no_longer_works(self, browser, token):
        browser.get(f"/sign-in/links/{token}", 404)

    def test_made_up_links_are_counted_by_their_source(self, browser):
        for number in range(LIMITS[Door.LINK].source.most):
            browser.post(f"/sign-in/links/guess{number}", {"password": NEW}, 422)
        browser.post("/sign-in/links/guess", {"password": NEW}, 429)

    def test_a_link_does_not_open_for_somebody_disabled(self, browser, employer, session, at):
        services.ask_reset(employer.email, at=at)
        employer.disabled_at = at
        session.commit()
        browser.get(f"/sign-in/links/{token_in(session)}", 404)

    def test_a_reset_takes_no_second_factor_off(self, browser, auditor, session, at):
        services.ask_reset(auditor.email, at=at)
        session.commit()
        browser.post(f"/sign-in/links/{token_in(session)}", {"password": NEW}, 303)
        assert enter(browser, auditor, NEW).location == "/sign-in/second-factor"


HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-",
}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sign-in", 200),
        ("/account", 302),
        ("/sign-in/links/x", 404),
        ("/nowhere", 404),
        ("/sign-out", 405),
        ("/people/00000000-0000-0000-0000-000000000000", 302),
    ],
)
def test_every_answer_carries_the_headers(browser, path, status):
    headers = browser.get(path, status).response.headers
    for name, part in HEADERS.items():
        assert part in headers[name]
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_pages_of_somebody_signed_in_are_not_stored(sign_in_as, employer):
    browser = sign_in_as(employer)
    for path, status in (("/account", 200), ("/people", 403), ("/nowhere", 404)):
        assert browser.get(path, status).response.headers["Cache-Control"] == "no-store"


@pytest.fixture
def other_app(tmp_path, own_process):
    """An application of its own, with settings that the shared one does not have."""
    made = []

    def application(kind=TestConfig, **environ):
        keys = {"SECRET_KEY": "s" * 64, "AUDIT_KEY": "a" * 64, "PLUMBLINE_DATA": str(tmp_path)}
        app = create_app(kind(keys | environ))
        made.append(app)
        with app.app_context():
            make_tables(db.engine)
        return app

    yield application
    for app in made:
        with app.app_context():
            db.engine.dispose()


def test_it_refuses_a_form_without_its_token(other_app):
    client = other_app().test_client()
    paths = ("/sign-in", "/sign-out", "/sign-in/forgotten", "/sign-in/links/x", "/account/password")
    for path in paths:
        assert client.post(path, data=WRONG).status_code == 400
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/sign-in").text)[1]
    assert client.post("/sign-in", data=WRONG | {"csrf_token": token}).status_code == 422


def test_it_keeps_steps_and_sees_them_from_another_process(other_app, at):
    """What one worker counts, another with its own connection refuses."""
    one, other = other_app(), other_app()
    with one.app_context(), unit_of_work():
        person = Make(at).person(Role.EMPLOYER)
        Make(at).credential(person)
        email = person.email
    for app in (one, other):
        app.config["WTF_CSRF_ENABLED"] = False
    wrong = {"email": email, "password": "not the right one"}
    for number in range(LIMITS[Door.SIGN_IN].account.most):
        client = (one, other)[number % 2].test_client()
        assert client.post("/sign-in", data=wrong).status_code == 422
    for app in (one, other):
        data = {"email": email, "password": PASSWORD}
        assert app.test_client().post("/sign-in", data=data).status_code == 429


def test_it_refuses_a_host_that_is_not_ours(other_app):
    environ = {"PUBLIC_URL": "https://epa.example.org"}
    client = other_app(ProductionConfig, **environ).test_client()
    assert client.get("/sign-in", base_url="https://epa.example.org").status_code == 200
    for host in (
        "https://evil.example",
        "https://127.0.0.1",
        "https://epa.example.org.evil.example",
    ):
        response = client.get("/sign-in", base_url=host)
        assert response.status_code == 400
        assert "evil" not in response.text


def test_it_hardens_the_cookie_where_the_address_is_https(other_app):
    client = other_app(PUBLIC_URL="https://epa.example.org").test_client()
    response = client.get("/sign-in", base_url="https://epa.example.org")
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-plumbline=")
    for flag in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert flag in cookie
    assert "Domain" not in cookie
    assert "max-age=31536000" in response.headers["Strict-Transport-Security"]

"""The doors: sign in, second factor, forgotten, one-time links, and one's own account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import segno
from flask import (
    Blueprint,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from epa.clock import utc_now
from epa.errors import RuleBroken, TooManyTries
from epa.people.models import Person
from epa.people.names import email_key
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.sign_in import forms, queries, second_factor, services
from epa.sign_in.doors import Try, tried
from epa.sign_in.models import LinkPurpose, SignInSession
from epa.sign_in.rules import LINK_PATH, Door, token_hash
from epa.web.access import access, public, safe_next
from epa.web.transaction import writes, writes_in_steps

bp = Blueprint("sign_in", __name__)

_HOME: Final = "/"
_WAITING: Final = "waiting"  # the cookie's names: the token between the factors, where to go on to
_NEXT: Final = "next"
_WRONG: Final = "The email address or the password is not right"
_WRONG_CODE: Final = "The code is not right, or was used already. Wait for the next one"
_SENT: Final = (
    "If somebody here has this email address, a link to set a new password is on its way."
)
Found = TypeVar("Found")
Answer = TypeVar("Answer")


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@writes_in_steps
def enter() -> ResponseReturnValue:
    """Sign in with address and password."""
    form = forms.SignInForm()
    if form.validate_on_submit():
        email, password, at = form.email.data, form.password.data, utc_now()
        begun = _knock(
            form,
            Try(Door.SIGN_IN, email_key(email), at, lambda: queries.person_by_email(email)),
            lambda: services.verified(email, password),
            lambda person: services.begin(
                person, password, at=at, requires_totp=current_app.config["REQUIRE_TOTP"]
            ),
            refusal=_WRONG,
        )
        if begun:
            return _let_in_or_on(*begun)
    return _page("enter", form)


def _let_in_or_on(token: str, is_complete: bool) -> ResponseReturnValue:  # noqa: FBT001 (what services.begin gave)
    next_page = safe_next(request.args.get("next"), _HOME)
    if is_complete:
        return _let_in(token, next_page)
    cookie.clear()
    cookie[_WAITING], cookie[_NEXT] = token, next_page
    return redirect(url_for("sign_in.second_factor"), 303)


def _let_in(token: str, next_page: str) -> ResponseReturnValue:
    cookie.clear()  # nothing that was in the cookie before is believed afterwards
    cookie["_user_id"], cookie["_fresh"] = token, True
    return redirect(safe_next(next_page, _HOME), 303)


@bp.route("/sign-in/second-factor", methods=["GET", "POST"], endpoint="second_factor")
@public
@writes_in_steps
def second_factor_code() -> ResponseReturnValue:
    """Give the code from the app."""
    waiting = _waiting()
    if waiting is None:
        return redirect(url_for("sign_in.enter"), 303)
    if not _is_enrolled(waiting.person):
        return redirect(url_for("sign_in.enrol"), 303)
    form = forms.CodeForm()
    return _code_taken(form, waiting) or _page("second_factor", form)


@bp.route("/sign-in/enrol", methods=["GET", "POST"])
@public
@writes_in_steps
def enrol() -> ResponseReturnValue:
    """Set up the app that gives the codes, at the first sign-in."""
    waiting = _waiting()
    if waiting is None or _is_enrolled(waiting.person):
        return redirect(url_for("sign_in.second_factor" if waiting else "sign_in.enter"), 303)
    form = forms.CodeForm()
    return _code_taken(form, waiting) or _page("enrol", form, **_app_setup(waiting.person))


def _waiting() -> SignInSession | None:
    token = cookie.get(_WAITING)
    return queries.waiting_session_for(token, utc_now()) if token else None


def _is_enrolled(person: Person) -> bool:
    credential = queries.credential_of(person)
    return credential is not None and credential.totp_confirmed_at is not None


def _code_taken(form: forms.CodeForm, waiting: SignInSession) -> ResponseReturnValue | None:
    if not form.validate_on_submit():
        return None
    person, at = waiting.person, utc_now()
    token = _knock(
        form,
        Try(Door.SECOND_FACTOR, str(person.id), at, lambda: person),
        lambda: waiting,
        lambda session: services.complete(session, form.code.data, at=at),
        refusal=_WRONG_CODE,
    )
    return _let_in(token, cookie.get(_NEXT, _HOME)) if token else None


def _app_setup(person: Person) -> dict[str, Any]:
    credential = queries.credential_of(person)
    key = second_factor.key_of(credential) if credential else None
    if key is None:
        return {"picture": None, "key": None}
    address = second_factor.address_of(key, person, current_app.config["PRODUCT"])
    picture = segno.make(address, error="m").svg_inline(scale=5, border=4, light="#ffffff")
    groups = " ".join(key[start : start + 4] for start in range(0, len(key), 4))
    return {"picture": Markup(picture), "key": groups}  # noqa: S704 (drawn by segno, no text in it)


@bp.route("/sign-out", methods=["POST"])
@public
@writes
def leave() -> ResponseReturnValue:
    """Sign out: the session ends in the database, not only in the browser."""
    if current_user.is_authenticated:
        services.end_session(current_user.session, at=utc_now())
    cookie.clear()
    flash("You are signed out.", "done")
    return redirect(url_for("sign_in.enter"), 303)


@bp.route("/sign-in/forgotten", methods=["GET", "POST"])
@public
@writes_in_steps
def forgotten() -> ResponseReturnValue:
    """Ask for a link to set a new password; the answer is the same whoever asks."""
    form = forms.ForgottenForm()
    if form.validate_on_submit():
        email, at = form.email.data, utc_now()
        done = _knock(
            form,
            Try(Door.FORGOTTEN, email_key(email), at, counts_always=True),
            lambda: True,
            lambda _: services.ask_reset(email, at=at),
        )
        if done:
            flash(_SENT, "done")
            return redirect(url_for("sign_in.enter"), 303)
    return _page("forgotten", form)


@bp.route(f"{LINK_PATH}<token>", methods=["GET", "POST"])
@public
@writes_in_steps
def set_password(token: str) -> ResponseReturnValue:
    """Set a password with a one-time link; looking at the page uses nothing up."""
    form, at = forms.NewPasswordForm(), utc_now()
    link = queries.link_for(token, at)
    if form.validate_on_submit():
        done = _knock(
            form,
            Try(Door.LINK, token_hash(token), at),
            lambda: queries.link_for(token, at),
            lambda _: services.set_password(token, form.password.data, at=at),
        )
        if done:
            cookie.clear()
            flash("Your password is set. Sign in with it.", "done")
            return redirect(url_for("sign_in.enter"), 303)
    elif link is None and request.method == "GET":
        return make_response(render_template("epa/sign_in/link_gone.html"), 404)
    return _page("set_password", form, link=link, is_invitation=_is_invitation(link))


@bp.route("/account")
@access(Permission.USE_PLUMBLINE)
def account() -> ResponseReturnValue:
    """One's own account: password, second factor, browsers."""
    return _account(forms.ChangePasswordForm(formdata=None))


@bp.route("/account/password", methods=["POST"])
@access(Permission.USE_PLUMBLINE)
@writes_in_steps
def change_password() -> ResponseReturnValue:
    """Change one's own password; every other browser is signed out."""
    form, person, at = forms.ChangePasswordForm(), signed_in_person(), utc_now()
    email = person.email or ""
    if form.validate_on_submit():
        token = _knock(
            form,
            Try(Door.SIGN_IN, email_key(email), at, lambda: person),
            lambda: services.verified(email, form.password.data),
            lambda verified: services.change_password(verified, form.new_password.data, at=at),
            refusal="The password so far is not right",
        )
        if token:
            flash("Your password is changed. Every other browser is signed out.", "done")
            return _let_in(token, url_for("sign_in.account"))
    return _account(form)


@bp.route("/account/sessions/end", methods=["POST"])
@access(Permission.USE_PLUMBLINE)
@writes
def end_others() -> ResponseReturnValue:
    """Sign oneself out in every other browser."""
    person = signed_in_person()
    services.end_sessions(person, actor=person, at=utc_now(), but=current_user.session)
    flash("Every other browser is signed out.", "done")
    return redirect(url_for("sign_in.account"), 303)


def _account(form: forms.ChangePasswordForm) -> ResponseReturnValue:
    person, here = signed_in_person(), current_user.session
    browsers = [
        {"session": one, "is_here": one.id == here.id}
        for one in queries.live_sessions(person, utc_now())
    ]
    return _page(
        "account",
        form,
        person=person,
        browsers=browsers,
        has_second_factor=_is_enrolled(person),
        may_declare=person.may(Permission.DECLARE_CONFLICT),
    )


def _is_invitation(link: Any) -> bool:
    return link is not None and link.purpose is LinkPurpose.INVITATION


def _knock(
    form: forms.DoorForm,
    one: Try,
    look: Callable[[], Found | None],
    act: Callable[[Found], Answer | None],
    *,
    refusal: str = "This link was used already or is too old. Ask for a new one",
) -> Answer | None:
    """Try a door; what stands in the way becomes an error of the form."""
    try:
        answer = tried(one, look, act)
    except RuleBroken as broken:
        form.add_error(broken.message, broken.field)
        return None
    except TooManyTries as shut:
        form.add_error(shut.message)
        form.shut_until = shut.until
        return None
    if answer is None:
        form.add_error(refusal)
    return answer


def _page(view: str, form: forms.DoorForm, **values: Any) -> ResponseReturnValue:
    """A form's page: 200 to look at, 422 with something to put right, 429 when shut."""
    page = make_response(render_template(f"epa/sign_in/{view}.html", form=form, **values))
    until = form.shut_until
    if until is not None:
        page.status_code = 429
        page.headers["Retry-After"] = str(max(1, int((until - utc_now()).total_seconds())))
    elif request.method == "POST":
        page.status_code = 422
    return page

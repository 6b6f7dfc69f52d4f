import base64
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from epa.database import db
from epa.lifecycle.models import MethodAttempt
from epa.sign_in.services import end_sessions
from question_bank.sittings import finishing, queries, seb, services
from question_bank.sittings.rules import IntegrityKind, SittingState
from tests.factories.sealing import sealed
from tests.factories.sittings import DEVICE, options_of

WRITTEN = 3
OTHER, DONE = "other-device", "handed-in"


@pytest.fixture
def sitting(make):
    return make.unlocked_sitting()


@pytest.fixture
def candidate(sitting, sign_in_as):
    return sign_in_as(sitting.candidate)


def send(browser, sitting, what, status=200, /, **body):
    path = f"/sittings/{sitting.id}/{what}"
    headers = {"Accept": "application/json"}
    sent = {"device": DEVICE, **body}
    return browser.post(path, json=sent, status=status, headers=headers).response.get_json()


def edit(at, sequence=1, value="First, ask.", number=WRITTEN, **more):
    made = {"number": number, "sequence": sequence, "value": value, "made_at": at.isoformat()}
    return {"edit": made | more}


def test_a_test_is_sat_from_the_waiting_page_to_the_receipt(candidate, sitting, at, frozen):
    here = f"/sittings/{sitting.id}"
    page = candidate.get(here)
    assert "3 questions, 60 minutes" in page.text
    assert "Which is step" not in str(page.html)
    candidate.get(f"{here}/receipt", status=404)
    given = send(candidate, sitting, "paper")
    assert [one["number"] for one in given["questions"]] == [1, 2, 3]
    assert (given["state"], given["remaining_ms"]) == ("in_progress", 60 * 60 * 1000)
    saved = send(candidate, sitting, "answers", **edit(at))
    assert (saved["outcome"], saved["saved_at"]) == ("saved", "10:30:00")
    frozen.shift(timedelta(minutes=10))
    told = send(candidate, sitting, "sign", unsaved=0, hand_is_up=True)
    assert told["remaining_ms"] == 50 * 60 * 1000
    again = send(candidate, sitting, "paper")
    answers = [{"number": WRITTEN, "value": "First, ask.", "saved_at": "10:30:00"}]
    assert (again["answers"], again["sequence"]) == (answers, 1)
    receipt = send(candidate, sitting, "hand-in")
    assert receipt["answered"] == 1
    page = candidate.get(receipt["receipt_url"])
    assert receipt["digest"] in page.text.replace(" ", "")
    assert "1 of 3" in page.text
    refusal = send(candidate, sitting, "answers", 409, **edit(at, 2))
    assert refusal["code"] == "handed-in"


def test_a_paper_held_sealed_is_opened_by_the_start_alone(make, sign_in_as, at):
    invigilator, sitting = make.person(), make.sitting()
    browser, here = sign_in_as(sitting.candidate), f"/sittings/{sitting.id}/ahead"
    answer = browser.get(here).response
    held, asked = answer.get_json(), json.loads(queries.content_of(sitting))
    name, more = held["name"], {"unsaved": 0, "hand_is_up": False}
    services.check_identity(sitting, actor=invigilator, at=at)
    db.session.commit()
    assert send(browser, sitting, "paper", 409, sealed=name)["code"] == "not-unlocked"
    services.unlock(sitting, actor=invigilator, at=at)
    db.session.commit()
    said = [answer.text, json.dumps(send(browser, sitting, "sign", **more))]
    given = send(browser, sitting, "paper", sealed=name)
    assert (given["state"], given["answers"], given["sequence"]) == ("in_progress", [], 0)
    assert "questions" not in given
    assert not any(given["key"] in one or asked[0]["stem"] in one for one in said)
    opening = AESGCM(base64.b64decode(given["key"]))
    parts = [base64.b64decode(held[one]) for one in ("iv", "sealed")]
    assert json.loads(opening.decrypt(*parts, str(sitting.id).encode())) == asked
    assert send(browser, sitting, "paper", sealed=name)["key"] == given["key"]
    for other in ({"sealed": "0" * 32}, {"sealed": None}, {}):
        whole = send(browser, sitting, "paper", **other)
        assert (whole["questions"], whole.get("key")) == (asked, None)
    assert send(browser, sitting, "paper", 400, sealed="%" * 32)["code"] == "malformed"
    assert browser.get(here, status=409).response.get_json()["code"] == "started"
    other = {"device": "0" * 24, "sealed": name}
    assert send(browser, sitting, "paper", 409, **other)["code"] == "other-device"


def test_a_paper_issued_anew_has_a_key_of_its_own(make, sign_in_as, at):
    void = make.unlocked_sitting()
    browser = sign_in_as(void.candidate)
    held = browser.get(f"/sittings/{void.id}/ahead").response.get_json()
    services.void(void, "Wrong paper", actor=make.person(), at=at)
    db.session.commit()
    assert send(browser, void, "paper", 409, sealed=held["name"])["code"] == "void"
    sitting = make.unlocked_sitting(db.session.get_one(MethodAttempt, void.attempt_id))
    given = send(browser, sitting, "paper", sealed=held["name"])
    assert [one["number"] for one in given["questions"]] == [1, 2, 3]


UNKNOWN = "unknown-option"
BAD = {
    "nothing": ("{}", 400, "malformed"),
    "no JSON": ("<p>", 400, "malformed"),
    "a number for a text": ({"value": 7}, 400, "malformed"),
    "a text for a number": ({"number": "3"}, 400, "malformed"),
    "a lone surrogate": ({"value": "\ud800"}, 400, "malformed"),
    "NUL": ({"value": "a\x00b"}, 422, "unstorable"),
    "a question of no paper": ({"number": 41}, 422, "unknown-question"),
    "an option of no paper": ({"number": 1, "value": "123456789abc"}, 422, UNKNOWN),
    "a long answer": ({"value": "x" * 4001}, 422, "too-long"),
    "a megabyte": ({"value": "x" * 1_000_000}, 413, "too-much"),
    "a number from the future": ({"sequence": 900_000}, 422, "sequence"),
    "a number beyond any": ({"sequence": 2**63}, 400, "malformed"),
    "no zone": ({"made_at": "2026-06-09T09:30:00"}, 400, "malformed"),
    "a clock ahead": ({"made_at": "2026-06-09T09:40:00Z"}, 422, "clock"),
    "a clock from before the start": ({"made_at": "2026-06-09T09:29:54Z"}, 422, "clock"),
    "no time": ({"made_at": "soon"}, 400, "malformed"),
    "a truth for a number": ({"number": True}, 400, "malformed"),
    "half a number": ({"sequence": 2.5}, 400, "malformed"),
    "a number below any": ({"sequence": 0}, 400, "malformed"),
    "an answer of parts": ({"value": ["First", "ask"]}, 400, "malformed"),
    "an answer that is nested": ("[" * 20_000, 400, "malformed"),
    "a list": ("[]", 400, "malformed"),
    "more than is asked": ({"mark": 2}, 400, "malformed"),
}


def test_what_cannot_be_gets_a_reason_and_changes_nothing(candidate, sitting, make, at):
    send(candidate, sitting, "paper")
    send(candidate, sitting, "answers", **edit(at))
    foreign = options_of(make.running_sitting(), 1)[0]
    more = {"an option of another's paper": ({"number": 1, "value": foreign}, 422, UNKNOWN)}
    path = f"/sittings/{sitting.id}/answers"
    for name, (sent, status, code) in (BAD | more).items():
        if isinstance(sent, str):
            about = {"data": sent, "content_type": "application/json"}
            answer = candidate.post(path, status=status, **about).response.get_json()
        else:
            answer = send(
                candidate, sitting, "answers", status, **edit(at, **{"sequence": 2, **sent})
            )
        assert (name, answer["code"]) == (name, code)
        assert answer["error"].endswith(".")
    db.session.expire_all()
    assert [one.value for one in queries.log_of(sitting)] == ["First, ask."]
    send(candidate, sitting, "answers", 400, device="nobody's", **edit(at, 2))
    refusal = send(candidate, sitting, "sign", 409, device="0" * 24, unsaved=0, hand_is_up=False)
    assert refusal["code"] == "other-device"
    refusal = send(candidate, sitting, "late", 409, edits=[edit(at)["edit"]])
    assert refusal["code"] == "not-handed-in"
    saved = send(candidate, sitting, "answers", **edit(at, 2, "And then listen."))
    assert saved["outcome"] == "saved"


def test_a_paper_that_is_not_open_takes_nothing_and_says_why(make, sign_in_as, frozen, at):
    """Each as it stands: not let in, let in, paused, void, handed in, its time up."""
    invigilator = make.person()
    waiting, unlocked = make.sitting(), make.unlocked_sitting()
    paused, void, finished, over = (make.running_sitting() for _ in range(4))
    services.pause(paused, "Alarm", is_rest=False, actor=invigilator, at=at)
    services.void(void, "Telephone", actor=invigilator, at=at)
    finishing.hand_in(finished, DEVICE, actor=finished.candidate, at=at)
    db.session.commit()
    refused = {waiting: OTHER, unlocked: OTHER, paused: "paused", void: "void", finished: DONE}
    for sitting, code in refused.items():
        browser = sign_in_as(sitting.candidate)
        later = edit(at, made_at="2026-06-09T09:30:07Z") if code == "paused" else edit(at)
        frozen.shift(timedelta(seconds=7))
        answer = send(browser, sitting, "answers", 409, **later)
        assert (answer["code"], answer["error"][-1]) == (code, ".")
        frozen.move_to(at)
    frozen.shift(timedelta(minutes=60, seconds=1))
    ended = edit(at, made_at="2026-06-09T10:30:01Z")
    browser = sign_in_as(over.candidate)
    assert send(browser, over, "answers", 409, **ended)["code"] == "too-late"
    assert not any(queries.log_of(sitting) for sitting in (*refused, over))


def test_a_save_ends_with_the_session_and_with_the_role(candidate, sitting, make, at):
    """Little is asked of whoever saves; that they may is asked each time."""
    send(candidate, sitting, "paper")
    (held,) = sitting.candidate.current_roles
    held.ended_at = at
    db.session.commit()
    send(candidate, sitting, "answers", 403, **edit(at))
    held.ended_at = None
    db.session.commit()
    send(candidate, sitting, "answers", **edit(at))
    end_sessions(sitting.candidate, actor=None, at=at)
    db.session.commit()
    for what in ("answers", "sign"):
        send(candidate, sitting, what, 401, **edit(at, 2))
    assert len(queries.log_of(sitting)) == 1


def test_what_a_page_tells_of_itself_is_counted_once_and_bounded(candidate, sitting, at):
    left = {"name": "ab" * 8, "kind": "left", "happened_at": at.isoformat(), "amount": 0}
    assert send(candidate, sitting, "events", events=[left])["kept"] == 0
    send(candidate, sitting, "paper")
    assert send(candidate, sitting, "events", events=[left])["kept"] == 1
    assert send(candidate, sitting, "events", events=[left])["kept"] == 0
    for status, wrong in (
        (400, [left | {"kind": "thought"}]),
        (400, [left | {"text": "what was copied"}]),
        (400, [left | {"kind": "moved"}]),
        (400, [left] * 51),
        (413, [left] * 500),
    ):
        assert send(candidate, sitting, "events", status, events=wrong)["error"].endswith(".")
    other = {"device": "0" * 24, "events": [left | {"name": "cd" * 8}]}
    assert send(candidate, sitting, "events", 409, **other)["code"] == "other-device"
    assert [one.kind for one in queries.integrity_of(sitting.id)] == [IntegrityKind.LEFT]


def test_another_address_or_browser_is_found_with_a_sign_of_life(candidate, sitting, make, at):
    """Once for each change; which they are is kept nowhere, and a device let go on is no change."""

    def signs(agent, address="192.0.2.7", device=DEVICE):
        told = {"device": device, "unsaved": 0, "hand_is_up": False}
        where = {"REMOTE_ADDR": address, "HTTP_USER_AGENT": agent}
        candidate.post(
            f"/sittings/{sitting.id}/sign", json=told, status=200, environ_overrides=where
        )
        return [one.kind for one in queries.integrity_of(sitting.id)]

    moved = IntegrityKind.MOVED
    assert signs("One") == signs("Two") == []
    send(candidate, sitting, "paper")
    assert signs("Two") == []
    assert signs("One") == signs("One") == [moved]
    assert signs("One", "192.0.2.8") == [moved] * 2
    assert not any(one in (sitting.heard_from or "") for one in ("One", "192"))
    services.allow_device(sitting, "Battery", actor=make.person(), at=at)
    db.session.commit()
    send(candidate, sitting, "paper", device="0" * 24)
    assert signs("Three", device="0" * 24) == [moved] * 2


def test_a_candidate_practises_on_questions_of_no_bank_and_checks_the_computer(candidate, sitting):
    page = candidate.get("/sittings/practice")
    assert "5 questions, 10 minutes" in page.text
    asked = json.loads(page.html.select_one(".sitting")["data-practice"])
    assert [len(one["options"]) for one in asked] == [4, 4, 4, 0, 0]
    delivered = json.loads(queries.content_of(sitting))  # what the page knows how to show
    assert {tuple(sorted(one)) for one in asked} == {tuple(sorted(one)) for one in delivered}
    page = candidate.get("/sittings/check?over=yes")
    assert "You have practised" in page.text
    assert page.link("Practise") == "/sittings/practice"


def test_nobody_reaches_another_candidates_test(sitting, make, sign_in_as, at):
    other = make.running_sitting()
    browser = sign_in_as(other.candidate)
    browser.get(f"/sittings/{sitting.id}", status=404)
    browser.get(f"/sittings/{sitting.id}/ahead", status=404)
    for what in ("paper", "answers", "sign", "events", "hand-in", "late"):
        browser.post(f"/sittings/{sitting.id}/{what}", json={}, status=404)
    assert sitting.state is SittingState.UNLOCKED


def test_a_page_that_asks_after_the_end_is_led_to_its_receipt(candidate, sitting, frozen):
    send(candidate, sitting, "paper")
    frozen.shift(timedelta(minutes=61))
    told = send(candidate, sitting, "sign", unsaved=1, hand_is_up=False)
    assert (told["state"], told["remaining_ms"]) == ("submitted", 0)
    assert told["receipt_url"].endswith("/receipt")
    late = edit(frozen_start(sitting), 1)["edit"]
    assert send(candidate, sitting, "late", edits=[late])["kept"] == 1
    page = candidate.get(told["receipt_url"])
    assert "came after the end" in page.text


def frozen_start(sitting):
    return sitting.started_at + timedelta(minutes=5)


def test_a_void_paper_says_so(candidate, sitting, make, at):
    send(candidate, sitting, "paper")
    services.void(sitting, "Telephone", actor=make.person(), at=at)
    db.session.commit()
    assert send(candidate, sitting, "paper", 409)["code"] == "void"
    assert "Telephone" not in candidate.get(f"/sittings/{sitting.id}").text


def test_a_test_in_safe_exam_browser_starts_and_saves_with_its_key_alone(
    candidate, sitting, app, at
):
    sitting.needs_safe_browser = True
    db.session.commit()
    here = f"/sittings/{sitting.id}"
    page = candidate.get(here)
    assert page.html.select_one("[data-banner=safe-browser]").get("hidden") is None
    file = candidate.get("/sittings/safe-browser.seb").response.data
    key, url = seb.config_key(seb.unpacked(file)), app.config["PUBLIC_URL"]

    def said(path, name=seb.HEADER):
        return {name: seb.key_hash(f"{url}{path}", key)}

    body = {"json": {"device": DEVICE}}
    odd = {seb.HEADER: "é" * len(key)}
    for headers in ({}, said("/"), {seb.HEADER: key}, said(f"{here}/answers"), odd):
        refused = candidate.post(f"{here}/paper", headers=headers, status=409, **body)
        assert refused.response.get_json()["code"] == "safe-browser"
    assert sitting.state is SittingState.UNLOCKED
    candidate.post(f"{here}/paper", headers=said(f"{here}/paper"), status=200, **body)
    body["json"] |= edit(at)
    candidate.post(f"{here}/answers", status=409, **body)
    by_page = said(here, "X-Page-Config-Key")
    candidate.post(f"{here}/answers", headers=by_page, status=200, **body)
    hidden = candidate.get(here, headers=said(here)).html.select_one("[data-banner=safe-browser]")
    assert hidden.get("hidden") is not None


def test_a_sealed_batch_comes_late_like_an_open_one_and_no_other_does(
    candidate, sitting, make, frozen, at
):
    send(candidate, sitting, "paper")
    send(candidate, sitting, "hand-in")
    server = candidate.get(f"/sittings/{sitting.id}").html.select_one("[data-seals-with]")
    key, held = server["data-seals-with"], {"device": DEVICE, "edits": [edit(at)["edit"]]}

    def arrives(status, sealed_for=sitting.id, held=held, **changed):
        batch = sealed(key, sealed_for, json.dumps(held).encode())
        return send(candidate, sitting, "late-sealed", status, batch=batch | changed)

    assert arrives(422, make.sitting().id)["code"] == "other-test"
    assert arrives(422, iv="AAAAAAAAAAAAAAAA")["code"] == "seal"
    assert arrives(422, held={"edits": []})["code"] == "seal"
    assert arrives(422, held=held | {"device": "0" * 24})["code"] == "unknown-device"
    assert arrives(400, more=1)["code"] == "malformed"
    assert queries.late_batches(sitting) == []
    assert arrives(200)["kept"] == 1
    assert [one[2] for one in queries.late_batches(sitting)[0].edits] == ["First, ask."]


def test_what_a_page_could_not_tell_before_the_end_is_taken_after_it(
    candidate, sitting, frozen, at
):
    send(candidate, sitting, "paper")
    frozen.shift(timedelta(minutes=10))
    send(candidate, sitting, "hand-in")

    def told(minutes, name):
        when = (at + timedelta(minutes=minutes)).isoformat()
        return {"name": name * 16, "kind": "left", "happened_at": when, "amount": 0}

    events = [told(5, "a"), told(11, "b")]
    assert send(candidate, sitting, "events", events=events)["kept"] == 1
    assert send(candidate, sitting, "events", events=events)["kept"] == 0
    other = {"device": "0" * 24, "events": [told(6, "c")]}
    assert send(candidate, sitting, "events", **other)["kept"] == 0
    assert len(queries.integrity_of(sitting.id)) == 1

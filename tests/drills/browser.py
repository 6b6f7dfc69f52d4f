"""A candidate's browser, request by request; it remembers what it sent and what was acknowledged."""

import json
import threading
import time
from datetime import datetime
from http.client import HTTPConnection, HTTPException

from epa.clock import utc_now

NO_ANSWER = 0
WAIT_SECONDS = 60


class Browser:
    """One device of one candidate.

    A request that gets no answer, or a page in place of one, has the status 0, as for the script.
    """

    def __init__(self, seat, port, chance):
        self.seat, self.port, self.chance = seat, port, chance
        self.device = f"{chance.getrandbits(96):024x}"
        self.number, self.acknowledged, self.sent = 1, {}, []
        self.sequence = 0
        self.lock = threading.Lock()
        self.choices = [number for number, names in seat.options.items() if names]
        self.texts = [number for number, names in seat.options.items() if not names]

    def post(self, what, **body):
        """The status and what the JSON says."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=WAIT_SECONDS)
        headers = {
            **self.seat.headers,
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        sent = json.dumps({"device": self.device, **body})
        try:
            connection.request("POST", f"/sittings/{self.seat.sitting}/{what}", sent, headers)
            answer = connection.getresponse()
            said = answer.read()
        except (OSError, HTTPException):
            return NO_ANSWER, {}
        finally:
            connection.close()
        if not answer.getheader("Content-Type", "").startswith("application/json"):
            return NO_ANSWER, {}
        return answer.status, json.loads(said)

    def open(self):
        """Get the paper."""
        status, said = self.post("paper")
        assert status == 200, said
        return said

    def sign(self):
        """A sign of life."""
        status, said = self.post("sign", unsaved=0, hand_is_up=False)
        assert status == 200, said
        return said

    def edit(self, made_at=None, **more):
        """A change of an answer, in the journal of the device."""
        number = self.chance.choice(self.texts + self.choices)
        offered = self.seat.options[number]
        self.sequence += 1
        made = {
            "number": number,
            "sequence": self.sequence,
            "value": self.chance.choice(offered) if offered else f"{self.chance.random()} asked",
            "made_at": (made_at or utc_now()).isoformat(),
        }
        return made | more

    def send(self, edit):
        """Send a change once."""
        with self.lock:
            self.sent.append(self._row(edit))
        status, said = self.post("answers", edit=edit)
        if status == 200:
            with self.lock:
                self.acknowledged[self._row(edit)[:4]] = edit["value"]
        return status, said

    def keep(self, edit):
        """Send a change until it is kept, whatever happens meanwhile; what became of it."""
        until = time.monotonic() + WAIT_SECONDS
        while True:
            status, said = self.send(edit)
            if status == 200:
                return said["outcome"]
            assert status in {NO_ANSWER, 500, 502, 503}, said
            assert time.monotonic() < until, "the server did not come back"
            time.sleep(0.1)

    def left(self):
        """How much time the server says there is, in seconds."""
        return self.sign()["remaining_ms"] / 1000

    def now(self):
        """What the server's clock says."""
        return datetime.fromisoformat(self.sign()["now"])

    def _row(self, edit):
        return (
            str(self.seat.sitting),
            edit["number"],
            self.number,
            edit["sequence"],
            edit["value"],
        )

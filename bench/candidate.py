"""One candidate on a bad line: edits, signs of life, lost answers, requests sent again, the end."""

from __future__ import annotations

import asyncio
import json
import time
from base64 import b64decode
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench.hall import Headers, Seat

OK: Final = 200
_SERVER_ERROR: Final = 500
_TOO_LONG: Final = 30.0
_HOST: Final = "127.0.0.1"
# What static/js/sitting_line.js and sitting.js do, in seconds of life.
_EDIT_EVERY: Final = (5.0, 20.0)
_DEBOUNCE: Final = 2.0
_SIGN_EVERY: Final = 15.0
_AGAIN_AFTER: Final = (1.0, 2.0, 5.0)
_LOST: Final = 0.03
_WORDS: Final = "I would ask what they tried already and agree one small step with a day to it. "

Row = tuple[UUID, int, int, int, str | None]


@dataclass
class Tally:
    """What all candidates saw: times in milliseconds, and every edit that was acknowledged."""

    starts: list[float] = field(default_factory=list)
    saves: list[float] = field(default_factory=list)
    boards: list[float] = field(default_factory=list)
    acknowledged: list[Row] = field(default_factory=list)
    handed_in: list[UUID] = field(default_factory=list)
    dropped: int = 0
    server_errors: int = 0
    refusals: list[str] = field(default_factory=list)


class LineLost(Exception):
    """There was no answer, or the candidate's side of the line went before it came."""


async def asked(
    port: int, path: str, headers: Headers, body: object = None, *, drops: bool = False
) -> tuple[int, Any]:
    """Send one request on a connection of its own, as a browser does after seconds of quiet.

    Args:
        port: of the server on this machine.
        path: where to.
        headers: what the browser sends with everything.
        body: sent as JSON with POST; a GET without it.
        drops: whether the line goes after the request went out: the server may have acted on it.

    Returns:
        The status, and what the JSON says.

    Raises:
        LineLost: nothing came back.
    """
    sent = b"" if body is None else json.dumps(body).encode()
    lines = [
        f"{'GET' if body is None else 'POST'} {path} HTTP/1.1",
        f"Host: {_HOST}:{port}",
        "Accept: application/json",
        "Content-Type: application/json",
        f"Content-Length: {len(sent)}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    try:
        async with asyncio.timeout(_TOO_LONG):
            reader, writer = await asyncio.open_connection(_HOST, port)
            try:
                writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + sent)
                await writer.drain()
                answer = b"" if drops else await reader.read()
            finally:
                writer.close()
    except (OSError, TimeoutError) as lost:
        raise LineLost from lost
    head, _, said = answer.partition(b"\r\n\r\n")
    if not head:
        raise LineLost
    return int(head.split(None, 2)[1]), json.loads(said)


class Candidate:
    """Somebody who sits their test in a browser; at ``speed`` 10 ten seconds take one.

    Args:
        seat: their sitting.
        port: of the server.
        speed: how many times faster than life.
        chance: decides what they do and what their line does.
        tally: where it is counted.
    """

    def __init__(self, seat: Seat, port: int, speed: float, chance: Random, tally: Tally) -> None:
        self.loses = _LOST
        self._seat, self._port, self._speed = seat, port, speed
        self._chance, self._tally = chance, tally
        self._device = f"{chance.getrandbits(96):024x}"
        self._held: dict[str, Any] | None = None
        self._sequence = 0
        self._journal: deque[dict[str, Any]] = deque()

    async def wait(self) -> None:
        """Get the paper sealed, as the page of the waiting room does."""
        path = f"/sittings/{self._seat.sitting}/ahead"
        status, said = await asked(self._port, path, self._seat.headers)
        if status == OK:
            self._held = said
        else:
            self._tally.refusals.append(f"ahead: {status} {said.get('code')}")

    async def start(self) -> None:
        """Get the paper, and note how long that took."""
        begun = time.perf_counter()
        await self.open()
        self._tally.starts.append((time.perf_counter() - begun) * 1000)

    async def sit(self, seconds: float) -> None:
        """Answer for so many real seconds, and hand in."""
        end = time.monotonic() + seconds
        signing = asyncio.create_task(self._sign())
        try:
            while (
                pause := self._life(self._chance.uniform(*_EDIT_EVERY))
            ) < end - time.monotonic():
                await asyncio.sleep(pause)
                self._edit()
                await asyncio.sleep(self._life(_DEBOUNCE))
                await self._send()
            await asyncio.sleep(max(0.0, end - time.monotonic()))
        finally:
            signing.cancel()
        if await self._sure("hand-in"):
            self._tally.handed_in.append(self._seat.sitting)

    async def save(self) -> None:
        """Change an answer and send it at once, again until it is kept."""
        self._edit()
        await self._send()

    async def open(self) -> None:
        """Get the paper, which starts the clock: with a sealed one the key alone, which opens it."""
        held = self._held
        given = await self._sure("paper", {"sealed": held["name"]} if held else None)
        if held and given:
            begin, closed = b64decode(held["iv"]), b64decode(held["sealed"])
            opening = AESGCM(b64decode(given["key"]))
            json.loads(opening.decrypt(begin, closed, str(self._seat.sitting).encode()))
            self._held = None

    def _life(self, seconds: float) -> float:
        return seconds / self._speed

    def _edit(self) -> None:
        number, options = self._chance.choice(list(self._seat.options.items()))
        text = _WORDS * self._chance.randint(1, 5) + str(self._chance.random())
        self._sequence += 1
        self._journal.append(
            {
                "number": number,
                "sequence": self._sequence,
                "value": self._chance.choice(options) if options else text,
                "made_at": datetime.now(UTC).isoformat(),
            }
        )

    async def _send(self) -> None:
        """Send what the journal holds, one after the other, until each is acknowledged."""
        while self._journal:
            edit = self._journal[0]
            kept = await self._sure("answers", {"edit": edit})
            self._journal.popleft()
            if kept:
                place = (edit["number"], 1, edit["sequence"])
                self._tally.acknowledged.append((self._seat.sitting, *place, edit["value"]))

    async def _sign(self) -> None:
        # Pages were opened at different moments.
        await asyncio.sleep(self._life(self._chance.uniform(0, _SIGN_EVERY)))
        while True:
            with suppress(LineLost):
                await self._post("sign", {"unsaved": len(self._journal), "hand_is_up": False})
            await asyncio.sleep(self._life(_SIGN_EVERY))

    async def _sure(
        self, what: str, body: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any] | None:
        """Send until there is an answer, and give what it says if it was a yes; a no is noted."""
        tries = 0
        while True:
            try:
                status, said = await self._post(what, body or {})
            except LineLost:
                status, said = 0, {}
            if status == OK:
                return dict(said)
            if 0 < status < _SERVER_ERROR:
                self._tally.refusals.append(f"{what}: {status} {said.get('code')}")
                return None
            await asyncio.sleep(self._life(_AGAIN_AFTER[min(tries, len(_AGAIN_AFTER) - 1)]))
            tries += 1

    async def _post(self, what: str, body: Mapping[str, Any]) -> tuple[int, Any]:
        path = f"/sittings/{self._seat.sitting}/{what}"
        sent = {"device": self._device, **body}
        drops = what == "answers" and self._chance.random() < self.loses
        self._tally.dropped += drops
        begun = time.perf_counter()
        status, said = await asked(self._port, path, self._seat.headers, sent, drops=drops)
        if what == "answers" and status == OK:
            self._tally.saves.append((time.perf_counter() - begun) * 1000)
        self._tally.server_errors += status >= _SERVER_ERROR
        return status, said

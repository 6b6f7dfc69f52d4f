"""A mail server on loopback for tests: keeps what it is given, refuses whom it is told to."""

import socketserver
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy


class _Talk(socketserver.StreamRequestHandler):
    """One session of the little of SMTP that a sender needs."""

    def handle(self):
        self._say("220 test")
        while line := self.rfile.readline():
            word = line.split(b" ")[0].strip().upper()
            if word == b"DATA":
                self._take()
            elif word == b"RCPT" and any(name in line for name in self.server.refused):
                self._say("550 nobody here by that name")
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _take(self):
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        self.server.letters.append(message_from_bytes(b"".join(lines), policy=policy.default))
        self._say("250 taken")

    def _say(self, words):
        self.wfile.write(words.encode() + b"\r\n")


@contextmanager
def serving(*refused):
    """Serve until the block ends; gives the URL and the list of letters received."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.daemon_threads = True
        server.letters, server.refused = [], [name.encode() for name in refused]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"smtp://127.0.0.1:{server.server_address[1]}", server.letters
        finally:
            server.shutdown()
            thread.join(timeout=5)

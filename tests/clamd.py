"""A virus scanner on loopback for tests: finds something in whatever holds its word."""

import socketserver
import threading
from contextlib import contextmanager

FOUND = b"THE-WORD-THAT-TESTS-FIND"


class _Talk(socketserver.StreamRequestHandler):
    """One file, sent as clamd's INSTREAM wants it."""

    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := int.from_bytes(self.rfile.read(4), "big"):
            content += self.rfile.read(length)
        self.server.asked.append(len(content))
        verdict = self.server.says or (b"Test FOUND" if FOUND in content else b"OK")
        self.wfile.write(b"stream: " + verdict + b"\0")


@contextmanager
def serving(says=b""):
    """Serve until the block ends; gives the URL and the sizes of the files it was asked about."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.daemon_threads, server.asked, server.says = True, [], says
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"clamd://127.0.0.1:{server.server_address[1]}", server.asked
        finally:
            server.shutdown()
            thread.join(timeout=5)

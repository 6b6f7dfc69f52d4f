"""A line between a candidate and the server that can be cut, lose what comes back, or lie."""

import socket
import threading
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer

PORTAL = b"<p>Log in to Wi-Fi</p>"


class Line(ThreadingTCPServer):
    """Passes requests on; ``mode`` says what happens to the next ones."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port):
        super().__init__(("127.0.0.1", 0), Passing)
        self.to, self.mode = port, "open"

    @property
    def port(self):
        return self.server_address[1]


class Passing(StreamRequestHandler):
    def handle(self):
        mode = self.server.mode
        if mode == "cut":
            return
        asked = self._request()
        if mode == "portal":
            self._answer(PORTAL)
            return
        with socket.create_connection(("127.0.0.1", self.server.to), 30) as server:
            server.sendall(asked)
            answer = b"".join(iter(lambda: server.recv(65536), b""))
        if mode != "loses answers":
            self.wfile.write(answer)

    def _request(self):
        head = b"".join(iter(self.rfile.readline, b"\r\n"))
        lengths = [line for line in head.splitlines() if line.lower().startswith(b"content-length")]
        length = int(lengths[0].split(b":")[1]) if lengths else 0
        # One request to a connection: what is lost is then the answer to this one.
        return head + b"Connection: close\r\n\r\n" + self.rfile.read(length)

    def _answer(self, page):
        said = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\n"
        self.wfile.write(f"{said}Connection: close\r\n\r\n".encode() + page)


@contextmanager
def line_to(port):
    """A line to the server on this machine until the block ends."""
    with Line(port) as line:
        thread = threading.Thread(target=line.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield line
        finally:
            line.shutdown()
            thread.join()

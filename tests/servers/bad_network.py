"""A loopback proxy in front of an HTTP server that misbehaves on request: errors, slowness, lost and cut answers."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}
_SERVER_ERROR = b"<Error><Code>%s</Code><Message>as asked for</Message></Error>"


class Fault(Enum):
    """What happens to a request."""

    ERROR_500 = auto()
    ERROR_503 = auto()
    CUT_REQUEST = auto()
    """The server gets the head and half of the body, then nobody hears anything more."""
    LOSE_ANSWER = auto()
    """The server does what was asked for; the client never learns of it."""
    CUT_ANSWER = auto()
    """The client gets half of the answer's body."""
    SLOW = auto()
    """The answer takes two seconds."""


Choice = Callable[[str, str], Fault | None]
"""Method and path of a request → what happens to it."""


@dataclass
class BadNetwork:
    """``choose`` may be changed at any time; ``requests`` are those that came in, as ``METHOD path``."""

    server: str
    choose: Choice = lambda _method, _path: None
    requests: list[str] = field(default_factory=list)
    _listening: ThreadingHTTPServer | None = None
    _port: int = 0

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def fail(self, fault: Fault, *, times: int, method: str = "", containing: str = "") -> None:
        """The next ``times`` requests of this kind fail; all others go through."""
        left = [fault] * times

        def choose(asked: str, path: str) -> Fault | None:
            matches = asked == (method or asked) and containing in path
            return left.pop() if left and matches else None

        self.choose = choose

    def well(self) -> None:
        self.choose = lambda _method, _path: None

    def go_away(self) -> None:
        """Connections are refused, as by a machine that is switched off."""
        if self._listening:
            self._listening.shutdown()
            self._listening.server_close()
            self._listening = None

    def come_back(self) -> None:
        network = self

        class Handler(_Handler):
            bad_network = network

        self._listening = ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        self._listening.daemon_threads = True
        self._port = self._listening.server_address[1]
        threading.Thread(target=self._listening.serve_forever, args=(0.01,), daemon=True).start()


@contextmanager
def bad_network(server: str) -> Iterator[BadNetwork]:
    """In front of ``host:port``; does no harm until it is told to."""
    network = BadNetwork(server)
    network.come_back()
    try:
        yield network
    finally:
        network.go_away()


class _Handler(BaseHTTPRequestHandler):
    bad_network: BadNetwork
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        network = self.bad_network
        network.requests.append(f"{self.command} {self.path}")
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        fault = network.choose(self.command, self.path)
        self.close_connection = True
        with suppress(OSError):
            match fault:
                case Fault.ERROR_500:
                    self._answer(500, [], _SERVER_ERROR % b"InternalError")
                case Fault.ERROR_503:
                    self._answer(503, [], _SERVER_ERROR % b"SlowDown")
                case Fault.CUT_REQUEST:
                    self._send_half(body)
                case _:
                    self._pass_on(body, fault)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _serve  # noqa: N815 - the names that http.server calls

    def _send_half(self, body: bytes) -> None:
        upstream = http.client.HTTPConnection(self.bad_network.server, timeout=30)
        self._send_head(upstream)
        upstream.send(body[: len(body) // 2])
        upstream.close()

    def _send_head(self, upstream: http.client.HTTPConnection) -> None:
        upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            upstream.putheader(name, value)
        upstream.endheaders()

    def _pass_on(self, body: bytes, fault: Fault | None) -> None:
        upstream = http.client.HTTPConnection(self.bad_network.server, timeout=30)
        self._send_head(upstream)
        upstream.send(body)
        answer = upstream.getresponse()
        content = answer.read()
        upstream.close()
        if fault is Fault.LOSE_ANSWER:
            return
        if fault is Fault.SLOW:
            time.sleep(2)
        length = answer.headers.get("Content-Length") if self.command == "HEAD" else str(len(content))
        sent = content[: len(content) // 2] if fault is Fault.CUT_ANSWER else content
        self._answer(answer.status, answer.getheaders(), sent, length)

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes, length: str | None = None) -> None:
        self.send_response_only(status)
        for name, value in headers or [("Content-Type", "application/xml")]:
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", length or str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: pytest shows what fails."""

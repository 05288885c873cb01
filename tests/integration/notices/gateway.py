"""A text-message gateway and a WeCom server, real HTTP on loopback, that remember what they were sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any


class Gateway(ThreadingHTTPServer):
    """`got` what came in; `answers` statuses to give next (then 200); `tokens` how often a token was asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.got: list[dict[str, Any]] = []
        self.headers: list[Any] = []
        self.answers: list[int] = []
        self.invalid: str = ""
        self.tokens = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answering(BaseHTTPRequestHandler):
    server: Gateway

    def do_GET(self) -> None:
        assert self.path.startswith("/cgi-bin/gettoken?corpid=corp&corpsecret=secret")
        self.server.tokens += 1
        self._say(200, {"errcode": 0, "errmsg": "ok", "access_token": f"t{self.server.tokens}", "expires_in": 7200})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status = self.server.answers.pop(0) if self.server.answers else 200
        if status == 200:
            self.server.got.append(body)
            self.server.headers.append(self.headers)
        self._say(status, {"errcode": 0, "errmsg": "ok", "invaliduser": self.server.invalid})

    def _say(self, status: int, document: dict[str, Any]) -> None:
        content = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def gateway() -> Iterator[Gateway]:
    """Serve until the block ends."""
    server = Gateway()
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class PostOffice(ThreadingTCPServer):
    """An SMTP server that takes every mail: `got` who it was for, and the mail."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.got: list[tuple[str, EmailMessage]] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Taking(StreamRequestHandler):
    server: PostOffice

    def handle(self) -> None:
        self._say("220 ready")
        to = ""
        for line in self.rfile:
            word = line.decode().strip()
            if word.upper().startswith("RCPT TO:"):
                to = word[8:].strip(" <>")
            if word.upper() == "DATA":
                self._say("354 go on")
                body = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.got.append((to, message_from_bytes(body, policy=policy.default)))
            self._say("221 bye" if word.upper() == "QUIT" else "250 ok")
            if word.upper() == "QUIT":
                return

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """Serve until the block ends."""
    server = PostOffice()
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

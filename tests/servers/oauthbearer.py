"""A client that logs in to PostgreSQL 18 with a token: SASL OAUTHBEARER (RFC 7628), over the server's own protocol.

libpq 18 only knows the device flow, where a person opens a page; this hands over a token that is there already.

https://www.postgresql.org/docs/18/sasl-authentication.html
"""

from __future__ import annotations

import socket
import struct

from logins import Refused
from postgresql import SECONDS, Wire
from process import LOOPBACK

PROTOCOL_3_0 = 196608

SASL, SASL_CONTINUE = 10, 11

MECHANISM = b"OAUTHBEARER\0"

SEPARATOR = b"\x01"
"""What ends each part of a message of RFC 7628, section 3.1; alone it answers the challenge of a refusal (section 3.2.3)."""


class HungUp(Refused):
    """The server closed the connection without a word of its reason."""


class OAuthBearer(Wire):
    """One connection that logs in with a token."""

    challenge = b""
    """What the server said of a refusal before it ended the login: JSON."""

    def __init__(self, port: int, user: str, database: str, address: str = "", host: str = LOOPBACK) -> None:
        self._socket = socket.create_connection((host, port), SECONDS, source_address=(address, 0) if address else None)
        self.send(startup(user, database))

    def __enter__(self) -> OAuthBearer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def is_asked_for_token(self) -> bool:
        """Whether the server offers OAUTHBEARER; it does so first of all."""
        kind, body = self.receive()
        return kind == "R" and body[:4] == struct.pack("!I", SASL) and MECHANISM in body[4:]

    @staticmethod
    def token(token: bytes) -> bytes:
        """The message that brings a token."""
        first = b"n,," + SEPARATOR + b"auth=Bearer " + token + SEPARATOR + SEPARATOR
        return message(b"p", MECHANISM + struct.pack("!I", len(first)) + first)

    def log_in(self, token: str) -> None:
        """Sends a token and waits until the server is ready.

        Raises:
            Refused: the server says so.
        """
        if not self.is_asked_for_token():
            raise Refused("the server does not offer OAUTHBEARER")
        self.send(self.token(token.encode()))
        while True:
            kind, body = self.receive()
            if kind == "R" and body[:4] == struct.pack("!I", SASL_CONTINUE):
                self.challenge = body[4:]
                self.send(message(b"p", SEPARATOR))
            elif kind == "Z":
                return
            elif kind == "E":
                raise Refused(" ".join(fields(body)[name] for name in "CM"))
            elif kind == "":
                raise HungUp("the server hung up")

    def current_user(self) -> str:
        """The role that is logged in."""
        return self.ask("select current_user")[0][0]

    def ask(self, statement: str) -> list[list[str]]:
        """The rows that a statement gives; errors and warnings go to ``said``."""
        self.said: list[dict[str, str]] = []
        self.send(message(b"Q", statement.encode() + b"\0"))
        rows = []
        while True:
            kind, body = self.receive()
            if kind == "D":
                rows.append(row(body))
            elif kind in "EN" and kind:
                self.said.append(fields(body))
            elif kind == "Z":
                return rows
            elif kind == "":
                raise HungUp("the server hung up")


def startup(user: str, database: str) -> bytes:
    """The first message, which has no letter: who wants in, and where."""
    parameters = b"".join(text.encode() + b"\0" for text in ("user", user, "database", database)) + b"\0"
    return struct.pack("!II", len(parameters) + 8, PROTOCOL_3_0) + parameters


def message(kind: bytes, body: bytes) -> bytes:
    """One message of the protocol."""
    return kind + struct.pack("!I", len(body) + 4) + body


def fields(body: bytes) -> dict[str, str]:
    """The fields of an error or a notice, by their letters."""
    return {chr(field[0]): field[1:].decode(errors="replace") for field in body.split(b"\0") if field}


def row(body: bytes) -> list[str]:
    """The columns of a row; NULL is an empty text."""
    (columns,) = struct.unpack("!H", body[:2])
    texts, at = [], 2
    for _ in range(columns):
        (length,) = struct.unpack("!i", body[at : at + 4])
        at += 4
        texts.append(body[at : at + max(0, length)].decode())
        at += max(0, length)
    return texts

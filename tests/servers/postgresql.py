"""PostgreSQL with PAM beside SCRAM and trust, on a free port of this machine.

Each database has a PAM service of its own. Nothing here survives a power cut (`fsync=off`): it lives for one run.
"""

from __future__ import annotations

import shutil
import signal
import socket
import struct
from collections.abc import Mapping
from pathlib import Path

import psycopg
from logins import Refused
from process import LOOPBACK, PATH, Failed, Server, folder_of, free_port, run

USER = "postgres"

SECONDS = 30

CONFIGURATION = """
listen_addresses = '127.0.0.1'
ssl = off
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_connections = 300
superuser_reserved_connections = 3
shared_buffers = 16MB
log_connections = off
authentication_timeout = 20s
lc_messages = 'C'
"""


class PostgreSQL:
    """One cluster. ``services`` are databases and the PAM service of each."""

    def __init__(self, folder: Path, services: Mapping[str, str], *, password: str = "hunter2") -> None:
        self.folder = folder_of(folder, USER)
        self.port = free_port()
        self._data = folder / "data"
        run([binary("initdb"), "-D", self._data, "-A", "trust", "-U", USER, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"], user=USER, folder=folder)
        with open(self._data / "postgresql.conf", "a") as file:
            file.write(CONFIGURATION + f"port = {self.port}\nunix_socket_directories = '{folder}'\n")
        rules = ["local all postgres trust", "host all scram_user 127.0.0.1/32 scram-sha-256", "host all trust_user 127.0.0.1/32 trust"]
        rules += [f"host {database} all 127.0.0.1/32 pam pamservice={service}" for database, service in services.items()]
        (self._data / "pg_hba.conf").write_text("".join(f"{rule}\n" for rule in rules))
        command = [binary("postgres"), "-D", self._data]
        # At once, without writing down what nobody will read again.
        self.server = Server(command, user=USER, folder=folder, log=folder / "server.log", stop_signal=signal.SIGQUIT)
        self.server.wait_for(self.sql)
        self.sql(f"create role trust_user login; create role scram_user login password '{password}'")
        for database in services:
            self.sql(f'create database "{database}"')

    def stop(self) -> None:
        self.server.stop()

    def sql(self, text: str) -> str:
        """Does something as the superuser, over the Unix socket."""
        command = ["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-p", str(self.port), "-U", USER, "postgres"]
        return run(command, stdin=text)

    def roles(self, *names: str) -> None:
        """Roles that may log in."""
        for name in names:
            quoted = name.replace('"', '""')
            self.sql(f'create role "{quoted}" login')

    def connect(self, token: str, user: str, database: str = "postgres", port: int | None = None) -> str:
        """Logs in with psycopg, and returns the role."""
        return log_in(port or self.port, token, user, database)

    def psql(self, token: str, user: str, database: str) -> str:
        """Logs in with psql, the token in PGPASSWORD."""
        command = ["psql", "-XAt", "-w", "-h", LOOPBACK, "-p", str(self.port), "-U", user, "-c", "select current_user", database]
        try:
            return run(command, PGPASSWORD=token, PGSSLMODE="disable", PGGSSENCMODE="disable").strip()
        except Failed as error:
            raise Refused(str(error)) from None


def log_in(port: int, token: str, user: str, database: str) -> str:
    """Logs in with psycopg, and returns the role."""
    with opened(port, token, user, database) as connection:
        row = connection.execute("select current_user").fetchone()
        return str(row[0]) if row else ""


def opened(port: int, password: str, user: str, database: str) -> psycopg.Connection:
    """A connection of psycopg's."""
    try:
        return psycopg.connect(
            host=LOOPBACK, port=port, user=user, password=password, dbname=database, sslmode="disable", gssencmode="disable", connect_timeout=SECONDS
        )
    except psycopg.OperationalError as error:
        raise Refused(str(error)) from None


def binary(name: str) -> str:
    """A program of the server, which Debian keeps off the path."""
    folder = run(["pg_config", "--bindir"]).strip() if shutil.which("pg_config") else ""
    found = shutil.which(name, path=f"{folder}:{PATH}")
    if found is None:
        raise Failed(f"`{name}` is missing; install it with: apt-get install postgresql")
    return found


class Wire:
    """A client that can say what no driver says: the protocol's messages, one by one.

    https://www.postgresql.org/docs/15/protocol-message-formats.html
    """

    CLEARTEXT = 3

    def __init__(self, port: int, user: str, database: str) -> None:
        self._socket = socket.create_connection((LOOPBACK, port), SECONDS)
        words = ("user", user, "database", database)
        body = struct.pack("!I", 196608) + b"".join(word.encode() + b"\0" for word in words) + b"\0"
        self.send(struct.pack("!I", len(body) + 4) + body)

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def receive(self) -> tuple[str, bytes]:
        """The next message: its kind and its body; nothing of both when the server has hung up."""
        head = self._exactly(5)
        if not head:
            return "", b""
        return chr(head[0]), self._exactly(struct.unpack("!I", head[1:])[0] - 4)

    def is_asked_for_password(self) -> bool:
        kind, body = self.receive()
        return kind == "R" and struct.unpack("!I", body[:4])[0] == self.CLEARTEXT

    @staticmethod
    def password(text: bytes) -> bytes:
        """The message that brings a password."""
        return b"p" + struct.pack("!I", len(text) + 5) + text + b"\0"

    def answer(self) -> str:
        """`accepted`, the text of the error, or nothing when the server has hung up."""
        kind, body = self.receive()
        if kind == "E":
            fields = dict((part[:1], part[1:]) for part in body.split(b"\0") if part)
            return fields.get(b"M", b"").decode(errors="replace")
        return "accepted" if kind == "R" and body[:4] == bytes(4) else ""

    def close(self) -> None:
        self._socket.close()

    def _exactly(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            try:
                more = self._socket.recv(length - len(data))
            except ConnectionResetError:
                return b""
            if not more:
                return b""
            data += more
        return data

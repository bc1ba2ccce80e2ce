"""MariaDB with users that PAM knows, on a free port of this machine, with either of its PAM plugins.

`auth_pam` starts a process for each login (setuid root), `auth_pam_v1` asks PAM inside the server. Nothing here survives a power cut.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pymysql
from logins import Refused
from process import LOOPBACK, PATH, Failed, Server, folder_of, free_port, run

USER = "mysql"

SECONDS = 30

OPTIONS = """
--bind-address=127.0.0.1 --skip-log-bin --max-allowed-packet=64M --max-connections=200
--innodb-buffer-pool-size=16M --innodb-log-file-size=4M --innodb-flush-log-at-trx-commit=0 --innodb-flush-method=nosync
--skip-innodb-doublewrite --skip-name-resolve --performance-schema=off --thread-cache-size=0
""".split()


class MariaDB:
    """One server; ``plugin`` is the PAM plugin that it loads. ``template`` is a new server's data, made where it is not there yet."""

    def __init__(self, folder: Path, plugin: str, *, template: Path, options: Sequence[str] = ()) -> None:
        self.folder = folder_of(folder, USER)
        self.port, self.socket = free_port(), folder / "s.sock"
        data = folder / "data"
        run(["cp", "-a", _made(template), data])
        command = [_server(), "--no-defaults", f"--datadir={data}", f"--port={self.port}", f"--socket={self.socket}"]
        more = [f"--pid-file={folder / 'pid'}", f"--plugin-load-add={plugin}", *OPTIONS, *options]
        self.server = Server([*command, *more], user=USER, folder=folder, log=folder / "server.log")
        self.server.wait_for(self.sql)

    def stop(self) -> None:
        self.server.stop()

    def sql(self, text: str) -> str:
        """Does something as root, over the Unix socket."""
        return run(["mariadb", "--no-defaults", "-S", self.socket, "-uroot", "-NB"], stdin=text)

    def users(self, service: str, *names: str) -> None:
        """Users that the PAM service lets in."""
        for name in names:
            quoted = name.replace("\\", "\\\\").replace("'", "\\'")
            self.sql(f"create or replace user '{quoted}'@'127.0.0.1' identified via pam using '{service}'")

    def connect(self, token: str | bytes, user: str) -> str:
        """Logs in with PyMySQL, answering the plugin `dialog`, and returns the user whose rights hold."""
        try:
            with pymysql.connect(
                host=LOOPBACK, port=self.port, user=user, password=token, connect_timeout=SECONDS, auth_plugin_map={"dialog": _answering(token)}
            ) as connection:
                cursor = connection.cursor()
                cursor.execute("select current_user()")
                return str(cursor.fetchone()[0]).rpartition("@")[0]
        except pymysql.err.Error as error:
            raise Refused(str(error)) from None

    def mariadb(self, token: str, user: str, option_file: Path | None = None) -> str:
        """Logs in with the command `mariadb`, the token in MYSQL_PWD or in an option file."""
        defaults, environment = "--no-defaults", {"MYSQL_PWD": token}
        if option_file is not None:
            defaults, environment = f"--defaults-file={option_file}", {}
            option_file.touch(mode=0o600)
            option_file.write_text(f"[client]\npassword={token}\n")
        command = ["mariadb", defaults, "-h", LOOPBACK, "-P", str(self.port), "-u", user, "-NBe", "select current_user()"]
        try:
            return run(command, **environment).strip().rpartition("@")[0]
        except Failed as error:
            raise Refused(str(error)) from None


def _answering(token: str | bytes) -> type:
    """What speaks the plugin `dialog`: it gives the token to the first question and to each that follows.

    https://github.com/MariaDB/server/blob/10.11/plugin/auth_pam/auth_pam_base.c: a byte (its lowest bit: the last question, the
    others: whether it is secret) and the question, again and again, until the server answers yes or no.
    """
    answer = (token.encode() if isinstance(token, str) else token) + b"\0"

    class Dialog:
        def __init__(self, connection: Any) -> None:
            self._connection = connection

        def authenticate(self, packet: Any) -> Any:
            while not packet.is_ok_packet():
                self._connection.write_packet(answer)
                packet = self._connection._read_packet()
            return packet

    return Dialog


def _made(template: Path) -> Path:
    if not template.exists():
        folder_of(template, USER)
        words = [f"--user={USER}", f"--datadir={template}", "--auth-root-authentication-method=normal", "--skip-test-db"]
        run(["mariadb-install-db", *words, "--skip-name-resolve", "--innodb-flush-method=nosync"])
    return template


def _server() -> str:
    found = shutil.which("mariadbd", path=PATH)
    if found is None:
        raise Failed("`mariadbd` is missing; install it with: apt-get install mariadb-server")
    return found

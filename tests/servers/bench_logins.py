"""How long is a login by token, against one by password? Prints ratios: times differ from machine to machine, these hardly do.

Logins of all kinds take turns, so that whatever else the machine does slows all of them alike. A ratio is the median of the ratios of
two logins of one turn.

    python bench_logins.py [TURNS]

What a password costs is mostly the client's arithmetic (SCRAM: 4,096 rounds of HMAC), and newer versions of libpq do it faster. So all is
measured twice: with the system's libpq, as psql and the system's drivers have it, and with the newer one that psycopg brings.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import psycopg
from issuer import LocalIssuer
from postgresql import USER, PostgreSQL, opened
from process import folder_of
from stage import CONTROL, Stage

TURNS = 200
WARM_UP = 20

PASSWORD = "hunter2"

SCRAM, READS = "scram-sha-256", "PAM, a module that only reads the password"
FEW, MANY = "PAM and sqljwt, 10 lines of the identity map", "PAM and sqljwt, 10,000 lines"

GOALS = {(FEW, SCRAM): 0.95, (FEW, READS): 1.15, (MANY, SCRAM): None, (MANY, READS): None}
"""What a ratio has to be at most with the system's libpq; none for what grows with the map, for each login compiles it anew."""

SYSTEM = "python"
"""psycopg's implementation that takes the system's libpq; `binary` brings its own."""


def each(turns: int) -> int:
    """Measures with each libpq, in a process of its own: psycopg takes one when it is loaded."""
    command = [sys.executable, __file__, str(turns)]
    statuses = [subprocess.run(command, env={**os.environ, "PSYCOPG_IMPL": name}).returncode for name in (SYSTEM, "binary")]
    return max(statuses)


def main(turns: int) -> int:
    stage, issuer = Stage(is_full=True), LocalIssuer()
    try:
        server, kinds = _server(stage, issuer)
        try:
            times = _measured(kinds, turns)
        finally:
            server.stop()
    finally:
        issuer.close()
        stage.close()
    return _told(times, turns)


def _server(stage: Stage, issuer: LocalIssuer) -> tuple[PostgreSQL, dict[str, Callable[[], None]]]:
    folder = folder_of(stage.folder / "bench", "root")
    token, record, account = stage.pam_sqljwt(), stage.pam_record(), "account required pam_permit.so"
    log = stage.log(folder / "log", USER)
    services = {"reads": stage.service("sqljwt-bench-reads", [f"auth required {record} password={PASSWORD}", account])}
    for name, lines in (("few", 10), ("many", 10_000)):
        literal = [f"{issuer.url} person{number}@corp.test user{number}" for number in range(lines - 1)]
        identity_map = "\n".join([*literal, f"{issuer.url} ada@corp.test ada"])
        changes = {"server.identity_map.configuration": identity_map, "engine.user_names": "postgresql"}
        settings = stage.settings(folder / f"{name}.json", issuer.settings_with_keys(changes))
        line = f"auth {CONTROL} {token} settings={settings} log={log}"
        services[name] = stage.service(f"sqljwt-bench-{name}", [line, "auth required pam_deny.so", account])
    server = PostgreSQL(folder / "server", services, password=PASSWORD)
    server.roles("ada")
    token_of_ada = issuer.token(sub="ada@corp.test", lifetime=86_400)
    return server, {
        SCRAM: lambda: opened(server.port, PASSWORD, "scram_user", "postgres").close(),
        READS: lambda: opened(server.port, PASSWORD, "ada", "reads").close(),
        FEW: lambda: opened(server.port, token_of_ada, "ada", "few").close(),
        MANY: lambda: opened(server.port, token_of_ada, "ada", "many").close(),
    }


def _measured(kinds: dict[str, Callable[[], None]], turns: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for turn in range(WARM_UP + turns):
        for kind, log_in in kinds.items():
            begun = time.perf_counter()
            log_in()
            if turn >= WARM_UP:
                times[kind].append(time.perf_counter() - begun)
    return times


def _told(times: dict[str, list[float]], turns: int) -> int:
    version, is_system = psycopg.pq.version(), psycopg.pq.__impl__ == SYSTEM
    print(f"PostgreSQL, {turns} logins of each kind in turn, on this machine without TLS; the client's libpq is {version // 10_000}\n")
    for kind, measured in times.items():
        print(f"{statistics.median(measured) * 1000:8.2f} ms  {kind}")
    print("\nratio  at most")
    missed = 0
    for (kind, base), most in GOALS.items():
        goal = most if is_system else None
        ratio = statistics.median(ours / theirs for ours, theirs in zip(times[kind], times[base]))
        missed += goal is not None and ratio > goal
        print(f"{ratio:5.2f}  {'' if goal is None else f'{goal:.2f}':7}  {kind}, over {base}")
    print()
    if missed:
        print(f"{missed} of these are above what they have to be at most", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else TURNS
    sys.exit(main(turns) if "PSYCOPG_IMPL" in os.environ else each(turns))

"""What does a large identity map cost a login at PostgreSQL 18? Prints ratios: times differ from machine to machine, these hardly do.

Two servers stand side by side, with a map of 10 lines and one of 10,000, and take turns, so that whatever else the machine does slows both
alike. A ratio is the median of the ratios of two logins of one turn. The same again without `shared_preload_libraries`.

    python bench_postgresql18.py [TURNS]
"""

from __future__ import annotations

import statistics
import sys
import time
from contextlib import ExitStack

from issuer import LocalIssuer
from postgresql18 import Installed, PostgreSQL18
from stage import Stage

TURNS = 200
WARM_UP = 20

AT_MOST = 1.10
"""With preload a login inherits the compiled map, however long it is."""

FEW, MANY = 10, 10_000

SCOPE = "db"


def main(turns: int) -> int:
    with ExitStack() as ends:
        stage, issuer = Stage(is_full=True), LocalIssuer()
        ends.callback(stage.close)
        ends.callback(issuer.close)
        installed = Installed(stage)
        servers = {}
        for preload in (True, False):
            for lines in (FEW, MANY):
                servers[preload, lines] = _server(stage, installed, issuer, preload, lines)
                ends.callback(servers[preload, lines].stop)
        token = issuer.token(sub="ada@corp.test", scope=SCOPE, lifetime=86_400)
        preloaded = _ratio(servers[True, FEW], servers[True, MANY], token, turns, "preloaded", "direct")
        _ratio(servers[True, FEW], servers[True, MANY], token, turns, "preloaded, the line asks for a scope", "scoped")
        _ratio(servers[False, FEW], servers[False, MANY], token, turns, "not preloaded", "direct")
    print(f"\nthe first ratio has to be at most {AT_MOST:.2f}")
    return 0 if preloaded <= AT_MOST else 1


def _server(stage: Stage, installed: Installed, issuer: LocalIssuer, preload: bool, lines: int) -> PostgreSQL18:
    name = f"bench-{'preload' if preload else 'backend'}-{lines}"
    literal = [f"{issuer.url} person{number}@corp.test user{number}" for number in range(lines - 1)]
    changes = {"server.identity_map.configuration": "\n".join([*literal, f"{issuer.url} ada@corp.test ada"]), "engine.user_names": "postgresql"}
    settings = stage.settings(stage.folder / f"{name}.json", issuer.settings_with_keys(changes))
    line = f'issuer="{issuer.url}" delegate_ident_mapping=1 scope='
    lines_of_hba = {"direct": f'{line}""', "scoped": f"{line}{SCOPE}"}
    server = PostgreSQL18(installed, stage.folder / name, lines_of_hba, settings=settings, preload=preload)
    server.roles("ada")
    return server


def _ratio(few: PostgreSQL18, many: PostgreSQL18, token: str, turns: int, how: str, line: str) -> float:
    times: dict[int, list[float]] = {FEW: [], MANY: []}
    for turn in range(WARM_UP + turns):
        # Who begins changes each turn: the second one of a turn finds the processor's caches as the first one left them.
        order = [(FEW, few), (MANY, many)]
        for lines, server in order if turn % 2 else reversed(order):
            taken = _login(server, token, line)
            if turn >= WARM_UP:
                times[lines].append(taken)
    ratio = statistics.median(large / small for small, large in zip(times[FEW], times[MANY]))
    small, large = (statistics.median(times[lines]) * 1000 for lines in (FEW, MANY))
    print(f"{how:38} {FEW} lines {small:6.2f} ms   {MANY:,} lines {large:6.2f} ms   ratio {ratio:.2f}   ({turns} logins each)")
    return ratio


def _login(server: PostgreSQL18, token: str, line: str) -> float:
    """How long it takes to connect and be ready, in seconds."""
    begin = time.perf_counter()
    with server.client("ada", line) as client:
        client.log_in(token)
        return time.perf_counter() - begin


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else TURNS))

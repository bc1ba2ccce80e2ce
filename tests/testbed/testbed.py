"""A strict PostgreSQL 18 for other people's drivers and poolers, and the tokens that it has to let in or keep out.

    testbed.py                                    starts server and issuer, and says how to get tokens
    testbed.py --check                            starts them, tries every token, and stops
    testbed.py --check --host HOST --port PORT --tokens URL [--databases NAME,NAME] [--only NAME,NAME]
                                                  tries every token at another server of this machine

README.md beside this file says how a driver's author uses it, and what the files in `tokens/` mean.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import ipaddress
import json
import signal
import socket
import sys
import threading
import time
import urllib.request
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "servers"))

from issuer import LocalIssuer  # noqa: E402
from logins import Refused, Text  # noqa: E402
from oauthbearer import OAuthBearer  # noqa: E402
from postgresql18 import Installed, PostgreSQL18  # noqa: E402
from process import LOOPBACK  # noqa: E402
from stage import Stage  # noqa: E402

from sqljwt.testing import SigningKey  # noqa: E402
from sqljwt.testing.keys import base64url, encoded, signed, without_none  # noqa: E402

SCOPE = "db"
USER = "ada"
DATABASES = ("postgres", "delegated", "mapped")
SQLSTATE = "28000"
"""What PostgreSQL says of every refusal of this kind: invalid_authorization_specification."""

TIMES = ("iat", "nbf", "exp")


@dataclass(frozen=True)
class TokenFile:
    """One file of `tokens/`."""

    name: str
    about: str
    is_accepted: bool
    user: str
    database: str
    log: str
    recipe: Mapping[str, Any]


def token_files() -> list[TokenFile]:
    """All of them, in the order of their names."""
    return [_token_file(path) for path in sorted((HERE / "tokens").glob("*.json"))]


def _token_file(path: Path) -> TokenFile:
    recipe = json.loads(path.read_text())
    if recipe["answer"] not in ("accepted", "refused"):
        raise ValueError(f"{path}: `answer` is neither `accepted` nor `refused`")
    database = recipe.get("database", DATABASES[0])
    return TokenFile(path.stem, recipe["about"], recipe["answer"] == "accepted", recipe.get("user", USER), database, recipe.get("log", ""), recipe)


# Tokens.


def minted(issuer: LocalIssuer, recipe: Mapping[str, Any]) -> str:
    """The token that a file describes, made now."""
    if "text" in recipe:
        return str(recipe["text"])
    key = issuer.idp.key
    stranger = SigningKey.generate(key.id, key.algorithm)
    how = recipe.get("signature", "issuer")
    header: dict[str, Any] = {"alg": key.algorithm, "kid": key.id, "typ": "JWT", **recipe.get("header", {})}
    if how == "stranger_in_header":
        header["jwk"] = stranger.public_jwk()
    head, claims = encoded(without_none(header)), _claims(issuer, recipe)
    if how in ("issuer", "padded", "absent"):
        signature = base64url(key.sign(f"{head}.{claims}".encode()))
    elif how in ("stranger", "stranger_in_header"):
        signature = base64url(stranger.sign(f"{head}.{claims}".encode()))
    elif how == "of_other_claims":
        signature = signed(key, without_none(header), {"sub": "eve"}).rsplit(".", 1)[1]
    elif how == "hs256_public_key":
        public = json.dumps(key.public_jwk()).encode()
        signature = base64url(hmac.new(public, f"{head}.{claims}".encode(), hashlib.sha256).digest())
    elif how == "none":
        signature = ""
    else:
        raise ValueError(f"there is no signature `{how}`")
    token = f"{head}.{claims}" if how == "absent" else f"{head}.{claims}.{signature}{'==' if how == 'padded' else ''}"
    return token[: recipe.get("cut", len(token))]


def _claims(issuer: LocalIssuer, recipe: Mapping[str, Any]) -> str:
    if "claims_text" in recipe:
        return encoded(str(recipe["claims_text"]).encode())
    now = int(time.time())
    good = {"iss": issuer.url, "aud": issuer.audience, "sub": USER, "scope": f"openid {SCOPE}", "iat": 0, "nbf": 0, "exp": 3600}
    claims = without_none({**good, **recipe.get("claims", {})})
    for name in TIMES:
        if isinstance(claims.get(name), int):
            claims[name] += now
    if "padding" in recipe:
        claims["padding"] = "x" * recipe["padding"]
    text = json.dumps(claims, separators=(",", ":"))
    return encoded((text[:-1] + recipe.get("claims_text_add", "") + "}").encode())


class TokenDesk:
    """Hands out tokens over HTTP, on this machine: `/tokens` lists them, `/token/NAME` mints one."""

    def __init__(self, issuer: LocalIssuer) -> None:
        self._server = ThreadingHTTPServer((LOOPBACK, 0), lambda *arguments: _Handler(issuer, *arguments))
        self._server.daemon_threads = True
        self.url = f"http://{LOOPBACK}:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def __enter__(self) -> TokenDesk:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, issuer: LocalIssuer, *arguments: Any) -> None:
        self.issuer = issuer
        super().__init__(*arguments)

    def do_GET(self) -> None:
        files = {f"/token/{file.name}": file for file in token_files()}
        if self.path == "/tokens":
            listed = [{"name": file.name, "about": file.about, "user": file.user, "database": file.database, "answer": file.recipe["answer"]} for file in files.values()]
            self._answer(200, json.dumps(listed, indent=1), "application/json")
        elif self.path in files:
            self._answer(200, minted(self.issuer, files[self.path].recipe), "text/plain")
        else:
            self._answer(404, "there are /tokens and /token/NAME\n", "text/plain")

    def _answer(self, status: int, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


# The server.


class Testbed:
    """Server, issuer and desk."""

    def __init__(self, ends: ExitStack, port: int) -> None:
        stage = Stage(is_full=False)
        ends.callback(stage.close)
        self.issuer = LocalIssuer()
        ends.callback(self.issuer.close)
        # A second key, so that a token without a key id says nothing.
        self.issuer.announce()
        self.desk = TokenDesk(self.issuer)
        ends.callback(self.desk.close)
        url = self.issuer.url
        line = f'127.0.0.1/32 oauth issuer="{url}" scope="{SCOPE}"'
        rules = [f"host delegated all {line} delegate_ident_mapping=1", f"host mapped all {line} map=m", f"host all all {line}"]
        names = rf"{url} /^([a-z_]+)@corp\.test$ \1" + "\n" + rf"{url} /^([A-Za-z_]+)$ \1"
        settings = self.issuer.settings_with_keys({"server.identity_map.configuration": names, "engine.user_names": "postgresql"})
        path = stage.settings(stage.folder / "testbed.json", settings)
        ident = r"m /^(.*)@corp\.test$ \1" + "\n"
        self.server = PostgreSQL18(Installed(stage), stage.folder / "testbed", {}, settings=path, rules=rules, ident=ident, port=port)
        ends.callback(self.server.stop)
        self.server.roles(USER, "eve", "Ada")
        for database in DATABASES[1:]:
            self.server.sql(f"create database {database}")


def serve(port: int) -> int:
    """Runs until it is told to stop."""
    with ExitStack() as ends:
        bed = Testbed(ends, port)
        print(WELCOME.format(port=bed.server.port, issuer=bed.issuer.url, desk=bed.desk.url, audience=bed.issuer.audience, log=bed.server.log), flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    return 0


WELCOME = """
A strict PostgreSQL 18 listens on 127.0.0.1:{port}, without TLS: SASL OAUTHBEARER (RFC 7628), roles ada and eve, databases
  postgres    the role is the token's `sub`
  delegated   the server maps `sub` ada@corp.test to the role ada (delegate_ident_mapping=1)
  mapped      pg_ident.conf does the same (map=)

issuer        {issuer}    audience {audience}    scope db
good token    curl -s {desk}/token/good
a bad one     curl -s {desk}/token/expired
all kinds     curl -s {desk}/tokens        each with the role, the database and the answer that it must get
server's log  {log}

The same tokens at another server that trusts this issuer:
  cargo xtask testbed --check --host 127.0.0.1 --port PORT --tokens {desk}

Ctrl-C ends it.
"""


# The check.


def check(port: int, only: set[str]) -> int:
    """Tries every token at a server of its own, whose log has to say why."""
    with ExitStack() as ends:
        bed = Testbed(ends, port)
        return _check("127.0.0.1", bed.server.port, bed.desk.url, set(DATABASES), only, bed.server.log)


def _check(host: str, port: int, desk: str, databases: set[str], only: set[str], log: Path | None) -> int:
    files = [file for file in token_files() if file.database in databases and (not only or file.name in only)]
    refused = accepted = 0
    print(f"{'token':28}{'asks for':12}{'database':12}{'must be':10}is")
    for file in files:
        said = Text(log) if log else None
        answer, why = _answer(host, port, file, fetched(desk, file.name))
        fault = _fault(file, answer, why, str(said) if said else None)
        refused += file.is_accepted and bool(fault)
        accepted += not file.is_accepted and bool(fault)
        print(f"{file.name:28}{file.user:12}{file.database:12}{file.recipe['answer']:10}{fault or answer}")
    try:
        alive = _answer(host, port, _token_file(HERE / "tokens/good.json"), fetched(desk, "good"))[0] == "accepted"
    except OSError:
        alive = False
    print(f"\n{len(files)} tokens tried: {refused} wrongly refused, {accepted} wrongly accepted or answered; " + ("the server is alive" if alive else "the server DIED or lets nobody in"))
    return 1 if refused or accepted or not alive else 0


def _answer(host: str, port: int, file: TokenFile, token: str) -> tuple[str, str]:
    """`accepted` or `refused`, and what the server said."""
    with OAuthBearer(port, file.user, file.database, host=host) as client:
        try:
            client.log_in(token)
        except Refused as error:
            return "refused", f"{error} {client.challenge.decode(errors='replace')}"
        return ("accepted", "") if client.current_user() == file.user else ("accepted", "as somebody else")


def _fault(file: TokenFile, answer: str, why: str, log: str | None) -> str:
    """What is wrong with an answer; nothing if it is as it must be."""
    if answer != file.recipe["answer"]:
        return f"{answer.upper()}: {why}"
    if file.is_accepted:
        return f"ACCEPTED {why}" if why else ""
    if not why.startswith(SQLSTATE):
        return f"REFUSED with another SQLSTATE than {SQLSTATE}: {why}"
    if file.log and log is not None and file.log not in log:
        return f"REFUSED, and the log does not say `{file.log}`"
    return ""


def fetched(desk: str, name: str) -> str:
    """A token from the desk."""
    with urllib.request.urlopen(f"{desk}/token/{name}", timeout=10) as answer:
        text: str = answer.read().decode()
        return text


def is_this_machine(host: str) -> bool:
    """Whether a name or address is this machine's loopback. Nobody tries bad tokens at other people's servers with this."""
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None)}
    except OSError:
        return False
    return bool(found) and all(ipaddress.ip_address(address).is_loopback for address in found)


def main() -> int:
    options = argparse.ArgumentParser(prog="cargo xtask testbed", description="A strict PostgreSQL 18 for other people's tests.")
    options.add_argument("--check", action="store_true", help="try every token, say what came of it, and stop")
    options.add_argument("--host", help="with --check: another server, on this machine")
    options.add_argument("--port", type=int, default=0, help="where that server listens, or where the strict one shall (any free port)")
    options.add_argument("--tokens", metavar="URL", help="with --host: where a running testbed hands out tokens")
    options.add_argument("--databases", default=",".join(DATABASES), help="with --host: those of the databases that it has")
    options.add_argument("--only", default="", help="with --check: names of files in tests/testbed/tokens, with commas between them")
    given = options.parse_args()
    only = set(filter(None, given.only.split(",")))
    if not given.check:
        return serve(given.port)
    if given.host is None:
        return check(given.port, only)
    if not is_this_machine(given.host):
        options.error("--host has to be an address of this machine's loopback")
    if not given.port or not given.tokens:
        options.error("--host takes --port, and --tokens of a testbed that is running: the other server has to trust its issuer")
    return _check(given.host, given.port, given.tokens, set(given.databases.split(",")), only, None)


if __name__ == "__main__":
    # Before any thread begins, so that the signals reach sigwait alone.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    sys.exit(main())

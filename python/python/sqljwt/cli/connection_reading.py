"""What does a connection URL or a keyword string say, and what is missing for a token login? Its password is repeated nowhere."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

SCHEMES = ("postgresql", "postgres", "cockroachdb", "jdbc:postgresql")

SWITCHED_ON = re.compile(r"(?:-c\s*|--)crdb:jwt_auth_enabled=(?:true|on|yes|1|t)(?=\s|$)", re.IGNORECASE)
"""The switch as CockroachDB reads it among the options."""

NAMES = {"dbname": "database", "hostaddr": "host", "pwd": "password"}


@dataclass(frozen=True)
class Reading:
    """The parts of a connection, without its password, and what there is to say of them."""

    parts: dict[str, str]
    missing: tuple[str, ...]
    warnings: tuple[str, ...]


def read(text: str, *, on_the_command_line: bool) -> Reading:
    """Take a connection apart.

    Raises:
        ValueError: it is neither a URL of PostgreSQL nor a keyword string.
    """
    parts = _of_url(text) if "://" in text.split("?")[0] else _of_keywords(text)
    password = parts.pop("password", None)
    missing = [] if SWITCHED_ON.search(parts.get("options", "")) else [_switch(parts)]
    if not parts.get("user"):
        missing.append("the SQL user: the client would send the name of whoever runs it")
    warnings = []
    if password is not None:
        kind = "a token" if is_jwt(password) else "a password"
        parts["password"] = f"{kind} of {len(password)} characters (not shown)"
        where = " and in the shell's history" if on_the_command_line else ""
        warnings.append(f"{kind} stands in the text: it will be read in process lists, in logs{where}; use PGPASSWORD")
        if kind != "a token" and SWITCHED_ON.search(parts.get("options", "")):
            missing.append("a token: what stands in the place of the password is none")
    if parts.get("sslmode") not in ("verify-full", "verify-ca"):
        warnings.append("sslmode=verify-full is not there: whoever answers as the server gets the token")
    return Reading(parts, tuple(missing), tuple(warnings))


def _switch(parts: dict[str, str]) -> str:
    if "jwt_auth_enabled" in parts.get("options", ""):
        return "options do not switch token logins on: write options=--crdb:jwt_auth_enabled=true"
    in_url = "in a URL: options=--crdb%3Ajwt_auth_enabled%3Dtrue"
    return f"options=--crdb:jwt_auth_enabled=true ({in_url}): without it the token is taken for a password"


def is_jwt(text: str) -> bool:
    """Whether it has a token's three parts."""
    return re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]*", text, re.ASCII) is not None


def _of_url(text: str) -> dict[str, str]:
    scheme = text.partition("://")[0].lower()
    if scheme not in SCHEMES:
        raise ValueError("no connection URL: it begins with postgresql:// (value withheld)")
    try:
        url = urlsplit("postgresql://" + text.partition("://")[2])
        port = url.port
    except ValueError:
        raise ValueError("no connection URL: its host or port cannot be read (value withheld)") from None
    parts: dict[str, str] = {}
    for name, value in (("host", url.hostname), ("port", port and str(port)), ("user", url.username), ("password", url.password)):
        if value:
            parts[name] = unquote(value)
    if url.path.strip("/"):
        parts["database"] = unquote(url.path.lstrip("/"))
    parts.update({NAMES.get(name, name): value for name, value in parse_qsl(url.query)})
    return parts


def _of_keywords(text: str) -> dict[str, str]:
    try:
        words = shlex.split(text)
    except ValueError:
        words = []
    pairs = [word.partition("=") for word in words]
    if not pairs or not all(equals and name.isidentifier() for name, equals, _ in pairs):
        raise ValueError("neither a URL that begins with postgresql:// nor words such as host=db.example (value withheld)")
    return {NAMES.get(name, name): value for name, _, value in pairs}

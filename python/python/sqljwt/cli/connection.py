"""``connection``: how a client sends a token as its password, and what is missing from a connection that does not."""

from __future__ import annotations

import argparse
import re
import shlex
import sys
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ..said import said
from .connection_reading import Reading, read
from .inputs import HINT, Unusable, add_token_options, harmless, token
from .status import ACCEPTED, REJECTED
from .terminal import Line, Look

SWITCH = "--crdb:jwt_auth_enabled=true"
"""What tells CockroachDB that the password is a token."""

EXAMPLES = """\
  sqljwt connection --host db.example --user alice
  sqljwt connection --host db.example --user alice --form env --token token.txt
  sqljwt connection --host db.example --user alice --token-env DB_TOKEN --with-token
  sqljwt connection --read 'postgresql://alice@db.example:26257/defaultdb'
  echo "$DATABASE_URL" | sqljwt connection --read -
"""


def add_to(commands: Any) -> None:
    """The command's options."""
    parser = commands.add_parser(
        "connection",
        help="build a connection URL or psql's environment for a token login, or take one apart",
        description="How a client sends the token as its password. The token itself is printed with --with-token alone.",
        examples=EXAMPLES,
    )
    parser.add_argument("--read", metavar="URL", help="take a URL or keyword string apart and say what is missing; - for standard input")
    forms = ("url", "keywords", "env")
    parser.add_argument("--form", choices=forms, default="url", help="a URL (the default), a keyword string or psql's variables")
    parser.add_argument("--host", type=harmless, default="localhost", metavar="NAME", help="the server (localhost unless given)")
    parser.add_argument("--port", type=int, default=26257, metavar="NUMBER", help="its port (26257 unless given)")
    parser.add_argument("--user", type=harmless, metavar="NAME", help="the SQL user")
    parser.add_argument("--database", type=harmless, default="defaultdb", metavar="NAME", help="the database (defaultdb unless given)")
    parser.add_argument(
        "--sslmode",
        choices=("verify-full", "verify-ca", "require"),
        default="verify-full",
        help="how the server proves itself (verify-full unless given): a token is a password",
    )
    parser.add_argument("--sslrootcert", type=harmless, metavar="FILE", help="the certificate authority of the server")
    add_token_options(parser)
    parser.add_argument("--with-token", action="store_true", help="put the token into what is printed: it is a password there")
    parser.set_defaults(run=_connection)


def _connection(options: argparse.Namespace) -> int:
    if options.read is not None:
        return _take_apart(options)
    if not options.user:
        raise Unusable("--user is missing: the SQL user who logs in")
    if not 0 < options.port < 65536:
        raise Unusable("--port takes a number from 1 to 65535")
    password = Password.of(options)
    print({"url": _url, "keywords": _keywords, "env": _environment}[options.form](options, password))
    if not options.with_token and options.form != "env":
        print("sqljwt: the token is the password: PGPASSWORD, or --with-token to put it into the text", file=sys.stderr)
    return ACCEPTED


@dataclass(frozen=True)
class Password:
    """The token where it is to be printed, and what a shell reads it from where it is not."""

    token: str | None
    shell: str

    @classmethod
    def of(cls, options: argparse.Namespace) -> Password:
        """As the options say."""
        if options.with_token:
            try:
                text = token(options).decode("ascii").strip()
            except UnicodeDecodeError:
                raise Unusable("the token is not ASCII; `sqljwt decode` says what it is") from None
            if not re.fullmatch(r"[\w.~+/=-]+", text, re.ASCII):
                raise Unusable("that is no token; `sqljwt decode` says what it is")
            return cls(text, shlex.quote(text))
        if options.token_env is not None:
            if not options.token_env.isidentifier() or harmless_or_none(options.token_env) is None:
                raise Unusable("--token-env takes the name of a variable (value withheld)")
            return cls(None, f'"${options.token_env}"')
        if options.token != "-":
            if harmless_or_none(options.token) is None:
                raise Unusable("--token takes a file; for a variable use --token-env NAME (value withheld)")
            return cls(None, f'"$(cat {shlex.quote(options.token)})"')
        return cls(None, "'the token'")


def harmless_or_none(text: str) -> str | None:
    """The text, unless it looks like a secret."""
    try:
        return harmless(text)
    except argparse.ArgumentTypeError:
        return None


def _settings(options: argparse.Namespace) -> dict[str, str]:
    root = {"sslrootcert": options.sslrootcert} if options.sslrootcert else {}
    return {"sslmode": options.sslmode, **root, "options": SWITCH}


def _url(options: argparse.Namespace, password: Password) -> str:
    """RFC 3986 within libpq's form: everything that is not plain is percent-encoded."""
    secret = f":{quote(password.token, safe='')}" if password.token else ""
    host = f"[{options.host}]" if ":" in options.host else quote(options.host, safe="")
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in _settings(options).items())
    return f"postgresql://{quote(options.user, safe='')}{secret}@{host}:{options.port}/{quote(options.database, safe='')}?{query}"


def _keywords(options: argparse.Namespace, password: Password) -> str:
    words = {"host": options.host, "port": str(options.port), "user": options.user, "dbname": options.database, **_settings(options)}
    if password.token:
        words["password"] = password.token
    return " ".join(f"{name}={_keyword(value)}" for name, value in words.items())


def _keyword(value: str) -> str:
    """A value in libpq's keyword string."""
    if value and not set(value) & set(" \t\n'\\"):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _environment(options: argparse.Namespace, password: Password) -> str:
    names = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "options": "PGOPTIONS"}
    words = {"PGHOST": options.host, "PGPORT": str(options.port), "PGUSER": options.user, "PGDATABASE": options.database}
    words.update({names[name]: value for name, value in _settings(options).items()})
    lines = [f"export {name}={shlex.quote(value)}" for name, value in words.items()]
    return "\n".join([*lines, f"export PGPASSWORD={password.shell}"])


def _take_apart(options: argparse.Namespace) -> int:
    text = sys.stdin.read() if options.read == "-" else options.read
    look = Look.of(sys.stdout, options)
    try:
        reading = read(text.strip(), on_the_command_line=options.read != "-")
    except ValueError as error:
        raise Unusable(f"{error}; {HINT}" if options.read != "-" else str(error)) from None
    lines: list[Line] = [("quiet", 0, f"{said(name) + ':':10} ", said(value)) for name, value in reading.parts.items()]
    lines += _findings(reading)
    look.show(lines, sys.stdout)
    return REJECTED if reading.missing else ACCEPTED


def _findings(reading: Reading) -> list[Line]:
    if not (reading.missing or reading.warnings):
        return [("accepted", 0, "complete: ", "the password is sent as a token")]
    missing: list[Line] = [("failed", 0, "missing: ", text) for text in reading.missing]
    return missing + [("warning", 0, "Warning: ", text) for text in reading.warnings]

"""Expectation files: who may log in and who may not, as a table kept beside the settings.

    settings = "settings.sql"            # beside this file
    now = 1800000000                     # Unix seconds; the present unless given

    [[login]]
    name = "Jane logs in from Entra"
    issuer = "https://login.example"     # a token is minted and signed with a test key in this issuer's place
    claims = { sub = "jane" }
    user = "jane"
    logs_in_as = "jane"

    [[login]]
    name = "an old token is refused"
    issuer = "https://login.example"
    bad = "expired"
    claims = { sub = "jane" }
    user = "jane"
    rejected = "token_expired"

A real token is given as ``token`` or ``token_file``; it is checked with the settings' own keys. ``logs_in_as`` is a SQL user, ``rejected`` a code
or ``keys_needed``. In YAML the same table is called ``login`` too.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from .._native import Engine, settings_to_json
from ..errors import SettingsInvalid
from ..names import ReasonCode
from ..said import said
from ..settings import text_of
from .assertions import explain

FILE = {"settings", "now", "login"}
LOGIN = {"name", "token", "token_file", "issuer", "audience", "claims", "header", "bad", "user", "now", "logs_in_as", "rejected"}


class ExpectationsInvalid(ValueError):
    """A file that is no table of expectations; its text names the file, the login and what is wrong."""


@dataclass(frozen=True)
class Expectation:
    """One login and what has to come out of it."""

    name: str
    settings: str = field(repr=False)
    token: str = field(repr=False)
    user: str
    now: float | None
    logs_in_as: str | None
    rejected: str | None
    file: str
    configured: str = field(repr=False)
    """The settings that the table names; `settings` trust the test key of a minted token besides."""
    minted: bool

    def fault(self) -> str | None:
        """Nothing when it comes out as expected; otherwise what was expected, and the explanation of what came out."""
        explanation = explain(self.settings, self.token, self.user, self.now)
        if self.logs_in_as is not None:
            fits = explanation.login is not None and explanation.login.user == self.logs_in_as
            wanted = f"a login as `{self.logs_in_as}`"
        else:
            code = explanation.reason.code if explanation.reason else explanation.decision
            fits = code == self.rejected
            wanted = f"a rejection with `{self.rejected}`"
        return None if fits else f"expected {wanted}\n\n{explanation}"


def read_expectations(path: str | os.PathLike[str]) -> list[Expectation]:
    """Read a table of expectations, in TOML or, where the name ends in ``.yaml`` or ``.yml``, in YAML.

    Raises:
        ExpectationsInvalid: it is none.
        OSError: it cannot be read.
    """
    path = Path(path)
    document = _document(path)
    _only(FILE, document, f"{path}")
    if not isinstance(document.get("settings"), (str, dict)):
        raise ExpectationsInvalid(f"{path}: `settings` names the file of settings, or holds them as a table")
    logins = document.get("login")
    if not isinstance(logins, list) or not logins:
        raise ExpectationsInvalid(f"{path}: `login` is a list of at least one login")
    text = _settings(path, document["settings"])
    return [_expectation(path, number, login, text, document.get("now")) for number, login in enumerate(logins, 1)]


def _expectation(path: Path, number: int, login: Any, settings: str, now: float | None) -> Expectation:
    where = f"{path}: login {number}"
    if not isinstance(login, dict):
        raise ExpectationsInvalid(f"{where}: it is a table")
    _only(LOGIN, login, where)
    if not isinstance(login.get("user", ""), str):
        raise ExpectationsInvalid(f"{where}: `user` is a text")
    logs_in_as, rejected = login.get("logs_in_as"), login.get("rejected")
    if (logs_in_as is None) == (rejected is None):
        raise ExpectationsInvalid(f"{where}: it has either `logs_in_as` or `rejected`")
    if rejected is not None and rejected != "keys_needed" and rejected not in get_args(ReasonCode):
        raise ExpectationsInvalid(f"{where}: no reason has the code `{said(str(rejected))}`; `sqljwt reasons` lists them")
    now = login.get("now", now)
    if now is not None and (isinstance(now, bool) or not isinstance(now, (int, float))):
        raise ExpectationsInvalid(f"{where}: `now` is in Unix seconds")
    given = [name for name in ("token", "token_file", "issuer") if name in login]
    if len(given) != 1 or not isinstance(login[given[0]], str):
        raise ExpectationsInvalid(f"{where}: it has one of `token`, `token_file` and `issuer`, a text")
    configured = settings
    if given == ["token"]:
        token = login["token"]
    elif given == ["token_file"]:
        token = _beside(path, login["token_file"], f"{where}: `token_file`").rstrip("\r\n")
    else:
        token, settings = minted(where, login, settings, now)
    name = login.get("name") or f"login {number}"
    minted_here = given == ["issuer"]
    return Expectation(str(name), settings, token, login.get("user", ""), now, logs_in_as, rejected, str(path), configured, minted_here)


def _settings(path: Path, settings: str | dict[str, Any]) -> str:
    if isinstance(settings, str):
        return _beside(path, settings, f"{path}: `settings`")
    try:
        return text_of(settings)
    except (TypeError, ValueError) as error:
        raise ExpectationsInvalid(f"{path}: {said(str(error))}") from None


def _beside(path: Path, name: str, where: str) -> str:
    """The text of a file beside the table."""
    try:
        return text_of(path.parent / name)
    except (OSError, ValueError) as error:
        # A token that stands where the name of a file belongs is not repeated.
        raise ExpectationsInvalid(f"{where} names a file beside this one: {said(name)}: {getattr(error, 'strerror', None) or error}") from None


def minted(where: str, login: dict[str, Any], settings: str, now: float | None) -> tuple[str, str]:
    """A token of a test issuer, and the settings that trust its key in that issuer's place."""
    from .issuer import Issuer

    try:
        configured = json.loads(settings_to_json(settings)[0])
    except SettingsInvalid:
        # The explanation will say what is wrong with them; no token can.
        return "", settings
    audience = login.get("audience", _first_audience(configured))
    claims = login.get("claims", {})
    if not isinstance(claims, dict):
        raise ExpectationsInvalid(f"{where}: `claims` is a table")
    try:
        issuer = Issuer(login["issuer"], audience=audience, header=login.get("header"))
        token = issuer.bad(login["bad"], claims, now=now) if "bad" in login else issuer.token(claims, now=now)
    except (ValueError, ModuleNotFoundError) as error:
        raise ExpectationsInvalid(f"{where}: {said(str(error))}") from None
    trusting = json.dumps(issuer.trusted(configured))
    try:
        Engine(trusting)
    except SettingsInvalid as error:
        if error.code == "issuers_invalid":
            # Of an issuer that is not configured nobody asks whose key it was.
            return token, settings
    return token, trusting


def _first_audience(settings: Mapping[str, Any]) -> str:
    """The audience that a minted token is for unless the table says otherwise: the first that the settings accept."""
    audience: str = settings.get("server.jwt_authentication.audience", "")
    try:
        listed = json.loads(audience)
    except ValueError:
        return audience
    return str(listed[0]) if isinstance(listed, list) and listed else audience


def _document(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    try:
        document = _yaml(text) if path.suffix in (".yaml", ".yml") else _toml(text)
    except ValueError as error:
        raise ExpectationsInvalid(f"{path}: {said(str(error))}") from None
    if not isinstance(document, dict):
        raise ExpectationsInvalid(f"{path}: expected a table with `settings` and `login`")
    return document


def _toml(text: str) -> Any:
    try:
        toml = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    except ModuleNotFoundError as error:
        raise ExpectationsInvalid("TOML before Python 3.11 takes a library: pip install 'sqljwt[testing]'") from error
    return toml.loads(text)


def _yaml(text: str) -> Any:
    try:
        import yaml
    except ModuleNotFoundError as error:
        raise ExpectationsInvalid("YAML takes a library: pip install 'sqljwt[testing]'") from error
    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        # The error's own text quotes the line, with the token that may stand in it.
        place = f" (at line {error.problem_mark.line + 1}, column {error.problem_mark.column + 1})" if error.problem_mark else ""
        raise ExpectationsInvalid(f"{error.problem}{place}") from None
    except yaml.YAMLError as error:
        raise ExpectationsInvalid(str(error)) from None


def _only(known: set[str], table: Mapping[str, Any], where: str) -> None:
    if unknown := [name for name in table if name not in known]:
        raise ExpectationsInvalid(f"{where}: there is no `{said(str(unknown[0]))}`; it has {', '.join(sorted(known))}")

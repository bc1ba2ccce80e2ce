"""A first table of expectations, of logins that there were: what comes out of each today is what is expected from then on.

No token is written. A login is told by its issuer and by those claims that decide, and is minted anew whenever the table is checked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..explanation import Explanation
from .assertions import explain
from .expectations import ExpectationsInvalid, minted

TIMES = ("exp", "nbf", "iat")
"""Claims that a token has anew each time."""


@dataclass(frozen=True)
class Request:
    """A login that there was."""

    claims: Mapping[str, Any]
    """What its token says, believed or not."""
    user: str


@dataclass(frozen=True)
class Table:
    """The table, and what is to be said about it."""

    text: str
    logins: int
    passed_over: int
    """Requests without an issuer, or with something that a table cannot say."""


def first_expectations(settings_name: str, settings: str, requests: Iterable[Request]) -> Table:
    """The table of these logins under these settings; the same login is written once.

    Raises:
        SettingsInvalid: the settings cannot be used.
    """
    entries: dict[str, str] = {}
    passed_over = 0
    for request in requests:
        try:
            entry = _entry(settings, request)
            told = "".join(f"{name} = {_toml(value)}\n" for name, value in entry.items() if name != "name")
        except (ExpectationsInvalid, Unwritable):
            passed_over += 1
            continue
        entries.setdefault(told, f"\n[[login]]\nname = {_toml(entry['name'])}\n{told}")
    return Table(f"settings = {_toml(settings_name)}\n{''.join(entries.values())}", len(entries), passed_over)


class Unwritable(Exception):
    """Something that a table cannot say."""


def _entry(settings: str, request: Request) -> dict[str, Any]:
    issuer = request.claims.get("iss")
    if not isinstance(issuer, str):
        raise Unwritable
    claims = {name: value for name, value in request.claims.items() if name != "iss" and name not in TIMES}
    explanation = _explained(settings, issuer, claims, request.user)
    deciding = {name: value for name, value in claims.items() if name in set(_read(explanation))}
    if _outcome(_explained(settings, issuer, deciding, request.user)) == _outcome(explanation):
        claims = deciding
    outcome, value = _outcome(explanation)
    bearer = explanation.login.principal if explanation.login else next((str(claims[name]) for name in ("email", "sub") if name in claims), "somebody")
    said = f"logs in as {value}" if outcome == "logs_in_as" else f"is refused: {value}"
    wanted = f", who wants to be {request.user}," if request.user else ""
    return {"name": f"{bearer} of {issuer}{wanted} {said}", "issuer": issuer, "claims": claims, "user": request.user, outcome: value}


def _explained(settings: str, issuer: str, claims: Mapping[str, Any], user: str) -> Explanation:
    token, trusting = minted("login", {"issuer": issuer, "claims": claims}, settings, None)
    return explain(trusting, token, user, None)


def _read(explanation: Explanation) -> Iterator[str]:
    """The claims that some check has read."""
    for check in explanation.checks:
        if check.reads is not None and check.reads.part == "claims":
            for member in check.reads.members:
                yield member
                # Of a JSON Pointer the outermost claim.
                yield member.split("/")[1].replace("~1", "/").replace("~0", "~") if member.startswith("/") else member


def _outcome(explanation: Explanation) -> tuple[str, str]:
    if explanation.login is not None:
        return "logs_in_as", explanation.login.user
    return "rejected", explanation.reason.code if explanation.reason else explanation.decision


def _toml(value: Any) -> str:
    """The value as TOML 1.0 writes it in one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return str(value)
    if isinstance(value, float) and abs(value) != float("inf") and value == value:
        return repr(value)
    if isinstance(value, str) and value.isascii() or isinstance(value, str) and _encodable(value):
        # JSON escapes all that TOML wants escaped, but for this one.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, Mapping):
        members = ", ".join(f"{name if re.fullmatch('[A-Za-z0-9_-]+', name) else _toml(name)} = {_toml(each)}" for name, each in value.items())
        return f"{{ {members} }}" if members else "{}"
    # TOML has no null.
    raise Unwritable


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

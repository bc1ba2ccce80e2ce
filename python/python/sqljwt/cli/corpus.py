"""Files of logins that there were: a line of JSON for each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from ..advisor import SampleLogin
from ..said import said
from .inputs import Unusable, read_file

SHAPE = "a login is an object with `token` or `claims`, and with `user`, `now` and `expected` where they are known"


def sample_logins(name: str, option: str) -> Iterator[SampleLogin]:
    """The logins of a file; - for standard input."""
    shown = "standard input" if name == "-" else said(name)
    for number, line in enumerate(read_file(name, "logins", option).splitlines(), 1):
        if not line.strip():
            continue
        try:
            login = json.loads(line)
        except (ValueError, RecursionError):
            raise Unusable(f"{shown}:{number}: not JSON") from None
        if not _is_login(login):
            raise Unusable(f"{shown}:{number}: {SHAPE}")
        yield SampleLogin(**{name: login[name] for name in MEMBERS if name in login})


def _is_login(login: Any) -> bool:
    if not isinstance(login, dict) or ("token" in login) == ("claims" in login) or login.keys() - MEMBERS.keys():
        return False
    return all(fits(login[name]) for name, fits in MEMBERS.items() if name in login)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_moment(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


MEMBERS: dict[str, Callable[[Any], bool]] = {
    "token": _is_text,
    "claims": lambda value: isinstance(value, dict),
    "issuer": _is_text,
    "user": _is_text,
    "now": _is_moment,
    "expected": _is_text,
}

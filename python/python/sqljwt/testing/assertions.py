"""Two assertions whose failure is the explanation."""

from __future__ import annotations

from typing import Union, cast, get_args

from ..explanation import Explanation
from ..login import Login
from ..names import ReasonCode
from ..settings import Settings
from ..validator import Validator
from ..validator import explain as explain_under

SettingsOrValidator = Union[Settings, Validator]


def assert_logs_in(
    settings: SettingsOrValidator, token: str | bytes, as_user: str, *, requested: str | None = None, now: float | None = None
) -> Login:
    """Assert that the token logs in as that SQL user, and give the login.

    ``requested`` is the SQL user that the client asks for: ``as_user`` unless given. ``now`` is in Unix seconds, the present unless given.

    Raises:
        AssertionError: it does not; the text is the explanation.
    """
    __tracebackhide__ = True
    explanation = explain(settings, token, as_user if requested is None else requested, now)
    if explanation.login is None or explanation.login.user != as_user:
        raise AssertionError(f"expected a login as `{as_user}`\n\n{explanation}")
    return explanation.login


def assert_rejected(
    settings: SettingsOrValidator, token: str | bytes, user: str, code: ReasonCode, *, now: float | None = None
) -> Explanation:
    """Assert that the token is rejected for that reason, and give the explanation.

    Raises:
        AssertionError: it is accepted, or rejected for another reason; the text is the explanation.
        ValueError: there is no such reason.
    """
    __tracebackhide__ = True
    if code not in get_args(ReasonCode):
        raise ValueError(f"argument 'code': no reason has the code {cast(str, code)!r}; `sqljwt reasons` lists them")
    explanation = explain(settings, token, user, now)
    if explanation.reason is None or explanation.reason.code != code:
        raise AssertionError(f"expected a rejection with `{code}`\n\n{explanation}")
    return explanation


def explain(settings: SettingsOrValidator, token: str | bytes, user: str, now: float | None) -> Explanation:
    """The explanation, of unusable settings too."""
    if isinstance(settings, Validator):
        return settings.explain(token, user, now=now)
    return explain_under(settings, token, user, now=now)

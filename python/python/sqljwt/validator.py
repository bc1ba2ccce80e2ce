"""May this token log in? Settings compiled once, asked as often as there are logins."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, Tuple, Union

from . import _native
from ._native import Engine, cores, decide_many
from .errors import LoginRefused
from .explanation import Explanation
from .login import Login
from .names import Profile
from .settings import Settings, read, text_of

Row = Union[Tuple[Any, Any], Tuple[Any, Any, Any], Mapping[str, Any]]
"""One login attempt: ``(token, user)``, ``(token, user, now)`` or a mapping with these names."""

CHUNK = 256 * cores()
"""Rows decided at a time: some 10 ms of work for every core, so that Ctrl-C is noticed and memory stays small."""


class Validator:
    """Compiled settings: immutable, shared by as many threads as there are, and pickled as the settings' text.

    ``settings`` is a dict by the database's own setting names, a text (JSON, ``SET CLUSTER SETTING`` statements, or what
    ``SHOW CLUSTER SETTINGS`` prints), its bytes in UTF-8, or the path of a file that holds such a text.

    Raises:
        SettingsInvalid: a setting cannot be used; it says which, where and what to write instead.
        TypeError: ``settings`` is none of these.
        OSError: the file cannot be read.
        UnicodeDecodeError: bytes, or the file's, are no UTF-8.

    >>> validator = Validator("SET CLUSTER SETTING server.jwt_authentication.enabled = false")
    >>> validator.settings
    {'server.jwt_authentication.enabled': False}
    """

    __slots__ = ("_engine", "_text")

    def __init__(self, settings: Settings) -> None:
        with read(settings) as text:
            self._text = text
            self._engine = Engine(text)

    @property
    def settings(self) -> dict[str, Any]:
        """The settings, by the database's own names."""
        settings: dict[str, Any] = json.loads(self._engine.settings)
        return settings

    @property
    def profile(self) -> Profile:
        """Whose rules decide: ``hardened`` unless ``engine.profile`` says otherwise."""
        return self._engine.profile

    @property
    def ignored(self) -> tuple[str, ...]:
        """The names in the settings text that have nothing to do with token logins and were passed over."""
        return tuple(self._engine.ignored)

    def validate(self, token: str | bytes, user: str, *, now: float | None = None) -> Login:
        """Decide whether a token may log in as a SQL user.

        Args:
            token: the token, exactly as the client sent it.
            user: the requested SQL user; empty to log in as the only one that the token gives.
            now: the moment of the login in Unix seconds; the present unless given.

        Raises:
            TokenRejected: the token may not log in; the exception says why and what would mend it.
            KeysNeeded: the issuer's keys have to be fetched first.
            TypeError: an argument is of the wrong type; the text names it.
            ValueError: ``user`` holds a lone surrogate, or ``now`` is no moment.
            InternalError: the engine met a bug.
        """
        return self._engine.decide(token, user, now)

    def explain(self, token: str | bytes, user: str, *, now: float | None = None) -> Explanation:
        """Decide as :meth:`validate` does, and tell everything there is to tell about it.

        It takes the same arguments, and raises only what :meth:`validate` raises for unfit arguments and for bugs. Its text is for the
        administrator, not for the client.
        """
        return Explanation._of(self._engine.explain(token, user, now))

    def validate_many(self, rows: Iterable[Row]) -> Iterator[Login | LoginRefused]:
        """Decide many logins on all cores, in their order.

        A row is ``(token, user)``, ``(token, user, now)`` or a mapping with these names; without ``now`` it is decided as of the moment it
        is read. Yields a :class:`Login`, or the refusal as a value: nothing is raised for a bad row, and one that is no login attempt is a
        :class:`RowUnreadable`. Rows are read and answered a few hundred at a time.

        Raises:
            TypeError: ``rows`` cannot be iterated over.

        >>> [outcome.code for outcome in Validator({}).validate_many([("", "alice"), ("x", "bob")])]
        ['disabled', 'disabled']
        """
        try:
            remaining = iter(rows)
        except TypeError as error:
            raise TypeError(f"argument 'rows': {error}") from None
        chunks = iter(lambda: list(islice(remaining, CHUNK)), [])
        return chain.from_iterable(decide_many(self._engine, chunk) for chunk in chunks)

    def __repr__(self) -> str:
        return f"Validator({self.profile}, {len(self.settings)} settings)"

    def __eq__(self, other: object) -> bool:
        return self._engine.settings == other._engine.settings if isinstance(other, Validator) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._engine.settings)

    def __reduce__(self) -> tuple[type[Validator], tuple[str]]:
        return Validator, (self._text,)


def explain(settings: Settings, token: str | bytes, user: str, *, now: float | None = None) -> Explanation:
    """Explain a login under settings that may be unusable; then the reason says where their fault stands, and the token is shown.

    Whoever asks more than once makes a :class:`Validator`. The settings are what it takes, and the other arguments what
    :meth:`Validator.explain` takes.

    Raises:
        TypeError: an argument is of the wrong kind.
        OSError: the file cannot be read.
        UnicodeDecodeError: bytes, or the file's, are no UTF-8.

    >>> explain({"server.jwt_authentication.enabled": "often"}, "not a token", "alice").reason.code
    'setting_wrong_type'
    """
    return Explanation._of(_native.explain(text_of(settings), token, user, now))
